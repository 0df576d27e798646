"""A store of your own, written in Python: where Cartbell keeps its tables.

Subclass Store and Transaction, and open an engine over it: Engine(store=MyStore()). What each method must do is what
include/cartbell/sys/store.h says of the function of that name; here rows are tuples of None, int, str and bytes, scans are iterators, and
failures are exceptions. An exception becomes a status and does not cross into C: of a cartbell.Error its own, MemoryError is OUT_OF_MEMORY, OSError is
IO (or FULL), any other INTERNAL. The engine's call then raises, with that exception as its cause; KeyboardInterrupt stays itself. Do not call
the engine from its store.

Threads: methods run on the thread that called the engine. One write transaction at a time, any number of read transactions beside it; one
transaction and its scans are used by one thread at a time.
"""

from __future__ import annotations

import ctypes
import errno
import itertools
import signal
import struct
import sys
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Callable, Iterable, Iterator, Sequence, Union

from . import _abi
from ._errors import Error, causes

Cell = Union[None, int, str, bytes]
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: int  # CELL_INTEGER, CELL_TEXT, CELL_BYTES
    nullable: bool
    personal: bool  # data about a person


@dataclass(frozen=True, slots=True)
class Index:
    """A secondary order: by these columns, then by the key."""
    name: str
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    placement: int  # PLACE_...
    columns: tuple[Column, ...]  # the first key_count are the key
    key_count: int
    indexes: tuple[Index, ...]
    owner_column: int | None  # holds the customer's id
    unordered: bool  # scans by the key are rare


@dataclass(frozen=True, slots=True)
class Schema:
    version: int
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """Which rows, and in which order. Bounds are prefixes of the index's columns followed by the key's."""
    table: int
    index: int | None  # None: by the key
    descending: bool
    lower: Row | None
    lower_open: bool
    upper: Row | None
    upper_open: bool
    column_mask: int  # bit i: column i is wanted; others may be None
    limit: int | None
    claim: bool


CELL_NULL, CELL_INTEGER, CELL_TEXT, CELL_BYTES = _abi.CARTBELL_CELL_NULL, _abi.CARTBELL_CELL_INTEGER, _abi.CARTBELL_CELL_TEXT, _abi.CARTBELL_CELL_BYTES
PLACE_CUSTOMER, PLACE_OWN_KEY, PLACE_EVERYWHERE = _abi.CARTBELL_PLACE_CUSTOMER, _abi.CARTBELL_PLACE_OWN_KEY, _abi.CARTBELL_PLACE_EVERYWHERE
PLACE_QUEUE, PLACE_APPEND = _abi.CARTBELL_PLACE_QUEUE, _abi.CARTBELL_PLACE_APPEND


class Transaction(ABC):
    @abstractmethod
    def commit(self) -> None: ...

    @abstractmethod
    def rollback(self) -> None: ...

    @abstractmethod
    def get(self, table: int, keys: Sequence[Row], column_mask: int) -> Iterable[Row | None]:
        """A row, or None, for each key, in order."""

    @abstractmethod
    def insert(self, table: int, rows: Sequence[Row]) -> Iterable[bool]:
        """Adds rows whose key is new; for each row whether its key existed."""

    @abstractmethod
    def put(self, table: int, rows: Sequence[Row]) -> None: ...

    @abstractmethod
    def remove(self, table: int, keys: Sequence[Row]) -> None: ...

    @abstractmethod
    def scan(self, scan: Scan) -> Iterable[Row]: ...


class Store(ABC):
    @abstractmethod
    def open(self, schema: Schema, read_only: bool) -> None: ...

    def close(self) -> None:
        """Called once, last, also after a failed open."""

    @abstractmethod
    def begin(self, write: bool) -> Transaction: ...

    def maintain(self) -> bool:
        """A bounded bit of upkeep; True if there is more to do."""
        return False


@dataclass(frozen=True)
class Native:
    """A store written in C: the address of its table of functions (cartbell_store_functions), and of one new store object, which the engine
    closes. Both outlive the engine's opening; the library they are in must stay loaded."""

    functions: int
    store: int


