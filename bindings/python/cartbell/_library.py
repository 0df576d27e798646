"""Finds libcartbell and declares its functions."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import pathlib
import sys
from typing import Iterator

from . import _abi

VERSION = f"{_abi.CARTBELL_VERSION_MAJOR}.{_abi.CARTBELL_VERSION_MINOR}.{_abi.CARTBELL_VERSION_PATCH}"
_MAJOR = _abi.CARTBELL_VERSION_MAJOR
_NAMES = {"darwin": [f"libcartbell.{_MAJOR}.dylib", "libcartbell.dylib"], "win32": ["cartbell.dll"]}.get(
    sys.platform, [f"libcartbell.so.{_MAJOR}", "libcartbell.so"])


def candidates() -> Iterator[str]:
    """Where the library may be, first place first. CARTBELL_LIBRARY, where it is set, is the only one."""
    named = os.environ.get("CARTBELL_LIBRARY")
    if named:
        yield named
        return
    here = pathlib.Path(__file__).parent
    yield from (str(here / name) for name in _NAMES if (here / name).is_file())
    yield from _NAMES
    found = ctypes.util.find_library("cartbell")
    if found:
        yield found


def load() -> ctypes.CDLL:
    tried = []
    for name in candidates():
        try:
            library = ctypes.CDLL(name)
            break
        except OSError as error:
            tried.append(str(error))
    else:
        raise ImportError("libcartbell was not found: set CARTBELL_LIBRARY to its path, or install it where the system looks. " + "; ".join(tried))
    for name, (result, parameters) in _abi.FUNCTIONS.items():
        try:
            function = getattr(library, name)
        except AttributeError:
            raise ImportError(f"{library._name} has no {name}: this package is for Cartbell {VERSION}") from None
        function.restype, function.argtypes = result, parameters
    # Before 1.0 each minor version may break the last one.
    found = library.cartbell_version().decode()
    if found.split(".")[:2] != VERSION.split(".")[:2]:
        raise ImportError(f"{library._name} is Cartbell {found}, this package is for {VERSION}")
    return library


library = load()


def version() -> str:
    """The library's version, such as "0.1.0"."""
    return str(library.cartbell_version().decode())


def live_objects() -> int:
    """How many engines, batches, templates, cursors and errors are alive in the process, for tests."""
    return int(library.cartbell_live_objects())
