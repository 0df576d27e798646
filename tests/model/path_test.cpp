#include <doctest/doctest.h>

#include "model/journal.hpp"
#include "model/path.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

Settings shop() {
    Settings settings = default_settings();
    settings.fields = {
        {Object::order, "gift", "Gift", Type::boolean},    {Object::order, "tip", "Tip", Type::money},
        {Object::line, "engraving", "Text", Type::text},   {Object::customer, "tags", "Tags", Type::list},
        {Object::customer, "limit", "Limit", Type::money}, {Object::product, "eco", "Eco", Type::boolean},
        {Object::product, "cost", "Cost", Type::money}};
    put_in_order(settings);
    return settings;
}

Type type_of(std::string_view text, Object start, const Settings &settings) {
    const auto path = bind_path(text, start, settings);
    return path.ok() ? path->type : Type::none;
}

std::string refused(std::string_view text, Object start, const Settings &settings = shop()) {
    const auto path = bind_path(text, start, settings);
    if (path.ok()) return "";
    CHECK(path.error().reason == "unknown_path");
    return path.error().message;
}

// An order with everything, its customer, and rows of both.
struct World {
    Settings settings = shop();
    Journal journal;
    Order order;
    Customer customer;
    Product product;  // of the first line

    World() {
        Operation &first = journal.order(1);
        first.customer = {{IdentityKind::external_id, "A"}, {IdentityKind::email, "a@a.eu"}};
        Record &attributes = first.order.attributes;
        attributes.set(order_field::currency, Value::of_text("USD"));
        attributes.set(order_field::total, amount(12));
        attributes.set(order_field::tax, Value::of_money(1, Currency::of("GBP")));
        attributes.set(order_field::delivery_city, Value::of_text("Riga"));
        attributes.set(order_field::coupons, Value::of_list({"TEN", "", "GIFT"}));
        attributes.set_custom("gift", Value::of_boolean(true));
        attributes.set_custom("tip", amount(1));
        attributes.set_custom("loose", json(R"({"a":1})"));
        Record mug = line("1", "Mug", 2);
        mug.set(line_field::category, Value::of_list({"Kitchen", "Mugs"}));
        mug.set(line_field::price, amount(3));
        mug.set_custom("engraving", Value::of_text("Anna"));
        first.order.lines.changes = {
            {"1", false, mug}, {"2", false, line("2", "Cup", 3)}, {"3", false, line("3")}};
        Record card;
        card.set(payment_field::amount, amount(12));
        first.order.payments.changes = {{"p", false, card}};
        say_status(first, StatusSet::general, "received");
        say_status(first, StatusSet::payment, "awaiting", hour(2));
        Operation &second = journal.order(3);
        say_status(second, StatusSet::general, "cancelled");
        order = journal.fold();
        Operation &profile = journal.customer(4);
        profile.customer = first.customer;
        profile.profile.profile.set(customer_field::city, Value::of_text("Oslo"));
        profile.profile.profile.set_custom("tags", Value::of_list({"x", "y"}));
        profile.profile.profile.set_custom("limit", amount(100));
        customer = journal.fold_profile();
        Operation &goods = journal.product(5);
        goods.product.attributes.set(product_field::category, Value::of_list({"Kitchen", "Mugs"}));
        goods.product.attributes.set(product_field::price, amount(7));
        goods.product.attributes.set(product_field::currency, Value::of_text("GBP"));
        goods.product.attributes.set(product_field::stock, Value::of_decimal(3 * decimal_unit_e6));
        goods.product.attributes.set_custom("eco", Value::of_boolean(true));
        goods.product.attributes.set_custom("cost", amount(2));
        product = fold_product(std::span(journal.entries).last(1));
        journal.entries.pop_back();  // the rest is the order's
    }

    Row row(Object object) const {
        Row out;
        out.object = object;
        out.customer = &customer;
        out.settings = &settings;
        if (object != Object::customer) out.order = &order;
        if (object == Object::line) out.record = &order.lines[0];
        if (object == Object::line) out.product = &product;
        if (object == Object::payment) out.record = &order.payments[0];
        if (object == Object::history) out.history = &order.history.back();
        return out;
    }
    Value at(std::string_view text, Object start) const {
        const auto path = bind_path(text, start, settings);
        CAPTURE(text);
        REQUIRE(path.ok());
        Value scratch = Value::of_text("left from before");
        scratch.currency = Currency::of("JPY");
        scratch.number = 99;
        const Value value = read(*path, row(start), scratch);
        if (!value.missing()) CHECK(value.type == path->type);
        return value;
    }
};