# Cells as bytes: a cartbell_cell is packed and unpacked whole, which is many times faster than member by member.
_CELL = struct.Struct("@iiqPN")
_SIZE = _CELL.size
_string_at, _memmove = ctypes.string_at, ctypes.memmove
_int32, _size = struct.Struct("@i"), struct.Struct("@N")


def _value(type: int, integer: int, data: int, size: int) -> Cell:
    if type == CELL_INTEGER:
        return integer
    if type == CELL_NULL:
        return None
    found = _string_at(data, size) if size else b""
    return found.decode() if type == CELL_TEXT else found


def _read_rows(address: int, count: int, width: int) -> list[Row]:
    cells = [_value(type, integer, data, size) for type, _, integer, data, size in _CELL.iter_unpack(_string_at(address, count * width * _SIZE))]
    return [tuple(cells[at : at + width]) for at in range(0, len(cells), width)]


def _write_rows(address: int, rows: Iterable[Row | None], width: int) -> tuple[int, Any]:
    """Writes rows as cells, None as nulls; how many, and what has to stay alive as long as they are valid."""
    nulls = (None,) * width
    cells: list[Cell] = []
    texts, count = [], 0
    for row in rows:
        if row is None:
            row = nulls
        elif len(row) != width:
            raise ValueError(f"a row has {len(row)} cells, the table {width} columns")
        count += 1
        cells += row
    at = 0
    packed = bytearray(len(cells) * _SIZE)
    places = []
    for i, cell in enumerate(cells):
        if cell is None:
            continue
        if isinstance(cell, int):
            _CELL.pack_into(packed, i * _SIZE, CELL_INTEGER, 0, cell, 0, 0)
            continue
        data = cell.encode() if isinstance(cell, str) else bytes(cell)
        places.append((i, CELL_TEXT if isinstance(cell, str) else CELL_BYTES, at, len(data)))
        texts.append(data)
        at += len(data)
    kept = b"".join(texts)
    base = ctypes.cast(ctypes.c_char_p(kept), ctypes.c_void_p).value or 0
    for i, type, offset, size in places:
        _CELL.pack_into(packed, i * _SIZE, type, 0, 0, base + offset, size)
    _memmove(address, bytes(packed), len(packed))
    return count, kept


def _text(found: bytes | None) -> str:
    return (found or b"").decode()


def _read_schema(address: int) -> Schema:
    schema = _abi.cartbell_schema.from_address(address)
    tables = []
    for t in range(schema.table_count):
        table = schema.tables[t]
        columns = [table.columns[i] for i in range(table.column_count)]
        indexes = [table.indexes[i] for i in range(table.index_count)]
        tables.append(Table(
            _text(table.name), table.placement,
            tuple(Column(_text(c.name), c.type, bool(c.flags & _abi.CARTBELL_COLUMN_NULLABLE), bool(c.flags & _abi.CARTBELL_COLUMN_PERSONAL))
                  for c in columns),
            table.key_count, tuple(Index(_text(x.name), tuple(x.columns[: x.column_count])) for x in indexes),
            None if table.owner_column < 0 else table.owner_column, bool(table.flags & _abi.CARTBELL_TABLE_UNORDERED)))
    return Schema(schema.version, tuple(tables))


