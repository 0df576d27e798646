// Explanations: per node verdict, measured value, test, witnesses, rows left out, next change.
#include <doctest/doctest.h>

#include "segment/asked.hpp"

using namespace cartbell;
using namespace cartbell::testing;

namespace {

const std::string ann = R"({"customer":{"external_id":"C-1"},"profile":{"city":"Riga"},"orders":[
  {"order_id":"1","placed_at":"2026-01-10T12:00:00Z","total":"10.00","lines":[{"line_id":"7","quantity":"2"},{"line_id":"8","quantity":"1"}]},
  {"order_id":"2","placed_at":"2026-02-10T12:00:00Z","total":"30.00","payments":[{"payment_id":"p1","type":"card"}]},
  {"order_id":"3","placed_at":"2026-03-10T12:00:00Z"}]})";

}  // namespace

TEST_CASE("every node of the predicate is explained, also those after the one that decides") {
    const auto why = Shop().explained(
        R"({"all":[false,{"customer":{"city":"Riga"}},{"any":[{"not":true}]},{"at_least":1,"of":[true]}]})",
        ann);
    CHECK(why.what == "all");
    CHECK(why.pointer == "");
    CHECK_FALSE(why.holds);
    REQUIRE(why.children.size() == 4);
    CHECK(why.children[0].what == "false");
    CHECK(why.children[0].pointer == "/all/0");
    const auto &city = why.children[1];
    CHECK(city.what == "customer");
    REQUIRE(city.children.size() == 1);
    CHECK(city.children[0].what == "city");
    CHECK(city.children[0].pointer == "/all/1/customer/city");
    CHECK(city.children[0].test == "\"Riga\"");
    CHECK(city.children[0].measured.text == "Riga");
    CHECK(city.children[0].holds);
    CHECK(why.children[2].children[0].what == "not");
    CHECK(why.children[2].children[0].children[0].what == "true");
    CHECK(why.children[3].what == "at_least");
    CHECK(why.children[3].holds);
}

TEST_CASE("a measure shows its value, its test and the rows that were measured") {
    const auto why = Shop().explained(R"({"orders":{"sum":{"of":"total","is":{"ge":"40"}}}})", ann);
    CHECK(why.what == "orders");
    CHECK(why.test == R"({"sum":{"of":"total","is":{"ge":"40"}}})");
    CHECK(why.holds);
    CHECK(why.measured == Value::of_money(400'000, Currency::of("EUR")));
    CHECK(why.rows_measured == 2);
    REQUIRE(why.witnesses.size() == 2);
    CHECK(why.witnesses[0].kind == "order");
    CHECK(why.witnesses[0].order_id == "1");
    CHECK(why.witnesses[0].at == time("2026-01-10T12:00:00Z"));
    REQUIRE(why.left_out.size() == 1);
    CHECK(why.left_out[0].reason == "value_missing");
}

TEST_CASE("a default count says what it is; its next change is the measure's") {
    const auto why = Shop().explained(R"({"orders":{"period":{"past":"10d"}}})", ann, "2026-03-12T00:00:00Z");
    CHECK(why.test == R"({"count":{"ge":1}})");
    CHECK(why.measured == Value::of_integer(1));
    CHECK(format_instant(why.next_change) == "2026-03-20T12:00:00Z");
}

TEST_CASE("averages are shown half even with 4 decimals of money, 6 of numbers") {
    const auto money = Shop().explained(R"({"orders":{"avg":{"of":"total","is":{"exists":true}}}})", ann);
    CHECK(money.measured == Value::of_money(200'000, Currency::of("EUR")));
    const auto number = Shop().explained(R"({"lines":{"avg":{"of":"quantity","is":{"exists":true}}}})", ann);
    CHECK(number.measured == Value::of_decimal(1'500'000));
}

TEST_CASE("first and last show the chosen row and its tests") {
    const auto why =
        Shop().explained(R"({"orders":{"last":{"placed_at":{"ago":{"gt":"1mo"}},"total":{"exists":false}}}})",
                         ann, "2026-03-12T00:00:00Z");
    CHECK_FALSE(why.holds);
    CHECK(why.rows_measured == 3);
    REQUIRE(why.witnesses.size() == 1);
    CHECK(why.witnesses[0].order_id == "3");
    REQUIRE(why.children.size() == 1);
    REQUIRE(why.children[0].children.size() == 2);
    CHECK(why.children[0].children[0].measured == Value::of_time(time("2026-03-10T12:00:00Z")));
    CHECK(format_instant(why.children[0].children[0].next_change) == "2026-04-10T12:00:00.000001Z");
    CHECK_FALSE(why.children[0].children[0].holds);
    CHECK(why.children[0].children[1].holds);
}

TEST_CASE("witnesses of lines, payments and history name their row, up to the limit") {
    const auto lines = Shop().explained(R"({"lines":{}})", ann, "2026-06-01T00:00:00Z", 1);
    CHECK(lines.rows_measured == 2);
    CHECK(lines.truncated);
    REQUIRE(lines.witnesses.size() == 1);
    CHECK(lines.witnesses[0].kind == "line");
    CHECK(lines.witnesses[0].row_id == "7");
    CHECK_FALSE(Shop().explained(R"({"lines":{}})", ann, "2026-06-01T00:00:00Z", 2).truncated);
    const auto paid = Shop().explained(
        R"({"orders":{"where":{"total":30},"last":{"payments":{"where":{"type":"card"}}}}})", ann);
    REQUIRE(paid.children.size() == 1);
    CHECK(paid.children[0].what == "payments");
    REQUIRE(paid.children[0].witnesses.size() == 1);
    CHECK(paid.children[0].witnesses[0].kind == "payment");
    CHECK(paid.children[0].witnesses[0].row_id == "p1");
}

TEST_CASE("a nested segment shows its own explanation") {
    const Shop shop;
    const auto inner = shop.compile(R"({"customer":{"city":"Riga"}})");
    REQUIRE(inner.ok());
    const auto outer =
        shop.compile(R"({"any":[{"segment":"riga"}]})", [&](std::string_view) { return inner->program; });
    REQUIRE(outer.ok());
    const Person person = person_of(ann, shop.settings);
    const auto why = explain(*outer->program, person.facts(), shop.world(0), 10);
    REQUIRE(why.children.size() == 1);
    CHECK(why.children[0].what == "segment");
    CHECK(why.children[0].test == "riga");
    CHECK(why.children[0].children[0].what == "customer");
    CHECK(why.children[0].holds);
}
