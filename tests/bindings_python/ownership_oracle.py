"""Whom things belong to, written as plainly as possible from the formats' text ("Whose it is") and from nothing else: no entry is ever taken in after
another one, everything is asked of the whole journal.

Where the text is short, it is read so:
- An operation's strongest identity claims each of its weaker ones, from the operation's instant on.
- Claims, merges and unmerges are ordered by (at, sequence, rank, source, id): the key of facts with trust left out.
- A claim holds for what is at its instant or later, whatever the sequences of the two. What is earlier belongs to the first claim after it: of a
  device_id or anonymous_id only from anonymous_days x 24 h before that claim on, that instant included.
- Chains: at the instant of the entry, a claim leads on before a merge does; then again from there, at the same instant. A merge has no instant in
  this: of the merges and unmerges whose `from` is the identity the newest decides, for every entry however old. The `into` of an unmerge says
  nothing.
- Where a chain comes back to itself, the smallest identity of that cycle survives: the strongest kind, then the smallest text.
- An entry belongs to where its strongest identity leads. An order belongs to where the strongest identity of its newest fact that names one leads, at
  that fact's instant. That fact is the operation's own, at occurred_at; a status's own time moves no order.
- An event without identities is known by its session, which is source and session_id together: a kind of its own, weaker than all, claimed without
  a bound by the events of the session that have identities, and followed like any other. Where it leads to a session it is nobody's.
- Merges and unmerges belong to nobody: they make no customer and count in no version. Events make a customer, but count in no version either.
- A customer is all entries that lead to one identity, the root. Its identities are the root and all that its entries carry; its record has of each
  kind the one of the newest entry, by the key with trust, that carried it, else the root if it is of this kind; `known` is of the record. In
  lists of customers it is called by its root.
- An identity asked for is followed at the end of time. A customer without an entry is not there.
- Of a channel and category the newest consent entry, by the key with trust left out, says what is allowed; at an instant the newest at or before it:
  what was granted and has expired by then is unknown. No customer of these journals has so many that any are forgotten.
- Member of a list is whoever the newest list entry, by the key with trust left out, says is one.
"""

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

KINDS = ("external_id", "email", "phone", "device_id", "anonymous_id")
SESSION = len(KINDS)  # the kind that is nobody's name
BOUNDED = {KINDS.index("device_id"), KINDS.index("anonymous_id")}
END_OF_TIME = datetime.max.replace(tzinfo=timezone.utc)


def identity(kind, text):
    """(strength, text): tuples that compare as the rule for cycles says. 0 is the strongest kind."""
    if kind == "email":
        text = "".join(letter.lower() if letter.isascii() else letter for letter in text)
    if kind == "phone":
        text = "".join(letter for letter in text if letter not in " -.()")
    return KINDS.index(kind), text


def written(one):
    """As an answer writes it, "email:a@b.eu"."""
    return f"{KINDS[one[0]]}:{one[1]}"


def named(members):
    """The identities of a `customer`, `from` or `into`, the strongest first."""
    return sorted(identity(kind, text) for kind, text in (members or {}).items())


@dataclass(frozen=True)
class House:
    """What the door knows beside an operation."""
    sources: dict  # code: (trusted, rank)
    anonymous_days: int
    received_at: datetime  # of every operation
    containers: dict = field(default_factory=lambda: {"cart": (None, "union")})  # code: (lifetime or None, rule of merging)
    order_empties_cart: bool = True
    future: timedelta = timedelta(minutes=10)
    off: timedelta = timedelta(minutes=2)


def corrected(operation, house):
    """When it happened: moved by what the sender's clock is off, and not in the future."""
    if "occurred_at" not in operation:
        return house.received_at
    at = datetime.fromisoformat(operation["occurred_at"])
    if "sent_at" in operation:
        off = house.received_at - datetime.fromisoformat(operation["sent_at"])
        if abs(off) > house.off:
            at += off
    return house.received_at if at > house.received_at + house.future else at


def expiry(entry):
    return datetime.fromisoformat(entry.operation["expires_at"]) if "expires_at" in entry.operation else None


class Entry:
    def __init__(self, operation, house):
        self.operation = operation
        self.type = "container" if operation["type"] == "event" and operation["name"].startswith("container.") else operation["type"]
        self.at = corrected(operation, house)
        self.source = operation.get("source", "system")
        trusted, rank = house.sources[self.source]
        sequence = operation.get("sequence")
        self.open_key = (self.at, (sequence is not None, sequence or 0), rank, self.source, operation["id"])  # trust left out
        self.key = (trusted, *self.open_key)
        self.identities = named(operation.get("customer"))
        session = [(SESSION, f"{self.source}/{operation['session_id']}")] if "session_id" in operation else []
        self.carried = self.identities + session  # the first is what it is known by


@dataclass(frozen=True)
class Claim:
    key: tuple  # of the entry that claims, trust left out
    claimer: tuple

    @property
    def at(self):
        return self.key[0]


