"""A plain evaluator of predicates: what formats.md section 2 says, written to be read, not to be fast.

Written from the specification alone, without the engine's code. It answers one question only: does a predicate hold for one customer at an
instant? It knows nothing of "next changes"; the comparison script asks it at many instants instead.

Data: a World (settings) and a Customer (profile, orders). Times are integers, microseconds since 1970 UTC. Money is (Fraction, currency).
A missing value is None.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
import hashlib
import re
from zoneinfo import ZoneInfo

SECOND = 1_000_000
DAY = 86_400 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
SETS = ("general", "delivery", "payment")


# ---- settings and data ------------------------------------------------------------------------------------------------


@dataclass
class World:
    zone: str = "UTC"
    currency: str = "EUR"
    statuses: dict = field(default_factory=dict)  # (set, code) -> (name, in_analytics)
    rates: list = field(default_factory=list)  # (from, to, date, Fraction)
    fields: dict = field(default_factory=dict)  # (object, code) -> type
    segments: dict = field(default_factory=dict)  # code -> predicate
    products: dict = field(default_factory=dict)  # product_id -> Row: the catalogue as it is now
    products_sent: list = field(default_factory=list)  # the same as a shop sends them


@dataclass
class Row:
    """One row of an object: its values by path, and the objects it can reach."""

    kind: str  # customer order line payment history product
    values: dict
    time: int | None = None
    position: int = 0
    currency: str | None = None
    order: "Row | None" = None
    customer: "Row | None" = None
    lines: list = field(default_factory=list)
    payments: list = field(default_factory=list)
    history: list = field(default_factory=list)


@dataclass
class Customer:
    row: Row
    orders: list
    lists: list = field(default_factory=list)


# ---- time -------------------------------------------------------------------------------------------------------------


def zone_of(world, name, customer):
    """`zone`: "shop" (default), "customer", or an IANA name; unknown or absent -> the shop's."""
    if name is None or name == "shop":
        return ZoneInfo(world.zone)
    if name == "customer":
        name = customer.row.values.get("time_zone")
        if name is None:
            return ZoneInfo(world.zone)
    try:
        return ZoneInfo(name)
    except Exception:
        return ZoneInfo(world.zone)


def local(instant, zone):
    """The wall clock at an instant, as a naive datetime."""
    return (EPOCH + timedelta(microseconds=instant)).astimezone(zone).replace(tzinfo=None)


def instant_of(wall, zone):
    """A wall time inside a gap moves forward by the gap, of two equal ones the first is taken: that is fold=0 of PEP 495."""
    delta = wall.replace(tzinfo=zone, fold=0).astimezone(timezone.utc) - EPOCH
    return (delta.days * 86400 + delta.seconds) * SECOND + delta.microseconds


def midnight(day, zone):
    return instant_of(datetime(day.year, day.month, day.day), zone)


DURATION = re.compile(r"^(\d+)(s|mo|m|h|d|w|y)$")
LENGTH = {"s": SECOND, "m": 60 * SECOND, "h": 3600 * SECOND, "d": DAY, "w": 7 * DAY}


def month_step(year, month, day, months):
    """Calendar steps: clamped to the month's last day."""
    index = year * 12 + (month - 1) + months
    year, month = index // 12, index % 12 + 1
    last = (date(year + (month == 12), month % 12 + 1, 1) - timedelta(days=1)).day
    return year, month, min(day, last)


def plus(instant, duration, zone, sign=1):
    count, unit = DURATION.match(duration).groups()
    count = int(count) * sign
    if unit in LENGTH:
        return instant + count * LENGTH[unit]
    wall = local(instant, zone)
    year, month, day = month_step(wall.year, wall.month, wall.day, count * (12 if unit == "y" else 1))
    return instant_of(wall.replace(year=year, month=month, day=day), zone)


def date_plus(day, duration, zone, sign=1):
    """Against a `date`, d and w count calendar days; the date means its local midnight."""
    count, unit = DURATION.match(duration).groups()
    count = int(count) * sign
    if unit in ("d", "w"):
        return midnight(day + timedelta(days=count * (7 if unit == "w" else 1)), zone)
    if unit in ("mo", "y"):
        return midnight(date(*month_step(day.year, day.month, day.day, count * (12 if unit == "y" else 1))), zone)
    return midnight(day, zone) + count * LENGTH[unit]


def parse_time(text):
    value = datetime.fromisoformat(text.replace("Z", "+00:00")) - EPOCH
    return (value.days * 86400 + value.seconds) * SECOND + value.microseconds


