"""What is in whose containers, written as plainly as possible from the formats' text and from nothing else: whose an entry is says
ownership_oracle.py, and everything is folded anew from the whole journal.

Where the text is short, it is read so:
- Facts of containers are in the order of (at, sequence, rank, source, id): the key of facts with trust left out.
- A side is what is known by one identity until that is claimed or merged. An entry lies with the first identity on its way to the root that
  leads on later than at the entry's own instant. At the instant of a claim, or of the newest merge, a side goes into the one that it leads to,
  before all facts of that instant; what leads on no later than that goes with it. Of sides that join at one instant the order is that of the
  keys of what joins them.
- A joining is no change: `created_at` is the earlier one and `changed_at` the later one of both, of an item and of the container. A side that is
  empty then counts for nothing; if both are, `changed_at` is the later one. What both have is the item added earlier (`union`, `max`) or later
  (`newest`), else that of the side that is joined, with all that was said of it. Items of the side that joins come behind.
- `set` of what is not there puts it in, one if no quantity is said. Of a product that a `replace` says twice, the first says the rest.
- What `replace` does not say of a product that stays is gone, but for `added_at` and the price then. `remove` says nothing else.
- A lifetime that has passed empties at `changed_at` + lifetime, that instant included, and that is a change.
- A container is listed if it has an operation.
- A price of the catalogue at an instant is that of the facts of that instant and before, in the order of their keys with trust.
- `total` has the currency of the first product with a price then, `total_now` that of the first with a price now; without one they are 0 of the
  shop's.
"""

import calendar
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from ownership_oracle import merge_patch, written

SHOP_CURRENCY, SHOP_ZONE = "EUR", ZoneInfo("Europe/Riga")
SENT_AS_EVENTS = {"container.item_added": "add", "container.item_removed": "remove", "container.changed": "set", "container.cleared": "clear"}
WAYS = ("add", "remove", "set", "replace", "clear")


def later(at, duration):
    """duration: whole `d`, 24 h each, or `mo`, calendar steps of the shop's zone."""
    if duration.endswith("d"):
        return at + timedelta(days=int(duration[:-1]))
    wall = at.astimezone(SHOP_ZONE)
    years, month = divmod(wall.month - 1 + int(duration.removesuffix("mo")), 12)
    year = wall.year + years
    day = min(wall.day, calendar.monthrange(year, month + 1)[1])
    return wall.replace(year=year, month=month + 1, day=day, fold=0).astimezone(at.tzinfo)


def money(text):
    """(amount, currency)"""
    if text is None:
        return None
    amount, _, currency = text.partition(" ")
    return Decimal(amount), currency or SHOP_CURRENCY


def times(quantity, price):
    return price and (quantity * price[0], price[1])


def total(amounts):
    """Of what has the currency of the first that has any."""
    there = [each for each in amounts if each is not None]
    currency = there[0][1] if there else SHOP_CURRENCY
    return sum((amount for amount, of in there if of == currency), Decimal(0)), currency


@dataclass(frozen=True)
class Item:
    product_id: str
    quantity: Decimal
    added_at: object
    changed_at: object
    price_then: tuple | None
    said: dict = field(default_factory=dict)  # name, price

    @property
    def price(self):
        return money(self.said.get("price"))


def sayings(said):
    return {name: value for name, value in said.items() if name not in ("product_id", "quantity", "container")}


