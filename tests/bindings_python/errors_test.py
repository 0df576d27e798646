"""Failures as exceptions."""

import copy
import pickle

import pytest

import cartbell
from conftest import OFFER, order


def test_an_error_says_where(shop):
    with pytest.raises(cartbell.InvalidError) as caught:
        shop.put_segment("bad", {"all": [True, {"purchase": {}}]})
    error = caught.value
    assert (error.status, error.status_name, error.code, error.pointer) == (-1, "invalid", "unknown_member", "/all/1/purchase")
    assert (error.line, error.column, error.index) == (0, 0, None)
    assert "purchases" in error.message and "/all/1/purchase" in str(error)


def test_a_template_error_has_line_and_column(shop):
    with pytest.raises(cartbell.InvalidError) as caught:
        shop.check_template({"code": "bad", "channel": "email", "subject": "x", "body": "one\ntwo {{#a}}"})
    assert caught.value.pointer == "/body" and (caught.value.line, caught.value.column) == (2, 5)
    with pytest.raises(cartbell.InvalidError) as caught:
        cartbell.Template("one\ntwo {{#a}}")
    assert caught.value.line == 2 and caught.value.column == 5 and "line 2" in str(caught.value)


def test_errors_are_also_pythons_own_kinds(shop):
    with pytest.raises(LookupError):
        shop.order("none")
    with pytest.raises(ValueError):
        shop.ingest("{", form=cartbell.Form.ARRAY)
    with pytest.raises(cartbell.Error):
        shop.segment_count("none")


def test_a_limit_and_a_conflict(shop):
    with pytest.raises(cartbell.LimitError):
        shop.segment_match_many(True, []) and shop.ingest([order(1)] * 10_001)
    shop.ingest(order(1, fields={}))
    shop.put_settings({"sources": [{"code": "site", "name": "Site", "trust": "public", "rank": 1}]})
    shop.ingest(order(2), source="site")
    with pytest.raises(cartbell.ConflictError) as caught:
        shop.put_settings({"sources": []})
    assert caught.value.code == "in_use"


def test_a_text_with_a_nul_is_refused_and_not_cut(shop):
    shop.ingest(order(1))
    for call in (lambda: shop.order("1\0"), lambda: list(shop.orders(["1\0"])), lambda: shop.customer("external_id:C-1\0"),
                 lambda: shop.lease("w\0"), lambda: shop.settings("shop\0"), lambda: shop.messages("mailing:a\0"),
                 lambda: shop.ingest(order(2), source="site\0"), lambda: shop.put_segment("a\0", True)):
        with pytest.raises(cartbell.InvalidError) as caught:
            call()
        assert caught.value.code == "bad_text"


@pytest.mark.parametrize("call", [lambda shop: shop.order(None), lambda shop: shop.order(1), lambda shop: shop.customer(b"external_id:C-1"),
                                  lambda shop: list(shop.orders([None])), lambda shop: shop.segment_match(True, None)])
def test_a_missing_text_is_a_type_error(shop, call):
    with pytest.raises(TypeError):
        call(shop)


def test_errors_are_copied_and_pickled(shop):
    with pytest.raises(cartbell.InvalidError) as caught:
        shop.put_segment("bad", {"purchase": {}})
    for again in (pickle.loads(pickle.dumps(caught.value)), copy.copy(caught.value)):
        assert type(again) is cartbell.InvalidError and again.__dict__ == caught.value.__dict__ and str(again) == str(caught.value)


def test_a_thousand_failures_leave_nothing(shop):
    alive = cartbell.live_objects()
    for _ in range(1000):
        with pytest.raises(cartbell.NotFoundError):
            shop.order("none")
    assert cartbell.live_objects() == alive
