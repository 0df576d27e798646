"""What a call from Python costs over the same call from C++, and an NDJSON batch against single calls.

    python_bench.py PEER [--quick]

Both sides run in this process, in turns, each on engines of its own; of several rounds the best counts, because the machine may be busy. The
results of both are compared.
"""

import ctypes
import json
import os
import sys
import tempfile
import time
from datetime import datetime, timezone

import cartbell
from cartbell._inputs import microseconds

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
QUICK = "--quick" in sys.argv
OPERATIONS, ROUNDS = (200, 2) if QUICK else (5000, 15)
BATCH = 1000


class Peer:
    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        for name, result, parameters in (("open", ctypes.c_void_p, [ctypes.c_char_p]), ("close", None, [ctypes.c_void_p]),
                                         ("ingest", ctypes.c_double, [ctypes.c_void_p] * 3 + [ctypes.c_size_t, ctypes.c_int64, ctypes.c_void_p]),
                                         ("match", ctypes.c_double, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int64,
                                                                     ctypes.c_void_p])):
            function = getattr(self.library, "peer_" + name)
            function.restype, function.argtypes = result, parameters

    def ingest(self, engine, operations):
        """Seconds, and the bytes of all results."""
        texts, sizes = (ctypes.c_char_p * len(operations))(*operations), (ctypes.c_size_t * len(operations))(*map(len, operations))
        kept = ctypes.c_size_t()
        return self.library.peer_ingest(engine, texts, sizes, len(operations), microseconds(NOW), ctypes.byref(kept)), kept.value

    def match(self, engine, segment, identity, count):
        kept = ctypes.c_size_t()
        return self.library.peer_match(engine, segment, identity, count, microseconds(NOW), ctypes.byref(kept))


def operations():
    made = []
    for number in range(OPERATIONS):
        made.append(json.dumps({
            "type": "order", "id": f"op-{number}", "occurred_at": "2025-12-01T10:00:00Z", "customer": {"external_id": f"C-{number % 1000}"},
            "order": {"order_id": str(number), "placed_at": "2025-12-01T10:00:00Z", "currency": "EUR", "total": "99.80",
                      "lines": [{"line_id": "1", "product_id": "MUG", "name": "Mug", "quantity": "2", "price": "49.90", "total": "99.80"}]}}).encode())
    return made


def seconds(work):
    began = time.perf_counter()
    kept = work()
    return time.perf_counter() - began, kept


def singly(shop, given):
    ingest, kept = shop.ingest, 0
    for operation in given:
        kept += len(ingest(operation).json)
    return kept


def batched(shop, given):
    for start in range(0, len(given), BATCH):
        shop.ingest(b"\n".join(given[start : start + BATCH]), form=cartbell.Form.NDJSON)


def matches(shop, segment, identity):
    match = shop.segment_match
    for _ in range(OPERATIONS):
        match(segment, identity)


def one_operation(peer, given):
    """The best seconds of C++ and Python for new orders, the same again, and a question."""
    best = {}

    def note(name, value):
        best[name] = min(value, best.get(name, value))

    segment, identity = '{"purchases":{"count":{"ge":3}}}', "external_id:C-7"
    for turn in range(ROUNDS):
        engine = peer.library.peer_open(b":memory:")
        with cartbell.Engine(":memory:") as shop:
            def cpp(what):
                took, kept = peer.ingest(engine, given)
                note((what, "C++"), took)
                return kept

            def python(what):
                took, kept = seconds(lambda: singly(shop, given))
                note((what, "Python"), took)
                return kept

            for what in ("a new order", "the same order again"):
                first, second = (cpp, python) if turn % 2 == 0 else (python, cpp)
                if first(what) != second(what):
                    sys.exit(f"{what}: C++ and Python were answered differently")
            note(("is a customer in a segment", "C++"), peer.match(engine, segment.encode(), identity.encode(), OPERATIONS))
            note(("is a customer in a segment", "Python"), seconds(lambda: matches(shop, segment, identity))[0])
        peer.library.peer_close(engine)
    return best


def batches(given, path):
    """The best seconds singly and in batches, and that both end in the same state."""
    best_single, best_batch = float("inf"), float("inf")
    for _ in range(ROUNDS if path is None else 2):
        digests = []
        for work in (singly, batched):
            with tempfile.TemporaryDirectory() as folder, cartbell.Engine(path and os.path.join(folder, path) or ":memory:") as shop:
                took, _ = seconds(lambda: work(shop, given))
                digests.append(shop.digest())
            if work is singly:
                best_single = min(best_single, took)
            else:
                best_batch = min(best_batch, took)
        if digests[0] != digests[1] or digests[0].orders != len(given):
            sys.exit("batches end in another state than single calls")
    return best_single, best_batch


def main():
    given = operations()
    best = one_operation(Peer(sys.argv[1]), given)
    print(f"{'one call, in memory':30} {'C++ us':>8} {'Python us':>10} {'over it us':>11} {'ratio':>6}")
    for what in dict.fromkeys(name for name, _ in best):
        cpp, python = (best[what, side] / OPERATIONS * 1e6 for side in ("C++", "Python"))
        print(f"{what:30} {cpp:8.2f} {python:10.2f} {python - cpp:11.2f} {python / cpp:6.2f}")
    for name, path, count in (("in memory", None, len(given)), ("durable", "shop.db", min(len(given), 1000))):
        single, batch = batches(given[:count], path)
        print(f"NDJSON in batches of {min(BATCH, count)} against single calls, {name}: {single / batch:.1f} x")


main()
