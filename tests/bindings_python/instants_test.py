"""Instants: aware datetimes, exact to the microsecond both ways."""

import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

import cartbell
from cartbell._inputs import instant, microseconds
from conftest import order

LAST = datetime(2199, 12, 31, 23, 59, 59, 999999, tzinfo=timezone.utc)


def test_every_instant_goes_both_ways_exactly():
    seed = 20111122
    chosen = random.Random(seed)
    last_us = microseconds(LAST)
    assert instant(last_us) == LAST and last_us == 7258118399999999
    for us in (0, 1, 999999, last_us, *(chosen.randint(0, last_us) for _ in range(10_000))):
        assert microseconds(instant(us)) == us, f"seed {seed}"


def test_zones_are_the_same_instant():
    summer = datetime(2026, 7, 1, 12, 0, 0, 1, tzinfo=ZoneInfo("Europe/Riga"))
    assert microseconds(summer) == microseconds(datetime(2026, 7, 1, 9, 0, 0, 1, tzinfo=timezone.utc))
    first, second = (datetime(2026, 10, 25, 3, 30, tzinfo=ZoneInfo("Europe/Riga"), fold=fold) for fold in (0, 1))
    assert microseconds(second) - microseconds(first) == 3_600_000_000
    assert microseconds(datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))) == microseconds(datetime(2026, 1, 1, tzinfo=timezone.utc))


def test_the_library_sees_the_same_instant(shop):
    for moment in (datetime(1970, 1, 1, tzinfo=timezone.utc), datetime(2026, 7, 1, 12, 0, 0, 1, tzinfo=ZoneInfo("Europe/Riga")), LAST - timedelta(days=1)):
        name = str(microseconds(moment))
        assert shop.ingest({"type": "order", "id": name, "order": {"order_id": name}}, now=moment).accepted == 1
        assert shop.order(name).received_at == moment


@pytest.mark.parametrize("call", [
    lambda shop, now: shop.ingest(order(1), now=now), lambda shop, now: shop.tick(now), lambda shop, now: shop.put_segment("a", True, now=now),
    lambda shop, now: list(shop.segment_customers(True, now=now)), lambda shop, now: shop.lease("w", now=now),
    lambda shop, now: shop.ingest({**order(1), "occurred_at": now}),
])
def test_a_naive_datetime_is_refused(shop, call):
    with pytest.raises(cartbell.InvalidError) as caught:
        call(shop, datetime(2026, 1, 1))
    assert caught.value.code == "naive_datetime"
    assert shop.stats().orders == 0


def test_a_clock_outside_of_1970_to_2199_is_refused(shop):
    for now in (datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=timezone.utc), datetime(2201, 1, 1, tzinfo=timezone.utc)):
        with pytest.raises(cartbell.InvalidError) as caught:
            shop.tick(now)
        assert caught.value.code == "bad_clock"


def test_without_a_clock_it_is_the_systems():
    with cartbell.Engine(":memory:") as shop:
        before = datetime.now(timezone.utc)
        shop.ingest({"type": "order", "id": "1", "order": {"order_id": "1"}})
        assert before - timedelta(seconds=5) <= shop.order("1").received_at <= datetime.now(timezone.utc) + timedelta(seconds=5)


def test_a_clock_of_the_hosts_is_asked_each_time():
    moments = [datetime(2026, 1, day, tzinfo=timezone.utc) for day in (1, 2)]
    with cartbell.Engine(":memory:", clock=lambda: moments.pop(0)) as shop:
        for number in ("1", "2"):
            shop.ingest({"type": "order", "id": number, "order": {"order_id": number}})
        assert [each.received_at.day for each in shop.orders(["1", "2"])] == [1, 2] and not moments
