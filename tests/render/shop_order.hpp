// One customer with two purchases and a cancelled order, for the tests of the views.
#pragma once

#include <string>
#include <vector>

#include "model/customer.hpp"
#include "model/field.hpp"
#include "model/order.hpp"
#include "model/product.hpp"
#include "model/settings.hpp"
#include "render/model_view.hpp"
#include "render/template.hpp"

namespace cartbell::test {

inline Instant at(std::string_view text) { return *parse_instant(text); }
inline Value euro(int64_t cents) { return Value::of_money(cents * 100); }

inline Record shop_line(std::string_view id, std::string_view name, int64_t pieces, int64_t cents) {
    namespace l = line_field;
    Record line;
    line.set(l::line_id, Value::of_text(id));
    line.set(l::name, Value::of_text(name));
    line.set(l::quantity, Value::of_decimal(pieces * decimal_unit_e6));
    line.set(l::price, euro(cents));
    line.set(l::total, euro(cents * pieces));
    line.set(l::category, Value::of_list({"Kitchen", name == "Mug" ? "Mugs" : "Other"}));
    return line;
}

inline Order shop_order(std::string_view id, std::string_view placed_at) {
    Order order;
    order.record.set(order_field::order_id, Value::of_text(id));
    order.record.set(order_field::placed_at, Value::of_time(at(placed_at)));
    return order;
}

// A catalogue of one product.
struct OneProduct final : Products {
    Product product;
    const Product *find(std::string_view product_id) const override { return product_id == product.id() ? &product : nullptr; }
};

struct Shop {
    Settings settings = default_settings();
    Customer customer;
    std::vector<Order> orders;
    OneProduct catalogue;  // has what the first line of the newest order names

    Shop() {
        settings.shop.currency = Currency::of("EUR");
        settings.shop.zone = "Europe/Riga";
        settings.statuses = {{StatusSet::general, "cancelled", "Cancelled", false},
                             {StatusSet::general, "received", "Received", true},
                             {StatusSet::payment, "awaiting", "", true}};
        settings.fields = {{Object::customer, "vip", "", Type::boolean, false},
                           {Object::order, "gift", "", Type::boolean, false},
                           {Object::order, "tip", "", Type::money, false},
                           {Object::line, "engraving", "", Type::text, false},
                           {Object::product, "cost", "", Type::money, false},
                           {Object::product, "eco", "", Type::boolean, false}};
        namespace c = customer_field;
        customer.record.set(c::external_id, Value::of_text("C-17"));
        customer.record.set(c::first_name, Value::of_text("Anna"));
        customer.record.set(c::birth_date, Value::of_date({0, 5, 14}));
        customer.record.set_custom("vip", Value::of_boolean(true));

        Order newest = shop_order("103", "2026-11-20T09:15:00Z");
        namespace o = order_field;
        newest.record.set(o::total, euro(9980));
        newest.record.set(o::discount, euro(0));
        newest.record.set(o::delivery_type, Value::of_text("courier"));
        newest.record.set(o::delivery_city, Value::of_text("Riga"));
        newest.record.set(o::coupons, Value::of_list({"MUG10", "NEW"}));
        newest.record.set_custom("gift", Value::of_boolean(true));
        newest.record.set_custom("tip", euro(150));
        newest.lines = {shop_line("1", "Mug", 2, 4995), shop_line("2", "Tea <green>", 1, 500)};
        newest.lines.edit()[0].set_custom("engraving", Value::of_text("Anna"));
        Record payment;
        payment.set(payment_field::payment_id, Value::of_text("1"));
        payment.set(payment_field::amount, Value::of_money(500'000, Currency::of("USD")));
        newest.payments = {payment};
        newest.status[0] = {"received", "", at("2026-11-20T09:15:00Z")};
        newest.status[2] = {"awaiting", "failed", at("2026-11-20T09:20:00.5Z")};
        HistoryRow row;
        row.to = "received";
        row.source = "shop";
        row.at = at("2026-11-20T09:15:00Z");
        row.after = {"received", "", ""};
        newest.history = {row};

        Order cancelled = shop_order("102", "2026-10-01T00:00:00Z");
        cancelled.status[0] = {"cancelled", "received", at("2026-10-02T00:00:00Z")};
        Order oldest = shop_order("101", "2026-10-01T00:00:00Z");
        oldest.record.set(o::currency, Value::of_text("JPY"));
        oldest.record.set(o::total, Value::of_money(12'000'000));
        newest.lines.edit()[0].set(line_field::product_id, Value::of_text("SKU-9"));
        newest.lines.edit()[1].set(line_field::product_id, Value::of_text("SKU-1"));
        orders = {newest, oldest, cancelled};

        namespace g = product_field;
        Record &mug = catalogue.product.record;
        mug.set(g::product_id, Value::of_text("SKU-9"));
        mug.set(g::name, Value::of_text("Mug, blue"));
        mug.set(g::category, Value::of_list({"Sale"}));
        mug.set(g::price, Value::of_money(12'340'000));
        mug.set(g::currency, Value::of_text("JPY"));
        mug.set(g::stock, Value::of_decimal(decimal_unit_e6));
        mug.set(g::updated_at, Value::of_time(at("2026-11-19T00:00:00Z")));
        mug.set_custom("eco", Value::of_boolean(true));
        mug.set_custom("cost", Value::of_money(9'000'000));
    }

    render::ViewFacts facts() const {
        render::ViewFacts made;
        made.customer = &customer;
        made.orders = orders;
        made.settings = &settings;
        made.products = &catalogue;
        return made;
    }
};

}  // namespace cartbell::test
