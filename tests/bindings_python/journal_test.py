"""Random journals of orders, old messages, profiles, lists, consents, events, claims and merges: whatever order and whatever batches they arrive in, one digest, and everything
belongs to whom ownership_oracle.py says. Over memory, an SQLite file, a store in Python and the store in C of examples/custom_store.c.

CARTBELL_JOURNALS: how many to play instead of the everyday's. CARTBELL_SEED: the first of them.
"""

import contextlib
import ctypes
import json
import os
import random
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import pytest

import cartbell
from cartbell.store import Native
from ownership_oracle import END_OF_TIME, KINDS, House, Ownership, identity, written
from sorted_store import Place, SortedStore

COUNT = int(os.environ.get("CARTBELL_JOURNALS", "600"))
FIRST_SEED = int(os.environ.get("CARTBELL_SEED", "1"))

NOW = datetime(2026, 6, 1, tzinfo=timezone.utc)
SOURCES = {"system": (True, 0), "erp": (True, 0), "desk": (True, 2), "site": (False, 3), "app": (False, 1)}  # code: (trusted, rank)
TRUSTED = [code for code, (trusted, _) in SOURCES.items() if trusted]
MESSAGE_TIMES = ["handed_over_at", "opened_at", "clicked_at"]
SETTINGS = {
    "shop": {"zone": "Europe/Riga", "currency": "EUR"},
    "sources": [{"code": code, "trust": "trusted" if trusted else "public", "rank": rank}
                for code, (trusted, rank) in SOURCES.items() if code != "system"],
    "statuses": [{"set": "general", "code": "received", "name": "Received"}, {"set": "general", "code": "done", "name": "Done"}],
    "lists": [{"code": "vip"}, {"code": "news"}],
    "categories": [{"code": "promo", "kind": "promo"}, {"code": "watch", "kind": "tracking"}],
    "fields": [{"of": "customer", "code": "size", "type": "string"}],
}

# Few of every kind, so that conflicts, chains and cycles are the rule. Some are written in two ways.
TEXTS = {
    "external_id": ["C-1", "C-2", "C-3"],
    "email": ["a@b.eu", "A@b.eu", "z@b.eu"],
    "phone": ["+371 20-00", "+3712000", "+3713000"],
    "device_id": ["d1", "d2"],
    "anonymous_id": ["n1", "n2"],
}
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


HAS_ORDERS = {"orders": {"count": {"ge": 1}}}


def time_text(at):
    return at.isoformat().replace("+00:00", "Z")


def any_identities(random_, kinds, most):
    chosen = random_.sample(kinds, random_.randint(1, most))
    return {kind: random_.choice(TEXTS[kind]) for kind in chosen}


def any_operation(random_, number, kinds, instants):
    type_ = random_.choice([
        "order", "order", "customer", "customer", "list", "consent", "identify", "identify", "merge", "merge", "unmerge", "event", "event", "event",
        "message", "message"])
    made = {"type": type_, "id": f"{random_.randint(0, 99):02}-{number}", "occurred_at": time_text(random_.choice(instants))}
    if random_.random() < 0.6:
        made["source"] = random_.choice(list(SOURCES))
    if random_.random() < 0.3:
        made["sequence"] = random_.randint(-1, 2)
        if random_.random() < 0.1:
            del made["occurred_at"]  # it happened when it is received
    if random_.random() < 0.05:
        made["sent_at"] = time_text(NOW + random_.choice([-1, 1]) * random_.choice([2 * MINUTE, 2 * MINUTE + MICROSECOND, DAY]))
    if type_ == "message" and "source" in made:
        made["source"] = random_.choice(TRUSTED)
    if type_ in ("merge", "unmerge"):
        made["from"] = any_identities(random_, kinds, 1)
        while "into" not in made or parsed(made["into"]) == parsed(made["from"]):
            made["into"] = any_identities(random_, kinds, 1)
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
    operations = [any_operation(random_, number, kinds, instants) for number in range(random_.randint(1, most_operations))]
    # The same id from another source is another operation.
    for operation in operations[: random_.randint(0, 2)]:
        code = operation.get("source", "system")
        operations.append({**operation, "source": random_.choice([other for other in (TRUSTED if operation["type"] == "message" else SOURCES) if other != code])})
    return Journal(operations, House(SOURCES, anonymous_days, received_at=NOW))


