"""Holds the engine's row machine against the oracle: random predicates over random data, at every instant that "next change" names and one
microsecond before it, and at random instants in between, where the verdict must not move.

Usage: compare.py SEGMENT_PROBE [predicates]. CARTBELL_SEED sets the seed ("time": a new one), CARTBELL_CASE runs a single case of it.
"""

import json
import os
import random
import subprocess
import sys
import time

from generate import Generator, own_currency, text_of
from oracle import SECOND, evaluate, parse_time

STEPS = 5
CUSTOMERS = 3


class Case:
    """One shop, some customers, one predicate, one instant: as a request to the probe and as the oracle's data."""

    def __init__(self, seed, number):
        self.number = number
        generator = Generator(random.Random(f"{seed}/{number}"))
        self.random = generator.random
        self.world = generator.shop()
        self.now = 1_735_689_600 * SECOND + self.random.randrange(600 * 86_400) * SECOND + self.random.choice([0, 0, 1, 999_999])
        self.customers, data = [], []
        for index in range(CUSTOMERS):
            customer, sent = generator.customer(index, self.now)
            own_currency(customer, self.world.currency)
            self.customers.append(customer)
            data.append(self.as_operations(sent))
        self.predicate = generator.predicate(2, [])
        self.request = {"settings": generator.settings_json(self.world), "products": self.world.products_sent, "customers": data, "predicate": self.predicate,
                        "now": text_of(self.now), "steps": STEPS}

    @staticmethod
    def as_operations(sent):
        for order in sent["orders"]:
            order["history_ops"] = [{"occurred_at": change["at"], "status": {change["set"]: {"code": change["code"], "at": change["at"]}}}
                                    for change in order.pop("changes")]
        return sent

    def check(self, answer):
        """None, or what is wrong."""
        if not answer["ok"]:
            return f"refused: {answer}"
        for index, (customer, hops) in enumerate(zip(self.customers, answer["customers"], strict=True)):
            expected = self.now
            for instant, verdict, next_change, before in hops:
                wrong = self.check_hop(customer, parse_time(instant), verdict, next_change and parse_time(next_change), before, expected)
                if wrong:
                    return f"customer {index} at {instant} (next {next_change}): {wrong}"
                expected = next_change and parse_time(next_change)
            if not hops or (len(hops) < STEPS and expected is not None):
                return f"customer {index}: the list ends early"
        return None

    def check_hop(self, customer, instant, verdict, next_change, before, expected):
        if instant != expected:
            return "not the instant that was named"
        if next_change is not None and next_change <= instant:
            return "no progress"
        if evaluate(self.world, customer, self.predicate, instant) != verdict:
            return f"the engine says {verdict}"
        end = next_change if next_change is not None else instant + 3 * 366 * 86_400 * SECOND
        if next_change is not None and before != verdict:
            return f"one microsecond before the next change the engine says {before}"
        samples = [end - 1] + [instant + self.random.randrange(end - instant) for _ in range(3)]
        for sample in samples:
            if evaluate(self.world, customer, self.predicate, sample) != verdict:
                return f"the oracle's verdict is another at {text_of(sample)}, before the next change"
        return None


def run_block(probe, seed, numbers):
    cases = [Case(seed, number) for number in numbers]
    lines = "".join(json.dumps(case.request) + "\n" for case in cases)
    result = subprocess.run([probe], input=lines, capture_output=True, text=True, timeout=600)
    answers = result.stdout.splitlines()
    if result.returncode != 0 or len(answers) != len(cases):
        raise SystemExit(f"the probe ended with {result.returncode} after {len(answers)} of {len(cases)} answers: {result.stderr[-500:]}")
    failures, true_ones, outlines = [], 0, 0
    for case, line in zip(cases, answers):
        answer = json.loads(line)
        wrong = case.check(answer)
        if wrong:
            failures.append((case, wrong))
        else:
            outlines += answer.get("outlines", False)
            true_ones += sum(hop[1] for hops in answer["customers"] for hop in hops)
    return failures, true_ones, outlines, sum(len(hops) for line in answers if json.loads(line)["ok"] for hops in json.loads(line)["customers"])


def main():
    probe, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    seed = os.environ.get("CARTBELL_SEED", "1")
    if seed == "time":
        seed = str(time.time_ns() % 2**32)
    only = os.environ.get("CARTBELL_CASE")
    print(f"seed {seed}", flush=True)
    numbers = [int(only)] if only else list(range(count))
    blocks = [numbers[i : i + 100] for i in range(0, len(numbers), 100)]
    failures, true_ones, outlines, verdicts = [], 0, 0, 0
    for block in blocks:
        bad, truths, of_outlines, total = run_block(probe, seed, block)
        failures += bad
        true_ones, outlines, verdicts = true_ones + truths, outlines + of_outlines, verdicts + total
        if len(failures) > 20:
            break
    for case, wrong in failures[:12]:
        print(f"case {case.number}: {wrong}\n  predicate {json.dumps(case.predicate, ensure_ascii=False)}\n  zone {case.world.zone}")
    if only and failures:
        print(json.dumps(failures[0][0].request, ensure_ascii=False))
    if failures:
        raise SystemExit(f"{len(failures)} of {len(numbers)} cases differ; CARTBELL_SEED={seed} CARTBELL_CASE=<number> shows one")
    print(f"{len(numbers)} predicates ({outlines} over outlines), {verdicts} verdicts ({true_ones} true), all as the oracle says")
    if not only and not verdicts * 0.1 < true_ones < verdicts * 0.9:
        raise SystemExit("the random predicates are almost all true or all false: they show nothing")
    if not only and outlines < len(numbers) * 0.05:
        raise SystemExit("hardly any predicate was asked over outlines of orders: they show nothing")


if __name__ == "__main__":
    main()
