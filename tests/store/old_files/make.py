"""Makes shop.db and answers.json by the version of Cartbell that is imported, and so needs that version's library and package:
CARTBELL_LIBRARY=<its libcartbell.so> PYTHONPATH=<its bindings/python> python3 make.py <folder>

answers.json: [[name, what is asked for…, answer], …]; old_file_test.cpp knows which call a name is.
"""

import json
import pathlib
import sqlite3
import sys
from datetime import datetime, timezone

import cartbell
from cartbell._library import library

NOW = datetime(2025, 11, 24, 16, tzinfo=timezone.utc)

SETTINGS = {
    "shop": {"zone": "Europe/Riga", "currency": "EUR", "locale": "lv", "unknown_fields": "keep"},
    "sources": [{"code": "site", "name": "Site", "trust": "public", "rank": 1}],
    "statuses": [{"set": "general", "code": "completed", "name": "Completed"},
                 {"set": "general", "code": "cancelled", "name": "Cancelled", "in_analytics": False},
                 {"set": "payment", "code": "paid", "name": "Paid"}],
    "fields": [{"of": "customer", "code": "vip", "name": "VIP", "type": "boolean"}, {"of": "line", "code": "engraving", "type": "string"}],
    "lists": [{"code": "friends", "name": "Friends"}],
    "channels": [{"code": "email"}, {"code": "sms"}],
    "categories": [{"code": "promo", "kind": "promo"}, {"code": "watch", "kind": "tracking"}],
}
SEGMENT = {"purchases": {"count": {"ge": 2}}}
TEMPLATE = {"code": "offer", "channel": "email", "subject": "For {{customer.full_name}}", "body": "<p>{{purchases.last.order_id}}</p>",
            "condition": {"segment": "regulars"}, "reason": "too few purchases"}
MAILING = {"code": "spring", "audience": {"purchases": {"count": {"ge": 1}}}, "channel": "email", "category": "promo", "template": "offer"}


def operation(type_, id_, day, **members):
    return {"type": type_, "id": id_, "occurred_at": f"2025-11-{day:02}T10:00:00Z", **members}


def operations():
    for n in range(24):
        customer = {"external_id": f"C-{n % 14}", "email": f"c{n % 14}@example.org"}
        lines = [{"line_id": "1", "product_id": "MUG", "name": "Mug", "quantity": "2", "price": "5.00", "total": "10.00", "fields": {"engraving": "Jānis"}}]
        yield operation("order", f"o-{n}", n % 20 + 1, customer=customer,
                        order={"order_id": str(100 + n), "currency": "EUR", "total": "10.00", "lines": lines, "status": {"general": "completed"}})
    yield operation("order", "late", 2, customer={"external_id": "C-9"}, order={"order_id": "101", "status": {"payment": "paid"}, "total": "9.00"})
    yield operation("order", "nobody's", 3, order={"order_id": "300", "total": "4.00"})
    for n in range(70):
        yield operation("order", f"busy-{n}", 5, sequence=n, customer={"external_id": "C-3"}, order={"order_id": "103", "total": f"{n}.00"})
    for n in range(4):
        yield operation("event", f"e-{n}", 6 + n, session_id="s1", name="page.viewed", context={"url": f"https://example.org/{n}"})
    yield operation("event", "e-4", 10, session_id="s1", name="customer.logged_in", customer={"device_id": "d1"}, source="site")
    yield operation("event", "e-5", 11, session_id="s1", name="product.viewed", context={"product_id": "MUG"}, customer={"device_id": "d1"})
    yield operation("identify", "claim", 12, customer={"external_id": "C-2", "device_id": "d1", "phone": "+371 2000"})
    yield operation("identify", "late claim", 4, customer={"external_id": "C-5", "phone": "+371 2000"})
    yield operation("order", "by phone", 8, customer={"phone": "+371 2000"}, order={"order_id": "301", "total": "6.00"})
    for n in range(6):
        yield operation("consent", f"c-{n}", 7 + n, customer={"external_id": f"C-{n}"}, channel="email", category="promo", granted=n != 4, proof="form 3")
    yield operation("consent", "watch", 8, customer={"external_id": "C-0"}, category="watch", granted=True, expires_at="2026-01-01T00:00:00Z")
    for n in (1, 2, 3):
        yield operation("list", f"l-{n}", 9, customer={"external_id": f"C-{n}"}, list="friends", member=True)
    yield operation("list", "l-4", 10, customer={"external_id": "C-3"}, list="friends", member=False)
    yield operation("customer", "p-1", 10, customer={"external_id": "C-1"}, profile={"full_name": "Anna", "fields": {"vip": True, "shoe": 38}})
    yield operation("product", "mug", 1, product={"product_id": "MUG", "name": "Mug", "price": "5.00", "stock": "12"})
    yield operation("product", "mug again", 2, product={"product_id": "MUG", "price": "6.00"})
    yield operation("merge", "m-1", 12, **{"from": {"external_id": "C-12"}, "into": {"external_id": "C-1"}})
    yield operation("merge", "m-2", 13, **{"from": {"external_id": "C-13"}, "into": {"external_id": "C-2"}})
    yield operation("unmerge", "m-3", 14, **{"from": {"external_id": "C-13"}, "into": {"external_id": "C-2"}})


