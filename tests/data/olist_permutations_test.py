"""Olist in order, by time, reversed, shuffled, in other batch sizes, every fact twice, killed and resumed: one digest for all.

Usage: olist_permutations_test.py CARTBELL subset|full. The seed is printed; CARTBELL_SEED sets it.
"""

import os
import random
import sys
import tempfile
import time

import olist
from offer import run
from permutations import Shop, by_time, killed, printed, shuffled, twice


def main():
    cartbell, which = sys.argv[1:3]
    seed = int(os.environ.get("CARTBELL_SEED", time.time_ns() % 2**32))
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="cartbell-permutations-") as folder, olist.unpacked(which) as files:
        first = os.path.join(folder, "csv.db")
        run(cartbell, "--store", first, "import", "--format", "olist", files)
        shop = Shop(cartbell, folder, first)
        reference = shop.digest(first, "--check")
        lines = printed(cartbell, "--format", "olist", files)
        facts = olist.PUBLISHED[which]["facts"]
        assert len(lines) == len(set(lines)) == facts
        assert reference["orders"] == reference["customers"] == olist.PUBLISHED[which]["orders"], reference

        # Could this fail? Without one fact, or with one moved, it must.
        damaged = lines[:-1] + [lines[-1].replace('"sequence":', '"source":"system","sequence":1')]
        assert damaged[-1] != lines[-1]
        for wrong in (lines[:-1], damaged):
            store = shop.store()
            shop.bring(store, shop.write(wrong))
            assert shop.digest(store)["digest"] != reference["digest"], "the digest does not see a fact"
            shop.remove(store)

        def same(name, ordered, *more, duplicates=0):
            store, operations = shop.store(), shop.write(ordered)
            totals = shop.bring(store, operations, *more)
            assert totals["rejected"] == 0 and totals["duplicate"] == duplicates, (name, totals)
            assert totals["accepted"] + totals["late"] == facts, (name, totals)
            assert shop.digest(store) == reference, f"{name} leads to another state; seed {seed}"
            print(f"{name}: {totals['late']} late, {duplicates} duplicates, the same digest", flush=True)
            return store

        small = 20 if which == "subset" else 333
        shop.remove(same("in order", lines))
        shop.remove(same("by time", by_time(lines)))
        shop.remove(same("reversed", lines[::-1]))
        shop.remove(same("shuffled, a batch of 10,000", shuffled(lines, seed + 1), "--batch", "10000"))
        shop.remove(same(f"in order, batches of {small}", lines, "--batch", str(small)))
        shop.remove(same("shuffled, every fact twice", twice(lines, seed + 2), duplicates=facts))
        shuffle = shuffled(lines, seed)
        store = same("shuffled", shuffle)
        assert shop.digest(store, "--check") == reference
        shop.remove(store)

        store, operations = shop.store(), shop.write(shuffle)
        rounds = 5 if which == "subset" else 20
        kills, stored = killed(shop, store, operations, rounds, random.Random(seed), facts)
        assert kills == rounds and 0 < stored < facts, f"{kills} of {rounds} killed, {stored} stored: the test shows nothing; seed {seed}"
        totals = shop.bring(store, operations)
        assert totals["duplicate"] == stored and totals["duplicate"] + totals["accepted"] + totals["late"] == facts, (totals, stored)
        assert shop.digest(store, "--check") == reference, f"killed and resumed leads to another state; seed {seed}"
        print(f"killed {kills} times, resumed with {stored} facts stored: the same digest {reference['digest']}")


if __name__ == "__main__":
    main()
