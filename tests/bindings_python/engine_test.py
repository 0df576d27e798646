"""The API as a Python programmer meets it."""

import contextlib
import copy
import dataclasses
import gc
import json
import pickle
import sqlite3
import warnings
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

import cartbell
from conftest import NOW, OFFER, QUIET, main_job, order


def test_an_engine_is_closed_by_its_with(tmp_path):
    with cartbell.Engine(tmp_path / "shop.db") as shop:
        assert not shop.closed and cartbell.live_objects() == 1
    assert shop.closed and cartbell.live_objects() == 0
    shop.close()
    for call in (shop.stats, shop.tick, shop.maintain, lambda: shop.ingest(order(1)), lambda: shop.parse(order(1)), shop.__enter__,
                 lambda: shop.messages(), lambda: shop.ingest(b"{}")):
        with pytest.raises(cartbell.MisuseError) as caught:
            call()
        assert caught.value.code == "closed"


def test_an_engine_that_nobody_closed_is_freed_with_its_last_reference():
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        cartbell.Engine(":memory:")
        gc.collect()
    assert cartbell.live_objects() == 0
    assert [each.category for each in said] == [ResourceWarning]


def test_an_engine_survives_an_exception_inside_with():
    with pytest.raises(ZeroDivisionError):
        with cartbell.Engine(":memory:"):
            1 / 0
    assert cartbell.live_objects() == 0


def test_a_file_is_kept_and_has_one_writer(tmp_path):
    path = tmp_path / "shop.db"
    with cartbell.Engine(path, clock=lambda: NOW) as shop:
        shop.ingest(order(1))
        with pytest.raises(cartbell.BusyError):
            cartbell.Engine(str(path))
        with cartbell.Engine(path, read_only=True) as reader:
            assert reader.stats().orders == 1
            with pytest.raises(cartbell.ReadOnlyError):
                reader.put_segment("all", True)
    with cartbell.Engine(path) as shop:
        assert shop.order("1").total == Decimal("99.90")


def test_an_engine_needs_one_place():
    with pytest.raises(cartbell.MisuseError):
        cartbell.Engine()
    with pytest.raises(cartbell.InvalidError) as caught:
        cartbell.Engine("a\0b")
    assert caught.value.code == "bad_text"


def test_operations_are_dicts_lists_or_text(shop):
    assert shop.ingest(order(1)).accepted == 1
    assert shop.ingest([order(2), order(3)]).accepted == 2
    assert shop.ingest({"operations": [order(4)]}).accepted == 1
    assert shop.ingest(json.dumps(order(5))).accepted == 1
    assert shop.ingest(json.dumps([order(6), order(7)]).encode(), form=cartbell.Form.ARRAY).accepted == 2
    assert shop.ingest([order(8), order(9)], form=cartbell.Form.NDJSON).accepted == 2
    applied = shop.ingest(json.dumps(order(10)) + "\nno JSON\n" + json.dumps(order(11)), form=cartbell.Form.NDJSON)
    assert (applied.accepted, applied.rejected) == (2, 1)
    assert shop.ingest(order(n) for n in (12, 13)).accepted == 2
    assert shop.ingest(bytearray(json.dumps(order(14)).encode())).accepted == 1
    assert shop.stats().orders == 14


def test_results_are_frozen_dataclasses(shop):
    result, = shop.ingest(order(1, total="90.00", subtotal="80.00")).results
    assert result.outcome == "accepted" and result.version == 1
    assert result.changed[0] == cartbell.DomainEvent("order.created", {"order_id": "1"})
    assert result.warnings[0].code == "total_mismatch" and result.warnings[0].pointer == "/order/total"
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.outcome = "late"
    refused, = shop.ingest({**order(2), "order": {"order_id": "2", "totl": "1"}}).results
    assert refused.outcome == "rejected" and refused.version is None
    assert refused.errors == (cartbell.ErrorItem("unknown_member", "/order/totl", refused.errors[0].message),) and "total" in refused.errors[0].message