@dataclass
class Content:
    """What is in a container at an instant: changes are told in their order."""
    catalogue: object  # (product_id, at) -> price
    lifetime: str | None
    items: dict = field(default_factory=dict)  # by product, in their order
    created_at: object = None
    changed_at: object = None

    def run_out(self, at):
        if self.items and self.lifetime is not None and (end := later(self.changed_at, self.lifetime)) <= at:
            self._become({}, end)

    def _become(self, items, at, changed=True):
        if changed:
            self.changed_at = at
        if not self.items and items:
            self.created_at = at
        self.items = items
        if not items:
            self.created_at = None

    def _new(self, said, quantity, at):
        price = money(said.get("price")) or self.catalogue(said["product_id"], at)
        return Item(said["product_id"], quantity, at, at, price, sayings(said))

    def apply(self, way, said, at):
        self.run_out(at)
        getattr(self, "_" + way)(said, at)

    def _put(self, said, quantity, at):
        """So many of a product, 0: none."""
        old = self.items.get(said["product_id"])
        items = dict(self.items)
        if quantity == 0:
            items.pop(said["product_id"], None)
        elif old is None:
            items[said["product_id"]] = self._new(said, quantity, at)
        else:
            items[said["product_id"]] = replace(old, quantity=quantity, changed_at=old.changed_at if quantity == old.quantity else at,
                                                said={**old.said, **sayings(said)})
        self._become(items, at, quantity != (old.quantity if old else 0))

    def _there(self, said):
        old = self.items.get(said["product_id"])
        return old.quantity if old else Decimal(0)

    def _add(self, said, at):
        self._put(said, self._there(said) + Decimal(said.get("quantity", 1)), at)

    def _remove(self, said, at):
        there = self._there(said)
        self._put({"product_id": said["product_id"]}, max(there - Decimal(said.get("quantity", there)), Decimal(0)), at)

    def _set(self, said, at):
        self._put(said, Decimal(said.get("quantity", self._there(said) or 1)), at)

    def _clear(self, _, at):
        if self.items:
            self._become({}, at)

    def _replace(self, all_said, at):
        quantities, first = {}, {}
        for said in all_said:
            product = said["product_id"]
            quantities[product] = quantities.get(product, 0) + Decimal(said.get("quantity", 1))
            first.setdefault(product, said)
        items = {}
        for product, quantity in quantities.items():
            old = self.items.get(product)
            if quantity == 0:
                continue
            items[product] = self._new(first[product], quantity, at) if old is None else replace(
                old, quantity=quantity, changed_at=old.changed_at if quantity == old.quantity else at, said=sayings(first[product]))
        self._become(items, at, quantities_of(items) != quantities_of(self.items))

    def join(self, other, rule, at):
        self.run_out(at)
        other.run_out(at)
        if not other.items:
            if not self.items:
                self.changed_at = max((each for each in (self.changed_at, other.changed_at) if each is not None), default=None)
            return
        if not self.items:
            self.items, self.created_at, self.changed_at = other.items, other.created_at, other.changed_at
            return
        items = dict(self.items)
        for product, theirs in other.items.items():
            items[product] = combined(items[product], theirs, rule) if product in items else theirs
        self.items = items
        self.created_at, self.changed_at = min(self.created_at, other.created_at), max(self.changed_at, other.changed_at)


def quantities_of(items):
    return {product: item.quantity for product, item in items.items()}


def combined(ours, theirs, rule):
    if rule == "newest":
        return theirs if theirs.added_at > ours.added_at else ours
    earlier = theirs if theirs.added_at < ours.added_at else ours
    quantity = ours.quantity + theirs.quantity if rule == "union" else max(ours.quantity, theirs.quantity)
    return replace(earlier, quantity=quantity, changed_at=max(ours.changed_at, theirs.changed_at))


@dataclass
class Container:
    code: str
    content: Content
    version: int
    price_now: object  # product_id -> price

    @property
    def asked(self):
        """Instants about the end of its lifetime."""
        if not self.content.items or self.content.lifetime is None:
            return []
        end = later(self.content.changed_at, self.content.lifetime)
        return [end - timedelta(microseconds=1), end]

    def at(self, at):
        """As an answer has it at an instant."""
        content = replace(self.content)
        content.run_out(at)
        items = content.items.values()
        return {
            "version": self.version, "item_count": len(items), "quantity": sum((each.quantity for each in items), Decimal(0)),
            "created_at": content.created_at, "changed_at": content.changed_at,
            "total": total([times(each.quantity, each.price_then) for each in items]),
            "total_now": total([times(each.quantity, self.price_now(each.product_id)) for each in items]),
            "items": [(each.product_id, each.quantity, each.added_at, each.changed_at, each.price, each.price_then, self.price_now(each.product_id),
                       times(each.quantity, each.price_then), each.said.get("name")) for each in items]}


@dataclass(frozen=True)
class Fact:
    """What an entry says of one container."""
    entry: object
    way: str
    said: object


