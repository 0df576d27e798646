"""Enforces the include arrows of docs/architecture.md ("The house"): who may include what.

Usage: include_arrows.py ROOT     checks a tree
       include_arrows.py --self   checks that this test finds what it is there to find
"""

import pathlib
import re
import sys
import tempfile

# What each module may include of the others. The way down is spelled out, so that an arrow is added on purpose.
ARROWS = {
    "base": [],
    "platform": ["base"],
    "model": ["base"],
    "segment": ["model", "base"],
    "render": ["model", "base"],
    "campaign": ["segment", "render", "model", "base"],
    "codec": ["campaign", "segment", "render", "model", "base"],
    "store": ["model", "base"],
    "engine": ["codec", "campaign", "segment", "render", "model", "store", "platform", "base"],
    "capi": ["engine", "codec", "campaign", "segment", "render", "model", "store", "platform", "base"],
    "conformance": [],
    "device": ["segment", "render", "model", "store", "base"],
    "cli": [],
    "server": [],
}
# Of the public headers: the users of the product have all of them, the layers below only what they implement.
PUBLIC = {
    "store": ["cartbell/sys/store.h", "cartbell/base.h", "cartbell/error.h"],
    "engine": ["cartbell/sys/store.h", "cartbell/base.h"],
    "conformance": ["cartbell/sys/store.h", "cartbell/sys/store_conformance.h", "cartbell/base.h"],
    "capi": ["cartbell/"],
    "cli": ["cartbell/"],
    "server": ["cartbell/"],
    "device": ["cartbell/base.h", "cartbell/error.h"],
}
# Third-party headers have one home each. Nothing else may be included that is neither ours nor the standard's.
THIRD_PARTY = {
    "codec": ["nlohmann/", "simdjson.h"],
    "store": ["sqlite3.h", "libpq-fe.h"],
    "platform": ["unicode/", "roaring/"],
    "device": ["boost/", "sqlite3.h"],
    "server": ["boost/", "nlohmann/"],
    "cli": ["CLI/", "boost/", "nlohmann/"],
}
SYSTEM = {
    "base": ["cpuid.h", "immintrin.h"],
    "platform": [],
    "store": ["fcntl.h", "sys/file.h", "sys/stat.h", "unistd.h"],
    "engine": ["unistd.h"],
    "capi": ["pthread.h", "unistd.h"],
    "device": ["pthread.h", "unistd.h"],
    "cli": ["fcntl.h", "signal.h", "sys/", "unistd.h"],
    "server": ["fcntl.h", "signal.h", "sys/", "unistd.h"],
}
C_HEADERS = {"stddef.h", "stdint.h", "string.h", "stdlib.h", "stdio.h", "inttypes.h", "limits.h"}
# The core starts no thread, reads no clock, touches no locale (architecture.md, idea 4; style.md, rule 10).
CORE = ["base", "platform", "model", "segment", "render", "campaign", "codec", "store", "engine", "capi"]
NOT_IN_CORE = {"iostream", "fstream", "sstream", "locale", "codecvt", "clocale", "regex", "future", "format", "random", "ctime"}
CALLS_NOT_IN_CORE = re.compile(
    r"\b(?:(?:system|steady|high_resolution)_clock|thread_local|setlocale|gettimeofday|clock_gettime|std::j?thread(?!::id))\b")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
SOURCES = {".h", ".hpp", ".c", ".cpp"}


def allowed(header, prefixes):
    return any(header == prefix or (prefix.endswith("/") and header.startswith(prefix)) for prefix in prefixes)


def is_standard(header):
    return "/" not in header and ("." not in header or header in C_HEADERS)


def fault(module, bracket, header, root):
    """Why a file of the module may not include this, or None."""
    if is_standard(header):
        if bracket == '"':
            return "standard headers go in <>"
        return "is not for the core" if module in CORE and header in NOT_IN_CORE else None
    if header.startswith("cartbell/"):
        if not (root / "include" / header).is_file():
            return "does not exist"
        return None if allowed(header, PUBLIC.get(module, [])) else "is not for this module"
    other = header.split("/")[0]
    if other in ARROWS and "/" in header:
        if bracket == "<":
            return "our own headers go in quotes"
        if not (root / "src" / header).is_file():
            return "does not exist"
        return None if other == module or other in ARROWS[module] else f"there is no arrow from {module} to {other}"
    if allowed(header, THIRD_PARTY.get(module, [])) or allowed(header, SYSTEM.get(module, [])):
        return None
    return "is neither ours nor the standard's, and not one that this module may use"


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)


