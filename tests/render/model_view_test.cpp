// What a template sees of one customer (formats.md §3 "Views", §5).
#include <doctest/doctest.h>

#include "model/state_bytes.hpp"
#include "render/model_shapes.hpp"
#include "render/shop_order.hpp"

using namespace cartbell;

namespace {

// Renders with the names checked against the shapes: what the views say and what the check allows are one thing.
std::string say_once(std::string_view source, const render::ViewFacts &facts, std::vector<render::LetShape> lets = {},
                render::MissingPolicy policy = render::MissingPolicy::empty) {
    const render::ModelShapes shapes(*facts.settings, std::move(lets));
    render::Options options;
    options.shapes = &shapes;
    options.escape = render::Escape::none;
    const auto text = render::compile(source, {}, options, Limits{});
    if (!text) return "<" + text.error().message + ">";
    const render::ModelView view(facts);
    render::Context context;
    context.root = view.root();
    context.currency = facts.settings->shop.currency;
    context.missing = [=](std::string_view) { return policy; };
    std::string out;
    const render::Outcome outcome = render::render(**text, context, Limits{}, out);
    return outcome.kind == render::Outcome::Kind::rendered ? out : "<" + outcome.reason + ">";
}

// The same over orders whose rows are sealed in stored bytes, as a mailing has them: a view reads them there and must say the same.
std::string say(std::string_view source, const render::ViewFacts &facts, const std::vector<render::LetShape> &lets = {},
                render::MissingPolicy policy = render::MissingPolicy::empty) {
    const std::string said = say_once(source, facts, lets, policy);
    std::vector<std::string> stored(facts.orders.size());
    std::vector<Order> sealed(facts.orders.size());
    render::ViewFacts seen = facts;
    for (size_t i = 0; i < sealed.size(); ++i) {
        encode(facts.orders[i], stored[i]);
        REQUIRE(decode_facts(stored[i], sealed[i]).ok());
        if (facts.order == &facts.orders[i]) seen.order = &sealed[i];
    }
    seen.orders = sealed;
    CHECK(say_once(source, seen, lets, policy) == said);
    return said;
}

}  // namespace

TEST_CASE("orders and purchases stand in own-time order, equal times by order_id; purchases leave out what is not in analytics") {
    const test::Shop shop;
    CHECK(say("{{#orders}}{{order_id}} {{/orders}}{{orders.count}}", shop.facts()) == "101 102 103 3");
    CHECK(say("{{#purchases}}{{order_id}} {{/purchases}}{{purchases.count}}", shop.facts()) == "101 103 2");
    CHECK(say("{{orders.first.order_id}} {{purchases.last.order_id}}", shop.facts()) == "101 103");
    CHECK(say("{{#orders.last}}{{#lines}}{{name}}; {{/lines}}{{/orders.last}}", shop.facts()) == "Mug; Tea <green>; ");
}

TEST_CASE("A customer without orders has empty lists and no last one") {
    test::Shop shop;
    shop.orders.clear();
    CHECK(say("{{orders.count}}{{^orders}}none{{/orders}}[{{orders.last.total}}]{{#purchases.last}}x{{/purchases.last}}", shop.facts()) ==
          "0none[]");
}

TEST_CASE("The customer's fields, typed") {
    const test::Shop shop;
    CHECK(say("{{customer.external_id}} {{customer.first_name}} {{customer.birth_date}} {{customer.known}} {{customer.fields.vip}}",
              shop.facts()) == "C-17 Anna --05-14 true true");
    CHECK(say("{{#customer}}{{first_name}}{{#fields.vip}}*{{/fields.vip}}[{{city}}]{{/customer}}", shop.facts()) == "Anna*[]");
}

TEST_CASE("Unformatted: money with its currency's digits, decimals without trailing zeros, times RFC 3339 UTC") {
    const test::Shop shop;
    render::ViewFacts facts = shop.facts();
    facts.order = &shop.orders[0];
    CHECK(say("{{order.total}} {{order.quantity}} {{order.line_count}} {{order.placed_at}} {{order.in_analytics}}", facts) ==
          "99.80 3 2 2026-11-20T09:15:00Z true");
    CHECK(say("{{orders.first.total}}", facts) == "1200");  // yen have no decimals
}