def test_dicts_carry_decimals_dates_and_datetimes(shop):
    placed = datetime(2011, 10, 1, 12, 0, 0, 123456, tzinfo=ZoneInfo("Europe/Riga"))
    given = order(1, total=Decimal("1E+2"))
    given["order"]["placed_at"], given["order"]["lines"][0]["total"] = placed, cartbell.Money("100.00", "EUR")
    assert shop.ingest(given).accepted == 1
    stored = shop.order("1")
    assert stored.placed_at == placed and stored.total == 100
    assert shop.ingest({"type": "customer", "id": "c", "customer": {"external_id": "C-1"}, "profile": {"birth_date": date(1990, 5, 14)}}).accepted == 1
    assert shop.customer("external_id:C-1").profile["birth_date"] == "1990-05-14"
    for bad in (float("nan"), float("inf")):
        with pytest.raises(ValueError):
            shop.ingest(order(2, total=bad))
    with pytest.raises(TypeError):
        shop.ingest(order(2, total=object()))


def test_money_knows_its_currency_and_is_a_decimal(shop):
    shop.ingest(order(1, delivery={"cost": "4.90"}, payments=[{"payment_id": "1", "type": "voucher", "amount": "20.00"}], tax="0.0001"))
    stored = shop.order("1")
    assert stored.total == Decimal("99.90") and stored.total.currency == "EUR" and isinstance(stored.total, Decimal)
    assert stored.delivery.cost == cartbell.Money("4.90", "EUR") and stored.tax == Decimal("0.0001")
    assert (stored.payments[0].amount, stored.payments[0].amount.currency) == (20, "EUR")
    assert stored.lines[0].price * stored.lines[0].quantity == stored.total
    assert cartbell.Money.read("5.00 USD", "EUR").currency == "USD"
    for again in (copy.deepcopy(stored.total), pickle.loads(pickle.dumps(stored.total))):
        assert again == stored.total and again.currency == "EUR"
    assert repr(stored.total) == "Money('99.90', 'EUR')"


def test_an_order_with_everything(shop):
    shop.put_settings({"statuses": [{"set": "general", "code": "received", "name": "Received", "in_analytics": True},
                                    {"set": "general", "code": "done", "name": "Done", "in_analytics": True}]})
    shop.ingest(order(1, status={"general": "received"}, delivery={"type": "courier", "address": {"city": "Riga"}, "at": "2011-10-03T10:00:00Z"},
                      payment={"type": "card", "paid": "79.90", "bonuses_paid": "3.5"}, coupons=["TEN"]))
    shop.ingest({"type": "order", "id": "s", "occurred_at": "2011-10-02T10:00:00.5Z", "order": {"order_id": "1", "status": {"general": "done"}}})
    stored = shop.order("1")
    assert stored.status["general"] == cartbell.Status("done", datetime(2011, 10, 2, 10, 0, 0, 500000, tzinfo=timezone.utc), "Done", "received")
    assert stored.reached["general"]["received"] == datetime(2011, 10, 1, 10, tzinfo=timezone.utc)
    assert stored.delivery.address == {"city": "Riga"} and stored.delivery.at == datetime(2011, 10, 3, 10, tzinfo=timezone.utc)
    assert stored.payment.paid == Decimal("79.90") and stored.payment.bonuses_paid == Decimal("3.5")
    assert stored.coupons == ("TEN",) and stored.lines[0].name == "Mug <large>" and stored.customer == {"external_id": "C-1"}
    assert [(row.from_, row.to) for row in stored.history] == [(None, "received"), ("received", "done")]
    assert shop.order_history("1") == stored.history
    assert stored.version == 2 and stored.received_at == NOW


def test_a_customer(shop):
    given = order(1)
    given["customer"]["email"] = "Ann@Example.org"
    shop.ingest(given)
    customer = shop.customer("external_id:C-1")
    assert customer.identities == ("external_id:C-1", "email:ann@example.org") and customer.orders == ("1",)
    assert customer.created_at == datetime(2011, 10, 1, 10, tzinfo=timezone.utc) and customer.profile["known"] is True
    assert customer.lists == ()
    shop.put_settings({"lists": [{"code": "vip"}]})
    shop.ingest({"type": "list", "id": "l", "customer": {"external_id": "C-1"}, "list": "vip", "member": True})
    assert shop.customer("external_id:C-1").lists == ("vip",) and shop.segment_count({"list": "vip"}).count == 1