def time_or_date(text, zone):
    """A date where a time is asked means its local midnight."""
    if len(text) == 10:
        return midnight(date.fromisoformat(text), zone)
    return parse_time(text)


# ---- money ------------------------------------------------------------------------------------------------------------


def half_even(value, decimals):
    scaled = value * 10**decimals
    low = scaled.numerator // scaled.denominator
    rest = scaled - low
    if rest > Fraction(1, 2) or (rest == Fraction(1, 2) and low % 2 == 1):
        low += 1
    return Fraction(low, 10**decimals)


def convert(world, amount, source, target, day):
    """The newest source->target rate dated at or before the day, else by the inverse of such a rate, never in chains, half even to 4 decimals."""
    if source == target:
        return amount
    direct = [r for r in world.rates if r[0] == source and r[1] == target and r[2] <= day]
    if direct:
        return half_even(amount * max(direct, key=lambda r: r[2])[3], 4)
    inverse = [r for r in world.rates if r[0] == target and r[1] == source and r[2] <= day]
    if inverse:
        return half_even(amount / max(inverse, key=lambda r: r[2])[3], 4)
    return None


def money_constant(world, value, currency):
    text = str(value)
    parts = text.split(" ")
    return Fraction(parts[0]), parts[1] if len(parts) == 2 else (currency or world.currency)


# ---- reading rows -----------------------------------------------------------------------------------------------------


def order_in_analytics(world, order):
    """All its statuses count; a set without a status counts."""
    return all(
        world.statuses[(s, order.values[f"status.{s}"])][1] for s in SETS if order.values.get(f"status.{s}") is not None
    )


def read(world, row, path):
    """The value of a path in a row; money comes as (amount, currency)."""
    if row is None:
        return None
    head, _, rest = path.partition(".")
    if head == "product" and row.kind == "line":
        return read(world, world.products.get(row.values.get("product_id")), rest)
    if head == "order" and row.kind in ("line", "payment", "history"):
        return read(world, row.order, rest)
    if head == "customer" and row.kind != "customer":
        return read(world, row.customer, rest)
    if row.kind == "order":
        if path == "in_analytics":
            return order_in_analytics(world, row)
        if path == "line_count":
            return Fraction(len(row.lines))
        if path == "quantity":
            return sum((line.values.get("quantity") or Fraction(0) for line in row.lines), Fraction(0))
        if path.startswith("status.") and path.endswith(".name"):
            code = row.values.get(path[: -len(".name")])
            return None if code is None else world.statuses[(path.split(".")[1], code)][0]
    if row.kind == "product" and path == "available" and row.values.get("available") is None:  # default: stock > 0
        stock = row.values.get("stock")
        return None if stock is None else stock > 0
    if row.kind == "customer" and path == "known":
        return any(row.values.get(name) is not None for name in ("external_id", "email", "phone"))
    if path.rpartition(".")[2].isdigit():
        value = row.values.get(path.rpartition(".")[0])
        index = int(path.rpartition(".")[2])
        return value[index] if isinstance(value, list) and index < len(value) else None
    return row.values.get(path)


# ---- tests ------------------------------------------------------------------------------------------------------------


@dataclass
class Scope:
    """Where a test stands: the world, the instant, the customer, the row it reads, the zone and currency in force."""

    world: World
    now: int
    customer: Customer
    row: Row | None = None
    currency: str | None = None


COMPARE = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}
TEXT = {
    "starts_with": lambda a, b: a.startswith(b),
    "ends_with": lambda a, b: a.endswith(b),
}


def is_money(value):
    return isinstance(value, tuple)


def operand(scope, like, constant, zone, currency):
    """A constant typed as the value it is compared with, or a field of the same row, with times, plus, minus."""
    if isinstance(constant, dict):
        value = read(scope.world, scope.row, constant["field"])
        if value is None:
            return None
        if "times" in constant:
            factor = Fraction(str(constant["times"]))
            value = (value[0] * factor, value[1]) if is_money(value) else value * factor
        for sign, word in ((1, "plus"), (-1, "minus")):
            if word not in constant:
                continue
            if is_money(value):  # a constant without currency is in the test's, else the measure's, else the shop's
                amount, target = money_constant(scope.world, constant[word], currency)
                value, _ = same_currency(scope, value, (amount, target))
                if value is None:
                    return None
                value = (value + sign * amount, target)
            elif isinstance(value, Fraction):
                value = value + sign * Fraction(str(constant[word]))
            else:
                value = plus(value, constant[word], zone, sign)
        return value
    if is_money(like):
        return money_constant(scope.world, constant, currency)
    if isinstance(like, bool) or isinstance(like, str) or isinstance(like, list):
        return constant
    if isinstance(like, Fraction):
        return Fraction(str(constant))
    if isinstance(like, date):
        return date.fromisoformat(constant)
    return time_or_date(constant, zone)


