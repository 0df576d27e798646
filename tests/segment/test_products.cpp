// formats.md §0 "Paths": from a row further objects are reached by name: line → `product.…` (the catalogue as it is now).
#include <doctest/doctest.h>

#include "segment/asked.hpp"

using namespace cartbell;
using namespace cartbell::testing;

namespace {

const std::string ann = R"({"customer":{"external_id":"C-1"},
  "orders":[
    {"order_id":"1","placed_at":"2026-01-10T12:00:00Z","status":{"general":"received"},
     "lines":[{"line_id":"1","product_id":"mug","price":"10.00","category":["Old"]},{"line_id":"2","product_id":"gone","price":"1.00"},{"line_id":"3"}]},
    {"order_id":"2","placed_at":"2026-02-10T12:00:00Z","currency":"USD","status":{"general":"cancelled"},"lines":[{"line_id":"1","product_id":"pan","price":"5.00"}]}],
  "products":[
    {"product_id":"mug","at":"2026-01-01T00:00:00Z","name":"Mug","category":["Kitchen","Mugs"],"price":"9.00","stock":"3","fields":{"eco":true,"margin":"0.5"}},
    {"product_id":"mug","at":"2026-03-01T00:00:00Z","price":"8.00"},
    {"product_id":"pan","at":"2026-01-01T00:00:00Z","name":"Pan","price":"700","currency":"JPY","stock":"0"}]})";

Shop shop() {
    Shop made;
    made.field(Object::product, "eco", Type::boolean).field(Object::product, "margin", Type::decimal);
    return made;
}

}  // namespace

TEST_CASE("product paths are read of the catalogue, typed, wherever rows are lines") {
    const Shop asked = shop();
    CHECK(asked.holds(R"({"lines":{"where":{"product.name":"Mug"},"count":1}})", ann));
    CHECK(asked.holds(R"({"bought":{"where":{"product.name":"Pan"},"count":0}})", ann));  // its order is cancelled
    CHECK(asked.holds(R"({"orders":{"where":{"lines":{"where":{"product.name":"Pan"}}},"count":1}})", ann));
    CHECK(asked.holds(R"({"lines":{"where":{"product.category":{"under":["Kitchen"]},"product.category.1":"Mugs","category":"Old"}}})", ann));
    CHECK(asked.holds(R"({"lines":{"where":{"product.fields.eco":true,"product.fields.margin":{"lt":1}}}})", ann));
    CHECK(asked.holds(R"({"lines":{"where":{"product.available":true},"count":1}})", ann));
    CHECK(asked.holds(R"({"lines":{"where":{"product.available":false},"count":1}})", ann));
    CHECK(asked.holds(R"({"lines":{"max":{"of":"product.stock","is":3}}})", ann));
    CHECK(asked.holds(R"({"lines":{"distinct":{"of":"product.name","is":2}}})", ann));
    CHECK(asked.holds(R"({"lines":{"last":{"product.name":"Pan"}}})", ann));
}

TEST_CASE("a line whose product is not in the catalogue, or that names none, has its paths missing") {
    const Shop asked = shop();
    CHECK(asked.holds(R"({"lines":{"where":{"product.product_id":{"exists":false}},"count":2}})", ann));
    CHECK(asked.holds(R"({"lines":{"where":{"product.name":{"ne":"Mug"}},"count":1}})", ann));  // a test on a missing value is false
    CHECK(asked.warned(R"({"lines":{"where":{"product.product_id":{"ne":"x"}}}})") == "may_be_missing /lines/where/product.product_id/ne");
}

TEST_CASE("a product's money is in its own currency, else the shop's, and converts at the day of the line's order") {
    Shop asked = shop();
    CHECK(asked.holds(R"({"lines":{"where":{"product.price":"8"}}})", ann));
    CHECK(asked.holds(R"({"lines":{"where":{"product.price":{"lt":{"field":"price"}}},"count":1}})", ann));
    CHECK(asked.holds(R"({"lines":{"where":{"product.price":"700 JPY"},"count":1}})", ann));
    CHECK_FALSE(asked.holds(R"({"lines":{"where":{"product.price":{"ge":"7"}},"count":2}})", ann));  // no rate for the yen
    asked.rate("JPY", "EUR", "2026-02-10", "0.01").rate("JPY", "EUR", "2026-02-11", "0.001");
    CHECK(asked.holds(R"({"lines":{"where":{"product.price":{"ge":"7"}},"count":2}})", ann));
    CHECK(asked.holds(R"({"lines":{"sum":{"of":"product.price","is":"15"}}})", ann));
}

TEST_CASE("times of a product move verdicts as any other") {
    const Shop asked = shop();
    CHECK(asked.at(R"({"lines":{"where":{"product.price_changed_at":{"within_last":"30d"}}}})", ann, "2026-03-02T00:00:00Z") == "true 2026-03-31T00:00:00Z");
    CHECK(asked.at(R"({"lines":{"where":{"product.stock_changed_at":{"ago":{"ge":"90d"}}}}})", ann, "2026-03-02T00:00:00Z") == "false 2026-04-01T00:00:00Z");
}

TEST_CASE("a product path that §5 and the settings do not know is an error with the nearest known name") {
    const Shop asked = shop();
    CHECK(asked.refused(R"({"lines":{"where":{"product.nam":"x"}}})") == "unknown_path /lines/where/product.nam");
    CHECK(asked.compile(R"({"lines":{"where":{"product.nam":"x"}}})").error().message.find("product.name") != std::string::npos);
    CHECK(asked.compile(R"({"lines":{"where":{"product.fields.ecco":true}}})").error().message.find("product.fields.eco") != std::string::npos);
    CHECK(asked.refused(R"({"orders":{"where":{"product.name":"x"}}})") == "unknown_path /orders/where/product.name");
    CHECK(asked.refused(R"({"lines":{"where":{"product.stock":"x"}}})") == "bad_constant /lines/where/product.stock");
}

TEST_CASE("an explanation shows what was read of the catalogue") {
    const auto why = shop().explained(R"({"lines":{"last":{"product.name":"Mug","product.stock":{"ge":1}}}})", ann);
    REQUIRE(why.children.size() == 1);
    CHECK_FALSE(why.holds);
    CHECK(why.children[0].children[0].measured.text == "Pan");
    CHECK(why.children[0].children[1].measured == Value::of_decimal(0));
}

TEST_CASE("only programs that read product paths, themselves or in a segment they use, ask for the catalogue") {
    const Shop asked = shop();
    const auto uses = [&](std::string_view predicate, const segment::FindSegment &find = {}) {
        const auto compiled = asked.compile(predicate, find);
        REQUIRE(compiled.ok());
        return segment::uses_products(*compiled->program);
    };
    CHECK_FALSE(uses(R"({"lines":{"where":{"product_id":"mug","order.total":{"ge":1}}}})"));
    CHECK_FALSE(uses(R"({"purchases":{"sum":{"of":"total","is":{"ge":1}}}})"));
    CHECK(uses(R"({"lines":{"where":{"product.name":"Mug"}}})"));
    CHECK(uses(R"({"lines":{"sum":{"of":"product.price","is":{"ge":1}}}})"));
    CHECK(uses(R"({"lines":{"where":{"price":{"gt":{"field":"product.price"}}}}})"));
    const auto find = [&](std::string_view) { return asked.compile(R"({"orders":{"where":{"lines":{"every":{"product.available":true}}}}})")->program; };
    CHECK(uses(R"({"not":{"segment":"s"}})", find));
}
