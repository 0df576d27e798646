"""Cartbell: an embeddable engine for a shop's communications.

    with cartbell.Engine("shop.db") as shop:
        shop.ingest({"type": "order", ...})
        for identity in shop.segment_customers("regulars"):
            print(shop.segment_explain("regulars", identity))
"""

from . import store
from ._engine import Batch, Engine, Form, Messages
from ._errors import (BusyError, ConflictError, CorruptError, Error, ForkedError, FullError, InternalError, InvalidError, LimitError, MisuseError,
                      NewerError, NotFoundError, OutOfMemoryError, ReadOnlyError, StoreError)
from ._library import live_objects, version
from ._mapping import MappedDocument, MappedOperations, map_operations
from ._template import Escape, Rendered, Template
from ._values import (Applied, Consent, ConsentStanding, Container, Customer, Definition, Delivery, Digest, DomainEvent, DryRun, Entry, ErrorItem, Event,
                      Explanation, ExplanationNode,
                      HistoryRow, Holder, Item, LeftOut, Line, MailingStatus, Match, Message, Money, OperationResult, Order, Payment, PaymentSummary,
                      Preview, Product, Report, Reported, SegmentCount, SettingsChange, SettingsVersion, Stats, Status, Stored,
                      TemplateCheck, Ticked, Warning, Witness, rows)

__all__ = [
    "Applied", "Batch", "BusyError", "ConflictError", "Consent", "ConsentStanding", "Container", "CorruptError", "Customer", "Definition", "Delivery",
    "Digest", "DomainEvent",
    "DryRun", "Engine", "Entry", "Error", "ErrorItem", "Escape", "Event", "Explanation", "ExplanationNode", "ForkedError", "Form", "FullError", "HistoryRow",
    "Holder",
    "InternalError", "InvalidError", "Item", "LeftOut", "LimitError", "Line", "MailingStatus", "MappedDocument", "MappedOperations", "Match",
    "Message", "Messages", "MisuseError",
    "Money", "NewerError", "NotFoundError", "OperationResult", "Order", "OutOfMemoryError", "Payment", "PaymentSummary", "Preview",
    "Product", "ReadOnlyError", "Rendered", "Report", "Reported", "SegmentCount", "SettingsChange", "SettingsVersion", "Stats", "Status", "StoreError",
    "Stored", "Template",
    "TemplateCheck", "Ticked", "Warning", "Witness", "live_objects", "map_operations", "rows", "store", "version",
]
