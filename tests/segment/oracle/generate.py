"""Random shops, customers and predicates for the comparison of the engine with the oracle. Everything follows from the seed.

Data come twice: as the JSON a shop would send, and as the oracle's own rows, built here without the engine.
"""

from datetime import date, datetime, timedelta, timezone
from fractions import Fraction

from oracle import EPOCH, SECOND, SETS, Customer, Row, World

ZONES = ["UTC", "Europe/Riga", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "Asia/Tokyo"]
CODES = {"general": ["received", "done", "cancelled"], "delivery": ["assembling", "shipped", "delivered"], "payment": ["awaiting", "paid", "refunded"]}
NOT_COUNTED = {("general", "cancelled"), ("payment", "refunded")}
PRODUCTS = ["SKU-1", "SKU-2", "SKU-3", "85123A", "mug-ä"]
CATEGORIES = [["Kitchen", "Mugs"], ["Kitchen", "Plates"], ["Garden"], ["Kitchen"], ["Toys", "Wood", "Trains"]]
LISTS = ["staff", "vip"]
CITIES = ["Riga", "Berlin", "Rēzekne", "Oslo", ""]
CURRENCIES = ["EUR", "USD", "GBP", "JPY"]
FIELDS = [("order", "gift", "boolean"), ("order", "channel", "string"), ("order", "score", "integer"), ("order", "tags", "list"),
          ("line", "engraving", "string"), ("line", "points", "decimal"), ("customer", "vip", "boolean"), ("customer", "level", "integer"),
          ("customer", "since", "date"), ("product", "eco", "boolean"), ("product", "cost", "money")]
BRANDS = ["Kiln", "Oak", "Mö"]


