"""Random journals of orders, profiles, lists, consents, containers, products, events, claims and merges: whatever order and whatever batches they
arrive in, one digest, everything belongs to whom ownership_oracle.py says, and in the containers is what container_oracle.py says. Over memory, an
SQLite file, a store in Python and the store in C of examples/custom_store.c.

CARTBELL_JOURNALS: how many to play instead of the everyday's. CARTBELL_SEED: the first of them.
"""

import contextlib
import ctypes
import json
import os
import random
from decimal import Decimal

import pytest

import cartbell
from cartbell.store import Native
from container_oracle import Containers
from journals import NOW, PRODUCTS, SOURCES, any_journal
from ownership_oracle import END_OF_TIME, KINDS, House, Ownership, identity, written
from sorted_store import Place, SortedStore

COUNT = int(os.environ.get("CARTBELL_JOURNALS", "600"))
FIRST_SEED = int(os.environ.get("CARTBELL_SEED", "1"))

SETTINGS = {
    "shop": {"zone": "Europe/Riga", "currency": "EUR"},
    "sources": [{"code": code, "trust": "trusted" if trusted else "public", "rank": rank}
                for code, (trusted, rank) in SOURCES.items() if code != "system"],
    "statuses": [{"set": "general", "code": "received", "name": "Received"}, {"set": "general", "code": "done", "name": "Done"}],
    "lists": [{"code": "vip"}, {"code": "news"}],
    "categories": [{"code": "promo", "kind": "promo"}, {"code": "watch", "kind": "tracking"}],
    "fields": [{"of": "customer", "code": "size", "type": "string"}],
}

HAS_ORDERS = {"orders": {"count": {"ge": 1}}}


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


def answered(engine, identity_text):
    try:
        return engine.customer(identity_text)
    except cartbell.NotFoundError:
        return None


def container_answered(container):
    """As the oracle writes it."""
    def priced(amount):
        return None if amount is None else (Decimal(amount), amount.currency or SETTINGS["shop"]["currency"])

    return {
        "version": container.version, "item_count": container.item_count, "quantity": container.quantity,
        "created_at": container.created_at, "changed_at": container.changed_at,
        "total": priced(container.total), "total_now": priced(container.total_now),
        "items": [(each.product_id, each.quantity, each.added_at, each.changed_at, priced(each.price), priced(each.price_then),
                   priced(each.price_now), priced(each.total), each.name) for each in container.items]}


def holders_answered(holders):
    return sorted((each.customer, each.container, each.quantity, each.added_at) for each in holders)


def container_differences(engine, asked, containers):
    """What the engine answers of a customer's containers and the oracle does not: (what, expected, got)."""
    found = []
    for at in sorted({NOW, *(instant for container in containers.values() for instant in container.asked)}):
        got = {each.container: container_answered(each) for each in engine.containers(asked, at=at)}
        listed = sorted(code for code, container in containers.items() if container.version)
        if listed != sorted(got):
            found.append((f"{asked}: containers at {at}", listed, sorted(got)))
        for code, container in containers.items():
            expected, alone = container.at(at), container_answered(engine.container(asked, code, at=at))
            for answer in (got.get(code, expected), alone):
                found += [(f"{asked}: {code} at {at}: {what}", expected[what], answer[what]) for what in expected if expected[what] != answer[what]]
    return found


def differences(engine, operations, house):
    """What the engine answers and the oracle does not: (what, expected, got)."""
    oracle = Ownership(operations, house)
    containers = Containers(oracle, house)
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
        found += container_differences(engine, asked, containers.of(expected))
        same(f"{asked}: known", not {"external_id", "email", "phone"}.isdisjoint(expected.record), got.profile["known"])
        same(f"{asked}: profile", expected.profile, {name: value for name, value in got.profile.items() if name not in ("known", "created_at", "last_seen_at")})
    for order_id, expected in sorted(oracle.orders.items()):
        got = engine.order(order_id)
        same(f"{order_id}: version", expected.version, got.version)
        same(f"{order_id}: customer", expected.names and {KINDS[expected.names[0]]: expected.names[1]}, got.customer and dict(got.customer))
        same(f"{order_id}: total", expected.total, got.total and str(got.total))
    for product in PRODUCTS:
        for at in (NOW, random.Random(len(operations)).choice(containers.asked or [NOW])):
            expected = containers.holders(product, at)
            same(f"who has {product} at {at}", expected, holders_answered(engine.holders(product, at=at)))
            same(f"who has {product} in the cart at {at}", [each for each in expected if each[1] == "cart"],
                 holders_answered(engine.holders(product, "cart", at=at)))
    # Also the customers that no identity leads to any more: anonymous ones of long before the claim.
    customers = oracle.customers.values()
    same("customers", len(customers), engine.stats().customers)
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
        containers = [{"code": code, "merge": rule, **({"lifetime": lifetime} if lifetime else {})}
                      for code, (lifetime, rule) in house.containers.items()]
        engine.put_settings({**SETTINGS, "containers": containers, "shop": {
            **SETTINGS["shop"], "anonymous_days": house.anonymous_days, "order_empties_cart": house.order_empties_cart}})
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
        if member in operation and (member != "sequence" or "occurred_at" in operation):  # with neither the order of arrival counts
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
