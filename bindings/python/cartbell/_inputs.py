"""What Python hands in, as the C ABI takes it: instants, texts, JSON."""

from __future__ import annotations

import ctypes
import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Mapping

from . import _abi
from ._errors import InvalidError

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(instant: datetime) -> int:
    """An aware datetime as microseconds since 1970 UTC, exactly; a naive one is refused."""
    if instant.tzinfo is not timezone.utc and instant.utcoffset() is None:
        raise InvalidError("a datetime without a time zone is no instant", code="naive_datetime")
    return (instant - EPOCH) // _MICROSECOND


def instant(microseconds: int) -> datetime:
    """Microseconds since 1970 UTC as a datetime in UTC, exactly."""
    return EPOCH + timedelta(microseconds=microseconds)


def duration_us(duration: timedelta) -> int:
    return duration // _MICROSECOND


def code(value: str, what: str = "a code") -> bytes:
    """A NUL-terminated text."""
    if not isinstance(value, str):
        raise TypeError(f"{what} is a str, not {type(value).__name__}")
    encoded = value.encode()
    if b"\0" in encoded:
        raise InvalidError(f"{what} holds U+0000", code="bad_text")
    return encoded


def text(value: str | None, what: str) -> bytes | None:
    """The same where None may stand."""
    return None if value is None else code(value, what)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(microseconds(value)).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON")


_encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain)


def to_json(value: Any) -> bytes:
    """JSON of dicts, lists, texts, numbers, and of Decimal (as text), datetime and date."""
    return _encoder.encode(value).encode()


def definition(value: Any) -> bytes:
    """A definition given as JSON text or as what JSON stands for."""
    if isinstance(value, str):
        return value.encode()
    return value if isinstance(value, bytes) else to_json(value)


def limits(values: Mapping[str, int] | None) -> _abi.cartbell_limits | None:
    if values is None:
        return None
    made = _abi.cartbell_limits()
    known = {name for name, *_ in _abi.cartbell_limits._fields_} - {"struct_size", "reserved"}
    for name, value in values.items():
        if name not in known:
            raise InvalidError(f"there is no limit {name}", code="unknown_limit")
        if not 0 <= value < 2**64:
            raise InvalidError(f"the limit {name} is out of range", code="out_of_range")
        setattr(made, name, value)
    made.struct_size = ctypes.sizeof(made)
    return made