TEST_CASE("Money is formatted in its own currency, else its order's, else the shop's") {
    const test::Shop shop;
    render::ViewFacts facts = shop.facts();
    facts.order = &shop.orders[0];
    CHECK(say("{{#money}}{{order.total}}{{/money}}|{{#money}}{{orders.first.total}}{{/money}}|{{#order}}{{#payments}}"
              "{{#money}}{{amount}}{{/money}}{{/payments}}|{{#lines}}{{#money}}{{price}}{{/money}} {{/lines}}|{{#money}}{{fields.tip}}"
              "{{/money}}{{/order}}",
              facts) == "99.80 EUR|1200 JPY|50.00 USD|49.95 EUR 5.00 EUR |1.50 EUR");
}

TEST_CASE("A status prints its code and has name, at and previous") {
    const test::Shop shop;
    render::ViewFacts facts = shop.facts();
    facts.order = &shop.orders[0];
    CHECK(say("{{order.status.general}} {{order.status.general.name}} {{order.status.general.at}}", facts) ==
          "received Received 2026-11-20T09:15:00Z");
    CHECK(say("{{order.status.payment.previous}} {{order.status.payment.at}} [{{order.status.payment.name}}]", facts) ==
          "failed 2026-11-20T09:20:00.5Z []");
    CHECK(say("{{#order.status.general}}{{.}}:{{name}}{{/order.status.general}}{{^order.status.delivery}}-{{/order.status.delivery}}",
              facts) == "received:Received-");
    CHECK(say("{{order.reached.general.received}}[{{order.reached.general.cancelled}}]", facts) == "2026-11-20T09:15:00Z[]");
}

TEST_CASE("History rows say the change and all sets just after it") {
    const test::Shop shop;
    render::ViewFacts facts = shop.facts();
    facts.order = &shop.orders[0];
    CHECK(say("{{#order.history}}{{set}} [{{from}}]>{{to}} {{at}} {{source}} {{status.general}}[{{status.payment}}] {{order.order_id}}"
              "{{/order.history}}", facts) == "general []>received 2026-11-20T09:15:00Z shop received[] 103");
}

TEST_CASE("Parts of an order, lists of texts and elements of them") {
    const test::Shop shop;
    render::ViewFacts facts = shop.facts();
    facts.order = &shop.orders[0];
    CHECK(say("{{order.delivery.type}} {{order.delivery.address.city}}{{#order.delivery.address}}/{{city}}{{/order.delivery.address}}", facts) ==
          "courier Riga/Riga");
    CHECK(say("{{#order.coupons}}{{.}}{{^@last}},{{/@last}}{{/order.coupons}} {{order.coupons.count}} {{order.coupons.last}}", facts) ==
          "MUG10,NEW 2 NEW");
    CHECK(say("{{#order.lines}}{{category.0}}>{{category.1}} {{/order.lines}}", facts) == "Kitchen>Mugs Kitchen>Other ");
    facts.order = &shop.orders[1];
    CHECK(say("{{#order.delivery}}x{{/order.delivery}}{{^order.delivery}}no delivery{{/order.delivery}}{{^order.fields}}!{{/order.fields}}",
              facts) == "no delivery!");
}

TEST_CASE("An object of a view has all its declared fields: a lookup inside the lines never slips to the order's") {
    const test::Shop shop;
    render::ViewFacts facts = shop.facts();
    facts.order = &shop.orders[0];
    // The order has url none and discount 0.00, total 99.80; a line has no discount and no url of its own.
    CHECK(say("{{#order}}{{discount}}:{{#lines}}[{{discount}}]{{/lines}}{{/order}}", facts) == "0.00:[][]");
    CHECK(say("{{#order}}{{#lines}}{{#fields}}{{engraving}};{{/fields}}[{{fields.engraving}}] {{/lines}}{{/order}}", facts) == "Anna;[Anna] [] ");
    // A line has no order_id: that is the order's.
    CHECK(say("{{#order}}{{#lines}}{{order_id}}/{{order.order_id}} {{/lines}}{{/order}}", facts) == "103/103 103/103 ");
    CHECK(say("{{#orders}}{{#lines}}{{customer.first_name}} {{/lines}}{{/orders}}", facts) == "Anna Anna ");
}