def test_consents(shop):
    shop.put_settings({"categories": [{"code": "promo", "kind": "promo"}, {"code": "watch", "kind": "tracking"}]})
    said = {"type": "consent", "customer": {"external_id": "C-1"}, "category": "promo", "channel": "email"}
    begin, end = datetime(2011, 10, 1, tzinfo=timezone.utc), datetime(2011, 10, 5, tzinfo=timezone.utc)
    shop.ingest({**said, "id": "1", "occurred_at": begin, "granted": True, "expires_at": end, "proof": "form 3"})
    shop.ingest({"type": "consent", "id": "2", "occurred_at": begin, "customer": {"external_id": "C-1"}, "category": "watch", "granted": False})
    granted = cartbell.Consent("promo", True, begin, "system", "email", end, "form 3")
    denied = cartbell.Consent("watch", False, begin, "system")
    assert shop.customer("external_id:C-1").consents == (denied, granted)
    assert shop.customer_consent("external_id:C-1", "promo", "email", at=begin) == cartbell.ConsentStanding("promo", begin, True, granted, False, "email")
    before = begin - timedelta(seconds=1)
    assert shop.customer_consent("external_id:C-1", "promo", "email", at=before) == cartbell.ConsentStanding("promo", before, None, None, False, "email")
    expired = shop.customer_consent("external_id:C-1", "promo", "email")  # now
    assert expired.granted is None and expired.fact == granted
    assert shop.customer_consent("external_id:C-1", "watch").granted is False
    with pytest.raises(cartbell.InvalidError) as caught:
        shop.customer_consent("external_id:C-1", "watch", "email")
    assert caught.value.code == "no_channel"
    with pytest.raises(cartbell.ConflictError):
        shop.put_settings({"categories": []})


def test_a_product(shop):
    shop.ingest({"type": "product", "id": "p1", "occurred_at": "2011-10-01T10:00:00Z", "product": {
        "product_id": "MUG", "name": "Mug", "category": ["Kitchen", "Mugs"], "price": "49.95", "currency": "USD", "stock": "2.5"}})
    shop.ingest({"type": "product", "id": "p2", "occurred_at": "2011-10-03T10:00:00Z", "product": {"product_id": "MUG", "price": Decimal("39.95"), "brand": None}})
    product = shop.product("MUG")
    assert product.price == cartbell.Money("39.95", "USD") and product.price.currency == "USD" and product.old_price is None
    assert product.category == ("Kitchen", "Mugs") and product.stock == Decimal("2.5") and product.available is True
    assert (product.created_at, product.price_changed_at) == tuple(datetime(2011, 10, day, 10, tzinfo=timezone.utc) for day in (1, 3))
    assert product.stock_changed_at == product.created_at and product.version == 2
    shop.ingest(order(1))
    assert shop.segment_count({"bought": {"where": {"product.category": {"under": ["Kitchen"]}}}}).count == 1
    with pytest.raises(cartbell.NotFoundError):
        shop.product("CUP")
    assert [each and each.name for each in shop.products(["CUP", "MUG"])] == [None, "Mug"]
    assert shop.stats().products == 1 and shop.digest().products == 1


def test_events_belong_to_whom_their_session_leads_to(shop):
    visits = [{"type": "event", "id": f"e{day}", "occurred_at": datetime(2011, 10, day, tzinfo=timezone.utc), "session_id": "s", "name": "product.viewed",
               "context": {"product_id": "MUG", "price": Decimal("9.90"), "depth": [1, None]}} for day in (1, 2, 3)]
    visits[1]["customer"] = {"external_id": "C-1"}
    assert shop.ingest(visits).accepted == 3
    newest, between, _ = shop.events("external_id:C-1")
    assert newest == cartbell.Event(event_id="e3", name="product.viewed", kind="web", occurred_at=visits[2]["occurred_at"], received_at=newest.received_at,
                                    source="system", session_id="s", context={"product_id": "MUG", "price": "9.90", "depth": [1, None]})
    assert between.customer == {"external_id": "C-1"}
    assert shop.customer("external_id:C-1").last_seen_at == newest.occurred_at
    assert shop.stats().events == 3 and shop.digest().events == 3 and list(shop.events()) == []
    with pytest.raises(cartbell.NotFoundError):
        next(shop.events("external_id:C-2"))