def check_modules(root):
    count, faults = 0, []
    for path in sorted((root / "src").rglob("*")):
        if path.suffix not in SOURCES:
            continue
        module = path.relative_to(root / "src").parts[0]
        text = without_comments(path.read_text())
        if module not in ARROWS:
            faults.append(f"{path.relative_to(root)}: unknown module {module}")
            continue
        for bracket, header in INCLUDE.findall(text):
            count += 1
            why = fault(module, bracket, header, root)
            if why:
                faults.append(f"{path.relative_to(root)}: {header} {why}")
        if module in CORE:
            faults += [f"{path.relative_to(root)}: {call} has no place in the core" for call in CALLS_NOT_IN_CORE.findall(text)]
    return count, faults


def check_product(root):
    """The product's headers know nothing but themselves and the standard; bindings and examples know only them."""
    count, faults = 0, []
    for folder in ("include", "bindings", "examples"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in SOURCES or "node_modules" in path.parts:
                continue
            for _, header in INCLUDE.findall(without_comments(path.read_text())):
                count += 1
                ours = header.startswith("cartbell/") and (root / "include" / header).is_file()
                binding = folder == "bindings" and header in ("Python.h", "jni.h")
                beside = folder == "examples" and (path.parent / header).is_file()
                if not (ours or beside or binding or is_standard(header) or header in ("pthread.h", "unistd.h", "time.h")):
                    faults.append(f"{path.relative_to(root)}: {header} is no header of the product")
    return count, faults


def check(root):
    modules, faults = check_modules(root)
    product, more = check_product(root)
    return modules, product, faults + more


def self_check():
    """Each wrong include below is found, each right one is not."""
    wrong = {
        "src/base/a.cpp": '#include "model/b.hpp"', "src/model/a.cpp": "#include <nlohmann/json.hpp>",
        "src/segment/a.cpp": '#include "render/b.hpp"', "src/render/a.hpp": '#include "codec/b.hpp"',
        "src/codec/a.cpp": '#include "store/b.hpp"', "src/store/a.cpp": "#include <nlohmann/json.hpp>",
        "src/engine/a.cpp": "#include <sqlite3.h>", "src/cli/a.cpp": '#include "engine/b.hpp"',
        "src/codec/c.cpp": "#include <mstch/mstch.hpp>", "src/model/d.cpp": "#include <iostream>",
        "src/model/e.cpp": "long t() { return std::chrono::steady_clock::now().time_since_epoch().count(); }",
        "src/engine/e.cpp": "void f() { std::thread worker([] {}); }",
        "src/model/f.cpp": '#include "model/missing.hpp"', "src/engine/g.cpp": '#include "cartbell/engine.h"',
        "src/unheard/a.cpp": "", "include/cartbell/a.h": '#include "model/b.hpp"', "examples/a.c": '#include "model/b.hpp"',
        "src/base/h.cpp": "#include <unistd.h>", "src/conformance/h.cpp": '#include "store/b.hpp"', "src/capi/i.cpp": "#include <model/b.hpp>",
    }
    right = {
        "src/model/b.hpp": "#include <string>", "src/store/b.hpp": "#include <sqlite3.h>", "src/engine/b.hpp": '#include "store/b.hpp"',
        "src/codec/b.hpp": '#include <simdjson.h>\n// #include <iostream>', "src/render/b.hpp": '#include "model/b.hpp"',
        "src/store/c.hpp": "#include <thread>\nstd::thread::id f();",
        "include/cartbell/engine.h": "#include <stdint.h>", "include/cartbell/sys/store_conformance.h": "", "src/cli/b.cpp": '#include "cartbell/engine.h"',
        "examples/b.c": '#include <cartbell/engine.h>\n#include <stdio.h>\n#include "b.h"', "examples/b.h": "#include <pthread.h>",
        "src/conformance/b.cpp": '#include "cartbell/sys/store_conformance.h"\n#include <thread>',
    }
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in {**wrong, **right}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text + "\n")
        _, _, faults = check(root)
    found = {line.split(":")[0] for line in faults}
    missed, invented = sorted(set(wrong) - found), sorted(found - set(wrong))
    print(f"found {len(found)} of {len(wrong)}; missed {missed}; invented {invented}")
    return 1 if missed or invented else 0


def main():
    if sys.argv[1] == "--self":
        return self_check()
    modules, product, faults = check(pathlib.Path(sys.argv[1]))
    print(f"{modules} includes of modules, {product} of the product, {len(faults)} wrong")
    print("\n".join(faults))
    return 1 if faults or modules < 100 or product < 5 else 0


if __name__ == "__main__":
    sys.exit(main())