def container_fact(entry):
    """(code, Fact) of a container's own operation; None: it is none."""
    operation = entry.operation
    if operation["type"] == "event" and operation["name"] in SENT_AS_EVENTS:
        context, way = operation.get("context", {}), SENT_AS_EVENTS[operation["name"]]
        return context.get("container", "cart"), Fact(entry, way, context)
    if operation["type"] == "container":
        way, = (each for each in WAYS if each in operation)
        return operation["container"], Fact(entry, way, operation[way])
    return None


class Containers:
    def __init__(self, ownership, house):
        self.ownership, self.declared, self.order_empties_cart = ownership, house.containers, house.order_empties_cart
        self.by_root = {root: self._of(customer) for root, customer in ownership.customers.items()}

    def price(self, product_id, at=None):
        """The catalogue's, at an instant or of all facts."""
        product = {}
        for entry in self.ownership.entries:
            if entry.type == "product" and entry.operation["product"]["product_id"] == product_id and (at is None or entry.at <= at):
                if entry.operation.get("whole"):
                    product = {}
                merge_patch(product, entry.operation["product"])
        return (Decimal(product["price"]), product.get("currency", SHOP_CURRENCY)) if "price" in product else None

    def of(self, customer):
        return self.by_root[customer.root]

    @property
    def asked(self):
        """Instants about the ends of lifetimes."""
        return sorted({at for containers in self.by_root.values() for container in containers.values() for at in container.asked})

    def _of(self, customer):
        """{code: Container} of all that have an operation, and the cart."""
        facts = {"cart": []}
        for entry in customer.entries:
            if (found := container_fact(entry)) is not None:
                facts.setdefault(found[0], []).append(found[1])
        containers = {}
        for code, said in sorted(facts.items()):
            all_facts = said + (self._emptyings(customer) if code == "cart" else [])
            containers[code] = Container(code, self._folded(code, all_facts), len(said), self.price)
        return containers

    def holders(self, product_id, at):
        """(customer, container, quantity, added_at) of all who have it."""
        found = []
        for root, containers in self.by_root.items():
            for code, container in containers.items():
                content = replace(container.content)
                content.run_out(at)
                found += [(written(root), code, item.quantity, item.added_at) for item in content.items.values() if item.product_id == product_id]
        return sorted(found)

    def _emptyings(self, customer):
        """Of each order the earliest fact of a public source that is no backfill."""
        earliest = {}
        for entry in sorted(customer.entries, key=lambda entry: entry.open_key):
            if self.order_empties_cart and entry.type == "order" and self.empties(entry):
                earliest.setdefault(entry.operation["order"]["order_id"], Fact(entry, "clear", True))
        return list(earliest.values())

    def empties(self, entry):
        trusted = entry.key[0]
        return not trusted and not entry.operation.get("backfill")

    def side(self, entry):
        """Its way to the root from there on: ((identity, key of what leads on), …). () is the root's own."""
        return from_then_on(self.ownership.way(entry), entry.at)

    def _folded(self, code, facts):
        told = {(): []}
        for fact in facts:
            told.setdefault(self.side(fact.entry), []).append(fact)
        joins = {}
        for side in list(told):
            while side:
                into = from_then_on(side[1:], side[0][1][0])
                joins.setdefault(into, set()).add(side)
                side = into
        return self._fold_side(code, (), told, joins)

    def _fold_side(self, code, side, told, joins):
        lifetime, rule = self.declared[code]
        content = Content(self.price, lifetime)
        steps = [((side[0][1][0], 0, side[0][1], side), None) for side in joins.get(side, ())]
        steps += [((fact.entry.at, 1, fact.entry.open_key), fact) for fact in told.get(side, ())]
        for key, fact in sorted(steps, key=lambda step: step[0]):
            if fact is None:
                content.join(self._fold_side(code, key[3], told, joins), rule, key[0])
            else:
                content.apply(fact.way, fact.said, fact.entry.at)
        return content


def from_then_on(way, at):
    """The way of what has gone as far as it leads at an instant: steps that lead on no later than one before them are gone together with that one."""
    left = []
    for identity, key in way:
        if key[0] > at:
            left.append((identity, key))
            at = key[0]
    return tuple(left)
