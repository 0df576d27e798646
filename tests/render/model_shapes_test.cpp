// formats.md §0 "Paths": "A path that §5 and the settings do not know is an error with the nearest known name."
#include <doctest/doctest.h>

#include "render/members.hpp"
#include "render/model_shapes.hpp"
#include "render/shop_order.hpp"

using namespace cartbell;

namespace {

const test::Shop &shop() {
    static const test::Shop made;
    return made;
}

std::string error_of(std::string_view source, const std::map<std::string, std::string> &partials = {}, std::vector<render::LetShape> lets = {}) {
    const render::ModelShapes shapes(shop().settings, std::move(lets));
    render::Options options;
    options.shapes = &shapes;
    const auto text = render::compile(source, partials, options, Limits{});
    if (text) return {};
    return text.error().reason + " " + std::to_string(text.error().line) + ":" + std::to_string(text.error().column) + " " + text.error().message;
}

}  // namespace

TEST_CASE("An unknown path is an error with its place and the nearest name") {
    CHECK(error_of("x\n {{customer.frist_name}}") ==
          "unknown_path 2:2 'frist_name' in 'customer.frist_name' is unknown; the nearest is 'first_name'");
    CHECK(error_of("{{custmer.city}}").find("the nearest is 'customer'") != std::string::npos);
    CHECK(error_of("{{order.status.general.nme}}").find("'name'") != std::string::npos);
    CHECK(error_of("{{orders.lst.total}}").find("'last'") != std::string::npos);
    CHECK(error_of("{{order.fields.gifd}}").find("'gift'") != std::string::npos);
    CHECK(error_of("{{order.reached.general.receivd}}").find("'received'") != std::string::npos);
    CHECK(error_of("{{#order.liness}}{{/order.liness}}").substr(0, 12) == "unknown_path");
    CHECK(error_of("{{^zzzzzzzzzzz}}{{/zzzzzzzzzzz}}") == "unknown_path 1:1 'zzzzzzzzzzz' in 'zzzzzzzzzzz' is unknown");
    CHECK(error_of("{{order.total.amount}}").substr(0, 12) == "unknown_path");
}

TEST_CASE("A name is looked for where it stands: inside a list its rows, then what is around") {
    CHECK(error_of("{{#order.lines}}{{name}}{{customer.city}}{{/order.lines}}") == "");
    CHECK(error_of("{{name}}").substr(0, 12) == "unknown_path");
    CHECK(error_of("{{#order}}{{#lines}}{{order_id}}{{/lines}}{{/order}}") == "");
    CHECK(error_of("{{#order.lines}}{{order_id}}{{/order.lines}}").substr(0, 12) == "unknown_path");
    CHECK(error_of("{{#order}}{{placed_at}}{{/order}}{{placed_at}}").find("1:34") != std::string::npos);
    CHECK(error_of("{{#orders}}{{#history}}{{#status}}{{general}}{{/status}}{{/history}}{{/orders}}") == "");
}

TEST_CASE("A list or an object as a variable is an error at compile time") {
    CHECK(error_of("{{order}}").substr(0, 17) == "not_printable 1:1");
    CHECK(error_of("{{orders}}").substr(0, 13) == "not_printable");
    CHECK(error_of("{{order.lines}}").substr(0, 13) == "not_printable");
    CHECK(error_of("{{order.delivery}}").substr(0, 13) == "not_printable");
    CHECK(error_of("{{#number}}{{order.coupons}}{{/number}}").substr(0, 13) == "not_printable");
    CHECK(error_of("{{#order.lines}}{{.}}{{/order.lines}}").substr(0, 13) == "not_printable");
    CHECK(error_of("{{#order.coupons}}{{.}}{{/order.coupons}}{{order.status.general}}{{order.coupons.0}}{{order.lines.count}}") == "");
}

TEST_CASE("Partials are checked where they are used") {
    const std::map<std::string, std::string> partials{{"line", "{{name}} {{quantity}}"}};
    CHECK(error_of("{{#order.lines}}{{>line}}{{/order.lines}}", partials) == "");
    CHECK(error_of("{{#order.lines}}{{>line}}{{/order.lines}}{{>line}}", partials).find("in partial 'line': 'name'") != std::string::npos);
    CHECK(error_of("nothing", {{"unused", "\n{{nope}}"}}).substr(0, 16) == "unknown_path 2:1");
    CHECK(error_of("{{>a}}", {{"a", "{{#order}}{{>b}}{{/order}}"}, {"b", "{{#lines}}{{>a}}{{name}}{{/lines}}"}}) == "");
}

