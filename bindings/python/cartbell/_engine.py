"""An engine over one store."""

from __future__ import annotations

import ctypes
import enum
import itertools
import json
import os
import threading
import time
import warnings
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any, Callable, Iterable, Iterator, Mapping, Sequence, TypeVar, Union

from . import _abi
from . import _values as values
from ._handle import Handle
from ._inputs import code, definition, duration_us, instant, limits as limits_of, microseconds, text, to_json
from ._library import library
from .store import Frames, Native, Store, lend

T = TypeVar("T")
Json = Union[str, bytes, Mapping[str, Any]]
Segment = Union[str, bool, Mapping[str, Any]]  # the code of a stored segment, or a predicate
Operations = Union[str, bytes, bytearray, memoryview, Mapping[str, Any], Iterable[Mapping[str, Any]]]

_PAGE = 1000
_time_ns = time.time_ns
# The hot call once more, without argtypes: each of its arguments has its C type already (a test holds them to the declaration), and to convert
# nine of them anew takes a good part of what the call costs.
_ingest = library["cartbell_engine_ingest"]


class Form(enum.IntEnum):
    """What the bytes of operations are."""
    ONE = _abi.CARTBELL_FORM_ONE
    ARRAY = _abi.CARTBELL_FORM_ARRAY
    OBJECT = _abi.CARTBELL_FORM_OBJECT
    NDJSON = _abi.CARTBELL_FORM_NDJSON


def _operations(given: Operations, form: int | None) -> tuple[int, bytes]:
    """The form and the bytes of operations. Text is one operation unless `form` says more."""
    if isinstance(given, (bytes, bytearray, memoryview)):
        return form or _abi.CARTBELL_FORM_ONE, bytes(given)
    if isinstance(given, str):
        return form or _abi.CARTBELL_FORM_ONE, given.encode()
    if isinstance(given, Mapping):
        return form or (_abi.CARTBELL_FORM_OBJECT if "operations" in given else _abi.CARTBELL_FORM_ONE), to_json(given)
    if form == _abi.CARTBELL_FORM_NDJSON:
        return form, b"\n".join(to_json(each) for each in given)
    return form or _abi.CARTBELL_FORM_ARRAY, to_json(list(given))


def _texts(given: Sequence[str], what: str) -> Any:
    return (ctypes.c_char_p * len(given))(*(code(each, what) for each in given))


def _blocks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while block := list(itertools.islice(iterator, size)):
        yield block


class Batch(Handle):
    """Parsed operations. Made by Engine.parse on any thread, used up by Engine.apply, freed by close() or at the end of a `with`."""

    _what = "batch"
    _free = staticmethod(library.cartbell_batch_free)

    def __init__(self, address: int | None) -> None:
        super().__init__()
        self._address = address
        self._lock = threading.Lock()
        frame, count = self._frame(), ctypes.c_size_t()
        try:
            status = library.cartbell_batch_count(self._open(), ctypes.byref(count), frame.error)
            if status:
                raise frame.failure(status)
        finally:
            self._idle.append(frame)
        self._count = count.value

    def __len__(self) -> int:
        """How many operations, well-formed or not."""
        return self._count

    def close(self) -> None:
        with self._lock:
            super().close()


class Messages(Handle):
    """A cursor over messages, an iterator. It is closed at its end, by close(), or at the end of a `with`."""

    _what = "cursor"
    _free = staticmethod(library.cartbell_export_close)

    def __init__(self, address: int | None, engine: Engine) -> None:
        super().__init__()
        self._address, self._engine = address, engine
        self._block: Iterator[Any] = iter(())
        self._lock = threading.Lock()

    def __iter__(self) -> Messages:
        return self

    def __next__(self) -> values.Message:
        with self._lock:
            for data in self._block:
                return values.Message.read(data)
            if not self.closed:
                self._read_block()
                for data in self._block:
                    return values.Message.read(data)
        self.close()
        raise StopIteration

    def _read_block(self) -> None:
        """The next page. The call is one on the engine too, which close() of it waits for."""
        engine, count = self._engine, ctypes.c_size_t()
        frame = engine._frame()
        try:
            engine._open()
            status = library.cartbell_export_next(self._open(), engine._page, ctypes.byref(count), frame.answer, frame.error)
            if status:
                raise frame.failure(status)
            self._block = iter(json.loads(frame.read().decode()))
        finally:
            engine._idle.append(frame)

    def close(self) -> None:
        with self._lock:
            super().close()


