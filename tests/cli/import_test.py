"""`cartbell import`: NDJSON in pieces, bad lines, the Online Retail CSV, progress, two writers."""

import csv
import io
import json
import os
import pty
import select
import subprocess
import time
import unittest

from command import COMMAND, DONE, REFUSED, STORE, CommandTest, order


class Ndjson(CommandTest):
    def test_a_bad_line_spoils_only_itself_and_is_named(self):
        lines = [json.dumps(order(1)), "", "no JSON", json.dumps(order(2, status={"general": "no_such"})), json.dumps(order(3)) + "\r"]
        text = self.cartbell("import", self.file("orders.ndjson", "\n".join(lines)), "--results", "results.ndjson", code=REFUSED)
        self.assertIn("4 operations", text)
        self.assertRegex(text, r"rejected +2")
        self.assertIn("line 3:", self.errors)
        self.assertIn("line 4:", self.errors)
        self.assertIn("/order/status/general", self.errors)
        with open(os.path.join(self.folder, "results.ndjson"), encoding="utf-8") as file:
            results = [json.loads(line) for line in file]
        self.assertEqual([result["outcome"] for result in results], ["accepted", "rejected", "rejected", "accepted"])
        self.cartbell("order", "show", "3")

    def test_the_same_again_is_duplicates(self):
        path = self.file("orders.ndjson", self.ndjson([order(number) for number in range(5)]))
        self.assertEqual(self.answer("import", path)["accepted"], 5)
        again = self.answer("import", path)
        self.assertEqual((again["accepted"], again["duplicate"]), (0, 5))

    def test_longer_input_is_cut_within_the_limits_of_a_batch(self):
        operations = [order(number, f"C-{number % 100}") for number in range(2_345)]
        done = self.answer("import", "-", stdin=self.ndjson(operations))
        self.assertEqual((done["operations"], done["accepted"] + done["late"]), (2_345, 2_345))
        self.assertEqual(self.answer("digest")["orders"], 2_345)

    def test_more_bytes_than_a_batch_may_hold_are_cut_too(self):
        note = "x" * 60_000
        operations = [order(number, delivery={"note": note}) for number in range(400)]   # 24 MB
        self.assertEqual(self.answer("import", "-", stdin=self.ndjson(operations))["accepted"], 400)

    def test_one_line_over_the_limits_is_rejected_and_the_rest_goes_on(self):
        text = self.ndjson([order(1)]) + '{"x":"' + "y" * (17 << 20) + '"}\n' + self.ndjson([order(2)])
        done = json.loads(self.cartbell("import", "-", "--json", stdin=text, code=REFUSED))
        self.assertEqual((done["accepted"], done["rejected"]), (2, 1))
        self.assertIn("line 2:", self.errors)

    def test_an_empty_input_is_no_error(self):
        self.assertIn("0 operations", self.cartbell("import", "-", stdin=""))

    def test_a_file_that_is_not_there_is_told(self):
        self.cartbell("import", "nothing.ndjson", code=REFUSED)
        self.assertIn("nothing.ndjson", self.errors)

    def test_a_source_is_named_for_all(self):
        self.shop()
        self.cartbell("settings", "put", "-", stdin=json.dumps({"sources": [{"code": "site", "name": "Site", "trust": "public", "rank": 1}]}))
        self.cartbell("import", "-", "--source", "site", stdin=self.ndjson([order(1)]))
        self.assertEqual(self.answer("order", "show", "1")["source"], "site")
        self.cartbell("import", "-", "--source", "nobody", stdin=self.ndjson([order(2)]), code=REFUSED)

    def test_warnings_are_counted(self):
        self.shop()
        text = self.cartbell("import", "-", stdin=self.ndjson([order(1, subtotal="1.00", discount="0.00", total="77.00")]))
        self.assertIn("total_mismatch", text)

    def test_a_second_writer_is_told_that_the_store_is_busy(self):
        self.shop()
        results = os.path.join(self.folder, "results.ndjson")
        first = subprocess.Popen([COMMAND, "import", "-", "--results", results], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, env=self.environment())
        self.addCleanup(first.kill)
        # The importer makes its file of results once it holds the store.
        for _ in range(600):
            if os.path.exists(results):
                break
            time.sleep(0.05)
        done = self.run_raw("settings", "put", "-", stdin=b"{}")
        self.assertEqual(done.returncode, STORE)
        self.assertIn(b"busy", done.stderr)
        self.cartbell("stats")   # reading goes on beside it
        out, _ = first.communicate(self.ndjson([order(1)]).encode(), timeout=60)
        self.assertEqual(first.returncode, DONE, out)
        self.cartbell("order", "show", "1")


class Progress(CommandTest):
    def test_a_terminal_sees_a_bar_and_a_pipe_sees_none(self):
        path = self.file("orders.ndjson", self.ndjson([order(number) for number in range(3_000)]))
        master, slave = pty.openpty()
        done = subprocess.Popen([COMMAND, "import", path], stdout=subprocess.PIPE, stderr=slave, env=self.environment())
        os.close(slave)
        seen = b""
        while True:
            try:
                if not select.select([master], [], [], 60)[0]:
                    break
                block = os.read(master, 4096)
            except OSError:   # the other end is closed
                break
            if not block:
                break
            seen += block
        os.close(master)
        out = done.communicate(timeout=60)[0].decode()
        self.assertEqual(done.returncode, DONE)
        self.assertIn("█", seen.decode())
        self.assertIn("%", seen.decode())
        self.assertNotIn("█", out)
        self.store += ".pipe"
        self.cartbell("import", path)
        self.assertNotIn("█", self.errors)


