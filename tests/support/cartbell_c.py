"""The few calls of the C ABI that tests in Python read a store with, by ctypes."""

import ctypes
import json
from datetime import datetime, timezone


class Buffer(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t), ("capacity", ctypes.c_size_t)]


class Options(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_uint32), ("read_only", ctypes.c_int32), ("path", ctypes.c_char_p), ("zones_directory", ctypes.c_char_p),
                ("limits", ctypes.c_void_p), ("store_functions", ctypes.c_void_p), ("store", ctypes.c_void_p)]


def microseconds(text):
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc).timestamp()) * 1_000_000


class Store:
    """A store opened for reading, through the C ABI. A context manager."""

    def __init__(self, library, path):
        self.library = ctypes.CDLL(library)
        self.library.cartbell_error_message.restype = ctypes.c_char_p
        options = Options(ctypes.sizeof(Options), 1, str(path).encode(), None, None, None, None)
        self.engine = ctypes.c_void_p()
        self.call("cartbell_engine_open", ctypes.byref(options), ctypes.byref(self.engine))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.library.cartbell_engine_close(self.engine)

    def call(self, name, *arguments):
        error = ctypes.c_void_p()
        status = getattr(self.library, name)(*arguments, ctypes.byref(error))
        if status != 0:
            message = self.library.cartbell_error_message(error)
            raise RuntimeError(f"{name}: {status} {message.decode()}")

    def ask(self, name, *arguments):
        """A call whose last output is a buffer with JSON."""
        answer = Buffer()
        self.call(name, self.engine, *arguments, ctypes.byref(answer))
        try:
            return json.loads(ctypes.string_at(answer.data, answer.size))
        finally:
            self.library.cartbell_buffer_free(ctypes.byref(answer))

    def orders(self, order_ids):
        for start in range(0, len(order_ids), 1000):
            block = [order_id.encode() for order_id in order_ids[start : start + 1000]]
            yield from self.ask("cartbell_order_get_many", (ctypes.c_char_p * len(block))(*block), ctypes.c_size_t(len(block)))

    def count(self, segment, now):
        text = segment.encode()
        return self.ask("cartbell_segment_count", text, ctypes.c_size_t(len(text)), ctypes.c_int64(microseconds(now)))["count"]

    def customers(self, segment, now):
        text, after, found = segment.encode(), None, []
        while True:
            page = self.ask("cartbell_segment_customers", text, ctypes.c_size_t(len(text)), ctypes.c_int64(microseconds(now)), after, ctypes.c_size_t(1000))
            found += page["customers"]
            if page["next"] is None:
                return found
            after = page["next"].encode()

    def explain(self, segment, identity, now):
        text = segment.encode()
        return self.ask("cartbell_segment_explain", text, ctypes.c_size_t(len(text)), identity.encode(), ctypes.c_int64(microseconds(now)), ctypes.c_size_t(0))

    def messages(self, source):
        cursor = ctypes.c_void_p()
        self.call("cartbell_export_open", self.engine, source.encode(), ctypes.byref(cursor))
        try:
            while True:
                count, answer = ctypes.c_size_t(), Buffer()
                self.call("cartbell_export_next", cursor, ctypes.c_size_t(1000), ctypes.byref(count), ctypes.byref(answer))
                block = json.loads(ctypes.string_at(answer.data, answer.size))
                self.library.cartbell_buffer_free(ctypes.byref(answer))
                if count.value == 0:
                    return
                yield from block
        finally:
            self.library.cartbell_export_close(cursor)

    def stats(self):
        return self.ask("cartbell_engine_stats")

    def digest(self, of):
        return self.ask("cartbell_engine_digest", ctypes.c_int32(of))["digest"]
