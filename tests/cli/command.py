"""Runs the cartbell command for the tests: one store per test, everything in a folder of its own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

COMMAND = os.environ.get("CARTBELL_COMMAND") or sys.exit("CARTBELL_COMMAND names the command to test")
NOW = "2011-12-10T00:00:00Z"

# Exit codes of `cartbell --help`.
DONE, REFUSED, USAGE, NOT_FOUND, STORE, DEFECT = range(6)


def order(number, customer="C-1", placed_at="2011-11-01T10:00:00Z", total="10.00", **more):
    return {
        "type": "order", "id": f"op-{number}", "occurred_at": placed_at, "customer": {"external_id": customer},
        "order": {"order_id": str(number), "placed_at": placed_at, "currency": "EUR", "total": total,
                  "lines": [{"line_id": "1", "product_id": "MUG", "name": "Mug", "quantity": "1", "price": total, "total": total}], **more},
    }


class CommandTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="cartbell-cli-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.store = os.path.join(self.folder, "shop.db")

    def environment(self):
        return {**os.environ, "CARTBELL_STORE": self.store, "NO_COLOR": "1", "LC_ALL": "C"}

    def run_raw(self, *arguments, stdin=b"", at=NOW):
        clock = ["--at", at] if at else []
        return subprocess.run([COMMAND, *arguments, *clock], input=stdin, capture_output=True, env=self.environment(), cwd=self.folder, timeout=300)

    def cartbell(self, *arguments, code=DONE, stdin=b"", at=NOW):
        """The output as text; fails if the exit code is another one."""
        if isinstance(stdin, str):
            stdin = stdin.encode()
        done = self.run_raw(*arguments, stdin=stdin, at=at)
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout.decode()}\n{done.stderr.decode()}")
        self.errors = done.stderr.decode()
        return done.stdout.decode()

    def answer(self, *arguments, **more):
        return json.loads(self.cartbell(*arguments, "--json", **more))

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            if isinstance(content, bytes):
                file.write(content)
            elif isinstance(content, str):
                file.write(content.encode())
            else:
                file.write(json.dumps(content).encode())
        return path

    def ndjson(self, operations):
        return "".join(json.dumps(operation) + "\n" for operation in operations)

    def shop(self, operations=()):
        self.cartbell("init", "--currency", "EUR", "--zone", "UTC")
        if operations:
            self.cartbell("import", "-", stdin=self.ndjson(operations))