def same_currency(scope, value, other):
    """Money compares in the order's currency, else through the rate table at the order's day. None: no rate."""
    if not is_money(value):
        return value, other
    order = scope.row if scope.row is None or scope.row.kind == "order" else scope.row.order
    if value[1] == other[1]:
        return value[0], other[0]
    if order is None or order.time is None:
        return None, None
    day = local(order.time, ZoneInfo(scope.world.zone)).date()
    converted = convert(scope.world, value[0], value[1], other[1], day)
    return (None, None) if converted is None else (converted, other[0])


def compare(scope, value, op, constant, zone, currency):
    other = operand(scope, value, constant, zone, currency)
    if other is None:
        return False
    if isinstance(value, list):  # against a list a constant means "has this element"
        return (other in value) == (op == "eq")
    value, other = same_currency(scope, value, other)
    if value is None or other is None:
        return False
    return COMPARE[op](value, other)


def as_instant(value, zone):
    return midnight(value, zone) if isinstance(value, date) else value


def shifted(value, duration, zone, sign):
    return date_plus(value, duration, zone, sign) if isinstance(value, date) else plus(value, duration, zone, sign)


def ago(scope, value, op, duration, zone):
    """A duration is added to the fact's instant; `ago` looks only at the past."""
    if scope.now < as_instant(value, zone):
        return False
    bound = shifted(value, duration, zone, 1)
    return {"lt": scope.now < bound, "le": scope.now <= bound, "gt": scope.now > bound, "ge": scope.now >= bound}[op]


def ahead(scope, value, op, duration, zone):
    """`ahead` looks only at the future."""
    if scope.now >= as_instant(value, zone):
        return False
    bound = shifted(value, duration, zone, -1)
    return {"lt": scope.now > bound, "le": scope.now >= bound, "gt": scope.now < bound, "ge": scope.now <= bound}[op]


def day_of(value, zone):
    return value if isinstance(value, date) else local(value, zone).date()


def in_year(day, year):
    """29 February is kept on 28 February in other years."""
    try:
        return date(year, day.month, day.day)
    except ValueError:
        return date(year, 2, 28)


def anniversary(scope, value, test, zone):
    """The next one, today included; `years` counts full ones and is never 0."""
    day = day_of(value, zone)
    today = local(scope.now, zone).date()
    year = max(today.year, day.year + 1)
    while in_year(day, year) < today:
        year += 1
    values = {"days_ahead": Fraction((in_year(day, year) - today).days), "years": Fraction(year - day.year)}
    return all(check(scope, values[name], test[name]) for name in test)


def check(scope, value, test, currency=None):
    """Does a value pass a test? A test on a missing value is false for every operator but {"exists": false}."""
    currency = currency or scope.currency
    if not isinstance(test, dict):
        test = {"eq": test}
    zone = zone_of(scope.world, test.get("zone"), scope.customer)
    currency = test.get("currency", currency)
    for op, constant in test.items():
        if op in ("zone", "currency"):
            continue
        if op == "exists":
            if (value is not None) != constant:
                return False
            continue
        if value is None or not holds(scope, value, op, constant, zone, currency):
            return False
    return True


