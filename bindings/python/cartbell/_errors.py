"""Statuses as exceptions."""

from __future__ import annotations

import threading
from typing import Any

from . import _abi
from ._library import library


class Error(Exception):
    """A call that failed. Its text is one line for people, without customer data.

    status   the number that the C ABI returned, one of base.h
    code     a stable word for programs, such as "unknown_field"
    pointer  where in JSON input (RFC 6901); "" if it is about the whole
    line     in a template or NDJSON, from 1; 0 if there is none
    column   in a template, in bytes from 1; 0 if there is none
    index    which input of several failed, from 0; None elsewhere
    """

    status: int = _abi.CARTBELL_INTERNAL

    def __init__(self, message: str = "", *, code: str = "", pointer: str = "", line: int = 0, column: int = 0, status: int | None = None) -> None:
        super().__init__(message)
        self.message, self.code, self.pointer, self.line, self.column = message, code, pointer, line, column
        self.index: int | None = None
        if status is not None:
            self.status = status

    @property
    def status_name(self) -> str:
        return str(library.cartbell_status_name(self.status).decode())

    def __str__(self) -> str:
        where = [f"at {self.pointer}"] * bool(self.pointer) + [f"line {self.line}"] * bool(self.line) + [f"column {self.column}"] * bool(self.column)
        text = self.message or self.status_name
        return f"{text} ({', '.join(where)})" if where else text

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (type(self), self.message, self.__dict__)


def _rebuilt(kind: type[Error], message: str, members: dict[str, Any]) -> Error:
    error = kind(message)
    error.__dict__.update(members)
    return error


class InvalidError(Error, ValueError):
    """Bad input: JSON, predicate, template, argument."""
    status = _abi.CARTBELL_INVALID


class NotFoundError(Error, LookupError):
    """No such order, customer, segment, template, mailing, message."""
    status = _abi.CARTBELL_NOT_FOUND


class BusyError(Error):
    """Another engine writes this store; try again later."""
    status = _abi.CARTBELL_BUSY


class CorruptError(Error):
    """The store's bytes make no sense."""
    status = _abi.CARTBELL_CORRUPT


class StoreError(Error):
    """The store could not be read or written; nothing was stored."""
    status = _abi.CARTBELL_IO


class FullError(Error):
    """No room left in the store; nothing was stored."""
    status = _abi.CARTBELL_FULL


class NewerError(Error):
    """The store was written by a newer version of Cartbell."""
    status = _abi.CARTBELL_NEWER


class OutOfMemoryError(Error, MemoryError):
    """Memory ran out; the engine goes on working."""
    status = _abi.CARTBELL_OUT_OF_MEMORY


class ForkedError(Error):
    """Called in the child of a fork."""
    status = _abi.CARTBELL_FORKED


class LimitError(Error):
    """A limit was reached."""
    status = _abi.CARTBELL_LIMIT


class ConflictError(Error):
    """Contradicts what is stored."""
    status = _abi.CARTBELL_CONFLICT


class InternalError(Error):
    """A defect of Cartbell: please report it."""
    status = _abi.CARTBELL_INTERNAL


class MisuseError(Error):
    """A closed engine, a used batch: a mistake of the program."""
    status = _abi.CARTBELL_MISUSE


class ReadOnlyError(Error):
    """A write through a read-only engine."""
    status = _abi.CARTBELL_READ_ONLY


# The exception that a store written in Python raised last on this thread: the cause of the failure that comes of it.
causes = threading.local()

BY_STATUS = {each.status: each for each in (InvalidError, NotFoundError, BusyError, CorruptError, StoreError, FullError, NewerError, OutOfMemoryError,
                                            ForkedError, LimitError, ConflictError, InternalError, MisuseError, ReadOnlyError)}


def failure(status: int, error: int | None) -> BaseException:
    """The exception for a status and the address of the call's error object, which is freed."""
    try:
        kind = BY_STATUS.get(status, Error)
        if not error:
            return kind(status=status)
        made = kind(library.cartbell_error_message(error).decode(), code=library.cartbell_error_reason(error).decode(),
                    pointer=library.cartbell_error_pointer(error).decode(), line=library.cartbell_error_line(error),
                    column=library.cartbell_error_column(error), status=library.cartbell_error_status(error))
        if made.code == "store_failed":
            cause: BaseException | None = getattr(causes, "exception", None)
            causes.exception = None
            if cause is not None and not isinstance(cause, Exception):
                return cause  # Ctrl-C stays what it is
            made.__cause__ = cause
        return made
    finally:
        library.cartbell_error_free(error)
