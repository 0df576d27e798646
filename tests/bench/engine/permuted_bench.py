"""Imports of Olist's dated facts in other orders, each over the time of the ordered one: goal within 1.5 x.

Usage: permuted_bench.py CARTBELL subset|full [rounds] [batch]

What is timed is `cartbell import` of ready NDJSON into a new store, durable, its end included. "In order" is as `cartbell import --format olist` has
the facts: order by order, an order's four facts side by side. "By time" is how a shop that lives brings them. Rounds go through all of them in
turn, so that all meet the same machine; a ratio is the median over the rounds. Printed beside each: the same over "by time".
"""

import os
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "data"))
import olist  # noqa: E402
from offer import run  # noqa: E402
from permutations import Shop, by_time, printed, shuffled, twice  # noqa: E402

SEED = 20_181_017
GOAL = 1.5


def main():
    cartbell, which = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    batch = sys.argv[4] if len(sys.argv) > 4 else "1000"
    with tempfile.TemporaryDirectory(prefix="cartbell-permuted-") as folder, olist.unpacked(which) as files:
        model = os.path.join(folder, "model.db")
        run(cartbell, "--store", model, "import", "--format", "olist", files)
        shop = Shop(cartbell, folder, model)
        digest = shop.digest(model)
        shop.remove(model)
        lines = printed(cartbell, "--format", "olist", files)
        orders = {
            "in order": lambda: lines,
            "by time": lambda: by_time(lines),
            "reversed": lambda: lines[::-1],
            "shuffled": lambda: shuffled(lines, SEED),
            "shuffled, every fact twice": lambda: twice(lines, SEED),
        }
        seconds = {name: [] for name in orders}
        for _ in range(rounds):
            for name, ordered in orders.items():
                operations, store = shop.write(ordered()), shop.store()
                began = time.monotonic()
                shop.bring(store, operations, "--batch", batch)
                seconds[name].append(time.monotonic() - began)
                assert shop.digest(store) == digest, f"{name} leads to another state"
                shop.remove(store)

        def ratio(name, base):
            return statistics.median(mine / its for mine, its in zip(seconds[name], seconds[base]))

        print(f"{len(lines):,} facts of {digest['orders']:,} orders, batches of {batch}, {rounds} rounds; goal {GOAL} x")
        for name in list(orders)[1:]:
            over = ratio(name, "in order")
            print(f"  {name:28}{over:5.2f} x in order  {ratio(name, 'by time'):5.2f} x by time" + ("" if over <= GOAL else "   missed"))


if __name__ == "__main__":
    main()