class _Opened:
    """A store that the library has; lives until the library closes it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.schema: Schema | None = None

    def width(self, table: int) -> int:
        assert self.schema is not None
        return len(self.schema.tables[table].columns)

    def keys(self, table: int) -> int:
        assert self.schema is not None
        return self.schema.tables[table].key_count


class _Under:
    """A transaction under way. `kept`: the bytes of the rows that get gave out last."""

    def __init__(self, opened: _Opened, transaction: Transaction) -> None:
        self.opened, self.transaction, self.kept = opened, transaction, b""


class _Cursor:
    def __init__(self, rows: Iterator[Row], width: int) -> None:
        self.rows, self.width, self.kept = rows, width, b""


# What the library holds of ours, by the number that stands for it in C.
_lent: dict[int, Any] = {}
_numbers = itertools.count(1)
_messages = threading.local()


def _lend(thing: Any) -> int:
    number = next(_numbers)
    _lent[number] = thing
    return number


def lend(store: Store | Native) -> tuple[Any, int]:
    """Hands a store to the library, which closes it: a pointer to its functions, and what the library knows it by."""
    if isinstance(store, Native):
        return ctypes.cast(store.functions, ctypes.POINTER(_abi.cartbell_store_functions)), store.store
    return ctypes.pointer(functions), _lend(_Opened(store))


def _status(raised: BaseException) -> int:
    if isinstance(raised, Error):
        return raised.status if raised.status < 0 else _abi.CARTBELL_INTERNAL
    if isinstance(raised, MemoryError):
        return _abi.CARTBELL_OUT_OF_MEMORY
    if isinstance(raised, OSError):
        return _abi.CARTBELL_FULL if raised.errno in (errno.ENOSPC, errno.EDQUOT) else _abi.CARTBELL_IO
    return _abi.CARTBELL_INTERNAL


def _guarded(body: Callable[..., None]) -> Callable[..., int]:
    """The body as a callback that answers a status: no exception goes into C, not even KeyboardInterrupt."""
    def call(*arguments: Any) -> int:
        try:
            body(*arguments)
            return 0
        except BaseException as raised:
            causes.exception = raised
            # Others than our own errors may quote a row in their text, and rows are customer data.
            _messages.text = raised.message.encode() if isinstance(raised, Error) else type(raised).__name__.encode()
            return _status(raised)
    return call


def _silent(body: Callable[[int], None]) -> Callable[[int], None]:
    """The same for what cannot fail."""
    def call(number: int) -> None:
        try:
            body(number)
        except BaseException as raised:
            causes.exception = raised
    return call


def _open(number: int, schema: int, read_only: int) -> None:
    opened = _lent[number]
    opened.schema = _read_schema(schema)
    opened.store.open(opened.schema, bool(read_only))


def _close(number: int) -> None:
    _lent.pop(number).store.close()


def _begin(number: int, mode: int, out: int) -> None:
    opened = _lent[number]
    transaction = _lend(_Under(opened, opened.store.begin(mode == _abi.CARTBELL_STORE_WRITE)))
    ctypes.c_void_p.from_address(out).value = transaction


def _commit(number: int) -> None:
    _lent.pop(number).transaction.commit()


def _rollback(number: int) -> None:
    _lent.pop(number).transaction.rollback()


def _get(number: int, table: int, keys: int, count: int, mask: int, rows: int, found: int) -> None:
    under = _lent[number]
    answers = list(under.transaction.get(table, _read_rows(keys, count, under.opened.keys(table)), mask))
    if len(answers) != count:
        raise ValueError(f"get answered {len(answers)} rows for {count} keys")
    _, under.kept = _write_rows(rows, answers, under.opened.width(table))
    _memmove(found, bytes(row is not None for row in answers), count)


def _insert(number: int, table: int, rows: int, count: int, existed: int) -> None:
    under = _lent[number]
    answers = bytes(bool(each) for each in under.transaction.insert(table, _read_rows(rows, count, under.opened.width(table))))
    if len(answers) != count:
        raise ValueError(f"insert answered {len(answers)} times for {count} rows")
    _memmove(existed, answers, count)


def _put(number: int, table: int, rows: int, count: int) -> None:
    under = _lent[number]
    under.transaction.put(table, _read_rows(rows, count, under.opened.width(table)))


def _remove(number: int, table: int, keys: int, count: int) -> None:
    under = _lent[number]
    under.transaction.remove(table, _read_rows(keys, count, under.opened.keys(table)))


def _bound(cells: Any, count: int) -> Row | None:
    return _read_rows(ctypes.cast(cells, ctypes.c_void_p).value or 0, 1, count)[0] if cells and count else None


def _scan(number: int, wanted: int, out: int) -> None:
    under, scan = _lent[number], _abi.cartbell_scan.from_address(wanted)
    rows = under.transaction.scan(Scan(
        scan.table, None if scan.index < 0 else scan.index, bool(scan.descending), _bound(scan.lower, scan.lower_count), bool(scan.lower_open),
        _bound(scan.upper, scan.upper_count), bool(scan.upper_open), scan.column_mask, min(scan.limit, sys.maxsize) or None, bool(scan.claim)))
    ctypes.c_void_p.from_address(out).value = _lend(_Cursor(iter(rows), under.opened.width(scan.table)))


def _next(number: int, rows: int, most: int, count: int) -> None:
    cursor = _lent[number]
    written, cursor.kept = _write_rows(rows, itertools.islice(cursor.rows, most), cursor.width)
    _memmove(count, _size.pack(written), _size.size)


def _end_scan(number: int) -> None:
    close = getattr(_lent.pop(number).rows, "close", None)
    if close is not None:
        close()


def _last_message(_: int) -> int:
    _messages.given = getattr(_messages, "text", b"").replace(b"\0", b" ")
    return ctypes.cast(ctypes.c_char_p(_messages.given), ctypes.c_void_p).value or 0


def _maintain(number: int, more: int) -> None:
    _memmove(more, _int32.pack(int(bool(_lent[number].store.maintain()))), _int32.size)


def _table_of_functions() -> _abi.cartbell_store_functions:
    """One for all stores: the numbers tell them apart. It lives as long as the module, and so do its callbacks."""
    kinds: dict[str, Any] = {name: kind for name, kind, *_ in _abi.cartbell_store_functions._fields_}
    bodies = {"open": _guarded(_open), "close": _silent(_close), "begin": _guarded(_begin), "commit": _guarded(_commit),
              "rollback": _silent(_rollback), "get": _guarded(_get), "insert": _guarded(_insert), "put": _guarded(_put),
              "remove": _guarded(_remove), "scan": _guarded(_scan), "next": _guarded(_next), "end_scan": _silent(_end_scan),
              "last_message": _last_message, "maintain": _guarded(_maintain)}
    table = _abi.cartbell_store_functions(struct_size=ctypes.sizeof(_abi.cartbell_store_functions), version=_abi.CARTBELL_STORE_VERSION)
    for name, body in bodies.items():
        setattr(table, name, kinds[name](body))
    return table


functions = _table_of_functions()


# A signal's handler runs before the next line of Python in the main thread. During a call on such a store that is the entry of a callback, where
# ctypes drops what the handler raises, and answers C with whatever was in the register. So handlers wait until the call has ended.
_SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGALRM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGINT") if hasattr(signal, name)]
_waiting: list[tuple[dict[int, Any], list[tuple[int, Any]]]] = []


def _hold_signals() -> None:
    if threading.get_ident() != threading.main_thread().ident:
        return
    held: dict[int, Any] = {}
    came: list[tuple[int, Any]] = []
    try:
        for number in _SIGNALS:
            handler = signal.getsignal(number)
            if callable(handler):
                held[number] = handler
                signal.signal(number, lambda which, frame: came.append((which, frame)))
    except BaseException:  # one came that is not held yet
        _restore(held)
        raise
    _waiting.append((held, came))


def _let_signals_go() -> None:
    if threading.get_ident() != threading.main_thread().ident or not _waiting:
        return
    held, came = _waiting.pop()
    handlers = dict(held)
    raised = _restore(held)
    for number, frame in came:
        try:
            handlers[number](number, frame)
        except BaseException as late:
            raised = late
    if raised is not None:
        raise raised


def _restore(held: dict[int, Any]) -> BaseException | None:
    """Puts every handler back; what those raise that are back already comes last."""
    raised: BaseException | None = None
    while held:
        try:
            while held:
                number = next(iter(held))
                signal.signal(number, held[number])
                del held[number]
        except BaseException as early:
            raised = early
    return raised


class Frames(list[Any]):
    """The idle frames of what calls into a store in Python: a frame is taken before each call and put back after it."""

    def pop(self, *_: Any) -> Any:
        frame = super().pop()
        _hold_signals()
        return frame

    def append(self, frame: Any) -> None:
        super().append(frame)
        _let_signals_go()
