"""Olist computed straight from its CSV files, without Cartbell: the independent answers that the store is held against."""

import contextlib
import csv
import lzma
import os
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

import retail

ORDERS, PAYMENTS = "orders.csv", "payments.csv"
STATUSES = ["created", "approved", "invoiced", "processing", "shipped", "delivered", "unavailable", "canceled"]
NO_PURCHASE = {"canceled", "unavailable"}

# shared/data/README.md; what it does not tell of the subset is counted here once.
PUBLISHED = {
    "full": {
        "orders": 99_441,
        "facts": 392_856,
        "status": {"delivered": 96_478, "shipped": 1_107, "canceled": 625, "unavailable": 609, "invoiced": 314, "processing": 301, "created": 5, "approved": 2},
        "first purchase": "2016-09-04 21:15:19",
        "last purchase": "2018-10-17 17:30:18",
        "carrier before purchase": 166,
        "carrier before approval": 1_359,
        "delivered before carrier": 23,
        "delivered without a date": 8,
        "canceled yet delivered": 6,
        "without a payment": 1,
        "delivered, by delivery status": {"delivered": 96_447, "shipped": 30, "none": 1},
        "payments": 103_886,
        "paid": "16008872.12",
        "payment types": {"credit_card": 76_795, "boleto": 19_784, "voucher": 5_775, "debit_card": 1_529, "not_defined": 3},
    },
    "subset": {
        "orders": 4_531,
        "facts": 18_010,
        "status": {"delivered": 4_451, "shipped": 44, "canceled": 20, "invoiced": 8, "processing": 8},
        "carrier before purchase": 6,
        "carrier before approval": 60,
        "delivered before carrier": 1,
        "delivered without a date": 0,
        "canceled yet delivered": 0,
        "without a payment": 0,
        "delivered, by delivery status": {"delivered": 4_450, "shipped": 1},
        "payments": 4_696,
        "payment types": {"credit_card": 3_494, "boleto": 926, "voucher": 217, "debit_card": 59},
    },
}


@dataclass
class Order:
    """A row of the orders with its payments. Dates as they stand in the file, which sort as they read; None where there is none."""

    order_id: str
    customer: str
    status: str
    purchased: str
    approved: str | None
    carrier: str | None
    delivered: str | None
    promised: str | None
    payments: list = field(default_factory=list)  # (sequential, type, installments, amount)

    @property
    def dates(self):
        return [self.purchased, self.approved, self.carrier, self.delivered]

    @property
    def delivery_status(self):
        """By the dates: the latest says, of equal ones the later step."""
        dated = [(date, step) for step, date in (("1 shipped", self.carrier), ("2 delivered", self.delivered)) if date]
        return max(dated)[1][2:] if dated else "none"


def folder():
    return os.path.join(retail.shared(), "data", "olist")


@contextlib.contextmanager
def unpacked(which):
    """A folder with the two CSV files: the subset where it lies, of the full set an unpacked copy that goes with the context."""
    if which == "subset":
        yield os.path.join(folder(), "subset")
        return
    with tempfile.TemporaryDirectory(prefix="cartbell-olist-") as made:
        for packed, name in (("orders_dataset", ORDERS), ("order_payments_dataset", PAYMENTS)):
            with lzma.open(os.path.join(folder(), f"{packed}.csv.xz")) as source, open(os.path.join(made, name), "wb") as target:
                shutil.copyfileobj(source, target)
        yield made


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def orders(unpacked_folder):
    found = {}
    for row in rows(os.path.join(unpacked_folder, ORDERS)):
        dates = [row[f"order_{name}"] or None for name in ("approved_at", "delivered_carrier_date", "delivered_customer_date", "estimated_delivery_date")]
        found[row["order_id"]] = Order(row["order_id"], row["customer_id"], row["order_status"], row["order_purchase_timestamp"], *dates)
    for row in rows(os.path.join(unpacked_folder, PAYMENTS)):
        payment = (int(row["payment_sequential"]), row["payment_type"], int(row["payment_installments"]), Decimal(row["payment_value"]))
        found[row["order_id"]].payments.append(payment)
    for order in found.values():
        order.payments.sort()
    return found


def known_answers(found):
    """The numbers of shared/data/README.md, from orders alone (of the CSV here, of the store in the test)."""
    found = list(found)
    payments = [payment for order in found for payment in order.payments]
    return {
        "orders": len(found),
        "facts": sum(date is not None for order in found for date in order.dates),
        "status": dict(Counter(order.status for order in found)),
        "first purchase": min(order.purchased for order in found),
        "last purchase": max(order.purchased for order in found),
        "carrier before purchase": sum(bool(o.carrier) and o.carrier < o.purchased for o in found),
        "carrier before approval": sum(bool(o.carrier and o.approved) and o.carrier < o.approved for o in found),
        "delivered before carrier": sum(bool(o.carrier and o.delivered) and o.delivered < o.carrier for o in found),
        "delivered without a date": sum(o.status == "delivered" and not o.delivered for o in found),
        "canceled yet delivered": sum(o.status == "canceled" and bool(o.delivered) for o in found),
        "without a payment": sum(not o.payments for o in found),
        "delivered, by delivery status": dict(Counter(o.delivery_status for o in found if o.status == "delivered")),
        "payments": len(payments),
        "paid": str(sum((payment[3] for payment in payments), Decimal(0))),
        "payment types": dict(Counter(payment[1] for payment in payments)),
    }