const Currency usd = Currency::of("USD"), eur = Currency::of("EUR");

}  // namespace

TEST_CASE("every path of formats.md §5 binds with its type") {
    const Settings settings = shop();
    for (const Object object :
         {Object::customer, Object::order, Object::line, Object::payment, Object::history})
        for (const Field &field : system_fields(object)) {
            CAPTURE(field.path);
            CHECK(type_of(field.path, object, settings) == field.type);
        }
    for (const std::string_view set : status_set_names) {
        const std::string status = "status." + std::string(set);
        CHECK(type_of(status, Object::order, settings) == Type::text);
        CHECK(type_of(status + ".name", Object::order, settings) == Type::text);
        CHECK(type_of(status + ".previous", Object::order, settings) == Type::text);
        CHECK(type_of(status + ".at", Object::order, settings) == Type::time);
        CHECK(type_of(status, Object::history, settings) == Type::text);
        CHECK(type_of(status + ".at", Object::history, settings) == Type::none);
        CHECK(type_of(status, Object::line, settings) == Type::none);
    }
    CHECK(type_of("reached.payment.paid", Object::order, settings) == Type::time);
    CHECK(type_of("fields.tip", Object::order, settings) == Type::money);
    CHECK(type_of("category.0", Object::line, settings) == Type::text);
    CHECK(type_of("fields.tags.12", Object::customer, settings) == Type::text);
    CHECK(type_of("product.fields.eco", Object::line, settings) == Type::boolean);
    CHECK(type_of("product.category.1", Object::line, settings) == Type::text);
}

TEST_CASE("line → order.…, product.…; history row → order.…; every row → customer.…") {
    const Settings settings = shop();
    for (const Object start :
         {Object::order, Object::line, Object::payment, Object::history, Object::customer})
        CHECK(type_of("customer.fields.limit", start, settings) == Type::money);
    for (const Object start : {Object::line, Object::history}) {
        CHECK(type_of("order.total", start, settings) == Type::money);
        CHECK(type_of("order.status.payment.at", start, settings) == Type::time);
    }
    CHECK(type_of("order.total", Object::order, settings) == Type::none);
    CHECK(type_of("order.total", Object::payment, settings) == Type::none);
    CHECK(type_of("product.price", Object::line, settings) == Type::money);
    CHECK(type_of("product.price", Object::order, settings) == Type::none);
    CHECK(type_of("order.customer.city", Object::line, settings) == Type::none);
}

