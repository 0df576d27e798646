#include <doctest/doctest.h>

#include "codec/explanation_json.hpp"
#include "segment/asked.hpp"

using namespace cartbell;
using namespace cartbell::testing;

namespace {

std::string as_json(const segment::Explanation &why) {
    std::string out;
    codec::append_explanation(out, why);
    CHECK(codec::read_document(out, 1 << 20, 200).ok());
    return out;
}

}  // namespace

TEST_CASE("an explanation is JSON that leaves out what says nothing") {
    CHECK(as_json(Shop().explained("true", with_orders(""))) ==
          R"({"pointer":"","what":"true","holds":true,"next_change":null})");
    CHECK(
        as_json(Shop().explained(
            R"({"orders":{"period":{"past":"10d"},"sum":{"of":"total","is":{"ge":"5"}}}})",
            with_orders(R"({"order_id":"a\"b","placed_at":"2026-01-10T12:00:00Z","total":"10.50"},
                                                  {"order_id":"c","placed_at":"2026-01-10T12:00:00Z"})"),
            "2026-01-11T00:00:00Z")) ==
        R"({"pointer":"","what":"orders","holds":true,"next_change":"2026-01-20T12:00:00Z","measured":"10.50 EUR",)"
        R"("test":{"sum":{"of":"total","is":{"ge":"5"}}},"rows":1,)"
        R"("witnesses":[{"kind":"order","order_id":"a\"b","at":"2026-01-10T12:00:00Z"}],"left_out":[{"reason":"value_missing","rows":1}]})");
}

TEST_CASE("children, truncation, notes and a segment's code are in the JSON") {
    const Shop shop;
    const auto inner = shop.compile(R"({"lines":{"period":{"past":"1d","zone":"customer"}}})");
    REQUIRE(inner.ok());
    const auto outer =
        shop.compile(R"({"not":{"segment":"fresh"}})", [&](std::string_view) { return inner->program; });
    REQUIRE(outer.ok());
    const Person person = person_of(
        with_orders(
            R"({"order_id":"1","placed_at":"2026-01-10T12:00:00Z","lines":[{"line_id":"1"},{"line_id":"2"}]})"),
        shop.settings);
    CHECK(
        as_json(explain(*outer->program, person.facts(), shop.world(time("2026-01-10T13:00:00Z")), 1)) ==
        R"({"pointer":"","what":"not","holds":false,"next_change":"2026-01-11T12:00:00Z","children":[)"
        R"({"pointer":"/not","what":"segment","holds":true,"next_change":"2026-01-11T12:00:00Z","test":"fresh","children":[)"
        R"({"pointer":"","what":"lines","holds":true,"next_change":"2026-01-11T12:00:00Z","measured":2,"test":{"count":{"ge":1}},"rows":2,)"
        R"("witnesses":[{"kind":"line","order_id":"1","line_id":"1","at":"2026-01-10T12:00:00Z"}],"truncated":true,"notes":["unknown_zone"]}]}]})");
}
