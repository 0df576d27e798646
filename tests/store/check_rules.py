"""check_rules.py RULES STORE_H: every rule that the conformance suite names stands in store.h word for word."""

import pathlib
import re
import sys


def words(text):
    """Comments without their stars, everything in single spaces."""
    return " ".join(re.sub(r"^\s*\*(?!/) ?", "", text, flags=re.MULTILINE).split())


def rules(source):
    for declaration in re.findall(r"inline constexpr char (\w+\[\] =.*?);\n", source, flags=re.DOTALL):
        yield declaration.split("[")[0], "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', declaration))


def missing(source, header):
    found = dict(rules(source))
    return found, [name for name, rule in found.items() if words(rule) not in words(header)]


def main():
    source, header = pathlib.Path(sys.argv[1]).read_text(), pathlib.Path(sys.argv[2]).read_text()
    found, absent = missing(source, header)
    for name in absent:
        print(f"rule {name} is not in {sys.argv[2]}: {found[name]}")
    invented = 'inline constexpr char invented[] = "Rows are " "blue.";\n'
    sees = missing(invented, header) == ({"invented": "Rows are blue."}, ["invented"])
    print(f"{len(found)} rules, {len(absent)} absent, an invented one is {'found' if sees else 'not found'}")
    return 1 if absent or len(found) < 30 or not sees else 0


if __name__ == "__main__":
    sys.exit(main())
