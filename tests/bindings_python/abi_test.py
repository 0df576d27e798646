"""The declarations are those of the headers, of the exported symbols and of the C compiler."""

import ctypes
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

import cartbell
from cartbell import _abi, _engine, _errors, store

SOURCE = pathlib.Path(os.environ["CARTBELL_SOURCE"])
GENERATE = SOURCE / "bindings" / "python" / "generate.py"
ABI = SOURCE / "bindings" / "python" / "cartbell" / "_abi.py"


def exported():
    return (SOURCE / "src" / "capi" / "symbols.txt").read_text().split()


def check(include):
    return subprocess.run([sys.executable, GENERATE, include, "--check", ABI], capture_output=True, text=True)


def test_every_exported_symbol_is_declared():
    assert sorted(_abi.FUNCTIONS) == sorted(exported())
    assert len(_abi.FUNCTIONS) >= 58


@pytest.mark.parametrize("old, new", [
    ("int64_t now_us, cartbell_buffer *answer", "int32_t now_us, cartbell_buffer *answer"),
    ("#define CARTBELL_BUSY (-3)", "#define CARTBELL_BUSY (-30)"),
    ("    int64_t late;", "    int64_t late;\n    int64_t later;"),
    ("    int32_t (*put)(", "    int32_t (*put_rows)("),
])
def test_a_change_of_the_headers_is_seen(tmp_path, old, new):
    include = tmp_path / "include"
    shutil.copytree(SOURCE / "include", include)
    assert check(include).returncode == 0
    changed = 0
    for header in include.rglob("*.h"):
        text = header.read_text()
        changed += old in text
        header.write_text(text.replace(old, new))
    assert changed
    seen = check(include)
    assert seen.returncode == 1 and seen.stdout


def test_what_the_generator_does_not_know_is_refused(tmp_path):
    include = tmp_path / "include"
    shutil.copytree(SOURCE / "include", include)
    header = include / "cartbell" / "order.h"
    header.write_text(header.read_text().replace("size_t count", "time_t count"))
    assert check(include).returncode != 0


PROBE = """
#include <cstddef>
#include <cstdio>
#include <type_traits>
#include <cartbell/cartbell.h>
#include <cartbell/sys/store.h>

template <typename T> void kind() {
    if (std::is_pointer_v<T>) std::printf(" pointer");
    else if (std::is_void_v<T>) std::printf(" void");
    else if constexpr (!std::is_void_v<T>) std::printf(" %c%zu", std::is_signed_v<T> ? 'i' : 'u', sizeof(T));
}
template <typename T> struct Signature;
template <typename R, typename... A> struct Signature<R (*)(A...) noexcept> {
    static void print() { kind<R>(); (kind<A>(), ...); std::printf("\\n"); }
};
template <typename R, typename... A> struct Signature<R (*)(A...)> : Signature<R (*)(A...) noexcept> {};

int main() {
ASKED
}
"""


def kind(ctype):
    if ctype is None:
        return "void"
    if ctype in (ctypes.c_void_p, ctypes.c_char_p):
        return "pointer"
    return f"{'i' if ctype(-1).value < 0 else 'u'}{ctypes.sizeof(ctype)}"


def signature(result, parameters):
    return " ".join(kind(each) for each in (result, *parameters))


def test_structs_constants_and_signatures_are_what_the_compiler_says(tmp_path):
    asked, expected = [], []
    for struct in _abi.STRUCTS:
        name = struct.__name__
        asked.append(f'std::printf("%zu\\n", sizeof({name}));')
        expected.append(ctypes.sizeof(struct))
        for member, ctype in struct._fields_:
            asked.append(f'std::printf("%zu %zu\\n", offsetof({name}, {member}), sizeof({name}::{member}));')
            expected.append(f"{getattr(struct, member).offset} {getattr(struct, member).size}")
            if struct is _abi.cartbell_store_functions and hasattr(ctype, "_argtypes_"):
                asked.append(f"Signature<decltype({name}::{member})>::print();")
                expected.append(signature(ctype._restype_, ctype._argtypes_))
    for name in sorted(name for name in vars(_abi) if name.startswith("CARTBELL_")):
        asked.append(f'std::printf("%lld\\n", static_cast<long long>({name}));')
        expected.append(getattr(_abi, name))
    for name, declared in _abi.FUNCTIONS.items():
        asked.append(f"Signature<decltype(&{name})>::print();")
        expected.append(signature(*declared))
    source, program = tmp_path / "probe.cpp", tmp_path / "probe"
    source.write_text(PROBE.replace("ASKED", "\n".join(asked)))
    subprocess.run([os.environ["CARTBELL_CXX"], "-std=c++17", "-I", SOURCE / "include", source, "-o", program], check=True)
    said = subprocess.run([program], capture_output=True, text=True, check=True).stdout.splitlines()
    assert [line.strip() for line in said] == [str(each) for each in expected]
    assert len(_abi.STRUCTS) >= 13 and len(said) > 200


def test_a_cell_is_packed_as_the_struct_is():
    assert store._CELL.size == ctypes.sizeof(_abi.cartbell_cell)
    cell = _abi.cartbell_cell.from_buffer_copy(store._CELL.pack(3, 0, 7, 11, 13))
    assert (cell.type, cell.reserved, cell.integer, cell.data, cell.size) == (3, 0, 7, 11, 13)


def test_the_hot_call_passes_what_is_declared():
    passed = []

    def noting(*arguments):
        passed.extend(arguments)
        return 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_engine, "_ingest", noting)
        with cartbell.Engine(":memory:") as shop:
            shop.ingest(b"{}", source="site")
    declared = _abi.FUNCTIONS["cartbell_engine_ingest"][1]
    assert len(passed) == len(declared)
    for given, kind in zip(passed, declared):
        if kind is ctypes.c_void_p:
            assert isinstance(given, (ctypes.c_void_p, type(ctypes.byref(ctypes.c_int()))))
        elif kind is ctypes.c_char_p:
            assert isinstance(given, bytes)
        elif kind is ctypes.c_int32:
            assert isinstance(given, int) and ctypes.sizeof(ctypes.c_int) == 4  # what ctypes makes of an int
        else:
            assert type(given) is kind
    assert _engine._ingest.restype is ctypes.c_int


def test_every_status_has_an_exception_of_its_own():
    statuses = {value for name, value in vars(_abi).items() if name.startswith("CARTBELL_") and isinstance(value, int) and value < 0}
    assert statuses == set(_errors.BY_STATUS) and len(statuses) == 14