def make(path):
    with cartbell.Engine(path, clock=lambda: NOW) as engine:
        engine.put_settings(SETTINGS)
        applied = engine.ingest(list(operations()))
        assert not applied.rejected, [result for result in applied.results if result.outcome == "rejected"]
        engine.put_segment("regulars", SEGMENT)
        engine.put_template(TEMPLATE)
        engine.put_mailing(MAILING)
        engine.put_mailing({**MAILING, "code": "summer"})
        engine.start_mailing("spring")
        engine.tick(work=1)
        leased = engine.lease("worker", most=6)
        engine.report(*({"message_id": one.message_id, "outcome": outcome, "provider_id": "p", "reason": "550" if outcome == "bounced" else None}
                        for one, outcome in zip(leased, ("handed_over", "delivered", "bounced", "failed"))))
        engine.start_mailing("summer")  # under way: its audience is still to be gone through


def answers(path):
    with cartbell.Engine(path, clock=lambda: NOW) as engine:
        def ask(name, function, *arguments):
            return [name, *(each.decode() for each in arguments if isinstance(each, bytes)), engine._json(function, *arguments)]

        identities = [f"external_id:C-{n}" for n in range(14)] + ["device_id:d1", "phone:+3712000"]
        yield ask("digest", library.cartbell_engine_digest, 1)
        yield ask("refolded", library.cartbell_engine_digest, 2)
        yield ask("stats", library.cartbell_engine_stats)
        yield ask("settings", library.cartbell_settings_get, None)
        yield ask("segments", library.cartbell_segment_list)
        yield ask("templates", library.cartbell_template_list)
        yield ask("mailings", library.cartbell_mailing_list)
        yield ask("mailing status", library.cartbell_mailing_status, b"spring")
        yield ask("mailing status", library.cartbell_mailing_status, b"summer")
        for message in list(engine.messages()):
            yield ask("message", library.cartbell_message_get, message.message_id.encode())
        yield ask("events", library.cartbell_event_list, b"", b"", 100)
        yield ask("product", library.cartbell_product_get, b"MUG")
        for number in [*range(100, 124), 300, 301]:
            yield ask("order", library.cartbell_order_get, str(number).encode())
        for identity in identities:
            yield ask("customer", library.cartbell_customer_get, identity.encode())
        for identity in ("external_id:C-1", "external_id:C-2", "external_id:C-5"):
            yield ask("export", library.cartbell_customer_export, identity.encode())


def tidy(path):
    """One small file: no write-ahead log, no free pages, and pages smaller than a new store's."""
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA journal_mode = DELETE")
        file.execute("PRAGMA page_size = 1024")
        file.execute("VACUUM")
    file.close()
    path.with_name(path.name + "-lock").unlink(missing_ok=True)


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    make(folder / "shop.db")
    lines = [json.dumps(each, ensure_ascii=False) for each in answers(folder / "shop.db")]
    (folder / "answers.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")
    tidy(folder / "shop.db")