def keyed(operation):
    return operation.get("source", "system"), operation["id"]


def any_arrival(random_, operations):
    """The operations in some order and some batches, some of them twice."""
    operations = [*operations, *random_.sample(operations, random_.randint(0, min(3, len(operations))))]
    random_.shuffle(operations)
    size = random_.choice([1, 2, 5, len(operations)])
    return [operations[at:at + size] for at in range(0, len(operations), size)]


def arrivals(operations, seed, count):
    """Oldest first in one batch, then others."""
    random_ = random.Random(-seed)
    yield [sorted(operations, key=lambda each: (each.get("occurred_at", ""), each["id"]))]
    for _ in range(count - 1):
        yield any_arrival(random_, operations)


def play(engine, batches):
    for batch in batches:
        for result in engine.ingest(batch).results:
            assert result.outcome != "rejected", result
        engine.segment_count(HAS_ORDERS)  # whatever an answer keeps for the next one is moved on by the next batch


def told_time(says, name):
    return datetime.fromisoformat(says[name]) if name in says else None


def answered(engine, identity_text):
    try:
        return engine.customer(identity_text)
    except cartbell.NotFoundError:
        return None


def differences(engine, operations, house):
    """What the engine answers and the oracle does not: (what, expected, got)."""
    oracle = Ownership(operations, house)
    found = []

    def same(what, expected, got):
        if expected != got:
            found.append((what, expected, got))

    occurring = {identity(kind, text): f"{kind}:{text}"
                 for operation in operations for member in ("customer", "from", "into") for kind, text in (operation.get(member) or {}).items()}
    for one, asked in sorted(occurring.items()):
        expected, got = oracle.customer(one), answered(engine, asked)
        same(f"{asked}: is there", expected is not None, got is not None)
        if expected is None or got is None:
            continue
        same(f"{asked}: identities", sorted(map(written, expected.identities)), sorted(got.identities))
        same(f"{asked}: record", expected.record, dict(got.customer))
        same(f"{asked}: orders", expected.orders, sorted(got.orders))
        same(f"{asked}: version", expected.version, got.version)
        same(f"{asked}: lists", expected.lists, sorted(got.lists))
        same(f"{asked}: consents", expected.consents, {(each.channel, each.category): (each.granted, each.at, each.expires_at, each.proof, each.source)
                                                       for each in got.consents})
        for (channel, category), at in expected.consents_asked:
            same(f"{asked}: {channel} {category} at {at}", expected.consent(channel, category, at),
                 engine.customer_consent(asked, category, channel, at=at).granted)
        same(f"{asked}: created_at", expected.created_at, got.created_at)
        same(f"{asked}: last_seen_at", expected.last_seen_at, got.last_seen_at)
        same(f"{asked}: events", expected.events, [(each.source, each.event_id) for each in engine.events(asked)])
        same(f"{asked}: messages", {message_id: (one.source, one.says.get("channel"), one.says.get("subject"), *(told_time(one.says, name) for name in MESSAGE_TIMES))
                                    for message_id, one in expected.messages.items()},
             {one.message_id: (one.source, one.channel, one.subject, one.handed_over_at, one.opened_at, one.clicked_at)
              for one in engine.customer_messages(asked)})
        same(f"{asked}: known", not {"external_id", "email", "phone"}.isdisjoint(expected.record), got.profile["known"])
        same(f"{asked}: profile", expected.profile, {name: value for name, value in got.profile.items() if name not in ("known", "created_at", "last_seen_at")})
    for order_id, expected in sorted(oracle.orders.items()):
        got = engine.order(order_id)
        same(f"{order_id}: version", expected.version, got.version)
        same(f"{order_id}: customer", expected.names and {KINDS[expected.names[0]]: expected.names[1]}, got.customer and dict(got.customer))
        same(f"{order_id}: total", expected.total, got.total and str(got.total))
    # Also the customers that no identity leads to any more: anonymous ones of long before the claim.
    customers = oracle.customers.values()
    same("customers", len(customers), engine.stats().customers)
    same("messages", len(oracle.messages), engine.stats().old_messages)
    for what, predicate, expected in [
            ("everybody", True, customers),
            ("who has orders", HAS_ORDERS, [each for each in customers if each.orders]),
            ("who is in a list", {"list": "vip"}, [each for each in customers if "vip" in each.lists]),
            ("who lives in x", {"customer": {"city": "x"}}, [each for each in customers if each.profile.get("city") == "x"])]:
        same(what, sorted(written(each.root) for each in expected), sorted(engine.segment_customers(predicate)))
    return found


