"""The whole job from a shell: every command, for people and with --json, its errors and exit codes."""

import json
import os
import re
import unittest
from pathlib import Path

from command import DONE, NOT_FOUND, REFUSED, STORE, USAGE, CommandTest, order

OFFER = {
    "code": "offer", "channel": "email", "subject": "For {{customer.external_id}}",
    "body": "<p>{{purchases.last.order_id}}:{{#purchases.last.lines}} {{name}}{{/purchases.last.lines}}</p>", "text": "plain",
    "condition": {"segment": "quiet"}, "reason": "bought lately",
}
QUIET = {"purchases": {"last": {"placed_at": {"ago": {"gt": "1mo"}}}}}
MAILING = {"code": "autumn", "audience": {"purchases": {"count": {"ge": 1}}}, "channel": "email", "category": "promo", "template": "offer"}

COMMANDS = [
    [], ["init"], ["import"], ["order"], ["order", "show"], ["order", "history"], ["customer"], ["customer", "show"],
    ["customer", "consent"], ["customer", "timeline"], ["customer", "events"], ["customer", "messages"], ["customer", "containers"], ["customer", "export"], ["customer", "erase"], ["events"], ["product"], ["product", "show"], ["product", "holders"], ["settings"], ["settings", "get"], ["settings", "put"],
    ["settings", "history"],
    ["settings", "diff"], ["segment"], ["segment", "put"], ["segment", "count"], ["segment", "list"],
    ["segment", "explain"], ["template"], ["template", "put"], ["template", "list"], ["template", "check"], ["template", "preview"],
    ["mailing"], ["mailing", "put"], ["mailing", "list"], ["mailing", "dry-run"], ["mailing", "start"], ["mailing", "status"],
    ["outbox"], ["outbox", "lease"], ["outbox", "report"], ["outbox", "export"], ["stats"], ["digest"],
]


