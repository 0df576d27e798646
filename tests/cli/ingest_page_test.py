"""docs/ingest.md: every block of commands, one after the other, prints what the block below it says. `--write` puts in what it prints."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

COMMAND = os.environ.get("CARTBELL_COMMAND") or sys.exit("CARTBELL_COMMAND names the command to test")
PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "ingest.md"
NOON = "2026-11-20T12:00:00Z"
PAIR = re.compile(r"^```sh\n(.*?)^```\n\n```text\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
PREAMBLE = f'set -e -o pipefail\ncartbell() {{ "{COMMAND}" --at {NOON} "$@"; }}\n'


def main():
    page = PAGE.read_text()
    blocks = PAIR.findall(page)
    assert len(blocks) == page.count("```sh\n") > 5, "a block of commands is without the block that says what it prints"
    with tempfile.TemporaryDirectory(prefix="cartbell-ingest-") as folder:
        environment = {**os.environ, "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "CARTBELL_STORE": "shop.db"}
        for commands, said in blocks:
            done = subprocess.run(["bash", "-c", PREAMBLE + commands], capture_output=True, text=True, env=environment, cwd=folder, timeout=120)
            assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
            printed = re.sub(r" in [\d.]+ s, [\d,]+ a second", "", done.stdout)  # as fast as the machine is
            if "--write" in sys.argv:
                page = page.replace(f"```sh\n{commands}```\n\n```text\n{said}", f"```sh\n{commands}```\n\n```text\n{printed}", 1)
            else:
                assert printed == said, f"{commands}\nprints\n{printed}\nand not\n{said}"
    if "--write" in sys.argv:
        PAGE.write_text(page)
    print(f"{len(blocks)} blocks of docs/ingest.md print what stands below them")


if __name__ == "__main__":
    main()