def opened(**more):
    return cartbell.Engine(clock=lambda: NOW, **more)


@contextlib.contextmanager
def shop(house, **more):
    with opened(**(more or {"path": ":memory:"})) as engine:
        engine.put_settings({**SETTINGS, "shop": {**SETTINGS["shop"], "anonymous_days": house.anonymous_days}})
        yield engine


def wrong(batches, house):
    """What is wrong after these batches, over a store in memory; also where they end otherwise than the same operations oldest first in one batch."""
    try:
        return wrong_ends(batches, house)
    except (cartbell.Error, AssertionError) as raised:
        return [("the engine", "an answer", repr(raised))]


def wrong_ends(batches, house):
    operations = list({keyed(operation): operation for batch in batches for operation in batch}.values())
    with shop(house) as engine:
        play(engine, batches)
        found = differences(engine, operations, house)
        digest, refolded = engine.digest(), engine.digest(refolded=True)
    if digest != refolded:
        found.append(("digest, refolded", refolded, digest))
    with shop(house) as engine:
        play(engine, next(arrivals(operations, 0, 1)))
        if engine.digest() != digest:
            found.append(("digest, oldest first", engine.digest(), digest))
    return found


def shrunk(batches, fails):
    """The smallest like it that still fails: operations, batches and members that do not matter are left out."""
    def attempts(batches):
        for at, batch in enumerate(batches):
            for inside in range(len(batch)):
                less = [*batches[:at], batch[:inside] + batch[inside + 1:], *batches[at + 1:]]
                yield [each for each in less if each]
        for at in range(len(batches) - 1):
            yield [*batches[:at], batches[at] + batches[at + 1], *batches[at + 2:]]
        for one in {keyed(operation): operation for batch in batches for operation in batch}.values():
            for less in simpler(one):
                yield [[less if keyed(each) == keyed(one) else each for each in batch] for batch in batches]

    while (smaller := next((each for each in attempts(batches) if each and fails(each)), None)) is not None:
        batches = smaller
    return batches


def simpler(operation):
    """The operation without one of its members."""
    for member in ("sequence", "whole"):
        if member in operation:
            yield {name: value for name, value in operation.items() if name != member}
    for member in ("customer", "profile"):
        inner = operation.get(member, {})
        for name in inner:
            less = {other: value for other, value in inner.items() if other != name}
            if less or member == "profile":
                yield {**operation, member: less}


def tell(seed, batches, house):
    """A failure, as small as it gets."""
    batches = shrunk(batches, lambda each: wrong(each, house))
    lines = [f"seed {seed}, anonymous_days {house.anonymous_days}; the smallest like it:"]
    for number, batch in enumerate(batches, 1):
        lines += [f"  batch {number}: {json.dumps(operation)}" for operation in batch]
    lines += [f"  {what}: expected {expected}, got {got}" for what, expected, got in wrong(batches, house)]
    return "\n".join(lines)


def check(seed, count=4):
    """Plays one journal in `count` arrivals over stores in memory. The digest."""
    journal = any_journal(seed)
    digests = set()
    for batches in arrivals(journal.operations, seed, count):
        try:
            with shop(journal.house) as engine:
                play(engine, batches)
                digests |= {engine.digest(), engine.digest(refolded=True)}
                fine = len(digests) == 1 and not differences(engine, journal.operations, journal.house)
        except (cartbell.Error, AssertionError):
            fine = False
        if not fine:
            pytest.fail(tell(seed, batches, journal.house), pytrace=False)
    return digests.pop()


def seeds(count):
    return range(FIRST_SEED, FIRST_SEED + count)


@contextlib.contextmanager
def told(seed):
    try:
        yield
    except BaseException:
        print(f"seed {seed}")
        raise


def test_everything_belongs_to_whom_the_text_says_in_whatever_order_it_arrives():
    for seed in seeds(COUNT):
        check(seed)


def sqlite(folder, seed):
    return lambda: {"path": folder / f"{seed}.db"}


def python_store(folder, seed):
    place = Place()
    return lambda: {"store": SortedStore(place)}


