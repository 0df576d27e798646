"""An object of the library, and what one call on it needs."""

from __future__ import annotations

import ctypes
import json
import struct
import threading
import time
import weakref
from typing import Any, Self

from . import _abi
from ._errors import MisuseError, failure
from ._library import library
from ._values import Applied

_new = tuple.__new__
_read_json = json.JSONDecoder().raw_decode
_KEPT_BYTES = 1 << 20  # a buffer that grew beyond is not kept for the next call


class _Outputs(ctypes.Structure):
    _fields_ = [("answer", _abi.cartbell_buffer), ("applied", _abi.cartbell_applied), ("error", ctypes.c_void_p)]


_BUFFER = struct.Struct("@PNN")
_APPLIED = struct.Struct("@PNN8xqqqq")  # the buffer, then the counts


class Frame:
    """The outputs of one call, and inputs that need a C type: making them anew would cost more than the call, and so would reading them by member."""

    __slots__ = ("outputs", "error", "answer", "applied", "size", "now_us", "_data", "_capacity", "_view", "__weakref__")

    def __init__(self) -> None:
        self.outputs = _Outputs()
        self.outputs.applied.struct_size = ctypes.sizeof(_abi.cartbell_applied)
        self.answer, self.applied, self.error = (ctypes.byref(self.outputs, getattr(_Outputs, name).offset) for name in ("answer", "applied", "error"))
        self.size, self.now_us = ctypes.c_size_t(), ctypes.c_int64()
        self._data = self._capacity = 0
        self._view: Any = b""

    def read(self) -> bytes:
        data, size, capacity = _BUFFER.unpack_from(self.outputs)
        return self._copy(data, size, capacity)

    def counted(self) -> Applied:
        data, size, capacity, accepted, duplicate, late, rejected = _APPLIED.unpack_from(self.outputs)
        if data != self._data or capacity != self._capacity:
            return _new(Applied, (accepted, duplicate, late, rejected, self._copy(data, size, capacity)))
        return _new(Applied, (accepted, duplicate, late, rejected, self._view[:size]))

    def _copy(self, data: int, size: int, capacity: int) -> bytes:
        """The answer's bytes. The view of the buffer is made once, as long as the buffer stays where it is: slicing it costs next to nothing."""
        if data != self._data or capacity != self._capacity:
            if capacity > _KEPT_BYTES:
                result = ctypes.string_at(data, size)
                library.cartbell_buffer_free(self.answer)
                return result
            self._data, self._capacity, self._view = data, capacity, (ctypes.c_char * capacity).from_address(data or 0)
        kept: bytes = self._view[:size]
        return kept

    def failure(self, status: int) -> BaseException:
        error, self.outputs.error = self.outputs.error, None
        return failure(status, error)

    def __del__(self) -> None:
        library.cartbell_buffer_free(getattr(self, "answer", None))


class Handle:
    """Owns one object. Calls may run on several threads; close() waits for those under way, later ones are a MisuseError."""

    _what = "object"
    _free = staticmethod(lambda address: None)

    def __init__(self) -> None:
        self._address: int | None = None
        self._idle: list[Frame] = []
        self._frames: list[weakref.ref[Frame]] = []
        self._closing = threading.Lock()

    def _frame(self) -> Frame:
        """A frame of this call's own. It is taken before the address is read, so that close() sees the call."""
        while True:
            try:
                return self._idle.pop()
            except IndexError:
                frame = Frame()
                self._frames.append(weakref.ref(frame))
                list.append(self._idle, frame)

    def _open(self) -> int:
        address = self._address
        if address is None:
            raise MisuseError(f"the {self._what} is closed", code="closed")
        return address

    def _ask(self, function: Any, *inputs: Any) -> bytes:
        """A call on this object whose output is a buffer."""
        frame = self._frame()
        try:
            status = function(self._address or self._open(), *inputs, frame.answer, frame.error)
            if status:
                raise frame.failure(status)
            return frame.read()
        finally:
            self._idle.append(frame)

    def _json(self, function: Any, *inputs: Any) -> Any:
        return _read_json(self._ask(function, *inputs).decode())[0]

    def close(self) -> None:
        """Frees the object now. Closing twice is no error."""
        with self._closing:
            address, self._address = self._address, None
        if address is None:
            return
        while len(self._idle) < sum(frame() is not None for frame in self._frames):
            time.sleep(0.0005)
        self._free(address)
        self._idle.clear()

    @property
    def closed(self) -> bool:
        return self._address is None

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_address", None) is not None:
            self.close()