def holds(scope, value, op, constant, zone, currency):
    if op in COMPARE:
        return compare(scope, value, op, constant, zone, currency)
    if op == "between":  # [a,b] as a test
        return compare(scope, value, "ge", constant[0], zone, currency) and compare(
            scope, value, "le", constant[1], zone, currency
        )
    if op == "in":
        return any(compare(scope, value, "eq", one, zone, currency) for one in constant)
    if op == "not_in":
        return all(compare(scope, value, "ne", one, zone, currency) for one in constant)
    if op == "contains":
        return constant in value
    if op in TEXT:
        return TEXT[op](value, constant)
    if op == "any_of":
        return any(one in value for one in constant)
    if op == "all_of":
        return all(one in value for one in constant)
    if op == "none_of":
        return not any(one in value for one in constant)
    if op == "under":  # a path prefix
        return value[: len(constant)] == constant
    if op == "before":
        return compare(scope, as_instant(value, zone), "lt", constant, zone, currency)
    if op == "after":
        return compare(scope, as_instant(value, zone), "gt", constant, zone, currency)
    if op == "within_last":  # t <= now < t+d
        return as_instant(value, zone) <= scope.now < shifted(value, constant, zone, 1)
    if op == "within_next":  # from t-d until t
        return shifted(value, constant, zone, -1) <= scope.now < as_instant(value, zone)
    if op == "ago":
        return all(ago(scope, value, one, duration, zone) for one, duration in constant.items())
    if op == "ahead":
        return all(ahead(scope, value, one, duration, zone) for one, duration in constant.items())
    if op in ("days_ago", "days_ahead"):  # count local midnights; ago is the past, ahead the future
        days = (local(scope.now, zone).date() - day_of(value, zone)).days * (1 if op == "days_ago" else -1)
        return days >= 0 and check(scope, Fraction(days), constant)
    if op == "anniversary":
        return anniversary(scope, value, constant, zone)
    raise AssertionError(op)


# ---- rows and measures ------------------------------------------------------------------------------------------------


def row_holds(scope, row, spec):
    inner = Scope(scope.world, scope.now, scope.customer, row, scope.currency)
    for key, test in spec.items():
        if key == "all":
            good = all(row_holds(scope, row, one) for one in test)
        elif key == "any":
            good = any(row_holds(scope, row, one) for one in test)
        elif key == "not":
            good = not row_holds(scope, row, test)
        elif row.kind == "order" and key in ("lines", "payments", "history"):
            good = measure_holds(scope, getattr(row, key), test)
        else:
            good = check(inner, read(scope.world, row, key), test)
        if not good:
            return False
    return True


def calendar(word, now, zone):
    """The local days [first, last) that a calendar word names; weeks begin on Monday."""
    today = local(now, zone).date()
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)

    def months(day, count):
        return date(*month_step(day.year, day.month, 1, count))

    return {
        "today": (today, today + timedelta(days=1)),
        "yesterday": (today - timedelta(days=1), today),
        "this_week": (monday, monday + timedelta(days=7)),
        "previous_week": (monday - timedelta(days=7), monday),
        "this_month": (first, months(first, 1)),
        "previous_month": (months(first, -1), first),
        "this_quarter": (quarter, months(quarter, 3)),
        "previous_quarter": (months(quarter, -3), quarter),
        "this_year": (date(today.year, 1, 1), date(today.year + 1, 1, 1)),
        "previous_year": (date(today.year - 1, 1, 1), date(today.year, 1, 1)),
    }[word]


def in_period(scope, time, period):
    zone = zone_of(scope.world, period.get("zone"), scope.customer)
    now = scope.now
    if time is None or time > now:  # a fact dated after now counts from its own instant, whatever the period
        return False
    if "past" in period:
        return now < plus(time, period["past"], zone)
    if "past_days" in period:  # today and the n-1 local days before
        today = local(now, zone).date()
        return local(time, zone).date() > today - timedelta(days=period["past_days"])
    if "older_than" in period:
        return plus(time, period["older_than"], zone) <= now
    if "between" in period:
        low, high = (time_or_date(one, zone) for one in period["between"])
        return low <= time < high
    if "since" in period:  # open at its start; a missing value leaves no rows
        start = period["since"]
        if isinstance(start, dict):
            start = changed(scope, source_value(scope, start, None)[0], start, zone, None)
            return start is not None and as_instant(start, zone) < time
        return time_or_date(start, zone) < time
    low, high = calendar(period["calendar"], now, zone)
    return midnight(low, zone) <= time < midnight(high, zone)


AGGREGATES = ("count", "sum", "avg", "min", "max", "distinct", "mode", "first", "last", "every", "none")


def sort_key(row):
    order = row if row.kind == "order" else row.order
    return (row.time, order.values["order_id"].encode(), row.position)


def rows_left(scope, rows, measure):
    """The rows that period and where leave, in the order of time, and the scope inside the measure."""
    rows = [r for r in rows if "period" not in measure or in_period(scope, r.time, measure["period"])]
    scope = Scope(scope.world, scope.now, scope.customer, None, measure.get("currency", scope.currency))
    rows = [r for r in rows if "where" not in measure or row_holds(scope, r, measure["where"])]
    return sorted(rows, key=sort_key), scope


