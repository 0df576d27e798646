"""Makes cartbell/_abi.py, the C ABI as ctypes sees it, from the headers.

Usage: generate.py INCLUDE           prints it
       generate.py INCLUDE FILE      writes it
       generate.py INCLUDE --check FILE   fails if the file says anything else

It reads the headers' own discipline (style: opaque pointers, fixed widths, structs by pointer) and refuses what it does not know.
"""

import difflib
import pathlib
import re
import sys

HEADERS = ["base", "error", "engine", "settings", "order", "customer", "product", "event", "container", "segment", "template", "mailing", "mapping", "message", "sys/store"]
SCALARS = {"int32_t": "c_int32", "int64_t": "c_int64", "uint8_t": "c_uint8", "uint32_t": "c_uint32", "uint64_t": "c_uint64", "size_t": "c_size_t"}
WHAT_C_KNOWS = {"INT64_MAX": 2**63 - 1}

TITLE = '"""The C ABI as ctypes sees it. Made by generate.py from include/cartbell; not edited by hand."""\n\n'


class Headers:
    """Everything the headers declare."""

    def __init__(self, include):
        text = "\n".join((pathlib.Path(include) / "cartbell" / f"{name}.h").read_text() for name in HEADERS)
        text = re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL).replace("\\\n", " ")
        self.constants = self.read_constants(text)
        self.code = re.sub(r"^[ \t]*#[^\n]*", "", text, flags=re.MULTILINE)
        self.structs = {}
        for name, body, again in re.findall(r"typedef struct (\w+) \{(.*?)\} (\w+);", self.code, flags=re.DOTALL):
            if name != again:
                raise SystemExit(f"struct {name} is also called {again}")
            self.structs[name] = body
        self.opaque = [name for name in re.findall(r"typedef struct (\w+) \w+;", self.code)]
        self.functions = {name: (self.kind(result.replace("*", " * ")), [self.kind(each) for each in self.parts(parameters)]) for result, name, parameters in
                          re.findall(r"CARTBELL_API\s+([\w \*]+?)(\w+)\(([^)]*)\)\s*CARTBELL_NOEXCEPT;", self.code)}
        if len(self.functions) != self.code.count("CARTBELL_API"):
            raise SystemExit("a declaration is not of the form CARTBELL_API result name(parameters) CARTBELL_NOEXCEPT;")

    @staticmethod
    def read_constants(text):
        found = {}
        for name, value in re.findall(r"^#define (CARTBELL_\w+) +([^\n{]+?) *$", text, flags=re.MULTILINE):
            number = re.fullmatch(r"\(?(-?\d+)u?\)?", value)
            if number:
                found[name] = int(number.group(1))
            elif value in WHAT_C_KNOWS:
                found[name] = WHAT_C_KNOWS[value]
            elif not re.fullmatch(r"noexcept|__attribute__.*", value):
                raise SystemExit(f"{name} is no number: {value}")
        return found

    @staticmethod
    def parts(parameters):
        parameters = " ".join(parameters.split())
        if parameters in ("", "void"):
            return []
        return [re.sub(r"\w+$", "", each.strip()).replace("*", " * ") for each in parameters.split(",")]

    def kind(self, c, member=False):
        """A C type in ctypes. Pointers that are passed are addresses, which ctypes converts fastest and which byref() and arrays fit too."""
        words = re.sub(r"\b(const|struct)\b", " ", c)
        stars, base = words.count("*"), " ".join(words.replace("*", " ").split())
        if stars == 0:
            return "None" if base == "void" else SCALARS[base]
        if base not in SCALARS and base not in self.structs and base not in self.opaque and base not in ("char", "void"):
            raise SystemExit(f"unknown type: {c}")
        if c.split() == ["const", "char", "*"]:
            return "c_char_p"
        if member and stars == 1 and base in self.structs:
            return f"POINTER({base})"
        if member and stars == 1 and base in SCALARS:
            return f"POINTER({SCALARS[base]})"
        return "c_void_p"

    def callback(self, c):
        """The same of what ctypes hands to a callback: raw addresses only."""
        return "c_void_p" if "*" in c else self.kind(c)

    def members(self, struct):
        """(name, type in ctypes) for each member, in order."""
        for line in self.structs[struct].split(";"):
            line = " ".join(line.split())
            callback = re.fullmatch(r"(.*)\(\*(\w+)\)\((.*)\)", line)
            if callback:
                result, name, parameters = callback.groups()
                kinds = [self.callback(each) for each in (result, *self.parts(parameters))]
                yield name, f"CFUNCTYPE({', '.join(kinds)})"
            elif line:
                c, name = re.fullmatch(r"(.*?)(\w+)", line).groups()
                yield name, self.kind(c.replace("*", " * "), member=True)


def module(headers):
    out = [f"{name} = {value}\n" for name, value in headers.constants.items()]
    for struct in headers.structs:
        out.append(f"\n\nclass {struct}(Structure):\n    pass\n")
    out.append("\n")
    for struct in headers.structs:
        out.append(f"\n{struct}._fields_ = [\n")
        out += [f'    ("{name}", {kind}),\n' for name, kind in headers.members(struct)]
        out.append("]\n")
    out.append("\nSTRUCTS = [\n" + "".join(f"    {struct},\n" for struct in headers.structs) + "]\n")
    out.append("\n# name: (result, parameters)\nFUNCTIONS = {\n")
    for name in sorted(headers.functions):
        result, kinds = headers.functions[name]
        out.append(f'    "{name}": ({result}, [{", ".join(kinds)}]),\n')
    out.append("}\n")
    body = "".join(out)
    used = sorted(set(re.findall(r"\b(?:c_[a-z0-9_]+|CFUNCTYPE|POINTER|Structure)\b", body)))
    return f"{TITLE}from ctypes import {', '.join(used)}\n\n{body}"


def main():
    made = module(Headers(sys.argv[1]))
    if len(sys.argv) == 2:
        sys.stdout.write(made)
    elif sys.argv[2] != "--check":
        pathlib.Path(sys.argv[2]).write_text(made)
    else:
        file = pathlib.Path(sys.argv[3])
        changes = list(difflib.unified_diff(file.read_text().splitlines(), made.splitlines(), str(file), "what the headers say", lineterm=""))
        print("\n".join(changes))
        return 1 if changes else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