HEAD = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
ROWS = [
    ["536365", "85123A", "WHITE HANGING HEART", "6", "2010-12-01 08:26:00", "2.55", "17850.0", "United Kingdom"],
    ["536366", "22633", 'HAND WARMER, "UNION JACK"', "6", "2010-12-01 08:28:00", "1.85", "13047.0", "United Kingdom"],
    ["536365", "DOT", "two\nlines", "2", "2010-12-01 08:25:00", "0.0012", "17850.0", "United Kingdom"],
    ["C536379", "D", "Discount", "-1", "2010-12-01 09:41:00", "27.5", "14527.0", "United Kingdom"],
    ["536414", "22139", "", "56", "2010-12-01 11:52:00", "0.0", "", "France"],
    ["536589", "21777", "damaged", "-10", "2010-12-01 16:50:00", "0", "", "United Kingdom"],
]


def as_csv(rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(rows)
    return text.getvalue().encode()


class OnlineRetail(CommandTest):
    def retail(self, data, **more):
        return self.cartbell("import", "--format", "online-retail", "-", stdin=data, **more)

    def test_an_invoice_is_an_order_with_lines_numbered_by_row(self):
        text = self.retail(as_csv(ROWS))
        self.assertIn("6 rows, 5 invoices", text)
        first = self.answer("order", "show", "536365")
        self.assertEqual([(line["line_id"], line["product_id"]) for line in first["lines"]], [("1", "85123A"), ("2", "DOT")])
        self.assertEqual(first["placed_at"], "2010-12-01T08:25:00Z")   # the earliest row
        self.assertEqual(first["total"], "15.3024")                    # 6 x 2.55 + 2 x 0.0012
        self.assertEqual(first["currency"], "GBP")
        self.assertEqual(first["delivery"]["address"]["country"], "United Kingdom")
        self.assertEqual(self.answer("customer", "show", "external_id:17850")["orders"], ["536365"])
        self.assertEqual(self.answer("order", "show", "536366")["lines"][0]["name"], 'HAND WARMER, "UNION JACK"')
        self.assertEqual(first["lines"][1]["name"], "two\nlines")

    def test_prefix_c_is_cancelled_and_other_negative_quantities_stay(self):
        self.retail(as_csv(ROWS))
        cancelled = self.answer("order", "show", "C536379")
        self.assertEqual(self.answer("segment", "count", '{"orders":{"where":{"status.general":"cancelled"}}}')["count"], 1)
        self.assertFalse(cancelled["in_analytics"])
        self.assertEqual(cancelled["total"], "-27.50")
        negative = self.answer("order", "show", "536589")
        self.assertTrue(negative["in_analytics"])
        self.assertEqual(negative["lines"][0]["quantity"], "-10")

    def test_rows_without_a_customer_give_orders_without_owner(self):
        self.retail(as_csv(ROWS))
        digest = self.answer("digest")
        self.assertEqual((digest["orders"], digest["customers"]), (5, 3))
        self.answer("order", "show", "536414")

    def test_a_new_store_gets_the_settings_and_an_old_one_keeps_its_own(self):
        self.retail(as_csv(ROWS[:1]))
        self.assertEqual(self.answer("settings", "get", "shop")["currency"], "GBP")
        self.store += ".own"
        self.shop()
        self.cartbell("init", "--locale", "lv")
        self.retail(as_csv(ROWS[:1]))
        self.assertEqual(self.answer("settings", "get", "shop")["currency"], "EUR")

    def test_bytes_that_are_no_utf8_are_read_as_latin_1(self):
        data = as_csv(ROWS[:1]).replace(b"WHITE HANGING HEART", b"\xa3 CAF\xc9")
        self.retail(data)
        self.assertIn("1 text was not UTF-8", self.errors)
        self.assertEqual(self.answer("order", "show", "536365")["lines"][0]["name"], "£ CAFÉ")

    def test_a_row_that_makes_no_sense_stops_it_before_anything_is_stored(self):
        for column, wrong, word in [(3, "six", "Quantity"), (3, "1.5", "Quantity"), (5, "2.55555", "UnitPrice"), (4, "1/12/2010 8:26", "InvoiceDate"),
                                    (4, "2010-13-01 08:26:00", "InvoiceDate"), (0, "", "InvoiceNo"), (3, "999999999999999", "Quantity")]:
            with self.subTest(wrong=wrong):
                rows = [row[:] for row in ROWS]
                rows[1][column] = wrong
                self.retail(as_csv(rows), code=REFUSED)
                self.assertIn(word, self.errors)
                self.cartbell("digest", code=STORE)   # there is not even a store
        self.retail(as_csv(ROWS)[:-20] + b'"open', code=REFUSED)
        self.assertIn("quote", self.errors)
        self.retail(b"a,b,c\n1,2,3\n", code=REFUSED)
        self.assertIn("InvoiceNo", self.errors)


if __name__ == "__main__":
    unittest.main()
