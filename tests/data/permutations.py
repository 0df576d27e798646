"""The same operations in other orders, and stores to import them into: for the test that their digests agree and the bench that compares their times."""

import json
import os
import random
import signal
import subprocess
import time

from offer import run


def printed(cartbell, *arguments):
    """The operations that an import would bring, as lines of NDJSON."""
    return run(cartbell, "import", "--print", *arguments).splitlines(keepends=True)


def occurred_at(line):
    operation = json.loads(line)
    return operation["occurred_at"], operation["sequence"]


def by_time(lines):
    return sorted(lines, key=occurred_at)


def shuffled(lines, seed):
    return random.Random(seed).sample(lines, len(lines))


def twice(lines, seed):
    return shuffled(lines + lines, seed)


class Shop:
    """Makes stores with the settings of another one, one after another in the same folder."""

    def __init__(self, cartbell, folder, model):
        self.cartbell, self.folder, self.made = cartbell, folder, 0
        settings = json.loads(run(cartbell, "--store", model, "--json", "settings", "get"))
        del settings["version"]
        self.settings = json.dumps(settings)

    def store(self):
        self.made += 1
        path = os.path.join(self.folder, f"{self.made}.db")
        run(self.cartbell, "--store", path, "init", "--settings", "-", stdin=self.settings)
        return path

    def write(self, lines):
        path = os.path.join(self.folder, "operations.ndjson")
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
        return path

    def bring(self, store, operations, *more):
        """The totals of an import to its end."""
        return json.loads(run(self.cartbell, "--store", store, "--json", "import", operations, *more))

    def start(self, store, operations, *more):
        """An import that is left running."""
        return subprocess.Popen([self.cartbell, "--store", store, "--json", "import", operations, *more], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def digest(self, store, *more):
        return json.loads(run(self.cartbell, "--store", store, "--json", "digest", *more))

    def remove(self, store):
        for end in ("", "-wal", "-shm", "-lock"):
            if os.path.exists(store + end):
                os.remove(store + end)


def stored_of(shop, store):
    return json.loads(run(shop.cartbell, "--store", store, "--json", "stats"))["operations"]


def killed(shop, store, operations, rounds, rng, facts):
    """Kills imports, each a random part further than the one before; says how often, and how many facts are stored."""
    kills = 0
    for aim in sorted(rng.randrange(1, facts * 3 // 4) for _ in range(rounds)):
        before = stored_of(shop, store)
        process = shop.start(store, operations, "--batch", "100")
        while process.poll() is None and stored_of(shop, store) < aim:
            pass
        time.sleep(rng.uniform(0, 0.03))
        process.send_signal(signal.SIGKILL)
        kills += process.wait() == -signal.SIGKILL
        assert stored_of(shop, store) >= before, "what was committed is gone"
    return kills, stored_of(shop, store)