@pytest.mark.parametrize("place", [sqlite, python_store])
def test_other_stores_end_as_memory_does_though_the_engine_is_opened_anew_halfway(tmp_path, place):
    for seed in seeds(max(COUNT // 10, 1)):
        journal = any_journal(seed)
        *_, batches = arrivals(journal.operations, seed, 2)
        store = place(tmp_path, seed)
        with told(seed):
            with shop(journal.house, **store()) as engine:
                play(engine, batches[: len(batches) // 2])
            with opened(**store()) as engine:
                play(engine, batches[len(batches) // 2 :])
                assert_as_in_memory(engine, seed, journal)


def assert_as_in_memory(engine, seed, journal):
    assert engine.digest() == engine.digest(refolded=True) == check(seed, 1)
    assert differences(engine, journal.operations, journal.house) == []


@pytest.fixture
def c_store():
    """Makes store objects of examples/custom_store.c."""
    module = ctypes.CDLL(os.environ["CARTBELL_CUSTOM_STORE"])
    module.custom_store_functions.restype = module.custom_store_new.restype = ctypes.c_void_p
    return lambda: Native(module.custom_store_functions(), module.custom_store_new())


def test_the_store_in_c_ends_as_memory_does(c_store):
    for seed in seeds(max(COUNT // 10, 1)):
        journal = any_journal(seed)
        *_, batches = arrivals(journal.operations, seed, 2)
        with told(seed), shop(journal.house, store=c_store()) as engine:
            play(engine, batches)
            assert_as_in_memory(engine, seed, journal)


def test_no_two_messages_have_one_id():
    """"unique by (source, customer, key)". C-1 is whoever has the address: C-2 first, C-3 later."""
    def said(number, month, external_id, **more):
        return {"type": "identify", "id": number, "occurred_at": f"2026-{month}-01T00:00:00Z", "customer": {"external_id": external_id, **more}}

    with shop(House(SOURCES, 60, NOW)) as engine:
        play(engine, [[said("1", "01", "C-2", email="a@b.eu"), said("2", "02", "C-1"), said("3", "03", "C-3", email="a@b.eu"), said("4", "04", "C-1"),
                       {"type": "merge", "id": "5", "from": {"external_id": "C-1"}, "into": {"email": "a@b.eu"}}]])
        assert engine.stats().customers == 2
        engine.put_template({"code": "news", "channel": "email", "subject": "News", "body": "News"})
        engine.put_mailing({"code": "news", "audience": True, "channel": "email", "category": "promo", "template": "news"})
        engine.start_mailing("news")
        while engine.tick().more:
            pass
        assert len({message.message_id for message in engine.messages()}) == 2


# What the text does not say. Each must show in the everyday journals, else they would not tell it from what it says.


class MergesBeforeClaims(Ownership):
    def claimer(self, weaker, at):
        return None if self.merges.get(weaker) else super().claimer(weaker, at)


class ClaimsReachBackWithoutBound(Ownership):
    def claimer(self, weaker, at):
        return super().claimer(weaker, at) or (self.claims[weaker][0].claimer if weaker in self.claims else None)


class NothingBeforeAClaimIsClaimed(Ownership):
    def claimer(self, weaker, at):
        return super().claimer(weaker, at) if any(claim.at <= at for claim in self.claims.get(weaker, [])) else None


class TheNewestClaimForEverything(Ownership):
    def root(self, start, at):
        return super().root(start, END_OF_TIME)


class OneStepOnly(Ownership):
    def root(self, start, at):
        return self.claimer(start, at) or self.merges.get(start) or start


class TheStartOfACycleSurvives(Ownership):
    def root(self, start, at):
        way = [start]
        while (onward := self.claimer(way[-1], at) or self.merges.get(way[-1])) is not None and onward not in way:
            way.append(onward)
        return way[-1] if onward is None else onward


def belongings(ownership):
    return {root: ([entry.key for entry in customer.entries], customer.orders) for root, customer in ownership.customers.items()}


@pytest.mark.parametrize("reading", [MergesBeforeClaims, ClaimsReachBackWithoutBound, NothingBeforeAClaimIsClaimed, TheNewestClaimForEverything,
                                     OneStepOnly, TheStartOfACycleSurvives])
def test_the_journals_tell_another_reading_from_the_text(reading):
    journals = map(any_journal, seeds(COUNT))
    assert any(belongings(reading(each.operations, each.house)) != belongings(Ownership(each.operations, each.house)) for each in journals)
