"""Mustache texts, compiled once; they need no engine."""

from __future__ import annotations

import ctypes
import enum
from typing import Any, Mapping, NamedTuple, Sequence

from . import _abi
from ._errors import Error
from ._handle import Handle
from ._inputs import code, definition, limits as limits_of
from ._library import library


class Escape(enum.IntEnum):
    """How variables are escaped."""
    NONE = _abi.CARTBELL_ESCAPE_NONE
    HTML = _abi.CARTBELL_ESCAPE_HTML
    JSON = _abi.CARTBELL_ESCAPE_JSON
    SINGLE_LINE = _abi.CARTBELL_ESCAPE_SINGLE_LINE


class Rendered(NamedTuple):
    text: str  # the output, or the reason of a blocked one
    blocked: bool = False


class Template(Handle):
    """A compiled mustache text; a context manager. Any number of threads may render it at once."""

    _what = "template"
    _free = staticmethod(library.cartbell_template_free)

    def __init__(self, text: str, *, escape: Escape = Escape.HTML, partials: Mapping[str, str] | None = None,
                 limits: Mapping[str, int] | None = None, unknown_partials_are_empty: bool = False, plain_mustache: bool = False) -> None:
        super().__init__()
        texts = [(code(name, "a partial's name"), partial.encode()) for name, partial in (partials or {}).items()]
        array = (_abi.cartbell_partial * len(texts))(*(_abi.cartbell_partial(name, partial, len(partial)) for name, partial in texts))
        options = _abi.cartbell_template_options(struct_size=ctypes.sizeof(_abi.cartbell_template_options), escape=escape, partials=array,
                                                 partial_count=len(texts), unknown_partials_are_empty=int(unknown_partials_are_empty),
                                                 plain_mustache=int(plain_mustache))
        given = limits_of(limits)
        if given is not None:
            options.limits = ctypes.pointer(given)
        data, made, frame = text.encode(), ctypes.c_void_p(), self._frame()
        try:
            status = library.cartbell_template_compile(data, len(data), ctypes.byref(options), ctypes.byref(made), frame.error)
            if status:
                raise frame.failure(status)
            self._address = made.value
        finally:
            self._idle.append(frame)

    def render(self, data: Any) -> Rendered:
        """Fills it from a dict, or from JSON text."""
        given, outcome, frame = definition(data), ctypes.c_int32(), self._frame()
        try:
            status = library.cartbell_template_render(self._open(), given, len(given), ctypes.byref(outcome), frame.answer, frame.error)
            if status:
                raise frame.failure(status)
            return Rendered(frame.read().decode(), outcome.value == _abi.CARTBELL_BLOCKED)
        finally:
            self._idle.append(frame)

    def render_many(self, data: Sequence[Any]) -> list[Rendered]:
        """Fills it from each; the first that fails is an Error whose `index` says which."""
        given = [definition(each) for each in data]
        count = len(given)
        texts, sizes = (ctypes.c_char_p * count)(*given), (ctypes.c_size_t * count)(*map(len, given))
        outcomes, outputs, done = (ctypes.c_int32 * count)(), (_abi.cartbell_buffer * count)(), ctypes.c_size_t()
        frame = self._frame()
        try:
            status = library.cartbell_template_render_many(self._open(), texts, sizes, count, outcomes, outputs, ctypes.byref(done), frame.error)
            if status:
                error = frame.failure(status)
                if isinstance(error, Error):
                    error.index = done.value
                raise error
            return [Rendered(ctypes.string_at(each.data, each.size).decode(), outcome == _abi.CARTBELL_BLOCKED)
                    for each, outcome in zip(outputs, outcomes)]
        finally:
            for each in outputs:
                library.cartbell_buffer_free(ctypes.byref(each))
            self._idle.append(frame)
