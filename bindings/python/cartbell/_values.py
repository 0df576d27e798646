"""Answers as frozen dataclasses. The words are those of docs/formats.md."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Callable, Iterable, Mapping, NamedTuple, TypeVar

from ._inputs import instant

T = TypeVar("T")


class Money(Decimal):
    """An exact amount that knows its currency. Arithmetic gives plain Decimals."""

    __slots__ = ("currency",)
    currency: str | None

    def __new__(cls, amount: Decimal | str | int = 0, currency: str | None = None) -> Money:
        made = super().__new__(cls, amount)
        made.currency = currency
        return made

    @classmethod
    def read(cls, text: str, currency: str | None = None) -> Money:
        """"199.90 EUR", or "199.90" in the currency of what it belongs to."""
        amount, _, own = text.partition(" ")
        return cls(amount, own or currency)

    def __repr__(self) -> str:
        return f"Money('{self}', {self.currency!r})"

    def __reduce__(self) -> tuple[Any, ...]:  # type: ignore[override]
        return Money, (str(self), self.currency)

    def __copy__(self) -> Money:
        return self

    def __deepcopy__(self, _: Any) -> Money:
        return self


def time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _each(convert: Callable[[Any], T]) -> Callable[[Iterable[Any]], tuple[T, ...]]:
    return lambda items: tuple(convert(item) for item in items)


def _values(convert: Callable[[Any], T]) -> Callable[[Mapping[str, Any]], dict[str, T]]:
    return lambda items: {name: convert(value) for name, value in items.items()}


def made(kind: type[T], data: Mapping[str, Any], **convert: Callable[[Any], Any]) -> T:
    """The dataclass of a JSON object. null is None; members that a newer library adds are left out."""
    members = {}
    for member in dataclasses.fields(kind):
        value = data.get(member.name)
        if value is not None:
            members[member.name] = convert[member.name](value) if member.name in convert else value
        elif member.name in data and member.default is dataclasses.MISSING and member.default_factory is dataclasses.MISSING:
            members[member.name] = None
    return kind(**members)


# Operations


@dataclass(frozen=True, slots=True)
class Warning:
    """What was kept but is odd."""
    code: str
    pointer: str
    message: str


@dataclass(frozen=True, slots=True)
class ErrorItem:
    """Why an operation was rejected."""
    code: str
    pointer: str
    message: str


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """What an operation caused: order.created, order.status_changed, ..."""
    name: str
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OperationResult:
    id: str
    outcome: str  # accepted, late, duplicate, rejected
    version: int | None = None
    changed: tuple[DomainEvent, ...] = ()
    ignored: tuple[str, ...] = ()
    warnings: tuple[Warning, ...] = ()
    errors: tuple[ErrorItem, ...] = ()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> OperationResult:
        return made(cls, data, changed=_each(lambda each: made(DomainEvent, each)), ignored=tuple, warnings=_each(warning),
                    errors=_each(lambda each: made(ErrorItem, each)))


def warning(data: Mapping[str, Any]) -> Warning:
    return made(Warning, data)


class Applied(NamedTuple):
    """How the operations of one call ended. The results are read when they are asked for."""
    accepted: int  # late ones are not counted here
    duplicate: int
    late: int
    rejected: int
    json: bytes  # the results as the library wrote them

    @property
    def results(self) -> tuple[OperationResult, ...]:
        """A result for each operation, in order."""
        return tuple(OperationResult.read(each) for each in json.loads(self.json.decode()))


class Ticked(NamedTuple):
    done: int  # steps
    next_due: datetime | None  # None: not until something comes in
    more: bool  # there is work at once


# Definitions


@dataclass(frozen=True, slots=True)
class SettingsVersion:
    version: int
    created_at: datetime

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> SettingsVersion:
        return made(cls, data, created_at=time)


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """A difference between two versions. Values are as JSON has them; None: it was not there, or is not there any more."""
    path: str  # /shop/zone, /sources/site/rank, /statuses/payment/paid
    before: Any
    after: Any

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> SettingsChange:
        return cls(data["path"], data.get("from"), data.get("to"))


@dataclass(frozen=True, slots=True)
class Stored:
    """What a put stored."""
    code: str
    version: int
    warnings: tuple[Warning, ...] = ()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Stored:
        return made(cls, data, warnings=_each(warning))


@dataclass(frozen=True, slots=True)
class Definition:
    """A stored segment, template or mailing."""
    code: str
    version: int
    created_at: datetime
    definition: Any

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Definition:
        return made(cls, data, created_at=time)


@dataclass(frozen=True, slots=True)
class TemplateCheck:
    variables: tuple[str, ...]
    warnings: tuple[Warning, ...]

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> TemplateCheck:
        return made(cls, data, variables=tuple, warnings=_each(warning))


@dataclass(frozen=True, slots=True)
class Preview:
    """What a customer would get."""
    outcome: str  # rendered, blocked, failed
    reason: str | None = None
    line: int = 0
    column: int = 0
    parts: Mapping[str, str] | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Preview:
        return made(cls, data)


# Segments


@dataclass(frozen=True, slots=True)
class SegmentCount:
    count: int
    customers: int  # everybody there is
    next_change: datetime | None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> SegmentCount:
        return made(cls, data, next_change=time)


@dataclass(frozen=True, slots=True)
class Match:
    """match, and the next instant at which it can change without new input. True if it matches."""
    match: bool
    next_change: datetime | None

    def __bool__(self) -> bool:
        return self.match

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Match:
        change = data["next_change"]
        return cls(data["match"], time(change) if change else None)


@dataclass(frozen=True, slots=True)
class Witness:
    """A row that proves a verdict."""
    kind: str  # order, line, payment, history
    order_id: str
    row_id: str | None
    at: datetime | None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Witness:
        at = data.get("at")
        row_id = None if data["kind"] == "order" else data.get(data["kind"] + "_id")
        return cls(data["kind"], data["order_id"], row_id, time(at) if at else None)


@dataclass(frozen=True, slots=True)
class LeftOut:
    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class ExplanationNode:
    """One node of the predicate: its verdict and its evidence."""
    pointer: str
    what: str
    holds: bool
    next_change: datetime | None = None
    measured: Any = None  # of a sum or average a Decimal or Money, else as JSON has it
    test: Any = None
    rows: int = 0
    witnesses: tuple[Witness, ...] = ()
    truncated: bool = False
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    children: tuple[ExplanationNode, ...] = ()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> ExplanationNode:
        test = data.get("test")
        convert: dict[str, Callable[[Any], Any]] = {}
        if isinstance(test, dict) and ("sum" in test or "avg" in test):
            convert["measured"] = amount
        return made(cls, data, next_change=time, witnesses=_each(Witness.read), left_out=_each(lambda each: made(LeftOut, each)), notes=tuple,
                    children=_each(cls.read), **convert)


def amount(value: Any) -> Decimal:
    text = str(value)
    return Money.read(text) if " " in text else Decimal(text)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a customer is in a segment, or is not. True if it matches."""
    customer: str
    match: bool
    next_change: datetime | None
    explanation: ExplanationNode

    def __bool__(self) -> bool:
        return self.match

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Explanation:
        return made(cls, data, next_change=time, explanation=ExplanationNode.read)