def text_of(instant):
    """RFC 3339 UTC with microseconds."""
    return (EPOCH + timedelta(microseconds=instant)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def money_text(units_e2):
    return f"{'-' if units_e2 < 0 else ''}{abs(units_e2) // 100}.{abs(units_e2) % 100:02d}"


class Generator:
    def __init__(self, random):
        self.random = random
        self.unique = 0

    def maybe(self, chance):
        return self.random.random() < chance

    def pick(self, values):
        return self.random.choice(values)

    # ---- the shop ----

    def shop(self):
        world = World(zone=self.pick(ZONES), currency=self.pick(["EUR", "USD"]))
        for name, codes in CODES.items():
            for code in codes:
                world.statuses[(name, code)] = (code.title(), (name, code) not in NOT_COUNTED)
        for of, code, kind in FIELDS:
            world.fields[(of, code)] = kind
        for source, target in (("EUR", "USD"), ("USD", "EUR"), ("GBP", "EUR"), ("USD", "JPY")):
            for _ in range(self.random.randrange(3)):
                day = date(2024, 1, 1) + timedelta(days=self.random.randrange(900))
                rate = Fraction(self.random.randrange(500_000, 1_900_000), 1_000_000) * (150 if target == "JPY" else 1)
                if not any(r[:3] == (source, target, day) for r in world.rates):
                    world.rates.append((source, target, day, rate))
        for product_id in PRODUCTS:
            if self.maybe(0.75):
                self.product(world, product_id)
        return world

    def product(self, world, product_id):
        """One or two facts of a product, as the shop sends them, and the row that they make."""
        at = 1_735_689_600 * SECOND + self.random.randrange(600 * 86_400) * SECOND
        values = {"product_id": product_id, "created_at": at, "updated_at": at}
        sent = {"product_id": product_id, "at": text_of(at)}
        for name, choices in (("name", CITIES), ("brand", BRANDS), ("category", CATEGORIES), ("currency", CURRENCIES), ("available", [True, False])):
            if self.maybe(0.6):
                sent[name] = values[name] = self.pick(choices)
        fields = {}
        if self.maybe(0.5):
            fields["eco"] = values["fields.eco"] = self.pick([True, False])
        facts = [sent]
        self.change(sent, values, at)
        if self.maybe(0.5):
            at += (1 + self.random.randrange(60 * 86_400)) * SECOND
            facts.append({"product_id": product_id, "at": text_of(at)})
            values["updated_at"] = at
            self.change(facts[-1], values, at)
        currency = values.get("currency", world.currency)
        for name in ("price", "old_price"):
            if name in values:
                values[name] = (values[name], currency)
        if self.maybe(0.5):
            units, own = self.amount(0, 9_000), self.pick([None, "USD"])
            fields["cost"] = money_text(units) + (f" {own}" if own else "")
            values["fields.cost"] = (Fraction(units, 100), own or currency)
        if fields:
            sent["fields"] = fields
        world.products[product_id] = Row("product", values)
        world.products_sent += facts

    def change(self, fact, values, at):
        """A price and a stock, perhaps those that are there; null takes them away. The instants since which they hold."""
        for name, make in (("price", lambda: Fraction(self.pick([500, 1000, self.amount(0, 9_000)]), 100)), ("stock", lambda: Fraction(self.pick([-1, 0, 1, 12])))):
            if not self.maybe(0.7):
                continue
            value = None if self.maybe(0.15) else make()
            fact[name] = None if value is None else money_text(int(value * 100)) if name == "price" else str(value)
            if values.get(name) != value:
                values[f"{name}_changed_at"] = at
            values.pop(name, None)
            if value is not None:
                values[name] = value
        if self.maybe(0.3):
            values["old_price"] = Fraction(self.amount(0, 9_000), 100)
            fact["old_price"] = money_text(int(values["old_price"] * 100))

    def settings_json(self, world):
        def rate_text(rate):
            scaled = rate * 1_000_000
            return f"{scaled.numerator // 1_000_000}.{scaled.numerator % 1_000_000:06d}"

        return {
            "shop": {"zone": world.zone, "currency": world.currency},
            "statuses": [{"set": s, "code": c, "name": n, "in_analytics": a} for (s, c), (n, a) in world.statuses.items()],
            "fields": [{"of": of, "code": code, "name": code, "type": kind} for of, code, kind in FIELDS],
            "lists": [{"code": code} for code in LISTS],
            "rates": [{"from": f, "to": t, "date": d.isoformat(), "rate": rate_text(r)} for f, t, d, r in world.rates],
        }

    # ---- one customer ----

    def instant_near(self, now):
        """Mostly the past; often at edges: whole days, month ends, the same second."""
        span = self.pick([3, 40, 40, 400, 800])
        instant = now - self.random.randrange(span * 86_400) * SECOND - self.random.randrange(SECOND)
        if self.maybe(0.08):
            instant = now + self.random.randrange(20 * 86_400) * SECOND
        if self.maybe(0.2):
            instant -= instant % (86_400 * SECOND)
        if self.maybe(0.1):
            day = (EPOCH + timedelta(microseconds=instant)).replace(day=self.pick([1, 28, 29, 30, 31]) if instant else 1, month=self.pick([1, 3, 5, 10, 12]))
            instant = int((day - EPOCH).total_seconds()) * SECOND
        return max(instant, 0)

    def customer(self, number, now):
        identities = {"external_id": f"C-{number}"}
        if self.maybe(0.4):
            identities["email"] = f"c{number}@example.org"
        profile, values = {}, dict(identities)
        if self.maybe(0.7):
            profile["city"] = values["city"] = self.pick(CITIES)
        if self.maybe(0.7):
            day = self.pick(["1990-05-14", "2000-02-29", "1985-12-31", "2004-01-01", "--05-14" if self.maybe(0.0) else "1999-10-31"])
            profile["birth_date"] = day
            values["birth_date"] = date.fromisoformat(day)
        if self.maybe(0.6):
            profile["time_zone"] = values["time_zone"] = self.pick(ZONES + ["Mars/Base"])
        if self.maybe(0.5):
            at = self.instant_near(now)
            profile["registered_at"], values["registered_at"] = text_of(at), at
        fields = {}
        if self.maybe(0.5):
            fields["vip"] = values["fields.vip"] = self.pick([True, False])
        if self.maybe(0.5):
            fields["level"] = self.random.randrange(5)
            values["fields.level"] = Fraction(fields["level"])
        if self.maybe(0.4):
            fields["since"] = self.pick(["2024-02-29", "2025-06-01", "2026-01-31"])
            values["fields.since"] = date.fromisoformat(fields["since"])
        if fields:
            profile["fields"] = fields
        row = Row("customer", values)
        orders, json_orders = [], []
        for index in range(self.pick([0, 1, 1, 2, 3, 5])):
            order, data = self.order(f"{number}-{index}", now, row)
            orders.append(order)
            json_orders.append(data)
        lists = [code for code in LISTS if self.maybe(0.3)]
        return Customer(row, orders, lists), {"customer": identities, "profile": profile, "orders": json_orders, "lists": lists}

    def amount(self, low, high):
        return self.random.randrange(low, high)

    def order(self, order_id, now, customer):
        at = self.instant_near(now)
        values = {"order_id": order_id, "placed_at": at}
        data = {"order_id": order_id, "placed_at": text_of(at)}
        currency = self.pick(CURRENCIES) if self.maybe(0.6) else None
        if currency:
            data["currency"] = values["currency"] = currency
        money = lambda e2: (Fraction(e2, 100), currency)  # noqa: E731  (None: the shop's, filled in by `own_currency`)
        for name, chance in (("total", 0.9), ("discount", 0.5), ("tax", 0.3)):
            if self.maybe(chance):
                units = self.pick([0, 1000, 5000, self.amount(-500, 40_000)])
                data[name], values[name] = money_text(units), money(units)
        if self.maybe(0.5):
            data["coupons"] = values["coupons"] = [self.pick(["A", "B", "C"]) for _ in range(self.random.randrange(3))]
        if self.maybe(0.6):
            city = self.pick(CITIES[:4])
            promised = self.instant_near(now)
            data["delivery"] = {"type": self.pick(["courier", "post"]), "address": {"city": city}, "at": text_of(promised)}
            values |= {"delivery.type": data["delivery"]["type"], "delivery.address.city": city, "delivery.at": promised}
        fields = {}
        if self.maybe(0.5):
            fields["gift"] = values["fields.gift"] = self.pick([True, False])
        if self.maybe(0.5):
            fields["channel"] = values["fields.channel"] = self.pick(["web", "shop", "app"])
        if self.maybe(0.4):
            fields["score"] = self.random.randrange(-3, 10)
            values["fields.score"] = Fraction(fields["score"])
        if self.maybe(0.3):
            fields["tags"] = values["fields.tags"] = [self.pick(["x", "y", "z"]) for _ in range(self.random.randrange(3))]
        if fields:
            data["fields"] = fields
        order = Row("order", values, time=at, currency=currency, customer=customer)
        self.lines(order, data, money)
        self.payments(order, data, money)
        changes = self.statuses(order, at)
        data["changes"] = changes
        return order, data

    def lines(self, order, data, money):
        for position in range(self.pick([0, 1, 2, 3])):
            values = {"line_id": str(position + 1), "product_id": self.pick(PRODUCTS)}
            line = dict(values)
            if self.maybe(0.7):
                line["category"] = values["category"] = self.pick(CATEGORIES)
            if self.maybe(0.9):
                quantity = self.pick(["1", "2", "0.5", "10", "-1"])
                line["quantity"], values["quantity"] = quantity, Fraction(quantity)
            if self.maybe(0.9):
                units = self.amount(0, 9_000)
                line["price"], values["price"] = money_text(units), money(units)
            if self.maybe(0.4):
                line["fields"] = {"engraving": self.pick(["Anna", "anna", "Bob"])}
                values["fields.engraving"] = line["fields"]["engraving"]
            row = Row("line", values, time=order.time, position=position, order=order, customer=order.customer)
            order.lines.append(row)
            data.setdefault("lines", []).append(line)

    def payments(self, order, data, money):
        for position in range(self.pick([0, 0, 1, 2])):
            units = self.amount(0, 9_000)
            values = {"payment_id": str(position + 1), "type": self.pick(["card", "voucher"]), "amount": money(units)}
            data.setdefault("payments", []).append({"payment_id": values["payment_id"], "type": values["type"], "amount": money_text(units)})
            order.payments.append(Row("payment", values, time=order.time, position=position, order=order, customer=order.customer))

    def statuses(self, order, placed_at):
        """Changes with own, different times, as (set, code, at); the history and the state that they make, in time order."""
        changes = []
        for name in SETS:
            at = placed_at
            for _ in range(self.pick([0, 0, 1, 1, 2, 3])):
                at += (1 + self.random.randrange(5 * 86_400)) * SECOND + self.unique_microsecond()
                changes.append((name, self.pick(CODES[name]), at))
        changes.sort(key=lambda change: change[2])
        now = {}
        for name, code, at in changes:
            before = now.get(name)
            if before == code:
                continue
            now[name] = code
            values = {"set": name, "to": code, "source": "system", "at": at}
            if before is not None:
                values["from"] = before
                order.values[f"status.{name}.previous"] = before
            values |= {f"status.{other}": now[other] for other in SETS if other in now}
            order.values[f"status.{name}"], order.values[f"status.{name}.at"] = code, at
            order.values.setdefault(f"reached.{name}.{code}", at)
            order.history.append(Row("history", values, time=at, position=len(order.history), order=order, customer=order.customer))
        return [{"set": name, "code": code, "at": text_of(at)} for name, code, at in changes]

    def unique_microsecond(self):
        self.unique += 1
        return self.unique

    # ---- predicates ----

    def predicate(self, depth, segments):
        roll = self.random.random()
        if depth > 0 and roll < 0.4:
            parts = [self.predicate(depth - 1, segments) for _ in range(1 + self.random.randrange(3))]
            return self.pick([{"all": parts}, {"any": parts}, {"not": parts[0]}, {"at_least": self.random.randrange(len(parts) + 2), "of": parts}])
        if roll < 0.43:
            return self.pick([True, False])
        if segments and roll < 0.48:
            return {"segment": self.pick(segments)}
        if roll < 0.51:
            bounds = sorted(self.random.choice([0, 12.5, 30.5, 50, 75.000001, 100]) for _ in range(2))
            return {"sample": {"percent": self.pick([bounds, bounds[1]]), "salt": self.pick(["a", "holdout-2026", ""])}}
        if roll < 0.53:
            return {"list": self.pick(LISTS)}
        if roll < 0.6:
            return {"customer": self.row("customer", 1)}
        if roll < 0.72:
            return {"compare": self.comparison_of_values()}
        source = self.pick(["orders", "purchases", "lines", "bought"])
        return {source: self.measure("order" if source in ("orders", "purchases") else "line")}

    def measure(self, kind, period=True, depth=2):
        measure = {}
        if self.maybe(0.5):
            measure["where"] = self.row(kind, depth - 1)
        if period and self.maybe(0.6):
            measure["period"] = self.period()
        if self.maybe(0.15):
            measure["currency"] = self.pick(CURRENCIES)
        name = self.pick(["count", "count", "sum", "avg", "min", "max", "distinct", "mode", "first", "last", "every", "none", "default"])
        if not period and name in ("first", "last", "mode"):
            name = "count"
        if name == "count":
            measure["count"] = self.number_test(4)
        elif name in ("first", "last", "every", "none"):
            measure[name] = self.row(kind, depth - 1)
        elif name != "default":
            measure[name] = self.aggregate(kind, name, "currency" in measure)
        return measure

    PATHS = {
        "customer": [("city", "text"), ("birth_date", "date"), ("registered_at", "time"), ("fields.vip", "boolean"), ("fields.level", "number"),
                     ("fields.since", "date"), ("email", "text"), ("known", "boolean"), ("time_zone", "text")],
        "order": [("total", "money"), ("discount", "money"), ("tax", "money"), ("placed_at", "time"), ("delivery.at", "time"), ("currency", "text"),
                  ("status.general", "status"), ("status.payment", "status"), ("status.delivery", "status"), ("status.delivery.at", "time"),
                  ("status.general.previous", "text"), ("reached.delivery.shipped", "time"), ("reached.payment.paid", "time"),
                  ("status.payment.name", "text"), ("in_analytics", "boolean"), ("line_count", "number"), ("quantity", "number"),
                  ("delivery.address.city", "text"), ("coupons", "list"), ("fields.gift", "boolean"), ("fields.channel", "text"),
                  ("fields.score", "number"), ("fields.tags", "list"), ("customer.city", "text"), ("customer.birth_date", "date"), ("order_id", "text")],
        "line": [("product_id", "text"), ("category", "list"), ("category.0", "text"), ("quantity", "number"), ("price", "money"),
                 ("fields.engraving", "text"), ("order.total", "money"), ("order.status.general", "status"), ("order.placed_at", "time"),
                 ("line_id", "text"), ("customer.fields.vip", "boolean"), ("order.in_analytics", "boolean"),
                 ("product.product_id", "text"), ("product.name", "text"), ("product.brand", "text"), ("product.category", "list"),
                 ("product.category.0", "text"), ("product.price", "money"), ("product.old_price", "money"), ("product.currency", "text"),
                 ("product.stock", "number"), ("product.available", "boolean"), ("product.created_at", "time"), ("product.updated_at", "time"),
                 ("product.price_changed_at", "time"), ("product.stock_changed_at", "time"), ("product.fields.eco", "boolean"),
                 ("product.fields.cost", "money")],
        "payment": [("type", "text"), ("amount", "money"), ("customer.city", "text")],
        "history": [("set", "text"), ("from", "text"), ("to", "text"), ("at", "time"), ("status.payment", "status"), ("order.total", "money"), ("source", "text")],
    }

    def aggregate(self, kind, name, has_currency):
        paths = self.PATHS[kind]
        if name == "distinct":
            return {"of": self.pick([p for p, t in paths if t in ("text", "status", "boolean")]), "is": self.number_test(3)}
        if name == "mode":
            path = self.pick([p for p, t in paths if t in ("text", "status")])
            return {"of": path, "is": self.text_test(path, exists=True)}
        numeric = [(p, t) for p, t in paths if t in (("number", "money") if name in ("sum", "avg") else ("number", "money", "time"))]
        path, kind_of = self.pick(numeric)
        if kind_of == "number":
            return {"of": path, "is": self.number_test(6)}
        # An amount in another currency than the measure's is refused: the measure says it, or its constants do.
        return {"of": path, "is": self.money_test(suffixes=not has_currency) if kind_of == "money" else self.time_test(operands=False)}

    # ---- comparisons ----

    KINDS = {"number": ["number"], "money": ["money"], "time": ["time", "date"], "text": ["text", "status"], "boolean": ["boolean"]}

    def comparison_of_values(self):
        kind = self.pick(["number", "money", "money", "time", "time", "text", "boolean"])
        said = self.pick(CURRENCIES) if self.maybe(0.4) else None
        value, path, of = self.value(kind, said)
        roll = self.random.random()
        if roll < 0.45:
            other = self.constant(kind, path, of, said)
        else:
            other, _, _ = self.value(kind, said)
        sides = [value, other] if self.maybe(0.7) else [other, value]
        op = self.pick(["eq", "ne"] if kind in ("text", "boolean") else ["eq", "ne", "lt", "le", "gt", "ge"])
        return [sides[0], op, sides[1]]

    def value(self, kind, said, since=True):
        """A value of a kind, the path it reads, and the type of that."""
        if self.maybe(0.25) and kind != "money":
            path, of = self.pick([(p, t) for p, t in self.PATHS["customer"] if t in self.KINDS[kind]])
            value = {"customer": path}
        else:
            source = self.pick(["orders", "purchases", "lines", "bought"])
            row = "order" if source in ("orders", "purchases") else "line"
            measure = {}
            if self.maybe(0.4):
                measure["where"] = self.row(row, 1)
            if self.maybe(0.5):
                measure["period"] = self.period(since)
            if said and self.maybe(0.5):
                measure["currency"] = said
            path, of = self.pick([(p, t) for p, t in self.PATHS[row] if t in self.KINDS[kind]])
            names = {"number": ["count", "count", "distinct", "sum", "avg", "min", "max", "mode", "first", "last"],
                     "money": ["sum", "sum", "avg", "min", "max", "first", "last", "last"], "time": ["min", "max", "first", "last"]}
            name = self.pick(names.get(kind, ["mode", "first", "last"]))
            measure[name] = True if name == "count" else {"of": path}
            if name in ("count", "distinct"):
                path, of = "line_count", "number"
            value = {source: measure}
        if kind in ("number", "money") and self.maybe(0.3):
            value["times"] = self.pick([2, 0.5, -1, 1.000001])
        if self.maybe(0.3) and kind not in ("text", "boolean"):
            amount = self.pick(["10", "0.5"]) + (" " + said if said and self.maybe(0.3) else "")
            days = self.pick(["1d", "2w", "30d", "1mo", "1y"]) if of == "date" else self.duration()
            value[self.pick(["plus", "minus"])] = {"number": self.pick([1, 2, 0.5]), "money": amount, "time": days}[kind]
        return value, path, of

    def constant(self, kind, path, of, said):
        if kind == "number":
            return self.pick([0, 1, 2, 5, 0.5, "3"])
        if kind == "money":
            return money_text(self.pick([0, 1000, 5000, self.amount(0, 40_000)])) + (" " + said if said and self.maybe(0.5) else "")
        if kind == "time":
            return self.pick(["1990-05-14", "2000-02-29", "2025-06-01"]) if of == "date" else self.when()
        return self.pick([True, False]) if kind == "boolean" else self.pick(self.words(path))

    def since(self):
        roll = self.random.random()
        if roll < 0.3:
            return self.when()
        return self.value("time", None, since=False)[0]

    def row(self, kind, depth):
        row = {}
        for path, of in self.random.sample(self.PATHS[kind], self.pick([1, 1, 1, 2])):
            row[path] = self.test(kind, path, of)
        if depth > 0 and self.maybe(0.25):
            key = self.pick(["all", "any", "not"])
            row[key] = self.row(kind, depth - 1) if key == "not" else [self.row(kind, depth - 1) for _ in range(2)]
        if kind == "order" and depth > 0 and self.maybe(0.35):
            inner = self.pick(["lines", "payments", "history"])
            row[inner] = self.measure(inner.removesuffix("s") if inner != "history" else inner, period=inner == "history", depth=1)
        return row

    def test(self, kind, path, of):
        if self.maybe(0.06):
            return {"exists": self.pick([True, False])}
        if of == "number":
            return self.number_test(5, kind)
        if of == "money":
            return self.money_test(kind)
        if of == "time":
            return self.time_test(kind)
        if of == "date":
            return self.date_test()
        if of == "boolean":
            return self.pick([True, False, {"eq": True}, {"ne": True}])
        if of == "list":
            return self.list_test(path)
        return self.text_test(path)

    def comparison(self, make):
        roll = self.random.random()
        if roll < 0.15:
            low, high = sorted([make(), make()], key=lambda v: Fraction(str(v).split(" ")[0]))
            return {"between": [low, high]}
        if roll < 0.25:
            return {self.pick(["in", "not_in"]): [make() for _ in range(3)]}
        if roll < 0.35:
            return make()
        if roll < 0.5:
            return {"ge": make(), "lt": make()}
        return {self.pick(["eq", "ne", "lt", "le", "gt", "ge"]): make()}

    def number_test(self, top, kind=None):
        if kind == "order" and self.maybe(0.1):
            return {self.pick(["lt", "ge"]): {"field": "line_count", "times": self.pick([1, 2, 0.5]), "plus": 1}}
        return self.comparison(lambda: self.pick([self.random.randrange(top), self.random.randrange(top), 0.5]))

    def money_test(self, kind=None, suffixes=True):
        if kind == "order" and self.maybe(0.15):
            other = {"field": self.pick(["total", "discount", "tax"])}
            if self.maybe(0.4):
                other["times"] = self.pick([2, 0.5])
            if self.maybe(0.3):
                other[self.pick(["plus", "minus"])] = "10"
            return {self.pick(["lt", "le", "gt", "ge"]): other}
        if kind == "line" and self.maybe(0.2):  # cheaper now than when it was bought
            other = {"field": self.pick(["price", "product.price", "product.old_price"])}
            if self.maybe(0.3):
                other["times"] = self.pick([2, 0.5])
            return {self.pick(["lt", "le", "gt", "ge"]): other}
        suffix = " " + self.pick(CURRENCIES) if suffixes and self.maybe(0.3) else ""
        test = self.comparison(lambda: money_text(self.pick([0, 1000, 5000, self.amount(0, 40_000)])) + suffix)
        if suffixes and not suffix and isinstance(test, dict) and self.maybe(0.15):
            test["currency"] = self.pick(CURRENCIES)
        return test

    def duration(self):
        return self.pick(["1d", "2d", "36h", "1w", "30d", "90d", "1mo", "3mo", "1y", "12h", "5400s", "90m"])

    def when(self):
        day = date(2025, 1, 1) + timedelta(days=self.random.randrange(700))
        if self.maybe(0.5):
            return day.isoformat()
        return datetime(day.year, day.month, day.day, self.random.randrange(24), tzinfo=timezone.utc).isoformat()

    def zone(self):
        return self.pick(["shop", "customer", *ZONES])

    def time_test(self, kind=None, operands=True):
        roll = self.random.random()
        if roll < 0.2:
            test = {self.pick(["within_last", "within_next"]): self.duration()}
        elif roll < 0.45:
            test = {self.pick(["ago", "ahead"]): {self.pick(["lt", "le", "gt", "ge"]): self.duration()}}
        elif roll < 0.6:
            test = {self.pick(["days_ago", "days_ahead"]): self.number_test(40)}
        elif roll < 0.75:
            test = {self.pick(["before", "after"]): self.when()}
        elif roll < 0.85:
            test = {"anniversary": {"days_ahead": {"le": self.random.randrange(30)}}}
        elif operands and kind == "order":
            test = {self.pick(["lt", "ge"]): {"field": self.pick(["placed_at", "delivery.at"]), self.pick(["plus", "minus"]): self.duration()}}
        else:
            test = {self.pick(["ge", "lt"]): self.when()}
        if self.maybe(0.4):
            test["zone"] = self.zone()
        return test

    def date_test(self):
        roll = self.random.random()
        if roll < 0.3:
            test = {"anniversary": {"days_ahead": self.number_test(30)}}
            if self.maybe(0.4):
                test["anniversary"]["years"] = {"ge": self.random.randrange(50)}
        elif roll < 0.5:
            test = {self.pick(["days_ago", "days_ahead"]): {"ge": self.random.randrange(20_000)}}
        elif roll < 0.7:
            test = {"ago": {self.pick(["lt", "ge", "gt", "le"]): self.pick(["1y", "25y", "30d", "6mo", "300d"])}}
        elif roll < 0.85:
            test = {self.pick(["before", "after"]): self.pick(["1990-05-14", "2000-01-01", "2025-06-01"])}
        else:
            test = {self.pick(["eq", "lt", "ge"]): self.pick(["1990-05-14", "2000-02-29", "2025-06-01"])}
        if self.maybe(0.4):
            test["zone"] = self.zone()
        return test

    def list_test(self, path):
        words = ["Kitchen", "Mugs", "Garden"] if path.endswith("category") else ["A", "B", "x", "y"]
        if path.endswith("category") and self.maybe(0.5):
            return {"under": self.pick([["Kitchen"], ["Kitchen", "Mugs"], ["Garden"]])}
        return self.pick([self.pick(words), {self.pick(["any_of", "all_of", "none_of"]): self.random.sample(words, 2)}, {"contains": self.pick(words)}])

    def words(self, path):
        name = path.split(".")[-1] if "status." not in path else path[path.index("status.") + 7 :].split(".")[0]
        if name in CODES:
            return [word.title() for word in CODES[name]] if path.endswith(".name") else CODES[name]
        return {"product_id": PRODUCTS, "type": ["card", "voucher"], "set": list(SETS), "currency": CURRENCIES, "to": CODES["payment"],
                "from": CODES["payment"], "channel": ["web", "shop"], "engraving": ["Anna", "anna"], "source": ["system"], "0": ["Kitchen", "Toys"],
                "brand": BRANDS}.get(name, CITIES[:4])

    def text_test(self, path, exists=False):
        words = self.words(path)
        roll = self.random.random()
        if roll < 0.35:
            return self.pick(words)
        if roll < 0.5:
            return {self.pick(["in", "not_in"]): [self.pick(words), self.pick(words)]}
        if roll < 0.6 and not path.startswith("status") and "status" not in path:
            return {self.pick(["contains", "starts_with", "ends_with"]): self.pick(words)[:2] or "R"}
        return {self.pick(["eq", "ne"]): self.pick(words)}

    def period(self, since=True):
        roll = self.random.random()
        if since and self.maybe(0.12):
            period = {"since": self.since()}
        elif roll < 0.35:
            period = {"past": self.duration()}
        elif roll < 0.5:
            period = {"past_days": self.pick([1, 2, 7, 30, 90])}
        elif roll < 0.65:
            period = {"older_than": self.duration()}
        elif roll < 0.75:
            low, high = sorted([self.when(), self.when()], key=lambda w: w[:10])
            period = {"between": [low, high]}
        else:
            words = [p + "_" + u for p in ("this", "previous") for u in ("week", "month", "quarter", "year")]
            period = {"calendar": self.pick(["today", "yesterday", *words])}
        if self.maybe(0.4):
            period["zone"] = self.zone()
        return period


def own_currency(customer, shop_currency):
    """An amount without a currency is in its order's, else in the shop's."""
    for order in customer.orders:
        for row in [order, *order.lines, *order.payments]:
            for path, value in row.values.items():
                if isinstance(value, tuple) and value[1] is None:
                    row.values[path] = (value[0], shop_currency)