TEST_CASE("A line's product is the catalogue's as it is now; one that is not in the catalogue is missing") {
    const test::Shop shop;
    render::ViewFacts facts = shop.facts();
    facts.order = &shop.orders[0];
    CHECK(say("{{#order.lines}}{{name}}[{{product.name}} {{product.stock}} {{product.available}} {{product.category.0}}]{{/order.lines}}", facts) ==
          "Mug[Mug, blue 1 true Sale]Tea <green>[   ]");
    CHECK(say("{{#order.lines}}{{#product}}{{name}}{{#category}}>{{.}}{{/category}}{{/product}}{{^product}} gone{{/product}}{{/order.lines}}", facts) ==
          "Mug, blue>Sale gone");
    CHECK(say("{{#order.lines}}{{#product.fields.eco}}eco {{/product.fields.eco}}{{#product.category}}{{.}}{{/product.category}}{{/order.lines}}", facts) ==
          "eco Sale");
    CHECK(say("{{order.lines.first.product.name}} {{#date.short}}{{order.lines.first.product.updated_at}}{{/date.short}}", facts) ==
          "Mug, blue 2026-11-19");
    CHECK(say("{{#order.lines}}{{product.price}}{{/order.lines}}", facts, {}, render::MissingPolicy::block) == "<missing:product.price>");
    facts.products = nullptr;  // nothing was loaded: as an empty catalogue
    CHECK(say("{{#order.lines}}[{{product.name}}]{{/order.lines}}", facts) == "[][]");
}

TEST_CASE("A product's money is in the product's currency, not in that of the line's order") {
    test::Shop shop;
    render::ViewFacts facts = shop.facts();
    facts.order = &shop.orders[0];
    const std::string_view both = "{{#order.lines.first}}{{#money}}{{product.price}}{{/money}} {{product.price}} {{#money}}{{product.fields.cost}}{{/money}} "
                                  "{{#money}}{{price}}{{/money}}{{/order.lines.first}}";
    CHECK(say(both, facts) == "1234 JPY 1234 900 JPY 49.95 EUR");
    shop.catalogue.product.record.erase(product_field::currency);  // then the shop's
    CHECK(say(both, facts) == "1234.00 EUR 1234.00 900.00 EUR 49.95 EUR");
}

TEST_CASE("An unknown path of a product is an error with the nearest name") {
    const test::Shop shop;
    CHECK(say("{{#order.lines}}{{product.nam}}{{/order.lines}}", shop.facts()).find("nearest is 'name'") != std::string::npos);
    CHECK(say("{{#order.lines}}{{product.fields.ecco}}{{/order.lines}}", shop.facts()).find("nearest is 'eco'") != std::string::npos);
    CHECK(say("{{#order.lines}}{{product.fields}}{{/order.lines}}", shop.facts()).find("cannot be printed") != std::string::npos);
}

TEST_CASE("Without an instance's order, a customer or a message their paths are missing") {
    const test::Shop shop;
    render::ViewFacts facts;
    facts.settings = &shop.settings;
    CHECK(say("[{{order.total}}{{customer.city}}{{message.message_id}}{{^order}}-{{/order}}] {{shop.zone}} {{shop.currency}} {{shop.locale}}",
              facts) == "[-] Europe/Riga EUR en");
}

TEST_CASE("The message's own") {
    const test::Shop shop;
    render::ViewFacts facts = shop.facts();
    const render::MessageFacts message{"m-1", "https://u/1", ""};
    facts.message = &message;
    CHECK(say("{{message.message_id}} {{message.unsubscribe_url}} [{{message.view_url}}]", facts) == "m-1 https://u/1 []");
}