def test_pages_are_hidden(shop):
    people = [f"C-{number:04}" for number in range(2500)]
    applied = list(shop.ingest_lines((order(name, name) for name in people), batch=700))
    assert [each.accepted for each in applied] == [700, 700, 700, 400]
    assert sorted(shop.segment_customers(True)) == [f"external_id:{name}" for name in people]
    assert [each.order_id for each in shop.orders(people)] == people
    assert sum(each.match for each in shop.segment_match_many(True, (f"external_id:{name}" for name in people))) == 2500
    assert len(list(shop.customers(f"external_id:{name}" for name in people))) == 2500
    assert list(shop.orders([])) == []


def test_lowered_limits_make_shorter_pages():
    with cartbell.Engine(":memory:", limits={"page_rows": 3}, clock=lambda: NOW) as shop:
        messages = main_job(shop, 10)
        assert len(messages) == 10 and len(list(shop.segment_customers(True))) == 10 and len(list(shop.orders(map(str, range(1, 11))))) == 10
    with pytest.raises(cartbell.InvalidError) as caught:
        cartbell.Engine(":memory:", limits={"page_rows": 10**9})
    assert caught.value.code == "limit_raised"
    for unknown in ({"pages": 1}, {"page_rows": -1}):
        with pytest.raises(cartbell.InvalidError):
            cartbell.Engine(":memory:", limits=unknown)


def test_lines_of_a_file(tmp_path, shop):
    file = tmp_path / "orders.ndjson"
    file.write_bytes(b"".join(json.dumps(order(number)).encode() + b"\r\n" for number in range(10)))
    with open(file, "rb") as lines:
        assert sum(each.accepted for each in shop.ingest_lines(lines, batch=4)) == 10


def test_a_segment_is_a_code_a_predicate_or_text(shop):
    main_job(shop)
    for segment in ("quiet", QUIET, json.dumps(QUIET)):
        assert shop.segment_count(segment).count == 2
    assert shop.segment_count(True).count == 3 and shop.segment_count(False).count == 0
    assert shop.put_segment("all", True).version == 1
    stored = shop.put_segment("odd", {"orders": {"where": {"delivery.type": {"ne": "courier"}}}})
    assert stored.warnings[0].code == "may_be_missing"
    assert shop.segment("quiet").created_at == NOW


def test_a_verdict_says_when_it_can_change(shop):
    main_job(shop)
    match = shop.segment_match("quiet", "external_id:C-1")
    assert not match and match.next_change == datetime(2011, 12, 20, 10, 0, 0, 1, tzinfo=timezone.utc)
    assert not shop.segment_match("quiet", "external_id:C-1", now=match.next_change - timedelta(microseconds=1))
    assert shop.segment_match("quiet", "external_id:C-1", now=match.next_change)
    assert shop.segment_count("quiet", now=match.next_change).count == 3
    assert list(shop.segment_match_many("quiet", ["external_id:none"])) == [None]


def test_an_explanation_has_its_evidence(shop):
    main_job(shop)
    why = shop.segment_explain({"all": [QUIET, {"purchases": {"sum": {"of": "total", "is": {"ge": "50 EUR"}}}},
                                        {"lines": {"avg": {"of": "quantity", "is": {"ge": 1}}}}]}, "external_id:C-2")
    assert why and why.explanation.what == "all" and why.customer == "external_id:C-2"
    last, total, quantity = why.explanation.children
    assert last.witnesses[0] == cartbell.Witness("order", "2", None, datetime(2011, 10, 1, 10, tzinfo=timezone.utc))
    assert total.measured == Decimal("99.90") and total.measured.currency == "EUR" and total.rows == 1
    assert quantity.measured == 2 and isinstance(quantity.measured, Decimal) and quantity.witnesses[0].row_id == "1"
    short = shop.segment_explain({"orders": {"count": {"ge": 0}}}, "external_id:C-2", most_witnesses=1)
    assert len(short.explanation.witnesses) == 1


