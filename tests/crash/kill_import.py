"""SIGKILL at random points of an import into an SQLite file: every acknowledged batch is there, none is half there.

Usage: kill_import.py LIBRARY IMPORT_WORKER [rounds]. The seed is printed; CARTBELL_SEED sets it.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from cartbell_c import Store  # noqa: E402

ORDERS = 12  # of a batch, as in import_worker.cpp
STORED, REFOLDED = 1, 2  # CARTBELL_DIGEST_...


def acknowledged(log):
    """How many batches the killed process was told are stored. They follow one another; a line is one write, and so whole."""
    if not os.path.exists(log):
        return 0
    with open(log) as file:
        lines = file.read().splitlines()
    return int(lines[-1]) + 1 if lines else 0


def batches_there(store, told, checked):
    """How many batches the store has: all that were acknowledged, and at most the one that was under way, each with all it said."""
    with Store(*store) as reading:
        stats = reading.stats()
        there = max(stats["orders"] - 1, 0) // ORDERS  # and the order that every batch speaks of
        assert stats["orders"] == (there * ORDERS + 1 if there else 0), f"a batch is half there: {stats}"
        assert there in (told, told + 1), f"{told} batches were acknowledged, {there} are there"
        assert stats["operations"] == (there * (ORDERS + 2) - 1 if there else 0), f"an entry without its batch: {stats}"
        for batch in range(checked, there):
            stored = reading.orders([f"{batch}-{order}" for order in range(ORDERS)])
            assert [each and each["total"] for each in stored] == [f"{order}.00" for order in range(ORDERS)], batch
        if there:
            assert next(reading.orders(["all"]))["version"] == there
        return there


def main():
    library, worker = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    seed = int(os.environ.get("CARTBELL_SEED", time.time_ns() % 2**32))
    print(f"seed {seed}, {rounds} kills", flush=True)
    rng = random.Random(seed)
    folder = tempfile.mkdtemp(prefix="cartbell-kill-")
    try:
        path, log = os.path.join(folder, "shop.db"), os.path.join(folder, "stored.log")
        there = unacknowledged = 0
        for _ in range(rounds):
            process = subprocess.Popen([worker, path, log, str(there)])
            time.sleep(rng.uniform(0.002, 0.06))
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL, f"the import ended by itself with {process.returncode}"
            told = max(acknowledged(log), there)
            if told == 0:  # killed while the store was being made: the next one has to get over it
                continue
            now = batches_there((library, path), told, there)
            unacknowledged += now > told
            there = now
        assert there > rounds // 4, f"only {there} batches were stored in {rounds} rounds: the test shows nothing"
        with Store(library, path) as reading:
            assert reading.digest(STORED) == reading.digest(REFOLDED), "the state is not the fold of the journal"
        print(f"{rounds} kills, {there} batches, {unacknowledged} of them stored and not yet acknowledged: none lost, none half there")
    finally:
        shutil.rmtree(folder)


main()