def measure_holds(scope, rows, measure):
    rows, scope = rows_left(scope, rows, measure)
    name = next((word for word in AGGREGATES if word in measure), "count")
    spec = measure.get(name, {"ge": 1})
    if name == "count":
        return check(scope, Fraction(len(rows)), spec)
    if name in ("first", "last"):
        return bool(rows) and row_holds(scope, rows[0 if name == "first" else -1], spec)
    if name == "every":
        return all(row_holds(scope, r, spec) for r in rows)
    if name == "none":
        return not any(row_holds(scope, r, spec) for r in rows)
    return aggregate_holds(scope, rows, name, spec)


def constant_currency(test):
    """The currency that a test's own constants carry, as in "20 EUR"."""
    constants = test.values() if isinstance(test, dict) else [test]
    for one in constants:
        for text in one if isinstance(one, list) else [one]:
            if isinstance(text, str) and re.match(r"^-?[0-9.]+ [A-Z]{3}$", text):
                return text[-3:]
    return None


def aggregate_holds(scope, rows, name, spec):
    test = spec["is"]
    target = (test.get("currency") if isinstance(test, dict) else None) or constant_currency(test)
    return check(scope, aggregate(scope, rows, name, spec["of"], target or scope.currency or scope.world.currency), test)


def aggregate(scope, rows, name, path, target):
    """What an aggregate comes to, amounts in the target currency; an average is exact. None: missing."""
    pairs = [(r, read(scope.world, r, path)) for r in rows]
    pairs = [(r, v) for r, v in pairs if v is not None]
    if name == "distinct":
        return Fraction(len({str(v) for _, v in pairs}))
    money = looks_like_money(path)
    if money:
        values = []
        for row, (amount, currency) in pairs:
            order = row if row.kind == "order" else row.order
            day = local(order.time, ZoneInfo(scope.world.zone)).date()
            converted = convert(scope.world, amount, currency, target, day)
            if converted is not None:
                values.append(converted)
    else:
        values = [v for _, v in pairs]
    if name == "sum":
        total = sum(values, Fraction(0))
    elif not values:
        return None
    elif name == "mode":
        counts, newest = {}, {}
        for index, value in enumerate(values):
            counts[value] = counts.get(value, 0) + 1
            newest[value] = index
        total = max(counts, key=lambda v: (counts[v], newest[v]))
    elif name == "avg":
        total = sum(values, Fraction(0)) / len(values)
    else:
        total = min(values) if name == "min" else max(values)
    return (total, target) if money else total


MONEY_PATHS = {"total", "discount", "price", "subtotal", "tax", "refunded", "amount", "delivery.cost", "payment.paid", "old_price", "fields.cost"}


def looks_like_money(path):
    return path in MONEY_PATHS or path.removeprefix("order.").removeprefix("product.") in MONEY_PATHS


# ---- comparisons ------------------------------------------------------------------------------------------------------

SOURCES = ("orders", "purchases", "lines", "bought")


def rows_of(world, customer, source):
    """`orders` and `lines` see every order; `purchases` and `bought` those whose statuses are all in_analytics."""
    orders = customer.orders
    if source in ("purchases", "bought"):
        orders = [o for o in orders if order_in_analytics(world, o)]
    return orders if source in ("orders", "purchases") else [line for order in orders for line in order.lines]


def source_value(scope, value, currency):
    """A value before times, plus and minus, and the row that first or last chose. Amounts of several rows are in `currency`, a row's in its own."""
    if "customer" in value:
        return read(scope.world, scope.customer.row, value["customer"]), None
    source = next(word for word in SOURCES if word in value)
    measure = value[source]
    name = next(word for word in AGGREGATES if word in measure)
    rows, inner = rows_left(scope, rows_of(scope.world, scope.customer, source), measure)
    if name == "count":
        return Fraction(len(rows)), None
    if name in ("first", "last"):
        row = rows[0 if name == "first" else -1] if rows else None
        return read(scope.world, row, measure[name]["of"]), row
    result = aggregate(inner, rows, name, measure[name]["of"], currency)
    if name == "avg" and result is not None:  # as a value it has 4 decimals (money) or 6, half even
        result = (half_even(result[0], 4), currency) if is_money(result) else half_even(result, 6)
    return result, None