TEST_CASE("Names of let stand at the root: a truth, a value, rows with what the limit left out") {
    const test::Shop shop;
    render::ViewFacts facts = shop.facts();
    std::vector<render::Let> lets(3);
    lets[0].name = "near";
    lets[0].value = Value::of_boolean(true);
    lets[1].name = "spent";
    lets[1].value = Value::of_money(1'000'000);
    lets[2].name = "top";
    lets[2].is_list = true;
    lets[2].rows_of = Object::line;
    lets[2].left_out = 4;
    Row row;
    row.object = Object::line;
    row.order = &shop.orders[0];
    row.record = &shop.orders[0].lines[1];
    lets[2].rows = {row};
    facts.lets = lets;
    CHECK(say("{{#near}}{{#money}}{{spent}}{{/money}}{{/near}} {{#top}}{{name}} of {{order.order_id}}{{/top}} {{top.count}}+{{top.more}}", facts,
              {{"near"}, {"spent"}, {"top", true, Object::line}}) == "100.00 EUR Tea <green> of 103 1+4");
}

TEST_CASE("A custom field kept as JSON opens by itself, and reads as its type once declared") {
    test::Shop shop;
    const auto kept = [](std::string_view json) {
        Value value = Value::of_text(json);
        value.type = Type::json;
        return value;
    };
    Order &order = shop.orders[0];
    order.record.set_custom("box", kept(R"({"a":[1,2.5,"x\ny\u00e9"],"b":{"c":"d","e":null,"f":true}})"));
    order.record.set_custom("gift", kept("true"));
    order.record.set_custom("tip", kept("\"2.50\""));
    render::ViewFacts facts = shop.facts();
    facts.order = &order;
    shop.settings.shop.keep_unknown_fields = true;
    CHECK(say("{{#order.fields.box}}{{#a}}{{.}},{{/a}}{{a.count}} {{b.c}} {{#b.f}}f{{/b.f}}[{{b.e}}{{g}}]{{/order.fields.box}}", facts) ==
          "1,2.5,x\nyé,3 d f[]");
    CHECK(say("{{order.fields.box.a.last}} {{order.fields.box.a.1}}", facts) == "x\nyé 2.5");
    CHECK(say("{{order.fields.gift}} {{#money}}{{order.fields.tip}}{{/money}}", facts) == "true 2.50 EUR");
}

TEST_CASE("Damaged kept JSON gives odd values and never a fault") {
    test::Shop shop;
    shop.settings.shop.keep_unknown_fields = true;
    Order &order = shop.orders[0];
    const std::string json = R"({"a":[1,{"b":"c\u00e9\\"}],"d":"e"})";
    render::ViewFacts facts = shop.facts();
    facts.order = &order;
    for (size_t cut = 0; cut <= json.size(); ++cut) {
        Value value = Value::of_text(json.substr(0, cut));
        value.type = Type::json;
        order.record.set_custom("box", value);
        say("{{#order.fields.box}}{{#a}}{{b}}{{.}}{{/a}}{{d}}{{a.last.b}}{{a.1.b.c}}{{a.count}}{{/order.fields.box}}{{order.fields.box.d}}", facts);
    }
    Value deep = Value::of_text(std::string(100'000, '['));
    deep.type = Type::json;
    order.record.set_custom("box", deep);
    CHECK(say("{{order.fields.box.count}}", facts) == "1");
}

TEST_CASE("A view can be reset for the next customer") {
    const test::Shop shop, other;
    render::ViewFacts facts = shop.facts();
    render::ModelView view(facts);
    uint64_t cursor = 0;
    CHECK(view.size(view.member(view.root(), "orders")) == 3);
    facts.orders = std::span<const Order>(other.orders).first(1);
    view.reset(facts);
    const render::Node orders = view.member(view.root(), "orders");
    CHECK(view.size(orders) == 1);
    CHECK(view.member(view.element(orders, 0, cursor), "order_id").text() == "103");
}