TEST_CASE("Names of let are known at the root, with the members of their rows") {
    CHECK(error_of("{{#top}}{{name}}{{/top}}{{spent}}{{top.more}}", {}, {{"top", true, Object::line}, {"spent"}}) == "");
    CHECK(error_of("{{#top}}{{nme}}{{/top}}", {}, {{"top", true, Object::line}}).find("'name'") != std::string::npos);
    CHECK(error_of("{{spend}}", {}, {{"spent"}}).find("'spent'") != std::string::npos);
}

TEST_CASE("Every system field of formats.md §5 is in the views, with the same type") {
    const auto prefix_of = [](Object object) -> std::string_view {
        switch (object) {
            case Object::customer: return "customer.";
            case Object::order: return "order.";
            case Object::line: return "order.lines.first.";
            case Object::payment: return "order.payments.first.";
            case Object::history: return "order.history.first.";
            case Object::product: return "order.lines.first.product.";
            case Object::item: break;  // no view has containers yet
        }
        return {};
    };
    int fields = 0;
    for (Object object : {Object::customer, Object::order, Object::line, Object::payment, Object::history, Object::product})
        for (const Field &field : system_fields(object)) {
            ++fields;
            const std::string path = std::string(prefix_of(object)) + std::string(field.path);
            CAPTURE(path);
            if (field.type == Type::list) CHECK(error_of("{{" + path + "}}").substr(0, 13) == "not_printable");
            else CHECK(error_of("{{" + path + "}}") == "");
        }
    CHECK(fields > 90);
}

TEST_CASE("Every system field of an order reads as model/path.hpp reads it") {
    const Settings &settings = shop().settings;
    for (const Order &order : shop().orders) {
        render::ViewFacts facts = shop().facts();
        facts.order = &order;
        const render::ModelView view(facts);
        Row row;
        row.order = &order;
        row.customer = &shop().customer;
        row.settings = &settings;
        for (const Field &field : system_fields(Object::order)) {
            CAPTURE(field.path);
            const auto path = bind_path(field.path, Object::order, settings);
            REQUIRE(path.ok());
            Value scratch;
            const render::Node expected = render::Node::of(read(*path, row, scratch));
            render::Node node = view.member(view.root(), "order");
            std::string_view rest = field.path;
            while (!rest.empty()) {
                const std::string_view part = rest.substr(0, rest.find('.'));
                node = view.member(node, part);
                rest.remove_prefix(std::min(rest.size(), part.size() + 1));
            }
            CHECK(node.kind == expected.kind);
            CHECK(node.currency == expected.currency);
            if (node.kind == render::Node::Kind::text) CHECK(node.text() == expected.text());
            else CHECK(node.number == expected.number);
        }
    }
}

TEST_CASE("Every system field of a product reads as model/path.hpp reads it") {
    const Settings &settings = shop().settings;
    render::ViewFacts facts = shop().facts();
    facts.order = &shop().orders[0];
    const render::ModelView view(facts);
    Row row;
    row.object = Object::line;
    row.order = facts.order;
    row.record = &facts.order->lines[0];
    row.product = &shop().catalogue.product;
    row.settings = &settings;
    const render::Node line = render::walk(view.member(view.root(), "order"), std::array<render::Name, 2>{"lines", "first"});
    for (const Field &field : system_fields(Object::product)) {
        CAPTURE(field.path);
        const auto path = bind_path("product." + std::string(field.path), Object::line, settings);
        REQUIRE(path.ok());
        Value scratch;
        const render::Node expected = render::Node::of(read(*path, row, scratch));
        const render::Node node = view.member(view.member(line, "product"), field.path);
        CHECK(node.kind == expected.kind);
        CHECK(node.currency == expected.currency);
        if (node.kind == render::Node::Kind::text) CHECK(node.text() == expected.text());
        else CHECK(node.number == expected.number);
    }
}
