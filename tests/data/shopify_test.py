"""Shopify's order JSON through `cartbell import --format shopify`: every attribute that Cartbell has a place for comes back from the store."""

import copy
import fnmatch
import json
import os
import random
import re
import sys
import time
import unittest
from collections import Counter
from pathlib import Path

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "cli"))
import retail  # noqa: E402
import shopify_orders  # noqa: E402
from command import DONE, REFUSED, STORE, USAGE, CommandTest  # noqa: E402

NOW = "2026-06-01T00:00:00Z"
FORMATS = Path(__file__).parents[2] / "docs" / "formats.md"


def leaves(value, path=""):
    if isinstance(value, dict):
        for name, member in value.items():
            yield from leaves(member, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}.{index}")
    else:
        yield path, value


def put(order, path, value):
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in way:
        order = order[step]
    order[last] = value


def another(path, value):
    """Another value of the same kind, such as Shopify could send."""
    if path in shopify_orders.OTHER:
        return shopify_orders.OTHER[path]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value + 1
    if value is None:
        return "2026-03-06T00:00:00Z" if path.endswith("_at") else "something"
    if re.fullmatch(r"\d+\.\d\d", value):
        return f"{float(value) + 1:.2f}"
    if re.match(r"\d{4}-\d\d-\d\dT", value):
        return "2026-03-07" + value[10:]
    return value + "1" if value else "something"


def without_computed(order):
    return {name: value for name, value in order.items() if name not in ("received_at", "history", "reached")}


def documented_fields(of):
    """The paths of docs/formats.md that can be sent."""
    text = FORMATS.read_text(encoding="utf-8")
    fields = re.search(rf"\*\*{of}\*\* `([^`]+)`", text).group(1).split()
    for field in fields:
        group = re.fullmatch(r"(.*)\{(.*)\}", field)
        for end in group.group(2).split(",") if group else [""]:
            yield (group.group(1) if group else field) + end


