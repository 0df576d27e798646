"""Random journals: few of every identity, product, order and instant, so that conflicts, chains and cycles are the rule."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from ownership_oracle import KINDS, House, identity

NOW = datetime(2026, 6, 1, tzinfo=timezone.utc)
SOURCES = {"system": (True, 0), "erp": (True, 0), "desk": (True, 2), "site": (False, 3), "app": (False, 1)}  # code: (trusted, rank)
TRUSTED = [code for code, (trusted, _) in SOURCES.items() if trusted]
MESSAGE_TIMES = ["handed_over_at", "opened_at", "clicked_at"]

# Some are written in two ways.
TEXTS = {
    "external_id": ["C-1", "C-2", "C-3"],
    "email": ["a@b.eu", "A@b.eu", "z@b.eu"],
    "phone": ["+371 20-00", "+3712000", "+3713000"],
    "device_id": ["d1", "d2"],
    "anonymous_id": ["n1", "n2"],
}
CONTAINERS = ["cart", "cart", "wish"]
PRODUCTS = ["p1", "p2", "p3"]
PRICES = ["1.00", "2.00", "2.50"]
BEGIN = datetime(2025, 9, 1, tzinfo=timezone.utc)
MICROSECOND, MINUTE, DAY = timedelta(microseconds=1), timedelta(minutes=1), timedelta(days=1)


def any_instants(random_, anonymous_days, most):
    """Equal, near, or about as far apart as an anonymous claim reaches; at times about where the future begins."""
    reach = anonymous_days * DAY
    steps = [MICROSECOND, MINUTE, DAY, reach / 2, reach, reach, reach - MICROSECOND, reach + MICROSECOND, reach + DAY, 2 * reach]
    instants = [BEGIN]
    for _ in range(random_.randint(0, most - 1)):
        instants.append(random_.choice(instants) + random_.choice(steps))
    if random_.random() < 0.2:
        instants += [NOW, NOW + 10 * MINUTE, NOW + 10 * MINUTE + MICROSECOND, NOW + DAY]
    return instants


def time_text(at):
    return at.isoformat().replace("+00:00", "Z")


def any_identities(random_, kinds, most):
    chosen = random_.sample(kinds, random_.randint(1, most))
    return {kind: random_.choice(TEXTS[kind]) for kind in chosen}


EVERYTHING = ["order", "order", "customer", "customer", "list", "consent", "identify", "identify", "merge", "merge", "unmerge", "event", "event", "event",
              "container", "container", "container", "container", "container", "product", "message", "message"]
CARTS = ["container", "container", "container", "container", "identify", "identify", "merge", "merge", "order"]  # and whose they become


def any_operation(random_, number, kinds, instants, types):
    type_ = random_.choice(types)
    made = {"type": type_, "id": f"{random_.randint(0, 99):02}-{number}", "occurred_at": time_text(random_.choice(instants))}
    if random_.random() < 0.6:
        made["source"] = random_.choice(TRUSTED if type_ == "message" else list(SOURCES))
    if random_.random() < 0.3:
        made["sequence"] = random_.randint(-1, 2)
        if random_.random() < 0.1:
            del made["occurred_at"]  # it happened when it is received
    if random_.random() < 0.05:
        made["sent_at"] = time_text(NOW + random_.choice([-1, 1]) * random_.choice([2 * MINUTE, 2 * MINUTE + MICROSECOND, DAY]))
    if type_ in ("merge", "unmerge"):
        made["from"] = any_identities(random_, kinds, 1)
        while "into" not in made or parsed(made["into"]) == parsed(made["from"]):
            made["into"] = any_identities(random_, kinds, 1)
        return made
    if type_ == "product":
        made["product"] = {"product_id": random_.choice(PRODUCTS)}
        if random_.random() < 0.9:
            made["product"]["price"] = random_.choice([*PRICES, None])
        if random_.random() < 0.2:
            made["product"]["currency"] = random_.choice(["EUR", "USD", None])
        if random_.random() < 0.2:
            made["whole"] = True
        return made
    if type_ == "container":
        made["customer"] = any_identities(random_, kinds, random_.choice([1, 1, min(len(kinds), 3)]))
        made |= any_change(random_)
        if made["type"] == "event" and random_.random() < 0.5:
            made["session_id"] = random_.choice(["s1", "s2"])
        return made
    if type_ == "event":
        made["name"] = random_.choice(["page.viewed", "product.viewed"])
        made["context"] = {"url": random_.choice(["u", "v"])}
        if random_.random() < 0.7:
            made["session_id"] = random_.choice(["s1", "s2"])
    if type_ not in ("order", "event", "message") or random_.random() < 0.9 and ("session_id" not in made or random_.random() < 0.6):
        made["customer"] = any_identities(random_, kinds, min(len(kinds), 3))
    if type_ == "event" and "customer" not in made:
        made.setdefault("session_id", "s3")
    if type_ == "order":
        made["order"] = {"order_id": random_.choice(["o1", "o2", "o3"])}
        if random_.random() < 0.2:
            made["backfill"] = True
        if random_.random() < 0.8:
            made["order"]["total"] = f"{random_.randint(1, 9)}.00"
        if random_.random() < 0.3:
            made["order"]["status"] = {"general": {"code": random_.choice(["received", "done"]), "at": time_text(random_.choice(instants))}}
    elif type_ == "message":
        made["backfill"] = True
        made["message"] = {"message_id": random_.choice(["old-1", "old-2", "old-3"])}
        for name in random_.sample(MESSAGE_TIMES, random_.randint(0, 2)):
            made["message"][name] = random_.choice([None, time_text(random_.choice(instants))])
        if random_.random() < 0.5:
            made["message"]["channel"] = random_.choice(["email", "sms", None])
        if random_.random() < 0.4:
            made["message"]["subject"] = random_.choice(["x", "y", None])
        if random_.random() < 0.2:
            made["whole"] = True
    elif type_ == "customer":
        made["profile"] = {name: random_.choice(["x", "y", None]) for name in random_.sample(["city", "country", "full_name"], random_.randint(0, 2))}
        if random_.random() < 0.4:
            made["profile"]["fields"] = {"size": random_.choice(["S", "M", None])}
        if random_.random() < 0.2:
            made["whole"] = True
    elif type_ == "list":
        made["list"], made["member"] = random_.choice(["vip", "news"]), random_.random() < 0.6
    elif type_ == "consent":
        made["category"], made["granted"] = random_.choice(["promo", "promo", "watch"]), random_.random() < 0.6
        if made["category"] == "promo":
            made["channel"] = random_.choice(["email", "sms"])
        if made["granted"] and random_.random() < 0.5:
            made["expires_at"] = time_text(random_.choice(instants))
        if random_.random() < 0.3:
            made["proof"] = random_.choice(["form 3", "call"])
    return made


def any_said(random_, **more):
    """What may be said of a product."""
    said = {"product_id": random_.choice(PRODUCTS)}
    if random_.random() < 0.7:
        said["quantity"] = random_.choice(["1", "2", "3", "0.5"])
    if random_.random() < 0.5:
        said["price"] = random_.choice([*PRICES, "4.00 USD"])
    if random_.random() < 0.3:
        said["name"] = random_.choice(["Mug", "Cup"])
    return {**said, **more}


def any_change(random_):
    """One change of a container, as its own operation or as an event."""
    container = random_.choice(CONTAINERS)
    if random_.random() < 0.2:
        name = random_.choice(["item_added", "item_removed", "changed", "cleared"])
        context = {} if name == "cleared" else any_said(random_)
        context.pop("name", None)
        if container != "cart" or random_.random() < 0.5:
            context["container"] = container
        return {"type": "event", "name": f"container.{name}", "context": context}
    way = random_.choice(["add", "add", "add", "add", "remove", "set", "set", "replace", "clear"])
    if way == "clear":
        return {"container": container, "clear": True}
    if way == "replace":
        return {"container": container, "replace": [any_said(random_) for _ in range(random_.randint(0, 4))]}
    nothing_left = {"quantity": "0"} if way == "set" and random_.random() < 0.2 else {}
    return {"container": container, way: any_said(random_, **nothing_left)}


def parsed(members):
    return [identity(kind, text) for kind, text in members.items()]


@dataclass(frozen=True)
class Journal:
    operations: list  # no two of the same source and id
    house: House


def any_journal(seed):
    random_ = random.Random(seed)
    anonymous_days = random_.choice([60, 60, 1, 30])
    if seed % 20:
        most_kinds, most_instants, most_operations = 5, 5, 16
    else:  # long quarrels over few identities, some of customers with more entries than their state names
        most_kinds, most_instants, most_operations = 3, 40, 80 if seed % 100 else 300
    kinds = sorted(random_.sample(KINDS, random_.randint(2, most_kinds)), key=KINDS.index)
    instants = any_instants(random_, anonymous_days, most_instants)
    types = EVERYTHING
    if seed % 5 == 2:  # side by side, and one at last
        types, kinds, instants = CARTS, kinds[:2], [BEGIN + day * DAY for day in range(8)]
        most_operations = random_.choice([16, 40])
    operations = [any_operation(random_, number, kinds, instants, types) for number in range(random_.randint(1, most_operations))]
    # The same id from another source is another operation.
    for operation in operations[: random_.randint(0, 2)]:
        code = operation.get("source", "system")
        operations.append({**operation, "source": random_.choice([other for other in (TRUSTED if operation["type"] == "message" else SOURCES) if other != code])})
    lifetimes = [None] if types is CARTS else [None, "1d", f"{anonymous_days}d", "1mo"]
    containers = {code: (random_.choice(lifetimes), random_.choice(["union", "max", "newest"])) for code in CONTAINERS}
    return Journal(operations, House(SOURCES, anonymous_days, NOW, containers, order_empties_cart=random_.random() < 0.9))
