"""What every test of the binding stands on."""

import gc
import sys
from datetime import datetime, timezone

import pytest

import cartbell

NOW = datetime(2011, 11, 22, 22, 13, 20, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def nothing_is_left_alive(monkeypatch):
    """Every engine, batch, template, cursor and error of a test is freed when it ends, and no exception was lost on the way."""
    lost = []
    monkeypatch.setattr(sys, "unraisablehook", lost.append)
    before = cartbell.live_objects()
    yield
    gc.collect()
    assert cartbell.live_objects() == before
    assert not lost


@pytest.fixture
def shop():
    with cartbell.Engine(":memory:", clock=lambda: NOW) as engine:
        engine.put_settings({"shop": {"zone": "Europe/Riga", "currency": "EUR"}})
        yield engine


def order(number, customer="C-1", *, placed_at="2011-10-01T10:00:00Z", total="99.90", **more):
    return {"type": "order", "id": f"op-{number}", "occurred_at": placed_at, "customer": {"external_id": customer},
            "order": {"order_id": str(number), "placed_at": placed_at, "currency": "EUR", "total": total,
                      "lines": [{"line_id": "1", "product_id": "MUG", "name": "Mug <large>", "quantity": "2", "price": "49.95", "total": total}],
                      **more}}


QUIET = {"purchases": {"last": {"placed_at": {"ago": {"gt": "1mo"}}}}}
OFFER = {"code": "offer", "channel": "email", "subject": "For you",
         "body": "<p>{{purchases.last.order_id}}:{{#purchases.last.lines}} {{name}}{{/purchases.last.lines}}</p>",
         "condition": {"segment": "quiet"}, "reason": "bought lately"}
AUTUMN = {"code": "autumn", "audience": {"purchases": {"count": {"ge": 1}}}, "channel": "email", "category": "promo", "template": "offer"}


def main_job(engine, customers=3):
    """Orders, segment, mailing, messages: C-1 bought lately, the others did not. All messages as they are at the end."""
    engine.ingest([order(number, f"C-{number}", placed_at="2011-11-20T10:00:00Z" if number == 1 else "2011-10-01T10:00:00Z")
                   for number in range(1, customers + 1)])
    engine.put_segment("quiet", QUIET)
    engine.put_template(OFFER)
    engine.put_mailing(AUTUMN)
    engine.start_mailing("autumn")
    while engine.tick().more:
        pass
    while leased := engine.lease("w1", most=2):
        engine.report(*(cartbell.Report(each.message_id, "handed_over", provider_id="p-" + each.message_id) for each in leased))
    return sorted(engine.messages("mailing:autumn"), key=lambda each: each.message_id)
