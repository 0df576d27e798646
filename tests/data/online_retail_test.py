"""Online Retail, all 541,909 rows, imported by the command and read back through the C ABI: known answers, five segments, the seed's own offer.

Usage: online_retail_test.py CARTBELL LIBRARY
"""

import os
import sys
import tempfile
from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import offer  # noqa: E402
import retail  # noqa: E402
from cartbell_c import Store  # noqa: E402


def invoice_of(order):
    """The order as the store has it, as an invoice again."""
    invoice = retail.Invoice(order["order_id"], (order["customer"] or {}).get("external_id"), order["delivery"]["address"]["country"])
    invoice.placed_at = datetime.fromisoformat(order["placed_at"].removesuffix("Z"))
    invoice.total = Decimal(order["total"])
    assert [line["line_id"] for line in order["lines"]] == [str(i + 1) for i in range(len(order["lines"]))], "lines are numbered by row"
    invoice.lines = [(l["product_id"], l.get("name", ""), Decimal(l["quantity"]), Decimal(l["price"])) for l in order["lines"]]
    assert (order["status"].get("general", {}).get("code") == "cancelled") == invoice.cancelled, order["order_id"]
    assert order["in_analytics"] != invoice.cancelled, order["order_id"]
    assert order["currency"] == "GBP"
    return invoice


def check_known_answers(store, invoices):
    stored = [invoice_of(order) for order in store.orders(list(invoices))]
    answers = retail.known_answers(stored)
    assert answers == retail.PUBLISHED, {k: (answers[k], v) for k, v in retail.PUBLISHED.items() if answers[k] != v}
    for invoice in stored:
        source = invoices[invoice.number]
        assert (invoice.customer, invoice.country, invoice.placed_at, invoice.total) == (source.customer, source.country, source.placed_at, source.total), invoice.number
        assert Counter(invoice.lines) == Counter(source.lines), invoice.number
    print(f"{len(stored)} orders as in the CSV; known answers: {answers}")


def check_segments(store, invoices):
    expected = retail.members(invoices.values())
    for code, members in expected.items():
        assert members, f"nobody in {code}: the segment shows nothing"
        found = store.customers(code, retail.NOW)
        assert store.count(code, retail.NOW) == len(members) == len(found), (code, len(members), len(found))
        assert {f"external_id:{customer}" for customer in members} == set(found), code
        one = sorted(found)[0]
        assert store.explain(code, one, retail.NOW)["match"] is True, (code, one)
        print(f"segment {code}: {len(members)}")
    return expected["offer"]


def check_offer(cartbell, library, path, invoices, members):
    reference = offer.dry_run(cartbell, path)
    offer.run(cartbell, "--store", path, "--at", retail.NOW, "mailing", "start", offer.MAILING)
    with Store(library, path) as store:
        messages = list(store.messages(f"mailing:{offer.MAILING}"))
    customers = {invoice.customer for invoice in invoices.values() if invoice.customer}
    assert Counter(m["customer"] for m in messages) == Counter({f"external_id:{c}": 1 for c in customers}), "one message for each customer"
    rendered = [m for m in messages if m["state"] == "queued"]
    blocked = [m for m in messages if m["state"] == "blocked"]
    assert len(rendered) + len(blocked) == len(messages) == reference["audience"]
    assert {m["customer"] for m in rendered} == {f"external_id:{c}" for c in members}
    assert Counter(m["reason"] for m in blocked) == Counter(reference["blocked"]) == Counter({offer.REASON: len(customers) - len(members)})
    assert reference["rendered"] == len(rendered) and not reference["failed"], "the dry run equals the real run"
    last = defaultdict(list)
    for invoice in invoices.values():
        if invoice.customer and not invoice.cancelled:
            last[invoice.customer].append(invoice)
    for message in rendered:
        check_text(message, max(last[message["customer"].removeprefix("external_id:")], key=lambda i: (i.placed_at, i.number)))
    print(f"offer: {len(rendered)} rendered, {len(blocked)} blocked, each with its last order's lines; dry run the same")


def check_text(message, invoice):
    def number(value):
        return format(value.normalize(), "f")

    assert message["parts"]["subject"] == f"Order {invoice.number}", message["customer"]
    lines = "".join(f"<p>{i + 1};{code};{number(quantity)}</p>" for i, (code, _, quantity, _) in enumerate(invoice.lines))
    assert message["parts"]["body"] == f"<h1>Your last order {invoice.number}</h1>{lines}", message["customer"]


def main():
    cartbell, library = sys.argv[1:3]
    invoices = retail.invoices()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "retail.db")
        offer.prepare(cartbell, path)
        for code, predicate in retail.SEGMENTS.items():
            offer.put(cartbell, path, "segment", predicate, code)
        with Store(library, path) as store:
            check_known_answers(store, invoices)
            assert store.digest(1) == store.digest(2), "applied is not refolded"
            members = check_segments(store, invoices)
        check_offer(cartbell, library, path, invoices, members)


if __name__ == "__main__":
    main()
