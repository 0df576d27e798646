"""Rules of containers that random journals meet rarely, each by the sentence of the formats; and that the everyday journals tell other readings
from them."""

from decimal import Decimal

import pytest

from container_oracle import Containers
from journal_test import COUNT, NOW, seeds, shop
from journals import SOURCES, any_journal
from ownership_oracle import House, Ownership

C1, C2, ANONYMOUS, ADDRESS = {"external_id": "C-1"}, {"external_id": "C-2"}, {"anonymous_id": "n1"}, {"email": "a@b.eu"}


def house(**containers):
    return House(SOURCES, 60, NOW, {"cart": (None, "union"), **containers})


class Told:
    """Makes operations."""

    def __init__(self):
        self.count = 0

    def __call__(self, type_, day, **more):
        self.count += 1
        return {"type": type_, "id": f"{self.count}", "occurred_at": f"2026-01-{day:02}T00:00:00Z", **more}

    def change(self, day, customer, way, product_id="p", *, container="cart", **said):
        return self("container", day, customer=customer, container=container, **{way: {"product_id": product_id, **said}})

    def price(self, day, **more):
        return self("product", day, product={"product_id": "p", **more})


@pytest.fixture
def tell():
    return Told()


def quantities(container):
    return [(each.product_id, each.quantity) for each in container.items]


def ends(batches, rule="union"):
    """The cart of C-1, held to its entries folded anew."""
    with shop(house(cart=(None, rule))) as engine:
        for batch in batches:
            assert {each.outcome for each in engine.ingest(batch).results} <= {"accepted", "late"}
        return engine.container("external_id:C-1"), engine.digest() == engine.digest(refolded=True)


@pytest.mark.parametrize("joined", ["merge", "claim"])
@pytest.mark.parametrize("rule, left", [("union", 5), ("max", 3), ("newest", 3)])
def test_both_sides_are_folded_to_the_merges_instant_though_the_merge_came_first(tell, rule, left, joined):
    """"containers of both sides are folded to the merge's instant, combined by the container's rule, and go on as one": C-1's own fact is the
    newest of all, but older than the merge."""
    other = C2 if joined == "merge" else ANONYMOUS
    join = tell("merge", 5, **{"from": C2, "into": C1}) if joined == "merge" else tell("identify", 5, customer={**C1, **ANONYMOUS})
    theirs, own = tell.change(1, other, "add", quantity="2"), tell.change(2, C1, "add", quantity="3")
    for arrival in ([join, theirs, own], [theirs, join, own], [join, own, theirs], [theirs, own, join]):
        cart, as_refolded = ends([[each] for each in arrival], rule)
        assert quantities(cart) == [("p", Decimal(left))]
        assert as_refolded


def test_a_clear_of_one_side_before_the_merge_leaves_the_other_as_it_is(tell):
    """"containers of both sides are folded to the merge's instant"."""
    join = tell("merge", 5, **{"from": C2, "into": C1})
    theirs, clear = tell.change(1, C2, "add", quantity="2"), tell("container", 2, customer=C1, container="cart", clear=True)
    for arrival in ([theirs, clear, join], [join, theirs, clear]):
        cart, _ = ends([arrival])
        assert quantities(cart) == [("p", Decimal(2))]


def test_the_rule_of_joining_is_that_of_the_newest_fact_of_the_side_that_joins(tell):
    """"The rule is that of the settings under which the newest fact of the joining side came in"."""
    older, newer, own = tell.change(1, C2, "add", quantity="2"), tell.change(2, C2, "add", "q"), tell.change(3, C1, "add", quantity="3")
    merge = tell("merge", 5, **{"from": C2, "into": C1})
    for first, second, left in [(older, newer, 3), (newer, older, 5)]:
        with shop(house(cart=(None, "union"))) as engine:
            engine.ingest([first])
            engine.put_settings({"containers": [{"code": "cart", "merge": "max"}]})
            engine.ingest([second, own, merge])
            assert dict(quantities(engine.container("external_id:C-1")))["p"] == left