def test_messages_are_an_iterator_that_frees_itself(shop):
    main_job(shop, 5)
    alive = cartbell.live_objects()
    cursor = shop.messages("mailing:autumn")
    assert cartbell.live_objects() == alive + 1
    assert len(list(cursor)) == 5 and cursor.closed and list(cursor) == [] and cartbell.live_objects() == alive
    with shop.messages() as cursor:
        next(cursor)
        assert cartbell.live_objects() == alive + 1
    assert cartbell.live_objects() == alive
    for message in shop.messages():
        break
    del cursor
    gc.collect()
    assert cartbell.live_objects() == alive


def test_a_cursor_may_outlive_its_engine():
    with cartbell.Engine(":memory:", clock=lambda: NOW) as shop:
        main_job(shop)
        cursor = shop.messages()
    with pytest.raises(cartbell.MisuseError):
        next(cursor)
    cursor.close()


def test_a_message_and_its_reports(shop):
    messages = main_job(shop)
    sent = [each for each in messages if each.state == "handed_over"]
    assert len(sent) == 2 and sent[0].parts["subject"] == "For you" and sent[0].planned_at == NOW
    assert shop.message(sent[0].message_id) == sent[0]
    again, refused = shop.report(cartbell.Report(sent[0].message_id, "handed_over", provider_id=sent[0].provider_id),
                                 {"message_id": sent[1].message_id, "outcome": "failed", "worker": "w2"})
    assert again.outcome == "unchanged" and refused.outcome == "refused" and refused.error.code == "not_leased"
    with pytest.raises(cartbell.InvalidError) as caught:
        shop.report({"message_id": sent[0].message_id, "outcome": "lost"})
    assert caught.value.pointer == "/0/outcome"


def test_a_lease_ends(shop):
    main_job(shop)
    shop.put_mailing({**shop.mailing("autumn").definition, "code": "winter"})
    shop.start_mailing("winter")
    while shop.tick().more:
        pass
    leased = shop.lease("w1", lease=timedelta(seconds=30))
    assert len(leased) == 2 and shop.lease("w2") == []
    ticked = shop.tick()
    assert ticked.next_due == NOW + timedelta(seconds=30) and not ticked.more
    later = ticked.next_due
    shop.tick(later)
    assert sorted(each.message_id for each in shop.lease("w2", now=later)) == sorted(each.message_id for each in leased)


def test_rows_are_flat_and_ready_for_a_data_frame(shop):
    messages = main_job(shop)
    rows = cartbell.rows(messages)
    assert len(rows) == 3 and all(isinstance(value, (str, int, datetime, type(None))) for row in rows for value in row.values())
    sent = [row for row in rows if row["state"] == "handed_over"]
    assert sent[0]["parts.subject"] == "For you"
    assert cartbell.rows(shop.segment_customers("quiet")) == [{"customer": "external_id:C-2"}, {"customer": "external_id:C-3"}]
    orders = cartbell.rows(shop.orders(["1", "none"]))
    assert len(orders) == 1 and orders[0]["total"] == Decimal("99.90") and orders[0]["customer.external_id"] == "C-1"
    assert cartbell.rows(shop.order("1").lines)[0]["product_id"] == "MUG"
    assert cartbell.rows([cartbell.HistoryRow("general", "a", "b", NOW, NOW, "system", {"general": "b"})])[0]["from"] == "a"


def test_batches_are_parsed_apart_and_used_once(shop):
    with shop.parse(order(1)) as one, shop.parse([order(2), order(3)]) as two:
        assert shop.apply(one, two).accepted == 3 and len(two) == 2
        with pytest.raises(cartbell.MisuseError) as caught:
            shop.apply(one)
        assert caught.value.code == "used_batch"
    with pytest.raises(cartbell.MisuseError):
        shop.apply(one)
    with cartbell.Engine(":memory:") as other, other.parse(order(1)) as foreign:
        with pytest.raises(cartbell.MisuseError) as caught:
            shop.apply(foreign)
        assert caught.value.code == "foreign_batch"
    with shop.parse(order(4)) as twice, pytest.raises(cartbell.MisuseError):
        shop.apply(twice, twice)


def test_a_source_is_named(shop):
    shop.put_settings({"sources": [{"code": "site", "name": "Site", "trust": "public", "rank": 1}]})
    shop.ingest(order(1), source="site")
    assert shop.order("1").source == "site"
    with shop.parse(order(2), source="site") as batch:
        shop.apply(batch)
    assert shop.order("2").source == "site"