@dataclass
class Customer:
    root: tuple
    entries: list = field(default_factory=list)  # in the order of their keys, trust included
    orders: list = field(default_factory=list)

    @property
    def identities(self):
        return sorted({self.root, *itertools.chain(*(entry.identities for entry in self.entries))})

    @property
    def record(self):
        carried = dict([self.root])
        for entry in self.entries:
            carried.update(entry.identities)
        return {KINDS[kind]: text for kind, text in carried.items()}

    @property
    def profile(self):
        profile = {}
        for entry in self.entries:
            if entry.type == "customer":
                if entry.operation.get("whole"):
                    profile = {}
                merge_patch(profile, entry.operation.get("profile", {}))
        return profile

    @property
    def lists(self):
        by_age = sorted((entry for entry in self.entries if entry.type == "list"), key=lambda entry: entry.open_key)
        said = {entry.operation["list"]: entry.operation["member"] for entry in by_age}
        return sorted(code for code, member in said.items() if member)

    def _consents(self):
        """(channel, category): entries, oldest first."""
        said = {}
        for entry in sorted((entry for entry in self.entries if entry.type == "consent"), key=lambda entry: entry.open_key):
            said.setdefault((entry.operation.get("channel"), entry.operation["category"]), []).append(entry)
        return said

    @property
    def consents(self):
        return {of: (said[-1].operation["granted"], said[-1].at, expiry(said[-1]), said[-1].operation.get("proof"), said[-1].source)
                for of, said in self._consents().items()}

    @property
    def consents_asked(self):
        """Instants of each at which the answer may change, and the one before them."""
        instant = timedelta(microseconds=1)
        return [(of, at) for of, said in self._consents().items()
                for at in {each for entry in said for each in (entry.at, entry.at - instant, expiry(entry) or entry.at)}]

    def consent(self, channel, category, at):
        by_then = [entry for entry in self._consents()[channel, category] if entry.at <= at]
        if not by_then:
            return None
        if not by_then[-1].operation["granted"]:
            return False
        until = expiry(by_then[-1])
        return None if until is not None and until <= at else True

    @property
    def version(self):
        return sum(entry.type != "event" for entry in self.entries)

    @property
    def created_at(self):
        return min(entry.at for entry in self.entries)

    @property
    def events(self):
        """Newest first: source and id."""
        by_age = sorted((entry for entry in self.entries if entry.type == "event"), key=lambda entry: entry.open_key, reverse=True)
        return [(entry.source, entry.operation["id"]) for entry in by_age]

    @property
    def last_seen_at(self):
        return max((entry.at for entry in self.entries if entry.type == "event"), default=None)


@dataclass
class Order:
    entries: list = field(default_factory=list)  # in the order of their keys, trust included

    @property
    def naming(self):
        """The newest fact that names a customer; None: it is nobody's."""
        return next((entry for entry in reversed(self.entries) if entry.identities), None)

    @property
    def names(self):
        return self.naming and self.naming.identities[0]

    @property
    def version(self):
        return len(self.entries)

    @property
    def total(self):
        return next((entry.operation["order"]["total"] for entry in reversed(self.entries) if "total" in entry.operation["order"]), None)


def merge_patch(into, patch):
    """RFC 7396 over objects; an object left empty is none."""
    for name, value in patch.items():
        if isinstance(value, dict):
            inner = into.setdefault(name, {})
            merge_patch(inner, value)
            value = inner or None
        if value is None:
            into.pop(name, None)
        else:
            into[name] = value


class Ownership:
    """operations: in any order, in any number of copies."""

    def __init__(self, operations, house):
        entries = {(entry.source, entry.operation["id"]): entry for entry in (Entry(operation, house) for operation in operations)}
        self.entries = sorted(entries.values(), key=lambda entry: entry.key)
        self.reach = timedelta(days=house.anonymous_days)
        self.claims, self.merges, self.merge_keys = {}, {}, {}
        for entry in sorted(entries.values(), key=lambda entry: entry.open_key):
            for weaker in entry.carried[1:]:
                self.claims.setdefault(weaker, []).append(Claim(entry.open_key, entry.identities[0]))
            if entry.type in ("merge", "unmerge"):
                from_, = named(entry.operation["from"])
                into, = named(entry.operation["into"])
                self.merges[from_] = into if entry.type == "merge" else None
                self.merge_keys[from_] = entry.open_key
        self.customers = self._customers()
        self.orders = self._orders()

    def claim(self, weaker, at):
        """What claims an identity at an instant; None: nothing."""
        claims = self.claims.get(weaker, [])
        for claim in reversed(claims):
            if claim.at <= at:
                return claim
        for claim in claims:
            if weaker[0] not in BOUNDED or claim.at - at <= self.reach:
                return claim
        return None

    def claimer(self, weaker, at):
        """Who claims an identity at an instant; None: nobody."""
        claim = self.claim(weaker, at)
        return claim and claim.claimer

    def way(self, entry):
        """How an entry is led to its root: the identities before the root, each with the key of the claim or merge that leads on."""
        here, root, way = entry.carried[0], self.root(entry.carried[0], entry.at), []
        while here != root:
            claim = self.claim(here, entry.at)
            way.append((here, claim.key if claim else self.merge_keys[here]))
            here = claim.claimer if claim else self.merges[here]
        return tuple(way)

    def root(self, start, at):
        """Where an identity leads at an instant."""
        way = [start]
        while (onward := self.claimer(way[-1], at) or self.merges.get(way[-1])) is not None:
            if onward in way:
                return min(way[way.index(onward):])
            way.append(onward)
        return way[-1]

    def customer(self, asked):
        """The customer of an identity; None: there is none."""
        return self.customers.get(self.root(asked, END_OF_TIME))

    def _customers(self):
        customers = {}
        for entry in self.entries:
            root = self.root(entry.carried[0], entry.at) if entry.carried else None
            if root is not None and root[0] != SESSION:
                customers.setdefault(root, Customer(root)).entries.append(entry)
        return customers

    def _orders(self):
        orders = {}
        for entry in self.entries:
            if entry.type == "order":
                orders.setdefault(entry.operation["order"]["order_id"], Order()).entries.append(entry)
        for order_id, order in sorted(orders.items()):
            if order.naming is not None:
                self.customers[self.root(order.names, order.naming.at)].orders.append(order_id)
        return orders
