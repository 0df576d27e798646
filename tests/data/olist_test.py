"""Olist imported by the command and read back through the C ABI: every order as in the CSV files, known answers, segments, a second import.

Usage: olist_test.py CARTBELL LIBRARY subset|full
"""

import json
import os
import sys
import tempfile
from decimal import Decimal

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import olist  # noqa: E402
from cartbell_c import Store  # noqa: E402
from offer import run  # noqa: E402

NOW = "2018-11-01T00:00:00Z"


def as_in_csv(instant):
    return instant and instant.removesuffix("Z").replace("T", " ")


class StoredOrder(olist.Order):
    """The order as the store has it, as rows of the files again; its delivery status is the store's own."""

    def __init__(self, order):
        reached = order["reached"]
        super().__init__(
            order["order_id"], order["customer"]["external_id"], order["status"]["general"]["code"], as_in_csv(order["placed_at"]),
            as_in_csv(reached.get("payment", {}).get("approved")), as_in_csv(reached.get("delivery", {}).get("shipped")),
            as_in_csv(reached.get("delivery", {}).get("delivered")), as_in_csv(order.get("delivery", {}).get("at")),
            [(int(p["payment_id"]), p["type"], p["installments"], Decimal(p["amount"])) for p in order.get("payments", [])],
        )
        self.stored_delivery_status = order["status"].get("delivery", {}).get("code", "none")
        assert order["currency"] == "BRL", self.order_id
        assert order["in_analytics"] == (self.status not in olist.NO_PURCHASE), self.order_id
        total = sum((payment[3] for payment in self.payments), Decimal(0))
        assert Decimal(order["total"]) == total if self.payments else "total" not in order, self.order_id
        history = [(row["set"], row["to"], as_in_csv(row["at"])) for row in order["history"]]
        steps = [("general", self.status), ("payment", "approved"), ("delivery", "shipped"), ("delivery", "delivered")]
        dated = [(date, step, *steps[step]) for step, date in enumerate(self.dates) if date]
        assert history == [(kind, code, date) for date, _, kind, code in sorted(dated)], (self.order_id, history)

    @property
    def delivery_status(self):
        return self.stored_delivery_status


def check_orders(store, source):
    stored = {order["order_id"]: StoredOrder(order) for order in store.orders(list(source))}
    assert list(stored) == list(source)
    for order_id, order in source.items():
        mine = stored[order_id]
        assert (order.customer, order.status, order.dates, order.promised, order.payments) == (
            mine.customer, mine.status, mine.dates, mine.promised, mine.payments), order_id
        assert order.delivery_status == mine.delivery_status, order_id
    return olist.known_answers(stored.values())


def check_segments(cartbell, path, source):
    """The engine's own counting. Every order of Olist has a customer of its own."""
    def count(predicate):
        answer = run(cartbell, "--store", path, "--at", NOW, "--json", "segment", "count", json.dumps(predicate))
        return json.loads(answer)["count"]

    by_status = {status: count({"orders": {"where": {"status.general": status}}}) for status in olist.STATUSES}
    answers = olist.known_answers(source.values())
    assert {status: number for status, number in by_status.items() if number} == answers["status"], by_status
    purchases = sum(order.status not in olist.NO_PURCHASE for order in source.values())
    assert count({"purchases": {"count": {"ge": 1}}}) == purchases
    vouchers = sum(any(payment[1] == "voucher" for payment in order.payments) for order in source.values())
    assert count({"orders": {"where": {"payments": {"where": {"type": "voucher"}}}}}) == vouchers > 0
    print(f"segments: {purchases} purchases, {vouchers} paid with vouchers, statuses {by_status}")


def check_published(which, answers):
    assert olist.PUBLISHED[which].keys() <= answers.keys()
    wrong = {name: (answers[name], value) for name, value in olist.PUBLISHED[which].items() if answers[name] != value}
    assert not wrong, wrong


def main():
    cartbell, library, which = sys.argv[1:4]
    with tempfile.TemporaryDirectory() as made, olist.unpacked(which) as files:
        source = olist.orders(files)
        check_published(which, olist.known_answers(source.values()))
        path = os.path.join(made, "olist.db")

        def bring(*what):
            return json.loads(run(cartbell, "--store", path, "--json", "import", "--format", "olist", *what))

        first = bring(files)
        facts = sum(date is not None for order in source.values() for date in order.dates)
        assert first["accepted"] + first["late"] == first["operations"] == facts, first
        with Store(library, path) as store:
            answers = check_orders(store, source)
            assert answers == olist.known_answers(source.values())
            check_published(which, answers)
            digest = store.digest(1)
            assert digest == store.digest(2), "applied is not refolded"
        print(f"{len(source)} orders as in the CSV files; known answers: {answers}")
        check_segments(cartbell, path, source)
        again = bring(os.path.join(files, olist.PAYMENTS), os.path.join(files, olist.ORDERS))
        assert again["duplicate"] == again["operations"] == facts, again
        with Store(library, path) as store:
            assert store.digest(1) == digest, "a second import changed something"
        print(f"again: {facts} duplicates")


if __name__ == "__main__":
    main()
