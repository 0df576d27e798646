"""`cartbell import --format olist`: the files of a person, whole and wrong; --print and --batch, which every format has."""

import json
import os
import re
import unittest
from pathlib import Path

from command import REFUSED, STORE, USAGE, CommandTest, order

ORDERS = """order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date
o1,c1,delivered,2017-10-02 10:56:33,2017-10-02 11:07:15,2017-10-04 19:55:00,2017-10-10 21:25:13,2017-10-18 00:00:00
o2,c2,canceled,2018-07-24 20:41:37,,,,
o3,c3,shipped,2018-08-08 08:38:49,2018-08-08 08:55:23,2018-08-08 13:50:00,2018-08-08 13:50:00,2018-09-04 00:00:00
o4,c4,delivered,2018-01-02 00:00:00,2018-01-04 00:00:00,2018-01-01 00:00:00,,2018-09-04 00:00:00
"""
PAYMENTS = """order_id,payment_sequential,payment_type,payment_installments,payment_value
o1,2,voucher,1,18.59
o1,1,credit_card,3,18.12
o3,1,boleto,1,141.4
"""
NOW = "2018-11-01T00:00:00Z"


class Olist(CommandTest):
    def files(self, orders=ORDERS, payments=PAYMENTS):
        return [self.file("orders.csv", orders), self.file("payments.csv", payments)]

    def olist(self, *paths, **more):
        return self.cartbell("import", "--format", "olist", *paths, at=NOW, **more)

    def statuses(self, number):
        return [(row["set"], row["to"], row["at"]) for row in self.answer("order", "show", number)["history"]]

    def test_an_order_is_its_dated_facts(self):
        text = self.olist(*self.files())
        self.assertIn("4 orders, 3 payments, 12 dated facts", text)
        self.assertEqual(self.errors, "")
        first = self.answer("order", "show", "o1")
        self.assertEqual((first["placed_at"], first["currency"], first["total"]), ("2017-10-02T10:56:33Z", "BRL", "36.71"))
        self.assertEqual(first["delivery"], {"at": "2017-10-18T00:00:00Z"})
        self.assertEqual(first["customer"], {"external_id": "c1"})
        self.assertEqual(first["payments"], [{"payment_id": "1", "type": "credit_card", "amount": "18.12", "installments": 3},
                                             {"payment_id": "2", "type": "voucher", "amount": "18.59", "installments": 1}])
        self.assertEqual(self.statuses("o1"), [("general", "delivered", "2017-10-02T10:56:33Z"), ("payment", "approved", "2017-10-02T11:07:15Z"),
                                               ("delivery", "shipped", "2017-10-04T19:55:00Z"), ("delivery", "delivered", "2017-10-10T21:25:13Z")])
        self.assertEqual(self.statuses("o3")[-1][1], "delivered", "of equal times the later step is the later one")
        self.assertEqual(self.statuses("o4")[0][:2], ("delivery", "shipped"), "a carrier's date before the purchase is kept")
        second = self.answer("order", "show", "o2")
        self.assertFalse(second["in_analytics"])
        self.assertNotIn("total", second)   # nobody said what was paid
        self.assertEqual(self.answer("settings", "get", "shop")["currency"], "BRL")

    def test_a_folder_or_the_files_in_any_order_are_the_same(self):
        orders, payments = self.files()
        reference = self.olist("--print", self.folder)
        self.assertEqual(len(reference.splitlines()), 12)
        self.assertEqual(self.olist("--print", payments, orders), reference)
        self.file("payments.csv", PAYMENTS.splitlines()[0] + "\r\n" + "\r\n".join(reversed(PAYMENTS.splitlines()[1:])))
        self.assertEqual(self.olist("--print", self.folder), reference)

    def test_twice_is_duplicates(self):
        self.files()
        self.olist(self.folder)
        digest = self.answer("digest")
        again = json.loads(self.olist(self.folder, "--json"))
        self.assertEqual((again["duplicate"], again["accepted"], again["late"]), (12, 0, 0))
        self.assertEqual(self.answer("digest"), digest)

    def test_a_store_of_its_own_settings_is_told_what_it_lacks(self):
        self.shop()
        self.cartbell("settings", "put", "-", stdin='{"shop":{"currency":"USD"}}')
        self.olist(*self.files(), code=REFUSED)
        for status in ("general: delivered", "general: canceled", "general: shipped", "payment: approved", "--add-settings"):
            self.assertIn(status, self.errors)
        self.assertNotIn("unavailable", self.errors)   # the file has none
        self.assertEqual(self.answer("digest")["orders"], 0)
        self.olist(*self.files(), "--add-settings")
        self.assertEqual(self.answer("digest")["orders"], 4)
        self.assertEqual(self.answer("settings", "get", "shop")["currency"], "USD")
        self.olist(*self.files())   # and is asked no more

    def test_the_settings_of_the_page_are_those_it_needs(self):
        page = Path(__file__).parents[2].joinpath("docs", "import.md").read_text(encoding="utf-8")
        told = json.loads(re.search(r"## Olist.*?```json\n(.*?)```", page, re.DOTALL).group(1))
        self.olist(*self.files())
        by_itself = self.answer("settings", "get")
        for status in told["statuses"]:
            self.assertIn({"in_analytics": True, **status}, by_itself["statuses"])
        self.assertEqual({**by_itself["shop"], **told["shop"]}, by_itself["shop"])
        self.store += ".told"
        self.cartbell("init", "--settings", self.file("settings.json", told))
        every = "".join(f"e{number},c,{status['code']},2017-10-02 10:56:33,,,,\n" for number, status in enumerate(told["statuses"]) if status["set"] == "general")
        self.olist(*self.files(orders=ORDERS + every))
        self.assertEqual(self.answer("digest")["orders"], 4 + 8)

    def test_payments_of_other_orders_are_told(self):
        self.olist(*self.files(payments=PAYMENTS + "o9,1,voucher,1,1.00\n"))
        self.assertIn("payments of 1 order are left out", self.errors)

    def test_what_makes_no_sense_is_told_with_line_and_column_and_stores_nothing(self):
        for name, text, wrong, place, word in [
            ("orders", ORDERS, ("2018-07-24 20:41:37", "24/07/2018 20:41"), "orders.csv, line 3, column order_purchase_timestamp", "24/07/2018"),
            ("orders", ORDERS, ("2017-10-04 19:55:00", "2017-13-04 19:55:00"), "orders.csv, line 2, column order_delivered_carrier_date", "no time"),
            ("orders", ORDERS, ("2018-07-24 20:41:37", ""), "orders.csv, line 3, column order_purchase_timestamp", "empty"),
            ("orders", ORDERS, (",canceled,", ",gone,"), "orders.csv, line 3, column order_status", "gone"),
            ("orders", ORDERS, ("o2,", "o1,"), "orders.csv, line 3, column order_id", "twice"),
            ("orders", ORDERS, ("o2,", ","), "orders.csv, line 3, column order_id", "empty"),
            ("orders", ORDERS, ("o2,c2", "o2"), "orders.csv, line 3", "7 fields"),
            ("orders", ORDERS, ("order_approved_at", "approved"), "orders.csv, line 1", "order_approved_at"),
            ("orders", ORDERS, ("c2", "c\x00"), "orders.csv, line 3, column customer_id", "UTF-8"),
            ("payments", PAYMENTS, ("18.12", "18,12"), "payments.csv, line 3", "6 fields"),
            ("payments", PAYMENTS, ("18.12", "a lot"), "payments.csv, line 3, column payment_value", "a lot"),
            ("payments", PAYMENTS, ("o1,2", "o1,1"), "payments.csv, line 3, column payment_sequential", "twice"),
            ("payments", PAYMENTS, ("credit_card,3", "credit_card,1.5"), "payments.csv, line 3, column payment_installments", "whole"),
            ("payments", PAYMENTS, ("o1,1", '"o1,1'), "payments.csv, line 3", "quote"),
        ]:
            with self.subTest(wrong=wrong):
                self.assertIn(wrong[0], text)
                self.olist(*self.files(**{name: text.replace(*wrong, 1)}), code=REFUSED)
                self.assertIn(place + ":", self.errors)
                self.assertIn(word, self.errors)
                self.cartbell("digest", code=STORE)   # there is not even a store

    def test_files_that_are_not_there_are_told(self):
        orders, payments = self.files()
        self.olist(orders, code=REFUSED)
        self.assertIn("no payments", self.errors)
        self.olist(orders, payments, orders, code=REFUSED)
        self.assertIn("both", self.errors)
        self.olist("nowhere", code=REFUSED)
        self.assertIn("nowhere", self.errors)
        os.remove(orders)
        self.olist(self.folder, code=REFUSED)
        self.assertIn("order_purchase_timestamp", self.errors)


class EveryFormat(CommandTest):
    def test_printed_operations_are_what_would_be_imported(self):
        path = self.file("orders.ndjson", self.ndjson([order(number) for number in range(5)]))
        printed = self.cartbell("import", "--print", path)
        self.assertEqual(len(printed.splitlines()), 5)
        self.cartbell("digest", code=STORE)   # no store was made
        self.cartbell("import", path)
        self.assertEqual(self.answer("import", "-", stdin=printed)["duplicate"], 5)

    def test_a_batch_is_a_transaction(self):
        path = self.file("orders.ndjson", self.ndjson([order(number) for number in range(5)]))
        digests = set()
        for batch in ("1", "2", "5", "10000"):
            self.store = os.path.join(self.folder, batch + ".db")
            self.assertEqual(self.answer("import", "--batch", batch, path)["accepted"], 5)
            digests.add(self.answer("digest")["digest"])
        self.assertEqual(len(digests), 1)
        self.cartbell("import", "--batch", "0", path, code=USAGE)
        self.cartbell("import", "--batch", "10001", path, code=USAGE)


if __name__ == "__main__":
    unittest.main()