# Orders, customers and products


@dataclass(frozen=True, slots=True)
class Status:
    code: str
    at: datetime | None = None
    name: str | None = None
    previous: str | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Status:
        return made(cls, data, at=time)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one operation said about an order or a customer, and what its arrival changed."""
    at: datetime  # when it happened, corrected
    received_at: datetime
    source: str
    trust: str  # trusted, public
    id: str
    type: str
    operation: Mapping[str, Any]  # as it was sent
    order_id: str | None = None
    late: bool = False  # a fact that sorts above it was there already
    changed: tuple[DomainEvent, ...] = ()
    warnings: tuple[Warning, ...] = ()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Entry:
        return made(cls, data, at=time, received_at=time, changed=_each(lambda each: made(DomainEvent, each)), warnings=_each(warning))


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A status set's change."""
    set: str
    from_: str | None
    to: str | None
    at: datetime
    received_at: datetime
    source: str
    status: Mapping[str, str]

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> HistoryRow:
        return made(cls, {**data, "from_": data["from"]}, at=time, received_at=time)


@dataclass(frozen=True, slots=True)
class Line:
    line_id: str
    product_id: str | None = None
    name: str | None = None
    brand: str | None = None
    variant: str | None = None
    category: tuple[str, ...] = ()
    url: str | None = None
    image_url: str | None = None
    quantity: Decimal | None = None
    returned: Decimal | None = None
    price: Money | None = None
    discount: Money | None = None
    total: Money | None = None
    weight: Decimal | None = None
    bonuses_accrued: Decimal | None = None
    bonuses_paid: Decimal | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, data: Mapping[str, Any], currency: str | None) -> Line:
        money = _money_in(currency)
        return made(cls, data, category=tuple, quantity=Decimal, returned=Decimal, weight=Decimal, bonuses_accrued=Decimal, bonuses_paid=Decimal,
                    price=money, discount=money, total=money)


