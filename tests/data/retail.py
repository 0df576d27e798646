"""Online Retail computed straight from its CSV, without Cartbell: the independent answers that the store is held against."""

import csv
import io
import lzma
import os
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal


def shared():
    return os.environ.get("CARTBELL_SHARED") or os.path.join(os.path.dirname(__file__), "..", "..", "..", "shared")


def path():
    return os.path.join(shared(), "data", "online_retail", "online_retail.csv.xz")


@dataclass
class Invoice:
    """An invoice is an order: lines numbered by row, placed at its earliest row."""

    number: str
    customer: str | None = None
    country: str = ""
    placed_at: datetime | None = None
    total: Decimal = Decimal(0)
    lines: list = field(default_factory=list)  # (stock code, description, quantity, price)

    @property
    def cancelled(self):
        return self.number.startswith("C")


def rows():
    with lzma.open(path(), "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def invoices():
    found = {}
    for row in rows():
        invoice = found.setdefault(row["InvoiceNo"], Invoice(row["InvoiceNo"]))
        at = datetime.fromisoformat(row["InvoiceDate"])
        quantity, price = Decimal(row["Quantity"]), Decimal(row["UnitPrice"])
        invoice.customer = row["CustomerID"].removesuffix(".0") or None
        invoice.country = row["Country"]
        invoice.placed_at = at if invoice.placed_at is None else min(invoice.placed_at, at)
        invoice.total += quantity * price
        invoice.lines.append((row["StockCode"], row["Description"], quantity, price))
    return found


def known_answers(found):
    """The numbers of shared/data/README.md, from invoices alone (of the CSV here, of the store in the test)."""
    lines = [(invoice, line) for invoice in found for line in invoice.lines]
    return {
        "invoices": len(found),
        "cancellations": sum(invoice.cancelled for invoice in found),
        "cancelled rows": sum(invoice.cancelled for invoice, _ in lines),
        "rows": len(lines),
        "customers": len({invoice.customer for invoice in found if invoice.customer}),
        "rows without a customer": sum(invoice.customer is None for invoice, _ in lines),
        "stock codes": len({line[0] for _, line in lines}),
        "countries": len({invoice.country for invoice in found}),
        "rows with price <= 0": sum(line[3] <= 0 for _, line in lines),
        "rows with negative quantity": sum(line[2] < 0 for _, line in lines),
    }


PUBLISHED = {
    "invoices": 25_900,
    "cancellations": 3_836,
    "cancelled rows": 9_288,
    "rows": 541_909,
    "customers": 4_372,
    "rows without a customer": 135_080,
    "stock codes": 4_070,
    "countries": 38,
    "rows with price <= 0": 2_517,
    "rows with negative quantity": 10_624,
}

NOW = "2011-12-10T00:00:00Z"
CLOCK = datetime(2011, 12, 10)

SEED = {"all": [{"purchases": {"count": {"lt": 5}}}, {"purchases": {"last": {"placed_at": {"ago": {"gt": "1mo"}}}}}]}
LAST_90 = {"between": ["2011-09-11", "2011-12-10"]}
SEGMENTS = {
    "loyal-hearts": {
        "all": [
            {"purchases": {"count": {"ge": 3}, "period": LAST_90}},
            {"purchases": {"where": {"lines": {"where": {"product_id": "85123A"}}}, "period": LAST_90}},
        ]
    },
    "good-but-gone": {
        "all": [
            {"purchases": {"sum": {"of": "total", "is": {"ge": "1000"}}, "period": {"between": ["2011-01-01", "2012-01-01"]}}},
            {"not": {"purchases": {"period": {"past": "60d"}}}},
        ]
    },
    "offer": SEED,
    "cancels-but-spends": {
        "all": [
            {"orders": {"where": {"status.general": "cancelled"}}},
            {"purchases": {"avg": {"of": "total", "is": {"ge": "300"}}}},
        ]
    },
    "broad-abroad": {
        "all": [
            {"bought": {"distinct": {"of": "product_id", "is": {"ge": 20}}, "period": {"past": "6mo"}}},
            {"orders": {"first": {"delivery.address.country": {"ne": "United Kingdom"}}}},
        ]
    },
}


def months_before(moment, months):
    index = moment.year * 12 + moment.month - 1 - months
    return moment.replace(year=index // 12, month=index % 12 + 1)


def members(found):
    """Who is in each of SEGMENTS at NOW, as sets of customer numbers. The 10th of every month exists, so months need no clamping here."""
    by_customer = defaultdict(list)
    for invoice in found:
        if invoice.customer:
            by_customer[invoice.customer].append(invoice)
    answer = {code: set() for code in SEGMENTS}
    for customer, orders in by_customer.items():
        orders.sort(key=lambda invoice: (invoice.placed_at, invoice.number))
        purchases = [invoice for invoice in orders if not invoice.cancelled]
        recent = [i for i in purchases if datetime(2011, 9, 11) <= i.placed_at < CLOCK]
        if len(recent) >= 3 and any(line[0] == "85123A" for i in recent for line in i.lines):
            answer["loyal-hearts"].add(customer)
        of_2011 = sum((i.total for i in purchases if i.placed_at.year == 2011), Decimal(0))
        if of_2011 >= 1000 and not any(i.placed_at + timedelta(days=60) > CLOCK for i in purchases):
            answer["good-but-gone"].add(customer)
        if purchases and len(purchases) < 5 and purchases[-1].placed_at < months_before(CLOCK, 1):
            answer["offer"].add(customer)
        if any(i.cancelled for i in orders) and purchases:
            if sum(i.total for i in purchases) / len(purchases) >= 300:
                answer["cancels-but-spends"].add(customer)
        half_year = {line[0] for i in purchases if i.placed_at > months_before(CLOCK, 6) for line in i.lines}
        if len(half_year) >= 20 and orders[0].country != "United Kingdom":
            answer["broad-abroad"].add(customer)
    return answer
