#include "codec/result_json.hpp"
#include "codec/value_json.hpp"
#include "door.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

codec::OperationResult example() {
    codec::OperationResult result;
    result.id = "op \"1\"";
    result.version = 3;
    result.changed.push_back({"order.status_changed",
                              {{"order_id", Value::of_text("100045")},
                               {"set", Value::of_text("payment")},
                               {"from", Value{}},
                               {"to", Value::of_text("paid")}}});
    result.changed.push_back(
        {"order.lines_changed", {{"added", Value::of_list({"1", "2"})}, {"removed", Value::of_list({})}}});
    result.ignored.push_back("/x");
    result.warnings.push_back({"total_mismatch", "/order/total", "says \"9\""});
    return result;
}

constexpr std::string_view example_json =
    R"({"id":"op \"1\"","outcome":"accepted","version":3,"changed":[)"
    R"({"name":"order.status_changed","context":{"order_id":"100045","set":"payment","from":null,"to":"paid"}},)"
    R"({"name":"order.lines_changed","context":{"added":["1","2"],"removed":[]}}],"ignored":["/x"],)"
    R"("warnings":[{"code":"total_mismatch","pointer":"/order/total","message":"says \"9\""}],"errors":[]})";

}  // namespace

TEST_CASE("a result has exactly the members of formats.md, always all of them") {
    std::string out;
    codec::append_result(out, example());
    CHECK(out == example_json);
    codec::OperationResult rejected;
    rejected.outcome = codec::Outcome::rejected;
    rejected.errors.push_back({"missing_id", "/id", "id is missing"});
    out = "[";
    codec::append_result(out, rejected);
    CHECK(out == R"([{"id":"","outcome":"rejected","version":null,"changed":[],"ignored":[],"warnings":[],)"
                 R"("errors":[{"code":"missing_id","pointer":"/id","message":"id is missing"}]})");
}

TEST_CASE("a duplicate is answered with the first result") {
    const Result<std::string> again = codec::result_as_duplicate(example_json);
    REQUIRE(again.ok());
    std::string expected(example_json);
    expected.replace(expected.find("accepted"), 8, "duplicate");
    CHECK(*again == expected);
    CHECK(codec::result_as_duplicate("{}").code() == Code::corrupt);
    CHECK(codec::result_as_duplicate("{\"outcome\":5}").code() == Code::corrupt);
    CHECK(codec::result_as_duplicate("garbage").code() == Code::corrupt);
}

TEST_CASE("values are exact text: money and decimals are decimal strings, times RFC 3339 UTC") {
    const auto json = [](const Value &value, Currency currency = {}) {
        std::string out;
        codec::append_value(out, value, currency);
        return out;
    };
    CHECK(json(Value{}) == "null");
    CHECK(json(Value::of_text("a\n\"")) == R"("a\n\"")");
    CHECK(json(Value::of_integer(INT64_MIN + 1)) == "-9223372036854775807");
    CHECK(json(Value::of_decimal(2'500'000)) == R"("2.5")");
    CHECK(json(Value::of_decimal(-1)) == R"("-0.000001")");
    CHECK(json(Value::of_money(998'000), Currency::of("EUR")) == R"("99.80")");
    CHECK(json(Value::of_money(998'000), Currency::of("KWD")) == R"("99.800")");
    CHECK(json(Value::of_money(1, Currency::of("EUR")), Currency::of("USD")) == R"("0.0001 EUR")");
    CHECK(json(Value::of_boolean(false)) == "false");
    CHECK(json(Value::of_time(0)) == R"("1970-01-01T00:00:00Z")");
    CHECK(json(Value::of_date({0, 5, 14})) == R"("--05-14")");
    CHECK(json(Value::of_list({"a", ""})) == R"(["a",""])");
}
