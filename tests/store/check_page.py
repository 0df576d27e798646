"""check_page.py PAGE FILE...: every block of C on a page stands, line for line, in one of the files that the tests compile."""

import pathlib
import re
import sys


def blocks(page):
    return re.findall(r"^```c\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE)


def absent(page, files):
    return [block for block in blocks(page) if not any(block in file for file in files)]


def main():
    page = pathlib.Path(sys.argv[1]).read_text()
    files = [pathlib.Path(name).read_text() for name in sys.argv[2:]]
    for block in absent(page, files):
        print(f"in none of the files:\n{block}")
    whole = [name for name, file in zip(sys.argv[2:], files) if file in blocks(page)]
    sees = absent("```c\nint invented;\n```\n", files) == ["int invented;\n"]
    print(f"{len(blocks(page))} blocks, shown whole: {whole}")
    return 1 if absent(page, files) or len(blocks(page)) < 5 or not whole or not sees else 0


if __name__ == "__main__":
    sys.exit(main())