def test_definitions_may_be_named_beside(shop):
    definition = {key: value for key, value in OFFER.items() if key != "code"}
    shop.put_segment("quiet", QUIET)
    assert shop.put_template(json.dumps(definition), name="other").code == "other"


def test_long_texts_do_not_stay_in_memory(shop):
    lines = [{"line_id": str(number), "name": "x" * 1000} for number in range(3000)]
    big = order(1)
    big["order"]["lines"] = lines
    with cartbell.Engine(":memory:") as shop:
        for part in range(5):
            given = order(part)
            given["order"]["lines"] = lines[:900]
            assert shop.ingest(given).accepted == 1
        assert len(list(shop.orders(map(str, range(5))))) == 5
        assert all(frame.outputs.answer.capacity <= 1 << 20 for frame in shop._idle)


def test_of_an_erased_customer_no_byte_is_left_after_a_vacuum(tmp_path):
    """docs/privacy.md: erase, checkpoint, vacuum; then the file is searched."""
    path = tmp_path / "shop.db"
    secrets = ["C-secret", "secret@mail.eu", "+37120000001", "a-secret", "Secret Name", "order-secret", "Secret Street", "secret note", "op-secret", "s-secret", "form secret",
               "https://shop/secret"]
    who = {"external_id": "C-secret", "email": "secret@mail.eu", "phone": "+37120000001"}
    at = {"occurred_at": "2011-11-20T10:00:00Z"}
    with cartbell.Engine(path, clock=lambda: NOW) as shop:
        shop.put_settings({"lists": [{"code": "vip"}], "categories": [{"code": "promo", "kind": "promo"}]})
        shop.ingest([order(number) for number in range(200)])
        results = shop.ingest([
            {"type": "event", "id": "op-secret-1", **at, "customer": {"anonymous_id": "a-secret"}, "session_id": "s-secret", "name": "page.viewed",
             "context": {"url": "https://shop/secret"}},
            {"type": "identify", "id": "op-secret-2", **at, "customer": {**who, "anonymous_id": "a-secret"}},
            {"type": "customer", "id": "op-secret-3", **at, "customer": who, "profile": {"full_name": "Secret Name", "street": "Secret Street"}},
            {"type": "list", "id": "op-secret-4", **at, "customer": who, "list": "vip", "member": True},
            {"type": "consent", "id": "op-secret-5", **at, "customer": who, "channel": "email", "category": "promo", "granted": True, "proof": "form secret"},
            {"type": "merge", "id": "op-secret-6", **at, "from": {"external_id": "C-secret-old"}, "into": {"external_id": "C-secret"}},
            {"type": "container", "id": "op-secret-7", **at, "customer": who, "container": "cart", "add": {"product_id": "MUG"}},
            {**order("order-secret", "C-secret", delivery={"note": "secret note"}), "id": "op-secret-8"}]).results
        assert [each.outcome for each in results] == ["accepted"] * 8
        main_job(shop, 2)
        held = path.read_bytes() + path.with_name("shop.db-wal").read_bytes()
        assert [text for text in secrets if text.encode() not in held] == []
        erase = {"type": "erase", "id": "dsr-1", "customer": who, "mode": "delete"}
        assert shop.ingest(erase).results[0].outcome == "accepted"
        assert shop.ingest(erase).results[0].outcome == "duplicate"
        late = shop.ingest({"type": "identify", "id": "late", **at, "customer": who}).results[0]
        assert [(each.code, each.pointer) for each in late.errors] == [("erased", "/customer/external_id"), ("erased", "/customer/email"), ("erased", "/customer/phone")]
        assert shop.digest() == shop.digest(refolded=True)
        stored = shop.digest()
    with contextlib.closing(sqlite3.connect(path)) as tool:
        tool.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        tool.execute("VACUUM")
    for file in tmp_path.iterdir():
        held = file.read_bytes()
        assert [text for text in secrets if text.encode() in held] == [], file.name
    with cartbell.Engine(path, clock=lambda: NOW) as shop:
        assert shop.digest() == stored