class Shopify(CommandTest):
    def bring(self, *orders, **more):
        return self.cartbell("import", "--format", "shopify", "-", stdin=json.dumps(orders), at=NOW, **more)

    def printed(self, order):
        return self.bring_text(json.dumps(order))

    def bring_text(self, text, **more):
        return self.cartbell("import", "--format", "shopify", "--print", "-", stdin=text, at=NOW, **more)

    def stored(self, order):
        return without_computed(self.answer("order", "show", str(order["id"]), at=NOW))

    def test_every_attribute_with_a_place_comes_back(self):
        self.bring(shopify_orders.ORDER)
        self.assertEqual(self.errors, "")
        stored = self.stored(shopify_orders.ORDER)
        self.maxDiff = None
        self.assertEqual(stored, shopify_orders.STORED_ORDER)
        customer = self.answer("customer", "show", "external_id:300", at=NOW)
        self.assertEqual(customer["customer"], shopify_orders.STORED_CUSTOMER["customer"])
        profile = {name: value for name, value in customer["profile"].items() if name not in ("known", "created_at")}
        self.assertEqual(profile, shopify_orders.STORED_CUSTOMER["profile"])
        self.assertEqual(customer["orders"], [str(shopify_orders.ORDER["id"])])

    def test_every_field_of_cartbell_is_filled_or_known_to_have_no_source(self):
        profile = {**shopify_orders.STORED_CUSTOMER["customer"], **shopify_orders.STORED_CUSTOMER["profile"]}
        examples = {"order": shopify_orders.STORED_ORDER, "line": shopify_orders.STORED_ORDER["lines"][0],
                    "payment": shopify_orders.STORED_ORDER["payments"][0], "customer": profile}
        for of, example in examples.items():
            documented = {field for field in documented_fields(of.capitalize()) if "<" not in field}
            self.assertGreater(len(documented), 4, of)
            filled = {field for field in documented if self.has(example, field)}
            self.assertEqual(documented - filled, shopify_orders.NOT_OF_SHOPIFY[of], of)

    def has(self, value, path):
        for step in path.split("."):
            if not isinstance(value, dict) or step not in value:
                return False
            value = value[step]
        return True

    def test_every_attribute_of_shopify_is_taken_or_known_to_have_no_place(self):
        order = shopify_orders.ORDER
        before = self.printed(order)
        taken = 0
        for path, value in leaves(order):
            with self.subTest(path=path):
                changed = copy.deepcopy(order)
                put(changed, path, another(path, value))
                differs = self.printed(changed) != before
                second = shopify_orders.SECOND_CHOICE.get(path)
                no_place = any(fnmatch.fnmatchcase(path, pattern) for pattern in shopify_orders.NO_PLACE)
                self.assertEqual(differs, not second and not no_place)
                taken += differs
                if second:
                    self.assertFalse(no_place)
                    for other in second:
                        put(changed, other, None)
                    reference = copy.deepcopy(changed)
                    put(reference, path, value)
                    self.assertNotEqual(self.printed(changed), self.printed(reference))
        self.assertGreater(taken, 60)

    def test_the_example_of_shopify(self):
        path = os.path.join(retail.shared(), "data", "payloads", "shopify_order.json")
        self.assertIn("1 order", self.cartbell("import", "--format", "shopify", path, at=NOW))
        order = json.loads(Path(path).read_text(encoding="utf-8"))["order"]
        stored = self.stored(order)
        for mine, his in [("currency", "currency"), ("subtotal", "subtotal_price"), ("tax", "total_tax"), ("total", "total_price"), ("discount", "total_discounts")]:
            self.assertEqual(stored[mine], order[his])
        self.assertEqual(stored["placed_at"], "2008-01-10T16:00:00Z")
        self.assertEqual({kind: status["code"] for kind, status in stored["status"].items()},
                         {"general": "open", "payment": order["financial_status"], "delivery": "unfulfilled"})
        shipped_to = order["shipping_address"]
        self.assertEqual(stored["delivery"], {
            "type": "Free Shipping", "provider": "shopify", "note": "Test note", "cost": "0.00", "tracking": "1Z2345",
            "address": {"country": "US", "city": shipped_to["city"], "street": shipped_to["address1"], "postcode": shipped_to["zip"]}})
        self.assertEqual(stored["payment"], {"type": "card", "provider": "authorize_net"})
        self.assertEqual(stored["coupons"], ["TENOFF"])
        self.assertEqual(stored["fields"], {"order_name": "#1001", "custom_engraving": "Happy Birthday", "colour": "green"})
        self.assertEqual([line["line_id"] for line in stored["lines"]], [str(line["id"]) for line in order["line_items"]])
        for line, item in zip(stored["lines"], order["line_items"]):
            self.assertEqual((line["product_id"], line["name"], line["variant"], line["quantity"], line["price"], line["weight"], line["fields"]["sku"]),
                             (str(item["product_id"]), item["title"], item["variant_title"], "1", item["price"], "0.2", item["sku"]))
        self.assertEqual(stored["lines"][0]["fields"]["custom_engraving"], "Happy Birthday")
        customer = self.answer("customer", "show", f"external_id:{order['customer']['id']}", at=NOW)
        self.assertEqual(customer["customer"]["email"], "bob.norman@hostmail.com")
        self.assertEqual((customer["profile"]["first_name"], customer["profile"]["city"], customer["profile"]["registered_at"]),
                         ("Bob", "Louisville", "2014-03-07T21:14:08Z"))
        self.assertRegex(self.cartbell("import", "--format", "shopify", path, at=NOW), r"duplicate +2")

    def test_what_is_around_the_orders_does_not_matter(self):
        orders = [{**shopify_orders.ORDER, "id": number} for number in (1, 2, 3)]
        reference = self.bring_text(json.dumps(orders))
        self.assertEqual(len(reference.splitlines()), 6)
        for text in (json.dumps({"orders": orders}), json.dumps([{"order": order} for order in orders]),
                     "\n".join(json.dumps(order) for order in orders), json.dumps(orders[:1]) + json.dumps({"orders": orders[1:]}, indent=2)):
            self.assertEqual(self.bring_text(text), reference)

    def test_the_newest_snapshot_holds_whatever_comes_first(self):
        old = {**shopify_orders.ORDER, "updated_at": "2026-03-01T10:00:00+02:00", "financial_status": "paid", "refunds": [], "note": "Old note"}
        new = {**shopify_orders.ORDER, "note": None, "cancelled_at": "2026-03-04T10:00:00Z"}
        digests = set()
        for number, snapshots in enumerate([(old, new), (new, old), (new, old, new)]):
            self.store = os.path.join(self.folder, f"{number}.db")
            for snapshot in snapshots:
                self.bring(snapshot)
            digests.add(self.answer("digest")["digest"])
            stored = self.stored(new)
            self.assertNotIn("note", stored["delivery"])
            self.assertEqual(stored["status"]["general"]["code"], "cancelled")
            self.assertEqual(stored["status"]["payment"]["code"], "partially_refunded")
            self.assertFalse(stored["in_analytics"])
        self.assertEqual(len(digests), 1)

    def test_discounts_that_no_line_carries_are_the_orders(self):
        lines = [{**line, "discount_allocations": []} for line in shopify_orders.ORDER["line_items"]]
        self.bring({**shopify_orders.ORDER, "line_items": lines})
        self.assertEqual(self.errors, "")
        stored = self.stored(shopify_orders.ORDER)
        self.assertEqual((stored["subtotal"], stored["discount"], stored["total"]), ("99.90", "20.50", "82.40"))

    def test_guests_are_known_by_their_address(self):
        guest = {**shopify_orders.ORDER, "customer": None, "phone": "2000 0002"}   # a phone without its country names nobody
        self.bring(guest)
        customer = self.answer("customer", "show", "email:order@example.lv", at=NOW)
        self.assertEqual((customer["profile"]["first_name"], customer["profile"]["city"]), ("Anna", "Rīga"))
        self.assertNotIn("phone", customer["customer"])
        self.bring({**guest, "id": 7, "email": "", "contact_email": None})
        self.assertIsNone(self.answer("order", "show", "7", at=NOW)["customer"])

    def test_a_store_of_its_own_settings_is_told_what_it_lacks(self):
        self.cartbell("init")
        self.cartbell("settings", "put", "-", stdin='{"shop":{"currency":"USD","zone":"Europe/Riga"}}')
        self.bring(shopify_orders.ORDER, code=REFUSED)
        for what in ("general: open", "payment: partially_refunded", "field of line: engraving", "field of order: tags (list)", "--add-settings"):
            self.assertIn(what, self.errors)
        self.assertNotIn("voided", self.errors)
        self.assertEqual(self.answer("digest")["orders"], 0)
        self.cartbell("import", "--format", "shopify", "-", "--add-settings", stdin=json.dumps(shopify_orders.ORDER), at=NOW)
        settings = self.answer("settings", "get")
        self.assertEqual((settings["shop"]["zone"], settings["shop"]["currency"]), ("Europe/Riga", "USD"))
        self.assertIn({"set": "general", "code": "received", "name": "Received", "in_analytics": True}, settings["statuses"])   # its own stay
        self.assertEqual(self.stored(shopify_orders.ORDER)["fields"]["gift_wrap_2"], "blue")

    def test_what_makes_no_sense_is_told_with_line_and_column_and_stores_nothing(self):
        good = json.dumps({**shopify_orders.ORDER, "id": 1})
        for wrong, place, word in [
            ('{"id":1,\n "created_at":"2026-03-01"}', "2:15", "created_at"),
            ('{"id":1,\n "created_at":"2026-03-01T10:00:00Z", "total_price":"ten"}', "2:53", "total_price"),
            ('{"id":1, "created_at":"2026-03-01T10:00:00Z",\n\n"line_items":[{"id":1,"quantity":1.5}]}', "3:34", "whole"),
            ('{"id":1, "created_at":"2026-03-01T10:00:00Z", "line_items":{}}', "1:60", "line_items"),
            ('{"id":1, "created_at":"2026-03-01T10:00:00Z", "line_items":["x"]}', "1:61", "object"),
            ('{"id":1, "created_at":"2026-03-01T10:00:00Z", "note":"ū", "financial_status":"odd"}', "1:78", "odd"),
            ('\n  {"created_at":"2026-03-01T10:00:00Z"}', "2:3", "id"),
            ('{"id":1}', "1:1", "created_at"),
            ('{"id":1,"id":2}', "1:1", "twice"),
            ('{"id":1,}', "1:9", "expected"), ('{"id":01}', "1:7", "value"), ('{"id":1', "1:8", "ends"), ('{"id":"a\n"}', "1:9", "control"),
            ('{"id":"\\x"}', "1:9", "escape"), ('{"id":"\\ud800"}', "1:14", "surrogate"), ('[1]', "1:2", "object"), ('"x"', "1:1", "object"),
            ('[' * 300, "1:202", "deep"), ('{"id":1} x', "1:10", "value"),
        ]:
            with self.subTest(wrong=wrong[:60]):
                self.cartbell("import", "--format", "shopify", "-", stdin=wrong, code=REFUSED)
                self.assertIn(f"standard input:{place}: ", self.errors)
                self.assertIn(word, self.errors)
                self.cartbell("import", "--format", "shopify", "-", stdin=good + "\n" + wrong, code=REFUSED)
                self.cartbell("digest", code=STORE)   # not even a store
        self.cartbell("import", "--format", "shopify", "-", stdin=b'{"id":"\xff"}', code=REFUSED)
        self.assertIn("standard input:1:8: this is no UTF-8", self.errors)
        self.cartbell("import", "--format", "shopify", "a", "b", code=USAGE)
        self.cartbell("import", "--format", "magento", "a", code=USAGE)

    def test_damaged_bytes_are_refused_or_read_and_nothing_else(self):
        seed = int(os.environ.get("CARTBELL_SEED", time.time_ns() % 2**32))
        rng = random.Random(seed)
        text = json.dumps(shopify_orders.ORDER, ensure_ascii=False).encode()
        codes = Counter()
        for _ in range(300):
            damaged = bytearray(text)
            for _ in range(rng.randrange(1, 4)):
                at = rng.randrange(len(damaged))
                damaged[at : at + rng.randrange(3)] = rng.choice([b"", b'"', b"{", b"]", b",", b"\\", b"\xff", b"null", b"-1e999", b"[[", bytes([rng.randrange(256)])])
            done = self.run_raw("import", "--format", "shopify", "--print", "-", stdin=bytes(damaged))
            codes[done.returncode] += 1
            self.assertIn(done.returncode, (DONE, REFUSED), f"seed {seed}\n{done.stderr.decode()}")
            if done.returncode == REFUSED:
                self.assertRegex(done.stderr.decode(errors="replace"), r"standard input:\d+:\d+: .", f"seed {seed}")
                self.assertEqual(done.stdout, b"")
        self.assertGreater(codes[REFUSED], 100, f"seed {seed}")

    def test_what_the_store_refuses_is_told_with_the_place_of_its_order(self):
        bad = {**shopify_orders.ORDER, "id": 2, "currency": "XXQ"}
        text = json.dumps({**shopify_orders.ORDER, "id": 1}) + "\n  " + json.dumps(bad)
        self.cartbell("import", "--format", "shopify", "-", stdin=text, at=NOW, code=REFUSED)
        self.assertIn("standard input:2:3, order 2: ", self.errors)
        self.assertIn("/order/currency", self.errors)


if __name__ == "__main__":
    unittest.main()
