"""One random journal of every operation type in twenty arrivals: shuffled, reversed, by time, doubled, in other batch sizes, killed and resumed.
One digest for all, and the one that the journal gives by itself.

Usage: random_journal_test.py CARTBELL operations arrivals. The seed is printed; CARTBELL_SEED sets it.
"""

import json
import os
import random
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone

from offer import run
from permutations import Shop, killed, shuffled, stored_of, twice

SETTINGS = {
    "shop": {"zone": "Europe/Riga", "currency": "EUR"},
    "sources": [{"code": "site", "trust": "public", "rank": 2}, {"code": "till", "rank": 5}],
    "containers": [{"code": "cart", "lifetime": "30d"}, {"code": "wishes", "merge": "max"}, {"code": "seen", "merge": "newest", "lifetime": "2mo"}],
    "categories": [{"code": "promo", "kind": "promo"}],
    "lists": [{"code": "vip"}, {"code": "news"}],
    "events": [{"name": "rates.read", "kind": "system"}, {"name": "article.read", "kind": "web", "context": [{"code": "seconds", "type": "integer"}]}],
}
BEGIN = datetime(2025, 1, 1, tzinfo=timezone.utc)


class Journal:
    """A shop of the size that so many operations would have: people with some orders and visits each, a few who turn out to be one."""

    def __init__(self, seed, count):
        self.random, self.count, self.people = random.Random(seed), count, max(count // 15, 3)

    def identities(self, person):
        kinds = {"external_id": f"C-{person}", "email": f"c{person}@example.eu", "phone": f"+371{person}", "device_id": f"d{person // 2}",
                 "anonymous_id": f"a{person}-{self.random.randrange(3)}"}  # two share a device
        return {kind: kinds[kind] for kind in self.random.sample(list(kinds), self.random.choice([1, 1, 2, 2, 3]))}

    def operation(self, number):
        dice = self.random
        person = min(dice.randrange(self.people), dice.randrange(self.people))  # some are busier than others
        type_ = dice.choices(["event", "order", "container", "customer", "list", "consent", "identify", "product", "merge", "unmerge"],
                             [35, 25, 15, 8, 4, 4, 6, 5, 2, 1])[0]
        made = {"type": type_, "id": f"{number}", "occurred_at": (BEGIN + timedelta(minutes=dice.randrange(300 * 24 * 60))).isoformat()}
        if dice.random() < 0.5:
            made["source"] = dice.choice(["site", "till"])
        if dice.random() < 0.2:
            made["sequence"] = dice.randrange(3)
        return made | getattr(self, type_)(person)

    def event(self, person):
        session = {"session_id": f"s{person}-{self.random.randrange(4)}"}
        if self.random.random() < 0.05:
            return {"name": "rates.read"}
        made = {"name": self.random.choice(["page.viewed", "product.viewed", "article.read"]), "context": {"seconds": self.random.randrange(90)}}
        return made | (session if self.random.random() < 0.5 else session | {"customer": self.identities(person)})

    def order(self, person):
        dice = self.random
        order = {"order_id": f"O{person}-{dice.randrange(3)}"}
        if dice.random() < 0.6:
            order["total"] = f"{dice.randrange(100)}.50"
        if dice.random() < 0.4:
            order["status"] = {dice.choice(["general", "payment"]): dice.choice([None, "completed", "paid", "returned", "refunded", "received"])}
            order["status"] = {set_: code for set_, code in order["status"].items() if code is None or code in KNOWN[set_]}
        if dice.random() < 0.4:
            order["lines"] = [{"line_id": f"{line}", "product_id": f"P{dice.randrange(50)}", "quantity": "1"} for line in range(dice.randrange(4))]
        if dice.random() < 0.2:
            order["line_changes"] = [{"line_id": f"{dice.randrange(4)}", "quantity": f"{dice.randrange(5)}"}]
        return {"order": order} | ({} if dice.random() < 0.1 else {"customer": self.identities(person)})

    def customer(self, person):
        return {"customer": self.identities(person), "profile": {"city": self.random.choice(["Riga", "Tartu", None])}}

    def list(self, person):
        return {"customer": self.identities(person), "list": self.random.choice(["vip", "news"]), "member": self.random.random() < 0.6}

    def consent(self, person):
        return {"customer": self.identities(person), "channel": self.random.choice(["email", "sms"]), "category": "promo", "granted": self.random.random() < 0.7}

    def container(self, person):
        dice = self.random
        item = {"product_id": f"P{dice.randrange(50)}"} | dice.choice([{}, {"quantity": f"{dice.randrange(1, 4)}"}]) | dice.choice([{}, {"price": f"{dice.randrange(40)}.00"}])
        change = dice.choice([{"add": item}, {"add": item}, {"remove": item}, {"set": item}, {"replace": [item, {"product_id": "P1"}]}, {"clear": True}])
        return {"customer": self.identities(person), "container": dice.choice(["cart", "cart", "wishes", "seen"])} | change

    def identify(self, person):
        return {"customer": self.identities(person)}

    def product(self, person):
        return {"product": {"product_id": f"P{person % 50}", "price": f"{self.random.randrange(40)}.00", "stock": f"{self.random.randrange(9)}"}}

    def merge(self, person):
        return {"from": {"external_id": f"C-{person}"}, "into": {"external_id": f"C-{person + 1 + self.random.randrange(2)}"}}

    unmerge = merge

    def lines(self):
        return [json.dumps(self.operation(number)) + "\n" for number in range(self.count)]


KNOWN = {"general": {"completed", "returned", "received"}, "payment": {"paid", "refunded"}}


def main():
    cartbell, count, arrivals = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    seed = int(os.environ.get("CARTBELL_SEED", time.time_ns() % 2**32))
    print(f"seed {seed}", flush=True)
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="cartbell-random-journal-") as folder:
        model = os.path.join(folder, "model.db")
        run(cartbell, "--store", model, "init", "--settings", "-", stdin=json.dumps(SETTINGS))
        shop = Shop(cartbell, folder, model)
        lines = Journal(seed, count).lines()

        def digest_of(ordered, batch, duplicates=0):
            store = shop.store()
            totals = shop.bring(store, shop.write(ordered), "--batch", f"{batch}")
            assert totals["rejected"] == 0 and totals["duplicate"] == duplicates, totals
            assert totals["accepted"] + totals["late"] == count, totals
            return store, shop.digest(store)

        store, reference = digest_of(lines, 1000)
        assert shop.digest(store, "--check") == reference, f"the state is not the fold of the journal; seed {seed}"
        shop.remove(store)
        store, without = digest_of(lines[1:] + [json.dumps(json.loads(lines[0]) | {"occurred_at": "2024-12-31T00:00:00Z"}) + "\n"], 1000)
        assert without["digest"] != reference["digest"], "the digest does not see when something happened"
        shop.remove(store)

        def same(name, ordered, batch, duplicates=0):
            began = time.monotonic()
            store, digest = digest_of(ordered, batch, duplicates)
            assert digest == reference, f"{name} leads to another state; seed {seed}"
            print(f"{name}, batches of {batch}: the same digest, {time.monotonic() - began:.1f} s", flush=True)
            shop.remove(store)

        same("by time", sorted(lines, key=lambda line: json.loads(line)["occurred_at"]), 5000)
        same("reversed", lines[::-1], 777)
        same("every operation twice", twice(lines, seed), 2000, duplicates=count)
        for number in range(arrivals - 5):
            same(f"shuffled {number}", shuffled(lines, seed + number), rng.choice([200, 1000, 3000, 10000]))

        store, operations = shop.store(), shop.write(shuffled(lines, seed - 1))
        kills, there = killed(shop, store, operations, 5, rng, count)
        assert kills > 0 and 0 < there < count, (kills, there)
        assert shop.bring(store, operations)["duplicate"] == there == count - (stored_of(shop, store) - there)
        assert shop.digest(store, "--check") == reference, f"killed and resumed leads to another state; seed {seed}"
        print(f"killed {kills} times, {there:,} operations stored by then: the same digest")


if __name__ == "__main__":
    main()
