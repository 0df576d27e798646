"""The documents of others as operations; it needs no engine."""

from __future__ import annotations

import ctypes
import json
from typing import Any, Mapping, NamedTuple

from . import _abi
from ._handle import Frame
from ._inputs import code, definition, limits as limits_of
from ._library import library


class MappedDocument(NamedTuple):
    pointer: str  # in what was given; "" if that was one document
    rule: str     # of the table, that took it
    operations: int


class MappedOperations(NamedTuple):
    operations: list[Any]                   # as Engine.ingest takes them
    mapped: tuple[MappedDocument, ...]
    unmapped: tuple[str, ...]               # pointers of the documents that no rule is for
    ignored: tuple[str, ...]                # pointers of what has no place: the first hundred
    ignored_count: int
    statuses: tuple[Mapping[str, Any], ...]  # of the format, as settings have them; "used" says whether the operations need it
    fields: tuple[Mapping[str, Any], ...]    # custom fields that the operations need


def map_operations(documents: Any, format: str, *, table: Any = None, given: Any = None, skip_unmapped: bool = False,
                   limits: Mapping[str, int] | None = None) -> MappedOperations:
    """Makes operations of one document of a format ("segment", "ga4", "shopify", "woocommerce", "codes"), or of a list of them, given as JSON text
    or as what JSON stands for. `table`: rules of your own, which come first. `given`: what the documents do not say ("id", "occurred_at", "source",
    "customer", "backfill"). `skip_unmapped`: documents that no rule is for are told in the answer instead of refused."""
    text, own, said, named = definition(documents), b"" if table is None else definition(table), b"" if given is None else definition(given), code(format, "a format")
    options = _abi.cartbell_map_options(struct_size=ctypes.sizeof(_abi.cartbell_map_options), skip_unmapped=int(skip_unmapped), format=named, table=own,
                                        table_size=len(own), given=said, given_size=len(said))
    lowered = limits_of(limits)
    if lowered is not None:
        options.limits = ctypes.pointer(lowered)
    frame, told = Frame(), Frame()
    status = library.cartbell_map(text, len(text), ctypes.byref(options), frame.answer, told.answer, frame.error)
    if status:
        raise frame.failure(status)
    report = json.loads(told.read())
    return MappedOperations(json.loads(frame.read()), tuple(MappedDocument(**each) for each in report["mapped"]), tuple(report["unmapped"]),
                            tuple(report["ignored"]), report["ignored_count"], tuple(report["statuses"]), tuple(report["fields"]))
