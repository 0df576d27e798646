"""The whole C ABI is reachable through the Python API: a walk over all of it calls every exported symbol."""

import os
import pathlib

import pytest

import cartbell
from cartbell import _abi, _engine
from cartbell._library import library
from conftest import AUTUMN, NOW, OFFER, QUIET, order


@pytest.fixture
def called(monkeypatch):
    """The names of the functions that were called."""
    names = set()

    def noting(name, function):
        def call(*arguments):
            names.add(name)
            return function(*arguments)
        return call

    for name in _abi.FUNCTIONS:
        monkeypatch.setattr(library, name, noting(name, getattr(library, name)))
    monkeypatch.setattr(_engine, "_ingest", noting("cartbell_engine_ingest", _engine._ingest))
    for kind in (cartbell.Engine, cartbell.Batch, cartbell.Messages, cartbell.Template):
        monkeypatch.setattr(kind, "_free", staticmethod(getattr(library, kind._free.__name__)))
    return names


def facts(shop):
    assert shop.put_settings({"shop": {"zone": "Europe/Riga", "currency": "EUR"}}) == 1
    assert shop.settings()["shop"]["zone"] == shop.settings("shop")["zone"] == "Europe/Riga"
    assert [each.version for each in shop.settings_versions()] == [1]
    assert shop.settings_difference() == (cartbell.SettingsChange("/shop/zone", "UTC", "Europe/Riga"),)
    with shop.parse([order(1), order(2, "C-2", placed_at="2011-11-20T10:00:00Z")]) as batch:
        assert len(batch) == 2
        assert shop.apply(batch).accepted == 2
    assert shop.ingest(order(1)).duplicate == 1
    assert shop.order("1").order_id == "1"
    assert [each and each.order_id for each in shop.orders(["2", "none", "1"])] == ["2", None, "1"]
    assert shop.order_history("1") == ()
    said, = shop.order_timeline("1")
    assert (said.source, said.trust, said.late, said.operation["order"]["order_id"]) == ("system", "trusted", False, "1")
    assert [each.name for each in said.changed][0] == "order.created" and said == next(shop.customer_timeline("external_id:C-1"))
    assert shop.ingest({"type": "product", "id": "p", "product": {"product_id": "MUG", "price": "9.90"}}).accepted == 1
    assert shop.product("MUG").price == cartbell.Money("9.90")
    assert [each and each.product_id for each in shop.products(["none", "MUG"])] == [None, "MUG"]
    assert list(shop.events()) == []
    assert shop.ingest({"type": "container", "id": "c", "customer": {"external_id": "C-1"}, "container": "cart",
                        "add": {"product_id": "MUG", "quantity": "2"}}).accepted == 1
    cart, = shop.containers("external_id:C-1")
    assert cart == shop.container("external_id:C-1") and (cart.quantity, cart.total, cart.items[0].price_now) == (2, cartbell.Money("19.80"), cartbell.Money("9.90"))
    assert [(each.customer, each.container, each.quantity) for each in shop.holders("MUG")] == [("external_id:C-1", "cart", 2)]
    assert shop.customer("external_id:C-1").orders == ("1",)
    shop.put_settings({"categories": [{"code": "promo", "kind": "promo"}]})
    assert shop.customer_consent("external_id:C-1", "promo", "email").granted is None
    whole = shop.export_customer("external_id:C-1")
    assert [each["order_id"] for each in whole["orders"]] == ["1"] and whole["entries"][0]["operation"] == said.operation
    assert [each is None for each in shop.customers(["external_id:C-9", "external_id:C-2"])] == [True, False]


def segments(shop):
    assert shop.put_segment("quiet", QUIET).version == 1
    assert shop.segment("quiet").definition == QUIET and [each.code for each in shop.segments()] == ["quiet"]
    assert shop.segment_count("quiet").count == 1
    assert list(shop.segment_customers("quiet")) == ["external_id:C-1"]
    assert shop.segment_match("quiet", "external_id:C-1")
    assert list(map(bool, shop.segment_match_many("quiet", ["external_id:C-1", "external_id:C-2"]))) == [True, False]
    assert shop.segment_explain("quiet", "external_id:C-1").explanation.holds


def messages(shop):
    assert "purchases.last.order_id" in shop.check_template(OFFER).variables
    assert shop.put_template(OFFER).code == "offer"
    assert shop.template("offer").definition["reason"] == "bought lately" and len(shop.templates()) == 1
    assert shop.preview_template("offer", "external_id:C-1").parts["body"] == "<p>1: Mug &lt;large&gt;</p>"
    assert shop.put_mailing(AUTUMN).version == 1
    assert shop.mailing("autumn").definition["template"] == "offer" and len(shop.mailings()) == 1
    assert shop.dry_run_mailing("autumn").blocked == {"bought lately": 1}
    assert shop.start_mailing("autumn").state == "planned"
    while shop.tick().more:
        pass
    assert shop.mailing_status("autumn").state == "done"
    leased, = shop.lease("w1")
    assert shop.report(cartbell.Report(leased.message_id, "handed_over", "p-1", worker="w1"))[0].state == "handed_over"
    assert shop.message(leased.message_id).provider_id == "p-1"
    assert {each.state for each in shop.messages()} == {"handed_over", "blocked"}


def templates():
    with cartbell.Template("Dear {{name}}") as letter:
        assert letter.render({"name": "Ann"}) == ("Dear Ann", False)
        assert [each.text for each in letter.render_many([{"name": "Ann"}, '{"name":"Bob"}'])] == ["Dear Ann", "Dear Bob"]


def mapped():
    made = cartbell.map_operations({"type": "track", "event": "Products Searched", "messageId": "1", "properties": {"query": "mug"}}, "segment")
    assert made.operations == [{"type": "event", "name": "search.performed", "context": {"query": "mug"}, "id": "1"}]


def test_every_symbol_is_reachable(called):
    with cartbell.Engine(":memory:", clock=lambda: NOW) as shop:
        facts(shop)
        segments(shop)
        messages(shop)
        templates()
        mapped()
        assert not shop.maintain()
        assert shop.stats().orders == 2 and shop.digest() == shop.digest(refolded=True)
        with pytest.raises(cartbell.NotFoundError) as caught:
            shop.order("none")
        assert caught.value.status_name == "not_found"
    assert cartbell.version() == "0.1.0" and cartbell.live_objects() == 0
    exported = (pathlib.Path(os.environ["CARTBELL_SOURCE"]) / "src" / "capi" / "symbols.txt").read_text().split()
    assert called == set(exported)


def test_the_package_names_all_it_offers():
    public = {name for name in vars(cartbell) if not name.startswith("_")}
    assert public == set(cartbell.__all__) and len(cartbell.__all__) == len(public) > 50
