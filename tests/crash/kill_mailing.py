"""SIGKILL at random points of a mailing over Online Retail's customers, while two threads lease: every customer has exactly one message.

Usage: kill_mailing.py CARTBELL LIBRARY MAILING_WORKER [rounds]. The seed is printed; CARTBELL_SEED sets it.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter

for folder in ("data", "support"):
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", folder))
import offer  # noqa: E402
from cartbell_c import Store  # noqa: E402

START_US = 1_323_475_200_000_000  # 2011-12-10T00:00:00Z, retail.NOW


def main():
    cartbell, library, worker = sys.argv[1:4]
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 50
    seed = int(os.environ.get("CARTBELL_SEED", time.time_ns() % 2**32))
    print(f"seed {seed}, {rounds} kills", flush=True)
    rng = random.Random(seed)
    folder = tempfile.mkdtemp(prefix="cartbell-kill-")
    try:
        store, log = os.path.join(folder, "retail.db"), os.path.join(folder, "handed_over.log")
        offer.prepare(cartbell, store)
        reference = offer.dry_run(cartbell, store)
        epoch = time.time_ns() // 1000
        command = [worker, store, offer.MAILING, log, str(epoch), str(START_US)]
        killed = 0
        for _ in range(rounds):
            process = subprocess.Popen(command)
            time.sleep(rng.uniform(0.005, 0.09))
            process.send_signal(signal.SIGKILL)
            if process.wait() == -signal.SIGKILL:
                killed += 1
        assert killed >= rounds // 2, f"only {killed} of {rounds} runs were killed before they ended: the test shows nothing"
        time.sleep(0.2)  # the leases of the last one killed end
        subprocess.run(command, check=True, timeout=300)
        verify(library, store, log, reference)
        print(f"{killed} kills, {reference['rendered']} messages handed over, {reference['audience']} customers: one message each")
    finally:
        shutil.rmtree(folder)


def verify(library, store, log, reference):
    with Store(library, store) as reading:
        messages = list(reading.messages(f"mailing:{offer.MAILING}"))
    per_customer = Counter(m["customer"] for m in messages)
    assert len(messages) == reference["audience"], (len(messages), reference)
    assert max(per_customer.values()) == 1, "a customer has two messages"
    states = Counter(m["state"] for m in messages)
    assert states["handed_over"] == reference["rendered"], states
    assert states["blocked"] == sum(reference["blocked"].values()), states
    assert sum(states.values()) == states["handed_over"] + states["blocked"], states
    with open(log) as file:
        given = [line.split() for line in file if line.endswith("\n")]
    identity_of = {}
    for message_id, identity in given:
        assert identity_of.setdefault(message_id, identity) == identity
    assert len(set(identity_of.values())) == len(identity_of), "the provider was given two messages of one customer"
    assert set(identity_of) == {m["message_id"] for m in messages if m["state"] == "handed_over"}
    print(f"{len(given) - len(identity_of)} messages were given again after a kill, with the same id")


main()