@dataclass(frozen=True, slots=True)
class Payment:
    payment_id: str
    type: str | None = None
    provider: str | None = None
    amount: Money | None = None
    installments: int | None = None
    at: datetime | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any], currency: str | None) -> Payment:
        return made(cls, data, amount=_money_in(currency), at=time)


@dataclass(frozen=True, slots=True)
class Delivery:
    type: str | None = None
    provider: str | None = None
    address: Mapping[str, str] = field(default_factory=dict)
    point_id: str | None = None
    point_name: str | None = None
    at: datetime | None = None
    until: datetime | None = None
    note: str | None = None
    cost: Money | None = None
    tracking: str | None = None
    tracking_url: str | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any], currency: str | None) -> Delivery:
        return made(cls, data, at=time, until=time, cost=_money_in(currency))


@dataclass(frozen=True, slots=True)
class PaymentSummary:
    """An order's `payment`."""
    type: str | None = None
    provider: str | None = None
    paid: Money | None = None
    bonuses_paid: Decimal | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any], currency: str | None) -> PaymentSummary:
        return made(cls, data, paid=_money_in(currency), bonuses_paid=Decimal)


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str
    version: int
    placed_at: datetime | None = None
    updated_at: datetime | None = None
    received_at: datetime | None = None
    source: str | None = None
    currency: str | None = None
    url: str | None = None
    status: Mapping[str, Status] = field(default_factory=dict)
    reached: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    in_analytics: bool = False
    delivery: Delivery | None = None
    payment: PaymentSummary | None = None
    payments: tuple[Payment, ...] = ()
    bonuses_accrued: Decimal | None = None
    subtotal: Money | None = None
    discount: Money | None = None
    tax: Money | None = None
    total: Money | None = None
    refunded: Money | None = None
    coupons: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    line_count: int = 0
    quantity: Decimal | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)  # as JSON has them
    customer: Mapping[str, str] | None = None
    history: tuple[HistoryRow, ...] = ()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Order:
        currency = data.get("currency")
        money = _money_in(currency)

        def inside(kind: Any) -> Callable[[Any], Any]:
            return lambda each: kind.read(each, currency)

        return made(cls, data, placed_at=time, updated_at=time, received_at=time, status=_values(Status.read), reached=_values(_values(time)),
                    delivery=inside(Delivery), payment=inside(PaymentSummary), payments=_each(inside(Payment)), bonuses_accrued=Decimal,
                    subtotal=money, discount=money, tax=money, total=money, refunded=money, coupons=tuple, lines=_each(inside(Line)),
                    quantity=Decimal, history=_each(HistoryRow.read))