def test_holders_are_called_by_the_identity_that_leads_to_them(tell):
    """"each customer is led to by one identity of their own, mostly the external_id. Answers and messages name them by it"."""
    with shop(house()) as engine:
        engine.ingest([tell.change(1, ADDRESS, "add"), tell("merge", 5, **{"from": ADDRESS, "into": {"device_id": "d1"}})])
        assert list(engine.segment_customers(True)) == ["device_id:d1"]
        assert [each.customer for each in engine.holders("p")] == ["device_id:d1"]


@pytest.mark.parametrize("then, later, expected", [
    ({"price": "2.50"}, {"currency": "USD"}, ("2.50", "EUR")),
    ({"price": "2.50", "currency": "USD"}, {"currency": None}, ("2.50", "USD")),
    ({"price": "2.50", "currency": "USD"}, {"currency": "EUR"}, ("2.50", "USD")),
    ({"price": "2.50"}, {"price": "3.00", "currency": "USD"}, ("2.50", "EUR"))])
def test_the_price_then_has_the_currency_of_that_instant(tell, then, later, expected):
    """"A product that was put in without a price has the catalogue's of that instant"."""
    with shop(house()) as engine:
        engine.ingest([tell.price(1, **then), tell.price(3, **later), tell.change(2, C1, "add")])
        item, = engine.container("external_id:C-1").items
        assert (str(item.price_then), item.price_then.currency or "EUR") == expected


def test_another_order_of_the_same_products_is_no_change(tell):
    """"changed_at is the last change of what is in it and how much"."""
    with shop(house()) as engine:
        engine.ingest([tell.change(1, C1, "add", "p"), tell.change(2, C1, "add", "q")])
        before = engine.container("external_id:C-1")
        engine.ingest([tell("container", 3, customer=C1, container="cart", replace=[{"product_id": "q"}, {"product_id": "p"}])])
        after = engine.container("external_id:C-1")
        assert quantities(after) == [("q", 1), ("p", 1)]
        assert after.changed_at == before.changed_at


def test_a_change_of_a_container_sent_as_an_event_tells_whose_its_session_is(tell):
    """"it belongs to whom the newest event of the session at or before it is known by, else to the first one after it"."""
    with shop(house()) as engine:
        engine.ingest([tell("event", 1, session_id="s", name="container.item_added", customer=C1, context={"product_id": "p"}),
                       tell("event", 2, session_id="s", name="page.viewed", context={"url": "u"})])
        assert [each.name for each in engine.events("external_id:C-1")] == ["page.viewed"]


# What the text does not say. Each must show in the everyday journals, else they would not tell it from what it says.


class EverythingIsOneSide(Containers):
    def side(self, entry):
        return ()


class ThePriceThenIsThePriceNow(Containers):
    def price(self, product_id, at=None):
        return super().price(product_id)


class EveryOrderEmpties(Containers):
    def empties(self, entry):
        return True


class NoOrderEmpties(Containers):
    def empties(self, entry):
        return False


class ASideGoesAsFarAsItsFirstStep(Containers):
    def side(self, entry):
        return super().side(entry)[:1]


def contents(containers):
    return {(root, code): container.at(NOW) for root, each in containers.by_root.items() for code, container in each.items()}


@pytest.mark.parametrize("reading", [EverythingIsOneSide, ThePriceThenIsThePriceNow, EveryOrderEmpties, NoOrderEmpties, ASideGoesAsFarAsItsFirstStep])
def test_the_journals_tell_another_reading_from_the_text(reading):
    for journal in map(any_journal, seeds(COUNT)):
        ownership = Ownership(journal.operations, journal.house)
        if contents(reading(ownership, journal.house)) != contents(Containers(ownership, journal.house)):
            return
    pytest.fail("none does")