TEST_CASE("a path that §5 and the settings do not know is an error with the nearest known name") {
    CHECK(refused("totl", Object::order).find("\"total\"") != std::string::npos);
    CHECK(refused("delivery.adress.city", Object::order).find("\"delivery.address.city\"") !=
          std::string::npos);
    CHECK(refused("fields.gft", Object::order).find("\"fields.gift\"") != std::string::npos);
    CHECK(refused("status.paiment", Object::order).find("\"status.payment\"") != std::string::npos);
    CHECK(refused("reached.general.canceled", Object::order).find("\"reached.general.cancelled\"") !=
          std::string::npos);
    CHECK(refused("customer.citty", Object::line).find("\"customer.city\"") != std::string::npos);
    CHECK(refused("order.totl", Object::line).find("\"order.total\"") != std::string::npos);
    for (const std::string_view bad : {"",
                                       ".",
                                       "status",
                                       "status.",
                                       "reached",
                                       "reached.general",
                                       "fields",
                                       "fields.",
                                       "lines",
                                       "total.0",
                                       "coupons.",
                                       "coupons.x",
                                       "coupons.01",
                                       "coupons.1234567",
                                       "coupons.-1",
                                       "customer.",
                                       "fields.gift.x",
                                       "status.general.",
                                       "reached.general.",
                                       "coupons.0.0"}) {
        CAPTURE(bad);
        CHECK(refused(bad, Object::order) != "");
    }
    refused(std::string(10'000, 'x'), Object::order);
}

TEST_CASE("undeclared custom fields are known only where the shop keeps them, as JSON") {
    Settings settings = shop();
    CHECK(type_of("fields.loose", Object::order, settings) == Type::none);
    settings.shop.keep_unknown_fields = true;
    CHECK(type_of("fields.loose", Object::order, settings) == Type::json);
    CHECK(type_of("fields.Loose", Object::order, settings) == Type::none);
    CHECK(type_of("fields.gift", Object::order, settings) == Type::boolean);
    CHECK(type_of("fields.loose", Object::payment, settings) == Type::none);
    World world;
    world.settings = settings;
    CHECK(world.at("fields.loose", Object::order) == json(R"({"a":1})"));
}

TEST_CASE("a field kept as JSON reads as its type once it is declared, and is missing if it is none") {
    World world;
    Operation &operation = world.journal.order(5);
    operation.order.attributes.set_custom("gift", json("false"));
    operation.order.attributes.set_custom("tip", json("\"1.50\""));
    world.order = world.journal.fold();
    CHECK(world.at("fields.gift", Object::order) == Value::of_boolean(false));
    CHECK(world.at("fields.tip", Object::order) == Value::of_money(15'000, usd));
    operation.order.attributes.set_custom("tip", json("{}"));
    world.order = world.journal.fold();
    CHECK(world.at("fields.tip", Object::order).missing());
}

TEST_CASE("stored values read as they are, missing ones as missing") {
    const World world;
    CHECK(world.at("order_id", Object::order).text == "1");
    CHECK(world.at("delivery.address.city", Object::order).text == "Riga");
    CHECK(world.at("url", Object::order).missing());
    CHECK(world.at("fields.gift", Object::order).number == 1);
    CHECK(world.at("placed_at", Object::order).number == hour(1));
    CHECK(world.at("source", Object::order).text == "shop");
    CHECK(world.at("fields.engraving", Object::line).text == "Anna");
    CHECK(world.at("customer.city", Object::line).text == "Oslo");
    CHECK(world.at("order.delivery.address.city", Object::line).text == "Riga");
}

TEST_CASE("from a line product.… is the catalogue as it is now; a line whose product is not in the catalogue has it missing") {
    World world;
    CHECK(world.at("product.product_id", Object::line).text == "SKU-9");
    CHECK(world.at("product.category.1", Object::line).text == "Mugs");
    CHECK(world.at("product.name", Object::line).missing());
    CHECK(world.at("product.created_at", Object::line).number == hour(5));
    CHECK(world.at("product.fields.eco", Object::line).number == 1);
    CHECK(world.at("product.available", Object::line).number == 1);  // "default: stock > 0"
    world.product.record.set(product_field::available, Value::of_boolean(false));
    CHECK(world.at("product.available", Object::line).number == 0);
    Row row = world.row(Object::line);
    row.product = nullptr;
    for (const char *path : {"product.price", "product.category.0", "product.available", "product.fields.cost", "product.updated_at"}) {
        Value scratch = Value::of_text("left from before");
        CHECK(read(*bind_path(path, Object::line, world.settings), row, scratch).missing());
    }
}

TEST_CASE("a product's money is in its own currency, else the shop's, never its line's order's") {
    World world;
    CHECK(world.at("product.price", Object::line) == Value::of_money(70'000, Currency::of("GBP")));
    CHECK(world.at("product.fields.cost", Object::line) == Value::of_money(20'000, Currency::of("GBP")));
    world.product.record.erase(product_field::currency);
    CHECK(world.at("product.price", Object::line) == Value::of_money(70'000, eur));
}

TEST_CASE("money has its own currency, else its order's, else the shop's") {
    World world;
    CHECK(world.at("total", Object::order) == Value::of_money(120'000, usd));
    CHECK(world.at("tax", Object::order) == Value::of_money(1, Currency::of("GBP")));
    CHECK(world.at("fields.tip", Object::order) == Value::of_money(10'000, usd));
    CHECK(world.at("price", Object::line) == Value::of_money(30'000, usd));
    CHECK(world.at("amount", Object::payment) == Value::of_money(120'000, usd));
    CHECK(world.at("order.total", Object::history) == Value::of_money(120'000, usd));
    CHECK(world.at("customer.fields.limit", Object::line) == Value::of_money(1'000'000, eur));
    world.order.record.erase(order_field::currency);
    CHECK(world.at("total", Object::order).currency == eur);
}

TEST_CASE("elements of lists, empty ones there, ones past the end missing") {
    const World world;
    CHECK(world.at("category.0", Object::line).text == "Kitchen");
    CHECK(world.at("category.1", Object::line).text == "Mugs");
    CHECK(world.at("category.2", Object::line).missing());
    CHECK(world.at("coupons.1", Object::order) == Value::of_text(""));
    CHECK(world.at("coupons.2", Object::order).text == "GIFT");
    CHECK(world.at("customer.fields.tags.1", Object::order).text == "y");
    CHECK(world.at("category", Object::line) == Value::of_list({"Kitchen", "Mugs"}));
}

TEST_CASE(
    "status.<set> is the code; .at since when, .previous the code before, .name; reached the first time") {
    const World world;
    CHECK(world.at("status.general", Object::order).text == "cancelled");
    CHECK(world.at("status.general.name", Object::order).text == "Cancelled");
    CHECK(world.at("status.general.previous", Object::order).text == "received");
    CHECK(world.at("status.general.at", Object::order).number == hour(3));
    CHECK(world.at("status.payment.previous", Object::order).missing());
    CHECK(world.at("status.payment.at", Object::order).number == hour(2));
    for (const std::string_view part : {"", ".at", ".previous", ".name"})
        CHECK(world.at("status.delivery" + std::string(part), Object::order).missing());
    CHECK(world.at("reached.general.received", Object::order).number == hour(1));
    CHECK(world.at("reached.general.completed", Object::order).missing());
    CHECK(world.at("order.reached.payment.awaiting", Object::line).number == hour(2));
}

TEST_CASE(
    "a history row has set, from, to, at, received_at, source and the codes of all sets just after it") {
    World world;
    CHECK(world.at("set", Object::history).text == "general");
    CHECK(world.at("from", Object::history).text == "received");
    CHECK(world.at("to", Object::history).text == "cancelled");
    CHECK(world.at("at", Object::history).number == hour(3));
    CHECK(world.at("received_at", Object::history).number == hour(3) + 2);
    CHECK(world.at("source", Object::history).text == "shop");
    CHECK(world.at("status.general", Object::history).text == "cancelled");
    CHECK(world.at("status.payment", Object::history).text == "awaiting");
    CHECK(world.at("status.delivery", Object::history).missing());
    CHECK(world.at("order.status.general", Object::history).text == "cancelled");
}

TEST_CASE("in_analytics: all statuses count, a set without a status counts") {
    World world;
    CHECK(world.at("in_analytics", Object::order).number == 0);
    world.order.status[0].code = "received";
    CHECK(world.at("in_analytics", Object::order).number == 1);
    world.order.status[2].code = "refunded";
    CHECK(world.at("order.in_analytics", Object::line).number == 0);
    world.order.status = {};
    CHECK(world.at("in_analytics", Object::order).number == 1);
}

TEST_CASE("line_count counts lines, quantity sums pieces; lines without one count for nothing") {
    World world;
    CHECK(world.at("line_count", Object::order).number == 3);
    CHECK(world.at("quantity", Object::order) == Value::of_decimal(5 * decimal_unit_e6));
    world.order.lines.edit().clear();
    CHECK(world.at("quantity", Object::order) == Value::of_decimal(0));
    world.order.lines = {line("a"), line("b")};
    for (Record &one : world.order.lines.edit())
        one.set(line_field::quantity, Value::of_decimal(INT64_MAX));
    CHECK(world.at("quantity", Object::order).number == INT64_MAX);
}

TEST_CASE("known: has external_id, email or phone") {
    World world;
    CHECK(world.at("known", Object::customer).number == 1);
    CHECK(world.at("email_state", Object::customer).text == "unknown");
    CHECK(world.at("phone_state", Object::customer).missing());
    world.customer.record.erase(customer_field::external_id);
    CHECK(world.at("known", Object::customer).number == 1);
    world.customer.record.erase(customer_field::email);
    CHECK(world.at("customer.known", Object::order).number == 0);
    CHECK(world.at("created_at", Object::customer).number == hour(1));
    CHECK(world.at("last_seen_at", Object::customer).missing());
}

TEST_CASE("a row that cannot reach an object reads as missing") {
    const World world;
    for (const std::string_view text :
         {"total", "in_analytics", "line_count", "status.general", "reached.general.received", "coupons.0"}) {
        const auto path = bind_path(text, Object::order, world.settings);
        Value scratch;
        CHECK(read(*path, Row{}, scratch).missing());
    }
    for (const Object start : {Object::line, Object::history, Object::customer})
        for (const std::string_view text : {"customer.city", "customer.known"}) {
            Value scratch;
            CHECK(read(*bind_path(text, start, world.settings), Row{}, scratch).missing());
        }
    Value scratch;
    CHECK(read(*bind_path("to", Object::history, world.settings), Row{}, scratch).missing());
    CHECK(read(*bind_path("status.general", Object::history, world.settings), Row{}, scratch).missing());
}