def _money_in(currency: str | None) -> Callable[[str], Money]:
    return lambda text: Money.read(text, currency)


@dataclass(frozen=True, slots=True)
class Consent:
    """What a customer said about one category, by one channel unless the category is of kind tracking."""
    category: str
    granted: bool
    at: datetime
    source: str
    channel: str | None = None
    expires_at: datetime | None = None
    proof: str | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Consent:
        return made(cls, data, at=time, expires_at=time)


@dataclass(frozen=True, slots=True)
class ConsentStanding:
    """Whether a customer allows something at an instant."""
    category: str
    at: datetime
    granted: bool | None  # None: nothing was said by then, or what was granted has expired
    fact: Consent | None  # what it follows from
    forgotten: bool  # nothing is known because the instant lies before the oldest of the facts that are kept
    channel: str | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> ConsentStanding:
        of = {name: data.get(name) for name in ("channel", "category")}
        members = {"fact": None, **data, "granted": None if data["is"] == "unknown" else data["is"]}
        return made(cls, members, at=time, fact=lambda fact: Consent.read({**fact, **of}))


@dataclass(frozen=True, slots=True)
class Customer:
    customer: Mapping[str, str]  # kind: text, of each kind the newest
    profile: Mapping[str, Any]  # as JSON has it
    identities: tuple[str, ...]  # kind:text, every one
    lists: tuple[str, ...]  # codes of the static lists it is in
    consents: tuple[Consent, ...]  # of each channel and category the newest
    orders: tuple[str, ...]
    version: int
    created_at: datetime | None = None
    last_seen_at: datetime | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Customer:
        times = {name: data["profile"].get(name) for name in ("created_at", "last_seen_at")}
        return made(cls, {**data, **times}, created_at=time, last_seen_at=time, orders=tuple, lists=tuple, consents=_each(Consent.read),
                    identities=_each(lambda each: ":".join(next(iter(each.items())))))


@dataclass(frozen=True, slots=True)
class Product:
    """A product of the catalogue as it is now."""
    product_id: str
    version: int
    group_id: str | None = None
    name: str | None = None
    brand: str | None = None
    url: str | None = None
    image_url: str | None = None
    category: tuple[str, ...] = ()
    price: Money | None = None
    old_price: Money | None = None
    currency: str | None = None
    stock: Decimal | None = None
    available: bool | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    price_changed_at: datetime | None = None
    stock_changed_at: datetime | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)  # as JSON has them

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Product:
        money = _money_in(data.get("currency"))
        return made(cls, data, category=tuple, price=money, old_price=money, stock=Decimal, created_at=time, updated_at=time,
                    price_changed_at=time, stock_changed_at=time)


@dataclass(frozen=True, slots=True)
class Item:
    """A product in a container."""
    product_id: str
    quantity: Decimal
    added_at: datetime  # kept when the quantity changes
    changed_at: datetime
    name: str | None = None
    brand: str | None = None
    variant: str | None = None
    url: str | None = None
    image_url: str | None = None
    category: tuple[str, ...] = ()
    price: Money | None = None  # as it was said last
    price_then: Money | None = None  # when it was added; of what came without a price the catalogue's
    price_now: Money | None = None  # the catalogue's
    total: Money | None = None  # at the price then
    fields: Mapping[str, Any] = field(default_factory=dict)  # as JSON has them

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Item:
        money = _money_in(None)
        return made(cls, data, quantity=Decimal, added_at=time, changed_at=time, category=tuple, price=money, price_then=money, price_now=money,
                    total=money)