def changed(scope, value, spec, zone, currency):
    """times, then plus or minus: a duration, a number, or an amount in the currency of the comparison."""
    if value is None or not isinstance(spec, dict):
        return value
    if "times" in spec:
        factor = Fraction(str(spec["times"]))
        value = (value[0] * factor, value[1]) if is_money(value) else value * factor
    for sign, word in ((1, "plus"), (-1, "minus")):
        if word not in spec:
            continue
        if is_money(value):
            value = (value[0] + sign * money_constant(scope.world, spec[word], currency)[0], value[1])
        elif isinstance(value, Fraction):
            value += sign * Fraction(str(spec[word]))
        elif isinstance(value, date):
            count, unit = DURATION.match(spec[word]).groups()
            count = sign * int(count)
            if unit in ("d", "w"):
                value += timedelta(days=count * (7 if unit == "w" else 1))
            else:
                value = date(*month_step(value.year, value.month, value.day, count * (12 if unit == "y" else 1)))
        else:
            value = plus(value, spec[word], zone, sign)
    return value


def currency_said(value):
    """The measure's currency, or the one of an amount."""
    if not isinstance(value, dict):
        return constant_currency(value)
    for word, member in value.items():
        said = member.get("currency") if isinstance(member, dict) else constant_currency(member) if word in ("plus", "minus") else None
        if said:
            return said
    return None


def comparison_holds(scope, left, op, right):
    zone = ZoneInfo(scope.world.zone)
    currency = currency_said(left) or currency_said(right) or scope.world.currency
    sides = [left, right]
    values = [source_value(scope, side, currency) if isinstance(side, dict) else (None, None) for side in sides]
    for index in (0, 1):
        like = values[1 - index][0]
        if not isinstance(sides[index], dict) and like is not None:
            values[index] = operand(scope, like, sides[index], zone, currency), None
    if values[0][0] is None or values[1][0] is None:  # a missing operand: false for every operator
        return False
    if is_money(values[0][0]):
        shifted_amount = any(isinstance(side, dict) and ("plus" in side or "minus" in side) for side in sides)
        if values[0][0][1] != values[1][0][1] or shifted_amount:
            values = [(in_currency(scope, value, row, currency), row) for value, row in values]
    results = [changed(scope, value, side, zone, currency) for (value, _), side in zip(values, sides)]
    if results[0] is None or results[1] is None:
        return False
    if is_money(results[0]):
        results = [amount for amount, _ in results]
    elif isinstance(results[0], date) != isinstance(results[1], date):  # a date where a time is asked means its local midnight
        results = [as_instant(value, zone) for value in results]
    return COMPARE[op](*results)


def in_currency(scope, value, row, currency):
    """Through the rate table at the day of the row's order. None: no rate."""
    if value[1] == currency:
        return value
    order = row if row.kind == "order" else row.order
    converted = convert(scope.world, value[0], value[1], currency, local(order.time, ZoneInfo(scope.world.zone)).date())
    return None if converted is None else (converted, currency)


# ---- predicates -------------------------------------------------------------------------------------------------------


def evaluate(world, customer, predicate, now):
    """Does the predicate hold for this customer at this instant?"""
    if predicate is True or predicate is False:
        return predicate
    scope = Scope(world, now, customer)
    if "all" in predicate:
        return all(evaluate(world, customer, p, now) for p in predicate["all"])
    if "any" in predicate:
        return any(evaluate(world, customer, p, now) for p in predicate["any"])
    if "not" in predicate:
        return not evaluate(world, customer, predicate["not"], now)
    if "at_least" in predicate:
        return sum(evaluate(world, customer, p, now) for p in predicate["of"]) >= predicate["at_least"]
    if "segment" in predicate:
        return evaluate(world, customer, world.segments[predicate["segment"]], now)
    if "list" in predicate:
        return predicate["list"] in customer.lists
    if "sample" in predicate:
        # The bucket is exact: 64 bits of the hash over 2^64, in percent.
        values = customer.row.values
        text = next(values[kind] for kind in ("external_id", "email", "phone", "device_id", "anonymous_id") if values.get(kind))
        digest = hashlib.sha256(predicate["sample"]["salt"].encode() + b"\0" + text.encode()).digest()
        bucket = Fraction(int.from_bytes(digest[:8], "big") * 100, 2**64)
        percent = predicate["sample"]["percent"]
        low, high = percent if isinstance(percent, list) else (0, percent)
        return Fraction(str(low)) <= bucket < Fraction(str(high))
    if "customer" in predicate:
        return row_holds(scope, customer.row, predicate["customer"])
    if "compare" in predicate:
        return comparison_holds(scope, *predicate["compare"])
    source = next(word for word in SOURCES if word in predicate)
    return measure_holds(scope, rows_of(world, customer, source), predicate[source])