class Engine(Handle):
    """An engine over one store; a context manager. Any number of threads may call it at once.

    path             an SQLite file, made if it does not exist; ":memory:" is a store in memory
    read_only        nothing is written; any number of such engines may be open beside the writing one
    store            instead of a path: a store of your own, in Python or (store.Native) in C, see cartbell.store. It belongs to the engine, which closes it
    zones_directory  IANA zone files; None: /usr/share/zoneinfo
    limits           {"page_rows": 100, ...}: limits set downward, by their names in cartbell_limits
    clock            what `now` is where a call does not say; None: the system's clock

    Wherever a parameter is called `segment`, it is the code of a stored segment or a predicate: a dict, True, False, or JSON text.
    """

    _what = "engine"
    _free = staticmethod(library.cartbell_engine_close)

    def __init__(self, path: str | os.PathLike[str] | None = None, *, read_only: bool = False, store: Store | Native | None = None,
                 zones_directory: str | os.PathLike[str] | None = None, limits: Mapping[str, int] | None = None,
                 clock: Callable[[], datetime] | None = None) -> None:
        super().__init__()
        self._clock = clock
        self._page = min(_PAGE, (limits or {}).get("page_rows") or _PAGE)
        options = _abi.cartbell_engine_options(struct_size=ctypes.sizeof(_abi.cartbell_engine_options), read_only=int(read_only))
        options.path = text(None if path is None else os.fspath(path), "a path")
        options.zones_directory = text(None if zones_directory is None else os.fspath(zones_directory), "a path")
        given = limits_of(limits)
        if given is not None:
            options.limits = ctypes.pointer(given)
        if store is not None:
            self._idle = Frames()
            options.store_functions, options.store = lend(store)
        opened, frame = ctypes.c_void_p(), self._frame()
        try:
            status = library.cartbell_engine_open(ctypes.byref(options), ctypes.byref(opened), frame.error)
            if status:
                raise frame.failure(status)
            self._address, self._argument = opened.value, ctypes.c_void_p.from_param(opened.value)
        finally:
            self._idle.append(frame)

    def __del__(self) -> None:
        if getattr(self, "_address", None) is not None:
            warnings.warn(f"{self!r} was not closed", ResourceWarning, source=self)
        super().__del__()

    # Operations in

    def parse(self, operations: Operations, *, form: Form | None = None, source: str | None = None) -> Batch:
        """Reads operations without touching the store, on any thread. A dict is one operation, a list an array; text is one operation
        unless `form` says more."""
        says, data = _operations(operations, form)
        made, frame = ctypes.c_void_p(), self._frame()
        try:
            status = library.cartbell_engine_parse(self._open(), says, data, len(data), text(source, "a source"), ctypes.byref(made), frame.error)
            if status:
                raise frame.failure(status)
            return Batch(made.value)
        finally:
            self._idle.append(frame)

    def apply(self, *batches: Batch, now: datetime | None = None) -> values.Applied:
        """Applies parsed batches in one transaction: all of it is stored, or nothing. A rejected operation is a result, no exception."""
        now_us = self._now(now)
        frame = self._frame()
        try:
            with ExitStack() as held:
                for batch in sorted(set(batches), key=id):
                    held.enter_context(batch._lock)
                addresses = (ctypes.c_void_p * len(batches))(*(batch._open() for batch in batches))
                status = library.cartbell_engine_apply(self._open(), addresses, len(batches), now_us, frame.applied, frame.answer,
                                                       frame.error)
            if status:
                raise frame.failure(status)
            return frame.counted()
        finally:
            self._idle.append(frame)

    def ingest(self, operations: Operations, *, form: Form | None = None, source: str | None = None, now: datetime | None = None) -> values.Applied:
        """Parses and applies in one call; `operations` as in parse."""
        if type(operations) is bytes:
            says, data = form or _abi.CARTBELL_FORM_ONE, operations
        else:
            says, data = _operations(operations, form)
        try:
            frame = self._idle.pop()
        except IndexError:
            frame = self._frame()
        try:
            size, now_us = frame.size, frame.now_us
            size.value = len(data)
            now_us.value = _time_ns() // 1000 if now is None and self._clock is None else self._now(now)
            status = _ingest(self._argument if self._address else self._open(), says, data, size, source and text(source, "a source"), now_us,
                             frame.applied, frame.answer, frame.error)
            if status:
                raise frame.failure(status)
            return frame.counted()
        finally:
            self._idle.append(frame)

    def ingest_lines(self, lines: Iterable[str | bytes | Mapping[str, Any]], *, batch: int = 1000, source: str | None = None,
                     now: datetime | None = None) -> Iterator[values.Applied]:
        """Ingests NDJSON lines (an open file, or any iterable of texts or dicts) of any length, `batch` of them in one transaction, and does
        upkeep between. It goes on as the iterator is read: an Applied for each transaction."""
        for block in _blocks(lines, batch):
            data = b"\n".join(definition(line).rstrip(b"\r\n") for line in block)
            yield self.ingest(data, form=Form.NDJSON, source=source, now=now)
            self.maintain()

    # Work that is due

    def tick(self, now: datetime | None = None, *, work: int = 100) -> values.Ticked:
        """Does due work, at most `work` bounded steps."""
        now_us = self._now(now)
        done, due, frame = ctypes.c_int64(), ctypes.c_int64(), self._frame()
        try:
            status = library.cartbell_engine_tick(self._open(), now_us, work, ctypes.byref(done), ctypes.byref(due), frame.error)
            if status:
                raise frame.failure(status)
        finally:
            self._idle.append(frame)
        never = due.value == _abi.CARTBELL_NEVER
        return values.Ticked(done.value, None if never else instant(due.value), not never and due.value <= now_us)

    def maintain(self) -> bool:
        """Does a bounded bit of the store's upkeep; True if there is more to do."""
        more, frame = ctypes.c_int32(), self._frame()
        try:
            status = library.cartbell_engine_maintain(self._open(), ctypes.byref(more), frame.error)
            if status:
                raise frame.failure(status)
        finally:
            self._idle.append(frame)
        return more.value != 0

    # The whole

    def stats(self) -> values.Stats:
        return values.Stats.read(self._json(library.cartbell_engine_stats))

    def digest(self, *, refolded: bool = False) -> values.Digest:
        """The digest of the facts state; refolded: folded anew from the journal, the same unless the store is damaged."""
        return values.Digest.read(self._json(library.cartbell_engine_digest, _abi.CARTBELL_DIGEST_REFOLDED if refolded else _abi.CARTBELL_DIGEST_STORED))

    def put_settings(self, settings: Json, *, now: datetime | None = None) -> int:
        """The members that are named replace those in force, the others stay. The new version."""
        data = definition(settings)
        return int(self._json(library.cartbell_settings_put, data, len(data), self._now(now))["version"])

    def settings(self, member: str | None = None) -> Any:
        """The settings in force, whole or one member, as JSON has them."""
        return self._json(library.cartbell_settings_get, text(member, "a member"))

    def settings_versions(self) -> Iterator[values.SettingsVersion]:
        """The versions that were put, newest first; read page by page."""
        after = ""
        while after is not None:
            data = self._json(library.cartbell_settings_versions, after.encode(), self._page)
            yield from (values.SettingsVersion.read(each) for each in data["versions"])
            after = data["next"]

    def settings_difference(self, from_version: int | None = None, to_version: int | None = None) -> tuple[values.SettingsChange, ...]:
        """What differs between two versions, by path; without `to_version` the newest, without `from_version` the one before that. 0 is what
        holds before anything is put."""
        data = self._json(library.cartbell_settings_difference, -1 if from_version is None else from_version, -1 if to_version is None else to_version)
        return tuple(values.SettingsChange.read(each) for each in data["changes"])

    # Orders, customers and products

    def order(self, order_id: str) -> values.Order:
        return values.Order.read(self._json(library.cartbell_order_get, code(order_id, "an order id")))

    def orders(self, order_ids: Iterable[str]) -> Iterator[values.Order | None]:
        """Several orders, in the order asked; None for one that is not there."""
        for block in _blocks(order_ids, self._page):
            for data in self._json(library.cartbell_order_get_many, _texts(block, "an order id"), len(block)):
                yield data and values.Order.read(data)

    def order_history(self, order_id: str) -> tuple[values.HistoryRow, ...]:
        """How the statuses came to be, oldest first."""
        data = self._json(library.cartbell_order_history_get, code(order_id, "an order id"))
        return tuple(values.HistoryRow.read(row) for row in data["history"])

    def customer(self, identity: str) -> values.Customer:
        """A customer by an identity, "external_id:C-17"."""
        return values.Customer.read(self._json(library.cartbell_customer_get, code(identity, "an identity")))

    def customers(self, identities: Iterable[str]) -> Iterator[values.Customer | None]:
        """Several customers, in the order asked; None for one that is not there."""
        for block in _blocks(identities, self._page):
            for data in self._json(library.cartbell_customer_get_many, _texts(block, "an identity"), len(block)):
                yield data and values.Customer.read(data)

    def order_timeline(self, order_id: str) -> Iterator[values.Entry]:
        """Who said what about an order and when, oldest first; read page by page."""
        return self._entries(library.cartbell_order_timeline, code(order_id, "an order id"))

    def customer_consent(self, identity: str, category: str, channel: str | None = None, *, at: datetime | None = None) -> values.ConsentStanding:
        """Whether a customer allows something at an instant, by default now. A category of kind tracking has no channel."""
        return values.ConsentStanding.read(self._json(library.cartbell_customer_consent, code(identity, "an identity"), text(channel, "a channel"),
                                                      code(category, "a category"), self._now(at)))

    def customer_timeline(self, identity: str) -> Iterator[values.Entry]:
        """The same about a customer and the customer's orders."""
        return self._entries(library.cartbell_customer_timeline, code(identity, "an identity"))

    def _entries(self, function: Any, name: bytes) -> Iterator[values.Entry]:
        after = ""
        while after is not None:
            data = self._json(function, name, after.encode(), self._page)
            yield from map(values.Entry.read, data["entries"])
            after = data["next"]

    def export_customer(self, identity: str) -> dict[str, Any]:
        """Everything kept of a customer, to be handed over to that person: the profile, whole orders, messages, events, and each operation as sent."""
        whole: dict[str, Any] = self._json(library.cartbell_customer_export, code(identity, "an identity"))
        return whole

    def events(self, identity: str = "") -> Iterator[values.Event]:
        """A customer's events, newest first, read page by page; without an identity those that concern no single customer."""
        after = ""
        while after is not None:
            name = code(identity, "an identity") if identity else b""
            data = self._json(library.cartbell_event_list, name, after.encode(), self._page)
            yield from map(values.Event.read, data["events"])
            after = data["next"]

    def container(self, identity: str, container: str = "cart", *, at: datetime | None = None) -> values.Container:
        """One container of a customer, by default the cart, as it is at an instant, by default now: a lifetime may have passed."""
        return values.Container.read(self._json(library.cartbell_container_get, code(identity, "an identity"), code(container, "a container"),
                                                self._now(at)))

    def containers(self, identity: str, *, at: datetime | None = None) -> tuple[values.Container, ...]:
        """All containers that were ever changed for a customer."""
        data = self._json(library.cartbell_container_list, code(identity, "an identity"), self._now(at))
        return tuple(map(values.Container.read, data["containers"]))

    def holders(self, product_id: str, container: str = "", *, at: datetime | None = None) -> Iterator[values.Holder]:
        """Who has a product in a container, by default in any one; read page by page."""
        after = ""
        while after is not None:
            data = self._json(library.cartbell_container_holders, code(product_id, "a product id"), code(container, "a container") if container else b"",
                              self._now(at), after.encode(), self._page)
            yield from map(values.Holder.read, data["holders"])
            after = data["next"]

    def product(self, product_id: str) -> values.Product:
        return values.Product.read(self._json(library.cartbell_product_get, code(product_id, "a product id")))

    def products(self, product_ids: Iterable[str]) -> Iterator[values.Product | None]:
        """Several products, in the order asked; None for one that is not there."""
        for block in _blocks(product_ids, self._page):
            for data in self._json(library.cartbell_product_get_many, _texts(block, "a product id"), len(block)):
                yield data and values.Product.read(data)

    # Segments

    def put_segment(self, name: str, predicate: Json | bool, *, now: datetime | None = None) -> values.Stored:
        data = definition(predicate)
        return values.Stored.read(self._json(library.cartbell_segment_put, code(name), data, len(data), self._now(now)))

    def segment(self, name: str) -> values.Definition:
        return values.Definition.read(self._json(library.cartbell_segment_get, code(name)))

    def segments(self) -> tuple[values.Definition, ...]:
        return tuple(values.Definition.read(each) for each in self._json(library.cartbell_segment_list)["segments"])

    def segment_count(self, segment: Segment, *, now: datetime | None = None) -> values.SegmentCount:
        data = definition(segment)
        return values.SegmentCount.read(self._json(library.cartbell_segment_count, data, len(data), self._now(now)))

    def segment_customers(self, segment: Segment, *, now: datetime | None = None) -> Iterator[str]:
        """The customers in a segment at one instant, each by the identity that is its alone."""
        data, now_us, after = definition(segment), self._now(now), None
        while True:
            page = self._json(library.cartbell_segment_customers, data, len(data), now_us, after, self._page)
            yield from page["customers"]
            if page["next"] is None:
                return
            after = page["next"].encode()

    def segment_match(self, segment: Segment, identity: str, *, now: datetime | None = None) -> values.Match:
        data = definition(segment)
        return values.Match.read(self._json(library.cartbell_segment_match, data, len(data), code(identity, "an identity"), self._now(now)))

    def segment_match_many(self, segment: Segment, identities: Iterable[str], *, now: datetime | None = None) -> Iterator[values.Match | None]:
        """The same for several customers, in the order asked; None for one that is not there."""
        data, now_us = definition(segment), self._now(now)
        for block in _blocks(identities, self._page):
            for each in self._json(library.cartbell_segment_match_many, data, len(data), _texts(block, "an identity"), len(block), now_us):
                yield each and values.Match.read(each)

    def segment_explain(self, segment: Segment, identity: str, *, most_witnesses: int = 0, now: datetime | None = None) -> values.Explanation:
        """Why a customer is in a segment, or is not. most_witnesses: rows per node; 0: the limit."""
        data = definition(segment)
        return values.Explanation.read(self._json(library.cartbell_segment_explain, data, len(data), code(identity, "an identity"), self._now(now),
                                                  most_witnesses))

    # Templates

    def put_template(self, template: Json, *, name: str | None = None, now: datetime | None = None) -> values.Stored:
        """Stores a template under `name`, or under the definition's own code."""
        data = definition(template)
        return values.Stored.read(self._json(library.cartbell_template_put, text(name, "a code"), data, len(data), self._now(now)))

    def check_template(self, template: Json) -> values.TemplateCheck:
        """Checks a definition as put_template does, and stores nothing."""
        data = definition(template)
        return values.TemplateCheck.read(self._json(library.cartbell_template_check, data, len(data)))

    def template(self, name: str) -> values.Definition:
        return values.Definition.read(self._json(library.cartbell_template_get, code(name)))

    def templates(self) -> tuple[values.Definition, ...]:
        return tuple(values.Definition.read(each) for each in self._json(library.cartbell_template_list)["templates"])

    def preview_template(self, name: str, identity: str, *, now: datetime | None = None) -> values.Preview:
        """What a customer would get; nothing is queued."""
        return values.Preview.read(self._json(library.cartbell_template_preview, code(name), code(identity, "an identity"), self._now(now)))

    # Mailings

    def put_mailing(self, mailing: Json, *, name: str | None = None, now: datetime | None = None) -> values.Stored:
        data = definition(mailing)
        return values.Stored.read(self._json(library.cartbell_mailing_put, text(name, "a code"), data, len(data), self._now(now)))

    def mailing(self, name: str) -> values.Definition:
        return values.Definition.read(self._json(library.cartbell_mailing_get, code(name)))

    def mailings(self) -> tuple[values.Definition, ...]:
        return tuple(values.Definition.read(each) for each in self._json(library.cartbell_mailing_list)["mailings"])

    def dry_run_mailing(self, name: str, *, now: datetime | None = None) -> values.DryRun:
        """What it would do if it started at an instant; nothing is queued."""
        return values.DryRun.read(self._json(library.cartbell_mailing_dry_run, code(name), self._now(now)))

    def start_mailing(self, name: str, *, now: datetime | None = None) -> values.MailingStatus:
        """Plans it; tick fills the outbox. Starting it twice is no second mailing."""
        return values.MailingStatus.read(self._json(library.cartbell_mailing_start, code(name), self._now(now)))

    def mailing_status(self, name: str) -> values.MailingStatus:
        return values.MailingStatus.read(self._json(library.cartbell_mailing_status, code(name)))

    # Messages out

    def lease(self, worker: str, *, most: int = 100, lease: timedelta = timedelta(minutes=1), now: datetime | None = None) -> list[values.Message]:
        """Takes queued messages, the oldest due first; nobody else gets them until the lease ends."""
        answer = self._json(library.cartbell_message_lease, code(worker, "a worker"), most, duration_us(lease), self._now(now))
        return [values.Message.read(each) for each in answer["messages"]]

    def report(self, *reports: values.Report | Mapping[str, Any], now: datetime | None = None) -> tuple[values.Reported, ...]:
        """Says what became of messages; saying the same again changes nothing."""
        said = [each if isinstance(each, Mapping) else {name: getattr(each, name) for name in each.__dataclass_fields__} for each in reports]
        data = to_json(said)
        return tuple(values.Reported.read(each) for each in self._json(library.cartbell_message_report, data, len(data), self._now(now))["reports"])

    def message(self, message_id: str) -> values.Message:
        return values.Message.read(self._json(library.cartbell_message_get, code(message_id, "a message id")))

    def messages(self, source: str | None = None) -> Messages:
        """All messages of a source ("mailing:<code>"), or of all, without taking them."""
        made, frame = ctypes.c_void_p(), self._frame()
        try:
            status = library.cartbell_export_open(self._open(), text(source, "a source"), ctypes.byref(made), frame.error)
            if status:
                raise frame.failure(status)
            return Messages(made.value, self)
        finally:
            self._idle.append(frame)

    def _now(self, now: datetime | None) -> int:
        if now is None:
            if self._clock is None:
                return _time_ns() // 1000
            now = self._clock()
        return microseconds(now)