class Help(CommandTest):
    def test_every_command_has_help_that_names_what_it_takes(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                text = self.cartbell(*command, "--help", at=None)
                self.assertIn("Usage:", text)
                self.assertGreater(len(text.splitlines()), 4)
                self.assertEqual(self.errors, "")

    def test_the_first_round_is_told_once_at_the_top(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                self.assertEqual("A first round" in self.cartbell(*command, "--help", at=None), command == [])

    def test_the_version_is_the_librarys(self):
        self.assertRegex(self.cartbell("--version", at=None), r"^cartbell \d+\.\d+\.\d+$")

    def test_wrong_usage_is_told_on_the_standard_error_with_its_own_exit_code(self):
        for wrong in [[], ["sgement"], ["segment"], ["segment", "count"], ["import"], ["stats", "--no-such-option"], ["outbox", "report"],
                      ["outbox", "lease", "--for", "soon"], ["import", "x", "--format", "xml"]]:
            with self.subTest(wrong=wrong):
                if wrong and wrong[0] == "outbox":
                    self.shop()
                self.assertEqual(self.cartbell(*wrong, code=USAGE, at=None), "")
                self.assertNotEqual(self.errors, "")

    def test_a_clock_that_is_none_is_wrong_usage(self):
        self.shop()
        for wrong in ["yesterday", "2011-13-01", "2011-02-30", "2011-12-10T25:00:00Z", "2011-12-10T00:00:00", "1969-12-31T00:00:00Z", "2011-12-10T00:00:00Zx"]:
            with self.subTest(at=wrong):
                self.cartbell("segment", "count", json.dumps(QUIET), code=USAGE, at=wrong)


class Store(CommandTest):
    def test_without_a_store_reading_and_writing_say_how_to_make_one(self):
        for command in [["stats"], ["order", "show", "1"], ["segment", "list", "x"], ["settings", "get"], ["mailing", "start", "x"]]:
            self.cartbell(*command, code=STORE)
            self.assertIn("cartbell init", self.errors)
            self.assertFalse(os.path.exists(self.store))

    def test_a_file_that_is_no_store_is_refused_and_left_alone(self):
        with open(self.store, "wb") as file:
            file.write(b"this is no database at all, only text\n" * 100)
        self.cartbell("stats", code=STORE)
        with open(self.store, "rb") as file:
            self.assertTrue(file.read().startswith(b"this is no database"))

    def test_init_is_repeatable_and_puts_settings(self):
        self.assertIn("Made the store", self.cartbell("init", "--currency", "GBP", "--zone", "Europe/London"))
        self.assertIn("is there", self.cartbell("init"))
        self.assertEqual(self.answer("settings", "get", "shop")["currency"], "GBP")
        self.cartbell("init", "--zone", "Mars/Base", code=REFUSED)
        self.assertIn("zone", self.errors)

    def test_stats_and_digest_are_the_same_for_any_order_of_arrival(self):
        operations = [order(number, f"C-{number % 3}", f"2011-11-{number + 1:02}T10:00:00Z") for number in range(9)]
        self.shop(operations)
        digest = self.answer("digest")
        self.assertRegex(digest["digest"], "^[0-9a-f]{64}$")
        self.assertEqual((digest["orders"], digest["customers"]), (9, 3))
        self.assertIn("the same state", self.cartbell("digest", "--check"))
        self.assertIn("9 orders", self.cartbell("digest"))
        self.assertIn("orders", self.cartbell("stats"))
        self.assertIsInstance(self.answer("stats"), dict)
        self.store += ".again"
        self.shop(reversed(operations))
        self.assertEqual(self.answer("digest"), digest)


class Facts(CommandTest):
    def setUp(self):
        super().setUp()
        self.shop([order(100, total="99.90", status={"general": "received"}, delivery={"address": {"city": "Riga"}})])
        change = {"type": "order", "id": "2", "occurred_at": "2011-11-02T10:00:00Z", "order": {"order_id": "100", "status": {"general": "completed"}}}
        self.cartbell("import", "-", stdin=self.ndjson([change]))

    def test_an_order_is_shown_with_its_lines(self):
        text = self.cartbell("order", "show", "100")
        for part in ["order 100", "99.90", "completed", "delivery.address.city", "Riga", "Mug"]:
            self.assertIn(part, text)
        self.assertEqual(self.answer("order", "show", "100")["order_id"], "100")

    def test_its_history_is_a_table(self):
        text = self.cartbell("order", "history", "100")
        self.assertLess(text.index("received"), text.index("completed"))

    def test_who_said_what_and_when(self):
        late = {"type": "order", "id": "3", "occurred_at": "2011-11-01T12:00:00Z", "order": {"order_id": "100", "status": {"payment": "paid"}, "discount": None}}
        profile = {"type": "customer", "id": "4", "occurred_at": "2011-11-03T10:00:00Z", "customer": {"external_id": "C-1"}, "profile": {"city": "Riga"}}
        self.cartbell("import", "-", stdin=self.ndjson([late, profile]))
        entries = self.answer("order", "history", "100")["entries"]
        self.assertEqual([entry["id"] for entry in entries][1:], ["3", "2"])
        self.assertEqual([entry["late"] for entry in entries], [False, True, False])
        text = self.cartbell("order", "history", "100")
        rows = text[text.index("\n\n"):]
        for part in ["2011-11-01T12:00:00Z", " late", "system", "status.payment paid", "discount cleared", "order.status_changed payment → paid", "general received → completed"]:
            self.assertIn(part, rows)
        self.assertLess(rows.index("payment → paid"), rows.index("received → completed"))

        text = self.cartbell("customer", "timeline", "external_id:C-1")
        for part in ["order.created", "city Riga", "order.status_changed payment → paid"]:
            self.assertIn(part, text)
        self.assertIn("--after", self.cartbell("customer", "timeline", "external_id:C-1", "--limit", "1"))
        page = self.answer("customer", "timeline", "external_id:C-1", "--limit", "1")
        self.assertEqual(self.answer("customer", "timeline", "external_id:C-1", "--after", page["next"], "--limit", "1")["entries"][0]["id"], "3")
        self.cartbell("customer", "timeline", "external_id:none", code=NOT_FOUND)
        self.cartbell("customer", "timeline", "external_id:C-1", "--after", "x", code=REFUSED)

    def test_events_are_listed_newest_first_of_a_customer_or_of_nobody(self):
        self.cartbell("init")
        self.cartbell("settings", "put", self.file("events.json", {"events": [{"name": "rates.read", "kind": "system"}]}))
        visits = [{"type": "event", "id": f"e{day}", "occurred_at": f"2011-11-0{day}T10:00:00Z", "session_id": "s", "name": "page.viewed",
                   "context": {"url": f"https://shop/{day}"}} for day in (1, 2)]
        visits[1]["customer"] = {"external_id": "C-9"}
        rates = {"type": "event", "id": "r", "occurred_at": "2011-11-03T10:00:00Z", "name": "rates.read"}
        self.cartbell("import", "-", stdin=self.ndjson([*visits, rates]))
        self.assertEqual([event["event_id"] for event in self.answer("customer", "events", "external_id:C-9")["events"]], ["e2", "e1"])
        self.assertEqual([event["event_id"] for event in self.answer("events")["events"]], ["r"])
        text = self.cartbell("customer", "events", "external_id:C-9")
        for part in ["page.viewed", "external_id C-9", "url https://shop/1"]:
            self.assertIn(part, text)
        self.assertIn("page.viewed, url https://shop/1", self.cartbell("customer", "timeline", "external_id:C-9"))
        self.assertIn("--after", self.cartbell("customer", "events", "external_id:C-9", "--limit", "1"))
        self.cartbell("customer", "events", "external_id:none", code=NOT_FOUND)

    def test_old_sends_are_listed_newest_first(self):
        self.cartbell("init")
        sends = [{"type": "message", "id": f"m{day}", "backfill": True, "customer": {"external_id": "C-9"},
                  "message": {"message_id": f"old-{day}", "channel": "email", "handed_over_at": f"2011-01-0{day}T10:00:00Z"}} for day in (1, 2)]
        sends.append({"type": "message", "id": "m3", "backfill": True, "message": {"message_id": "old-1", "opened_at": "2011-02-01T10:00:00Z"}})
        self.cartbell("import", "-", stdin=self.ndjson(sends))
        self.assertEqual([message["message_id"] for message in self.answer("customer", "messages", "external_id:C-9")["messages"]], ["old-2", "old-1"])
        text = self.cartbell("customer", "messages", "external_id:C-9")
        for part in ["handed_over", "opened", "old-1", "2011-01-02T10:00:00Z"]:
            self.assertIn(part, text)
        self.assertIn("--after", self.cartbell("customer", "messages", "external_id:C-9", "--limit", "1"))
        self.cartbell("customer", "messages", "external_id:none", code=NOT_FOUND)
        self.assertEqual(self.answer("stats")["old_messages"], 2)

    def test_the_timeline_has_orders_events_containers_and_messages_in_one_list(self):
        self.cartbell("import", "-", stdin=self.ndjson([order(77, customer="C-77")]))
        self.cartbell("import", "-", stdin=self.ndjson([
            {"type": "event", "id": "e", "occurred_at": "2011-11-02T10:00:00Z", "customer": {"external_id": "C-77"}, "name": "page.viewed"},
            {"type": "container", "id": "c", "occurred_at": "2011-11-03T10:00:00Z", "customer": {"external_id": "C-77"}, "container": "cart",
             "add": {"product_id": "MUG"}}]))
        self.cartbell("template", "put", self.file("offer.json", {**OFFER, "condition": True}))
        self.cartbell("mailing", "put", self.file("autumn.json", MAILING))
        self.cartbell("mailing", "start", "autumn")
        self.cartbell("import", "-", stdin=self.ndjson([
            {"type": "event", "id": "f", "occurred_at": "2011-12-11T10:00:00Z", "customer": {"external_id": "C-77"}, "name": "page.viewed"}]), at="2011-12-12")
        rows = self.cartbell("customer", "timeline", "C-77").splitlines()[1:]
        self.assertEqual([next(word for word in ("order", "event", "container", "message") if f" {word} " in row) for row in rows],
                         ["order", "event", "container", "message", "event"])
        self.assertIn("channel email, category promo, template offer, state queued", rows[3])
        self.assertIn("mailing:autumn", rows[3])
        page = self.cartbell("customer", "timeline", "C-77", "--limit", "3")
        self.assertIn("mailing:autumn", page)  # it was sent before the next page begins
        after = page.split("--after ")[1].split()[0]
        self.assertNotIn("mailing:autumn", self.cartbell("customer", "timeline", "C-77", "--after", after))
        self.assertEqual(len(self.answer("customer", "timeline", "C-77")["entries"]), 4)

    def test_containers_are_shown_of_a_customer_and_by_product(self):
        self.shop()
        added = {"type": "container", "id": "c1", "customer": {"external_id": "C-1"}, "container": "cart", "occurred_at": "2011-12-09T10:00:00Z",
                 "add": {"product_id": "MUG", "name": "Mug (large)", "quantity": "2", "price": "9.90"}}
        self.cartbell("import", "-", stdin=self.ndjson([added, {**added, "id": "c2", "customer": {"external_id": "C-2"}}]))
        cart = self.answer("customer", "containers", "external_id:C-1", "cart")
        self.assertEqual((cart["total"], cart["items"][0]["name"]), ("19.80", "Mug (large)"))
        self.assertEqual(self.answer("customer", "containers", "external_id:C-1"), {"containers": [cart]})
        text = self.cartbell("customer", "containers", "external_id:C-1")
        for part in ["cart", "1 product, 19.80", "Mug (large)", "2011-12-09T10:00:00Z"]:
            self.assertIn(part, text)
        self.assertEqual(len(self.answer("product", "holders", "MUG", "--container", "cart", "--limit", "1")["holders"]), 1)
        self.assertIn("--after", self.cartbell("product", "holders", "MUG", "--limit", "1"))
        text = self.cartbell("product", "holders", "MUG")
        for part in ["external_id:C-1", "external_id:C-2", "cart"]:
            self.assertIn(part, text)
        self.assertIn("add.product_id MUG", self.cartbell("customer", "timeline", "external_id:C-1"))
        self.cartbell("customer", "containers", "external_id:none", code=NOT_FOUND)
        self.cartbell("customer", "containers", "external_id:C-1", "cat", code=REFUSED)

    def test_a_customer_may_be_named_by_the_shops_id_alone(self):
        self.assertEqual(self.answer("customer", "show", "C-1"), self.answer("customer", "show", "external_id:C-1"))
        self.assertEqual(self.answer("customer", "timeline", "C-1"), self.answer("customer", "timeline", "external_id:C-1"))
        self.cartbell("customer", "show", "emial:a@b.eu", code=REFUSED)
        self.assertIn("kind", self.errors)

    def test_a_customer_is_shown_with_the_orders(self):
        self.assertIn("C-1", self.cartbell("customer", "show", "external_id:C-1"))
        self.assertEqual(self.answer("customer", "show", "external_id:C-1")["orders"], ["100"])

    def test_what_a_customer_allows(self):
        self.cartbell("settings", "put", self.file("settings.json", {"categories": [{"code": "promo", "kind": "promo"}, {"code": "watch", "kind": "tracking"}]}))
        said = {"type": "consent", "id": "c", "occurred_at": "2011-11-02T10:00:00Z", "customer": {"external_id": "C-1"}, "channel": "email",
                "category": "promo", "granted": True, "expires_at": "2011-12-01T00:00:00Z", "proof": "form 3"}
        self.cartbell("import", "-", stdin=self.ndjson([said]))
        text = self.cartbell("customer", "show", "external_id:C-1")
        for part in ["consents", "email", "promo", "form 3", "2011-12-01T00:00:00Z"]:
            self.assertIn(part, text)
        asked = ["customer", "consent", "external_id:C-1", "promo", "--channel", "email"]
        for at, expected in [("2011-11-01T00:00:00Z", "unknown"), ("2011-11-30T00:00:00Z", True), ("2011-12-01T00:00:00Z", "unknown")]:
            self.assertEqual(json.loads(self.cartbell(*asked, "--json", at=at))["is"], expected)
        self.assertIn("form 3", self.cartbell(*asked, at="2011-11-30T00:00:00Z"))
        self.assertIn("unknown", self.cartbell("customer", "consent", "external_id:C-1", "watch"))
        self.cartbell("customer", "consent", "external_id:C-1", "wach", code=REFUSED)
        self.cartbell("customer", "consent", "external_id:none", "watch", code=NOT_FOUND)

    def test_everything_of_a_customer_is_printed_as_one_document(self):
        whole = json.loads(self.cartbell("customer", "export", "external_id:C-1"))
        self.assertEqual(whole, self.answer("customer", "export", "external_id:C-1"))
        self.assertEqual(whole["customer"]["external_id"], "C-1")
        self.assertEqual([each["order_id"] for each in whole["orders"]], ["100"])
        self.assertEqual(whole["orders"][0], self.answer("order", "show", "100"))
        self.assertEqual([each["id"] for each in whole["entries"]],
                         [each["id"] for each in self.answer("customer", "timeline", "external_id:C-1")["entries"]])
        self.assertNotIn("C-2", json.dumps(whole))
        self.cartbell("customer", "export", "external_id:none", code=NOT_FOUND)
        self.cartbell("customer", "export", "nme:C-1", code=REFUSED)

    def test_a_customer_is_erased_once(self):
        other = {"type": "customer", "id": "c", "occurred_at": "2011-11-02T10:00:00Z", "customer": {"external_id": "C-2"}, "profile": {"city": "Riga"}}
        self.cartbell("import", "-", stdin=self.ndjson([other]))
        others = self.answer("customer", "show", "external_id:C-2")
        self.assertEqual(self.cartbell("customer", "erase", "external_id:C-1", "--id", "dsr-1", "--anonymise"), "erased\n")
        self.assertIn("before", self.cartbell("customer", "erase", "external_id:C-1", "--id", "dsr-1", "--anonymise"))
        self.cartbell("customer", "show", "external_id:C-1", code=NOT_FOUND)
        self.cartbell("order", "show", "100", code=NOT_FOUND)
        self.assertEqual(self.answer("customer", "show", "external_id:C-2"), others)
        self.assertEqual(self.answer("customer", "erase", "external_id:nobody")[0]["outcome"], "accepted")
        for wrong in ["name:C-1", "phone:12"]:
            self.cartbell("customer", "erase", wrong, code=REFUSED)

    def test_a_product_is_shown_with_what_is_computed(self):
        mug = {"type": "product", "id": "p", "occurred_at": "2011-11-02T10:00:00Z", "product": {"product_id": "MUG", "name": "Blue mug", "stock": "3"}}
        self.cartbell("import", "-", stdin=self.ndjson([mug]))
        text = self.cartbell("product", "show", "MUG")
        for part in ["product MUG", "Blue mug", "available", "stock_changed_at"]:
            self.assertIn(part, text)
        self.assertEqual(self.answer("product", "show", "MUG")["available"], True)
        self.assertEqual(self.answer("digest")["products"], 1)

    def test_what_is_not_there_has_its_own_exit_code(self):
        for command in [["order", "show", "x"], ["order", "history", "x"], ["customer", "show", "external_id:x"], ["product", "show", "x"], ["segment", "count", "x"],
                        ["template", "preview", "x", "external_id:C-1"], ["mailing", "start", "x"], ["mailing", "status", "x"]]:
            with self.subTest(command=command):
                self.assertEqual(self.cartbell(*command, code=NOT_FOUND), "")
                self.assertIn("not_found", self.errors)

    def test_control_characters_of_customers_do_not_reach_the_terminal(self):
        evil = order(101, lines=[{"line_id": "1", "name": "\x1b[2Jgone\u009b2J\x7f", "product_id": "X", "quantity": "1", "price": "1.00"}])
        self.cartbell("import", "-", stdin=self.ndjson([evil]))
        text = self.cartbell("order", "show", "101")
        self.assertIn("gone", text)
        self.assertFalse([c for c in text if (ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0])


class Settings(CommandTest):
    def test_members_are_put_and_got(self):
        self.shop()
        path = self.file("settings.json", {"fields": [{"of": "order", "code": "gift", "name": "Gift", "type": "boolean"}]})
        self.assertIn("version", self.cartbell("settings", "put", path))
        self.assertEqual(self.answer("settings", "get", "fields")[0]["code"], "gift")
        self.assertIn("gift", self.cartbell("settings", "get", "fields"))
        self.assertEqual(self.answer("settings", "get")["shop"]["currency"], "EUR")
        self.cartbell("settings", "get", "nothing", code=NOT_FOUND)

    def test_versions_are_listed_with_their_difference(self):
        self.shop()
        self.cartbell("settings", "put", self.file("settings.json", {"lists": [{"code": "vip", "name": "Very important"}]}))
        self.cartbell("settings", "put", self.file("settings.json", {"lists": [{"code": "vip", "name": "Dear"}, {"code": "new"}]}))
        versions = [each["version"] for each in self.answer("settings", "history")["versions"]]
        self.assertEqual(versions, sorted(versions, reverse=True))
        text = self.cartbell("settings", "history")
        self.assertIn("2: /lists/new /lists/vip/name", text)
        self.assertIn("1: /lists/vip", text)
        self.assertIn("--after", self.cartbell("settings", "history", "--limit", "1"))
        self.assertNotIn("/lists/new", self.cartbell("settings", "history", "--after", str(versions[0])))

        self.assertEqual([each["path"] for each in self.answer("settings", "diff")["changes"]], ["/lists/new", "/lists/vip/name"])
        text = self.cartbell("settings", "diff")
        for part in [f"{versions[1]} → {versions[0]}", "/lists/vip/name", "Very important", "Dear", '{"code":"new","name":"new"}']:
            self.assertIn(part, text)
        self.assertEqual(self.answer("settings", "diff", str(versions[0])), self.answer("settings", "diff"))
        self.assertEqual(len(self.answer("settings", "diff", str(versions[0]), str(versions[1]))["changes"]), 2)
        self.assertIn("no difference", self.cartbell("settings", "diff", "1", "1"))
        self.cartbell("settings", "diff", "1", "99", code=NOT_FOUND)
        self.cartbell("settings", "diff", "one", code=USAGE)
        self.cartbell("settings", "diff", "--", "-1", code=USAGE)

    def test_bad_settings_name_the_file_and_the_place(self):
        self.shop()
        path = self.file("settings.json", {"shop": {"currency": "no such"}})
        self.cartbell("settings", "put", path, code=REFUSED)
        self.assertIn("settings.json", self.errors)
        self.assertIn("/shop/currency", self.errors)
        self.cartbell("settings", "put", "-", stdin=b'{"shop":\n{"zone"}}', code=REFUSED)
        self.assertIn("standard input:2:", self.errors)
        self.cartbell("settings", "put", "/no/such/file", code=REFUSED)


class Segments(CommandTest):
    def setUp(self):
        super().setUp()
        self.shop([order(1, "C-1", "2011-10-01T10:00:00Z"), order(2, "C-2", "2011-12-01T10:00:00Z"), order(3, "C-3", "2011-09-01T10:00:00Z")])
        self.quiet = self.file("quiet.json", QUIET)
        self.cartbell("segment", "put", "quiet", self.quiet)

    def test_count_tells_share_and_next_change(self):
        text = self.cartbell("segment", "count", "quiet")
        self.assertIn("2 of 3 customers (66.7 %)", text)
        answer = self.answer("segment", "count", "quiet")
        self.assertEqual((answer["count"], answer["customers"]), (2, 3))
        self.assertIn("2012-01-01T10:00:00", answer["next_change"])

    def test_a_predicate_may_be_given_as_it_is_or_in_a_file(self):
        self.assertEqual(self.answer("segment", "count", json.dumps(QUIET))["count"], 2)
        self.assertEqual(self.answer("segment", "count", "@" + self.quiet)["count"], 2)
        self.assertEqual(self.answer("segment", "count", "true")["count"], 3)
        self.assertIn("this predicate", self.cartbell("segment", "count", "false"))

    def test_the_clock_decides(self):
        self.assertEqual(self.answer("segment", "count", "quiet", at="2012-06-01")["count"], 3)
        self.assertEqual(self.answer("segment", "count", "quiet", at="2012-01-01T11:00:00+01:00")["count"], 2)
        self.assertEqual(self.answer("segment", "count", "quiet", at="2012-01-01T11:00:01+01:00")["count"], 3)

    def test_list_gives_one_customer_a_line_over_all_pages(self):
        self.assertEqual(sorted(self.cartbell("segment", "list", "quiet").split()), ["external_id:C-1", "external_id:C-3"])
        everybody = self.cartbell("segment", "list", "true").split()
        first = self.cartbell("segment", "list", "true", "--limit", "1").split()
        rest = self.cartbell("segment", "list", "true", "--after", first[0]).split()
        self.assertEqual(first + rest, everybody)
        self.assertIn("quiet", self.cartbell("segment", "list"))

    def test_explain_shows_the_rows_that_prove_it(self):
        text = self.cartbell("segment", "explain", "quiet", "external_id:C-1")
        self.assertIn("external_id:C-1 is in quiet", text)
        self.assertIn("✓ purchases", text)
        self.assertIn("order 1", text)
        self.assertIn("✓ placed_at  wants ago > 1mo, is 2011-10-01T10:00:00Z", text)
        self.assertIn("is not in quiet", self.cartbell("segment", "explain", "quiet", "external_id:C-2"))
        self.assertFalse(self.answer("segment", "explain", "quiet", "external_id:C-2")["match"])

    def test_an_error_has_its_place_and_the_nearest_name(self):
        path = self.file("bad.json", {"all": [{"purchases": {"where": {"totl": {"gt": 1}}}}]})
        self.cartbell("segment", "put", "bad", path, code=REFUSED)
        self.assertIn("bad.json", self.errors)
        self.assertIn("at /all/0/purchases/where/totl", self.errors)
        self.assertIn("total", self.errors)
        self.cartbell("segment", "put", "a", self.file("a.json", {"segment": "a"}), code=REFUSED)
        self.assertNotIn("\ta\t", self.cartbell("segment", "list"))


class Comparisons(CommandTest):
    def test_both_values_are_shown(self):
        self.shop([order(1, "C-1", "2011-10-01T10:00:00Z", total="10"), order(2, "C-1", "2011-11-01T10:00:00Z", total="30")])
        rising = {"compare": [{"orders": {"last": {"of": "total"}}}, "gt", {"orders": {"first": {"of": "total"}}, "times": 2}]}
        text = self.cartbell("segment", "explain", json.dumps(rising), "external_id:C-1")
        for part in ["is in", "compare", "last of total > orders first of total", "is 30.00", "is 20.00", "order 2"]:
            self.assertIn(part, text)


class Messages(CommandTest):
    def setUp(self):
        super().setUp()
        self.shop([order(1, "C-1", "2011-10-01T10:00:00Z"), order(2, "C-2", "2011-12-01T10:00:00Z"),
                   order(3, "<C-3>", "2011-09-01T10:00:00Z", lines=[{"line_id": "1", "product_id": "T", "name": "Tea & \"milk\"", "quantity": "1", "price": "10.00"}])])
        self.cartbell("segment", "put", "quiet", self.file("quiet.json", QUIET))
        self.cartbell("template", "put", self.file("offer.json", OFFER))

    def send(self):
        self.cartbell("mailing", "put", self.file("autumn.json", MAILING))
        return self.cartbell("mailing", "start", "autumn")

    def test_a_template_is_checked_with_line_and_column(self):
        self.assertIn("purchases.last.order_id", self.cartbell("template", "check", self.file("offer.json", OFFER)))
        broken = {**OFFER, "body": "one\n  {{#purchases}}"}
        self.cartbell("template", "check", self.file("broken.json", broken), code=REFUSED)
        self.assertIn("broken.json:2:3:", self.errors)
        self.assertIn("/body", self.errors)
        self.assertIn("offer", self.cartbell("template", "list"))

    def test_preview_shows_what_a_customer_would_get(self):
        text = self.cartbell("template", "preview", "offer", "external_id:C-1")
        self.assertIn("subject: For C-1", text)
        self.assertIn("1: Mug", text)
        self.assertIn("Blocked: bought lately", self.cartbell("template", "preview", "offer", "external_id:C-2"))
        self.assertEqual(self.answer("template", "preview", "offer", "external_id:C-2")["outcome"], "blocked")

    def test_a_dry_run_says_what_the_run_does(self):
        self.cartbell("mailing", "put", self.file("autumn.json", MAILING))
        trial = self.answer("mailing", "dry-run", "autumn")
        self.assertEqual((trial["audience"], trial["rendered"], trial["blocked"]), (3, 2, {"bought lately": 1}))
        text = self.cartbell("mailing", "start", "autumn")
        self.assertRegex(text, r"audience +3\b")
        self.assertRegex(text, r"rendered +2\b")
        self.assertIn("1  bought lately", text)
        status = self.answer("mailing", "status", "autumn")
        for member in ["audience", "rendered", "blocked", "failed"]:
            self.assertEqual(status[member], trial[member])
        self.assertIn("autumn", self.cartbell("mailing", "list"))

    def test_starting_twice_sends_once(self):
        self.send()
        first = self.answer("mailing", "status", "autumn")
        self.cartbell("mailing", "start", "autumn")
        self.assertEqual(self.answer("mailing", "status", "autumn"), first)

    def test_messages_are_leased_once_and_reported(self):
        self.send()
        leased = self.answer("outbox", "lease", "--worker", "a", "--limit", "1")["messages"]
        self.assertEqual(len(leased), 1)
        other = self.answer("outbox", "lease", "--worker", "b")["messages"]
        self.assertEqual(len(other), 1)
        self.assertNotEqual(leased[0]["message_id"], other[0]["message_id"])
        self.assertIn("Nothing is due", self.cartbell("outbox", "lease"))
        identifier = leased[0]["message_id"]
        self.cartbell("outbox", "report", "--message", identifier, "--outcome", "handed_over", "--provider-id", "p-9")
        reports = [{"message_id": other[0]["message_id"], "outcome": "handed_over", "provider_id": "p-10", "worker": "b"}]
        self.cartbell("outbox", "report", "-", stdin=json.dumps(reports))
        self.assertEqual(self.answer("mailing", "status", "autumn")["states"].get("handed_over"), 2)
        # A lease that ran out gives nothing back of what was handed over.
        self.assertEqual(self.answer("outbox", "lease", at="2011-12-11")["messages"], [])
        self.cartbell("outbox", "report", "-", stdin="[{}]", code=REFUSED)
        self.cartbell("outbox", "report", "--message", identifier, code=USAGE)

    def test_a_lease_ends(self):
        self.send()
        first = self.answer("outbox", "lease", "--for", "1h")["messages"]
        self.assertEqual(self.answer("outbox", "lease", at="2011-12-10T00:59:59Z")["messages"], [])
        again = self.answer("outbox", "lease", at="2011-12-10T01:00:01Z")["messages"]
        self.assertEqual({one["message_id"] for one in again}, {one["message_id"] for one in first})

    def test_export_writes_files_and_an_index(self):
        self.send()
        text = self.cartbell("outbox", "export", "out", "--source", "mailing:autumn")
        self.assertIn("3 messages, 4 files", text)
        folder = os.path.join(self.folder, "out")
        names = sorted(os.listdir(folder))
        self.assertEqual(sum(name.endswith(".html") for name in names), 3)
        self.assertEqual(sum(name.endswith(".txt") for name in names), 2)
        with open(os.path.join(folder, "index.html"), encoding="utf-8") as file:
            index = file.read()
        self.assertIn("<td>external_id:&lt;C-3&gt;</td>", index)
        self.assertNotIn("<C-3>", index)
        self.assertIn("blocked: bought lately", index)
        for link in re.findall(r'href="([^"]+)"', index):
            self.assertIn(link, names)
        bodies = "".join(Path(folder, name).read_text(encoding="utf-8") for name in names if name.endswith(".html"))
        self.assertIn("Tea &amp; &quot;milk&quot;", bodies)
        self.assertEqual(self.answer("outbox", "export", "out2")["messages"], 3)
        self.assertEqual(self.answer("outbox", "export", "out3", "--source", "mailing:none")["messages"], 0)


if __name__ == "__main__":
    unittest.main()