@dataclass(frozen=True, slots=True)
class Container:
    """A customer's cart, or another list of products."""
    container: str
    item_count: int
    quantity: Decimal
    total: Money  # at the prices when added
    total_now: Money
    items: tuple[Item, ...]
    version: int
    created_at: datetime | None = None  # since it was last empty
    changed_at: datetime | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Container:
        money = _money_in(None)
        return made(cls, data, quantity=Decimal, total=money, total_now=money, created_at=time, changed_at=time, items=_each(Item.read))


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a product in a container."""
    customer: str  # an identity, kind:text
    container: str
    quantity: Decimal
    added_at: datetime

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Holder:
        return made(cls, data, quantity=Decimal, added_at=time)


@dataclass(frozen=True, slots=True)
class Event:
    """What a customer did, or what concerns no single customer."""
    event_id: str
    name: str
    kind: str  # customer, web, system
    occurred_at: datetime
    received_at: datetime
    source: str
    session_id: str | None = None
    customer: Mapping[str, str] = field(default_factory=dict)  # identities as sent; without one the session says whose it is
    context: Mapping[str, Any] = field(default_factory=dict)  # as JSON has it

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Event:
        return made(cls, data, occurred_at=time, received_at=time)


# Mailings and messages


@dataclass(frozen=True, slots=True)
class DryRun:
    audience: int
    rendered: int
    blocked: Mapping[str, int]  # by reason
    failed: Mapping[str, int]  # by code

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> DryRun:
        return made(cls, data)


@dataclass(frozen=True, slots=True)
class MailingStatus:
    code: str
    state: str  # draft, planned, running, done
    start_at: datetime | None
    audience: int
    rendered: int
    blocked: Mapping[str, int]  # by reason
    failed: Mapping[str, int]  # by code
    states: Mapping[str, int]  # of its messages

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> MailingStatus:
        return made(cls, data, start_at=time)


@dataclass(frozen=True, slots=True)
class Message:
    message_id: str
    source: str  # mailing:<code>
    key: str
    customer: str | None
    channel: str
    category: str | None
    template: str | None
    state: str
    reason: str | None
    planned_at: datetime
    due_at: datetime | None
    attempts: int
    provider_id: str | None
    parts: Mapping[str, str] | None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Message:
        return made(cls, data, planned_at=time, due_at=time)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a message: handed_over, delivered, bounced or failed."""
    message_id: str
    outcome: str
    provider_id: str | None = None
    reason: str | None = None
    worker: str | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    message_id: str
    outcome: str  # changed, unchanged, refused
    state: str  # of the message, now
    error: ErrorItem | None = None  # why it was refused

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Reported:
        return made(cls, data, error=lambda each: made(ErrorItem, each))


# The whole


@dataclass(frozen=True, slots=True)
class Stats:
    customers: int
    orders: int
    lines: int
    events: int
    containers: int
    products: int
    operations: int
    journal: int
    settings_version: int
    segments: int
    templates: int
    mailings: int
    messages: int
    outbox: Mapping[str, int]  # messages by state

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Stats:
        return made(cls, data)


@dataclass(frozen=True, slots=True)
class Digest:
    digest: str  # 64 hex digits
    customers: int
    orders: int
    products: int
    events: int
    containers: int

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Digest:
        return made(cls, data)


def rows(items: Iterable[Any]) -> list[dict[str, Any]]:
    """Answers as flat dicts, ready for a DataFrame: {"message_id": ..., "parts.subject": ...}. An identity becomes {"customer": ...}."""
    return [{"customer": item} if isinstance(item, str) else dict(_flat("", item)) for item in items if item is not None]


def _flat(prefix: str, value: Any) -> Iterable[tuple[str, Any]]:
    if dataclasses.is_dataclass(value):
        pairs: Iterable[tuple[str, Any]] = ((member.name.rstrip("_"), getattr(value, member.name)) for member in dataclasses.fields(value))
    elif isinstance(value, Mapping):
        pairs = value.items()
    else:
        yield prefix, value
        return
    for name, inner in pairs:
        yield from _flat(f"{prefix}.{name}" if prefix else name, inner)
