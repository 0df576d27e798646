"""Mappings, and the examples of docs/mapping.md, which are run as they stand there."""

import json
import os
import pathlib
import re

import pytest

import cartbell
from conftest import NOW

SOURCE = pathlib.Path(os.environ["CARTBELL_SOURCE"])
PAGE = (SOURCE / "docs" / "mapping.md").read_text(encoding="utf-8")
ORDER = {"id": 1, "date_created_gmt": "2011-10-01T10:00:00", "status": "on-hold", "customer_id": 5, "currency": "EUR", "total": "5.00", "parent_id": 3,
         "meta_data": [{"key": "Gift wrap", "value": "red"}]}


def test_an_order_of_another_shop_comes_in():
    made = cartbell.map_operations([ORDER], "woocommerce", given={"backfill": True})
    assert made.mapped == (("/0", "order", 1),) and made.unmapped == ()
    assert made.ignored == ("/0/parent_id",) and made.ignored_count == 1
    assert made.fields == ({"of": "order", "code": "gift_wrap", "name": "Gift wrap", "type": "string"},)
    used = [status for status in made.statuses if status["used"]]
    assert [status["code"] for status in used] == ["on_hold", "unpaid"]
    with cartbell.Engine(":memory:", clock=lambda: NOW) as shop:
        shop.put_settings({"shop": {"currency": "EUR"}, "statuses": [{name: value for name, value in status.items() if name != "used"} for status in used],
                           "fields": made.fields})
        assert shop.ingest(made.operations).accepted == 1
        assert shop.order("1").status["general"].code == "on_hold"
        assert shop.ingest(cartbell.map_operations(ORDER, "woocommerce", given={"backfill": True}).operations).duplicate == 1


def test_refusals_are_exceptions_with_a_pointer():
    with pytest.raises(cartbell.InvalidError) as caught:
        cartbell.map_operations([ORDER, {**ORDER, "total": "five"}], "woocommerce")
    assert (caught.value.code, caught.value.pointer) == ("not_a_number", "/1/total")
    with pytest.raises(cartbell.InvalidError) as caught:
        cartbell.map_operations('{"event":"x"}', "ga4")
    assert caught.value.code == "unmapped"
    assert cartbell.map_operations('{"event":"x"}', "ga4", skip_unmapped=True).unmapped == ("",)
    with pytest.raises(cartbell.InvalidError) as caught:
        cartbell.map_operations({}, "mine", table={"format": "mine", "rules": 7})
    assert (caught.value.code, caught.value.pointer) == ("bad_table", "/rules")
    with pytest.raises(cartbell.LimitError):
        cartbell.map_operations(ORDER, "woocommerce", limits={"mapping_steps": 10})


def examples():
    """Of every group of three blocks of the page: the format, the table, the document, the operations."""
    blocks = re.findall(r"```json (\w+)\n(.*?)```", PAGE, flags=re.DOTALL)
    assert len(blocks) >= 6 and len(blocks) % 3 == 0
    for at in range(0, len(blocks), 3):
        assert [name for name, _ in blocks[at : at + 3]] == ["table", "document", "operations"]
        yield pytest.param(*(text for _, text in blocks[at : at + 3]), id=json.loads(blocks[at][1])["format"])


@pytest.mark.parametrize("table, document, operations", examples())
def test_the_examples_of_the_page(table, document, operations):
    made = cartbell.map_operations(document, json.loads(table)["format"], table=table)
    assert made.operations == json.loads(operations)


def test_the_page_names_every_word_of_the_language_and_no_other():
    source = (SOURCE / "src" / "codec" / "mapping_check.cpp").read_text(encoding="utf-8")
    words = set(re.findall(r'\{"(\$\w+)", Takes::', source))
    language = PAGE[PAGE.index("## The language") : PAGE.index("## Limits")]
    assert len(words) == 24
    assert words | {"$when", "$needs", "$part"} == set(re.findall(r"`(?:\{\")?(\$[a-z]\w*)", language)) - {"$index"}


def test_the_page_names_every_event_that_is_made():
    tables = [(SOURCE / "src" / "codec" / "mapping_tables" / f"{name}.json").read_text(encoding="utf-8") for name in ("segment", "ga4", "codes")]
    names = {name for text in tables for name in re.findall(r'"name": "=([a-z_.]+)"', text)}
    assert len(names) > 20
    assert {name for name in names if f"`{name}`" not in PAGE} == set()


def test_events_of_others_come_in():
    calls = [{"type": "track", "event": name, "messageId": name, "timestamp": "2011-10-01T10:00:00Z", "userId": "C-1", "anonymousId": "a-1",
              "context": {"sessionId": 7}, "properties": {"order_id": "1", "total": 5, "currency": "EUR", "product_id": "MUG", "category": "Mugs", "price": 2.5,
                                                          "query": "mug", "position": 3, "products": [{"product_id": "MUG"}]}}
             for name in ("Product Viewed", "Product Clicked", "Products Searched", "Product List Viewed", "Checkout Started", "Order Completed", "Order Updated")]
    operations = cartbell.map_operations(calls, "segment").operations
    with cartbell.Engine(":memory:", clock=lambda: NOW) as shop:
        shop.put_settings({"shop": {"currency": "EUR"}})
        done = shop.ingest(operations)
        assert (done.accepted, done.rejected) == (5, 2)   # product.clicked and order.changed are names that a shop declares
        shop.put_settings({"shop": {"unknown_events": "keep"}})
        done = shop.ingest([{**operation, "id": operation["id"] + ":2"} for operation in operations])
        assert (done.accepted, done.rejected) == (7, 0)
        with pytest.raises(cartbell.NotFoundError):
            shop.order("1")   # "order.placed is what a site reports and makes no order" (formats.md §1)
