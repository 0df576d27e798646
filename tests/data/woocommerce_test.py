"""WooCommerce's order JSON, as its REST reference (v3) has it, through the command: every attribute that has a place comes back."""

import copy
import fnmatch
import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
import shopify_test  # noqa: E402
import woocommerce_orders as orders  # noqa: E402
from command import REFUSED, CommandTest  # noqa: E402

NOW = "2026-04-01T00:00:00Z"


def another(path, value):
    """Another value of the same kind, such as WooCommerce could send."""
    if path in orders.OTHER:
        return orders.OTHER[path]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if value is None:
        return "2026-03-04T08:00:00" if path.startswith("date_") else "something"
    try:
        return f"{float(value) + 1:.2f}"
    except ValueError:
        pass
    if value[4:5] == "-" and value[10:11] == "T":
        return "2026-03-07" + value[10:]
    return value + "1" if value else "something"


def matches(path, patterns):
    return next((pattern for pattern in patterns if fnmatch.fnmatchcase(path, pattern)), None)


class WooCommerce(CommandTest):
    def bring(self, *documents, **more):
        return self.cartbell("import", "--format", "woocommerce", "-", stdin=json.dumps(documents), at=NOW, **more)

    def printed(self, order):
        return self.cartbell("import", "--format", "woocommerce", "--print", "-", stdin=json.dumps(order), at=NOW)

    def stored(self, order):
        return shopify_test.without_computed(self.answer("order", "show", str(order["id"]), at=NOW))

    def test_every_attribute_with_a_place_comes_back(self):
        told = self.bring(orders.ORDER)
        self.assertEqual(self.errors, "")
        self.assertIn("1 order", told)
        self.maxDiff = None
        self.assertEqual(self.stored(orders.ORDER), orders.STORED_ORDER)
        customer = self.answer("customer", "show", "external_id:26", at=NOW)
        self.assertEqual(customer["customer"], orders.STORED_CUSTOMER["customer"])
        profile = {name: value for name, value in customer["profile"].items() if name not in ("known", "created_at")}
        self.assertEqual(profile, orders.STORED_CUSTOMER["profile"])
        self.assertRegex(self.bring(orders.ORDER), r"duplicate +2")

    def test_every_field_of_cartbell_is_filled_or_known_to_have_no_source(self):
        profile = {**orders.STORED_CUSTOMER["customer"], **orders.STORED_CUSTOMER["profile"]}
        examples = {"order": orders.STORED_ORDER, "line": orders.STORED_ORDER["lines"][0], "payment": orders.STORED_ORDER["payments"][0], "customer": profile}
        for of, example in examples.items():
            documented = {field for field in shopify_test.documented_fields(of.capitalize()) if "<" not in field}
            self.assertGreater(len(documented), 4, of)
            filled = {field for field in documented if self.has(example, field)}
            self.assertEqual(documented - filled, orders.NOT_OF_WOOCOMMERCE[of], of)

    def has(self, value, path):
        for step in path.split("."):
            if not isinstance(value, dict) or step not in value:
                return False
            value = value[step]
        return True

    def test_every_attribute_of_woocommerce_is_taken_or_known_to_have_no_place(self):
        before = self.printed(orders.ORDER)
        taken = 0
        for path, value in shopify_test.leaves(orders.ORDER):
            with self.subTest(path=path):
                changed = copy.deepcopy(orders.ORDER)
                shopify_test.put(changed, path, another(path, value))
                differs = self.printed(changed) != before
                second, no_place = matches(path, orders.SECOND_CHOICE), matches(path, orders.NO_PLACE)
                self.assertEqual(differs, not second and not no_place)
                taken += differs
                if second:
                    self.assertFalse(no_place)
                    for other in orders.SECOND_CHOICE[second]:
                        stem = ".".join(path.split(".")[:2])
                        shopify_test.put(changed, other[1:] if other.startswith("$") else f"{stem}.{other}", None)
                    reference = copy.deepcopy(changed)
                    shopify_test.put(reference, path, value)
                    self.assertNotEqual(self.printed(changed), self.printed(reference))
        self.assertGreater(taken, 60)

    def test_statuses(self):
        for status, code, counts in [("pending", "pending", False), ("processing", "processing", True), ("completed", "completed", True), ("cancelled", "cancelled", False),
                                     ("refunded", "refunded", False), ("failed", "failed", False), ("checkout-draft", "checkout_draft", False),
                                     ("ready-for-pickup", "ready_for_pickup", True)]:   # the last is of a plugin: it is told to the settings as the others are
            with self.subTest(status=status):
                self.store = f"{self.folder}/{status}.db"
                self.bring({**orders.ORDER, "status": status, "date_completed_gmt": "2026-03-04T08:00:00"})
                stored = self.stored(orders.ORDER)
                self.assertEqual(stored["status"]["general"]["code"], code)
                self.assertEqual(stored["status"]["general"]["at"], "2026-03-04T08:00:00Z" if status == "completed" else "2026-03-05T10:00:00Z")
                self.assertEqual(stored["in_analytics"], counts)
        self.store = f"{self.folder}/unpaid.db"
        self.bring({**orders.ORDER, "date_paid_gmt": None})
        stored = self.stored(orders.ORDER)
        self.assertEqual((stored["status"]["payment"]["code"], stored["payment"]["paid"]), ("unpaid", "0.00"))
        self.assertEqual(stored["payments"], [])

    def test_guests_are_known_by_their_address(self):
        self.bring({**orders.ORDER, "customer_id": 0, "billing": {**orders.ORDER["billing"], "phone": "20000001"}})
        customer = self.answer("customer", "show", "email:anna@example.lv", at=NOW)
        self.assertEqual(customer["customer"], {"email": "anna@example.lv"})

    def test_the_newest_snapshot_holds_whatever_comes_first(self):
        old = {**orders.ORDER, "date_modified_gmt": "2026-03-02T09:30:00", "status": "processing", "customer_note": "Old note"}
        new = {**orders.ORDER, "customer_note": ""}
        digests = set()
        for number, snapshots in enumerate([(old, new), (new, old), (new, old, new)]):
            self.store = f"{self.folder}/{number}.db"
            for snapshot in snapshots:
                self.bring(snapshot)
            digests.add(self.answer("digest")["digest"])
            self.assertNotIn("note", self.stored(new)["delivery"])
            self.assertEqual(self.stored(new)["status"]["general"]["code"], "on_hold")
        self.assertEqual(len(digests), 1)

    def test_what_makes_no_sense_is_told_with_line_and_column(self):
        for wrong, place, word in [('{"status":"x"}', "1:1", "id"), ('{"id":1,\n"date_created_gmt":"today"}', "2:20", "date_created_gmt"),
                                   ('{"id":1,"date_created_gmt":"2026-03-01T10:00:00","status":"x","line_items":[{"id":1,\n "subtotal":"a"}]}', "2:13", "subtotal")]:
            self.cartbell("import", "--format", "woocommerce", "-", stdin=wrong, code=REFUSED)
            self.assertIn(f"standard input:{place}: ", self.errors)
            self.assertIn(word, self.errors)

    def test_what_has_no_place_is_told(self):
        self.assertRegex(self.bring(orders.ORDER), r"[0-9]+ values have no place, such as /parent_id ")

    def test_a_table_of_ones_own(self):
        table = f"{self.folder}/table.json"
        Path(table).write_text(json.dumps({"format": "woocommerce", "rules": [{"name": "mine", "match": {"status": "on-hold"}, "operations": []}]}), encoding="utf-8")
        self.assertEqual(self.cartbell("import", "--format", "woocommerce", "--table", table, "--print", "-", stdin=json.dumps(orders.ORDER)), "")
        Path(table).write_text('{"format":"woocommerce","rules":7}', encoding="utf-8")
        self.cartbell("import", "--format", "woocommerce", "--table", table, "-", stdin="{}", code=REFUSED)
        self.assertIn("/rules", self.errors)

    def test_documents_of_another_kind_are_left_out_only_if_that_is_asked_for(self):
        calls = json.dumps([{"type": "group", "messageId": "1"}, {"type": "alias", "messageId": "2", "previousId": "a", "userId": "b"}])
        self.cartbell("import", "--format", "segment", "-", stdin=calls, code=REFUSED)
        self.assertIn("standard input:1:2: no rule", self.errors)
        told = self.cartbell("import", "--format", "segment", "--skip-unmapped", "-", stdin=calls)
        self.assertIn("1 document, 1 document of another kind left out", told)


if __name__ == "__main__":
    unittest.main()
