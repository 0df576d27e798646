// {"compare":[value,"eq|ne|lt|le|gt|ge",value]} and {"since":value} (formats.md §2 "compare", "value", "period").
#include <doctest/doctest.h>

#include "model/outline.hpp"
#include "segment/asked.hpp"

using namespace cartbell;
using namespace cartbell::testing;

namespace {

// A customer's two orders of 30 and 10 EUR, the second one still in a delivery status.
const std::string ann =
    R"({"customer":{"external_id":"C-1"},"profile":{"city":"Riga","registered_at":"2026-01-15T00:00:00Z","birth_date":"1990-05-14"},"orders":[
  {"order_id":"1","placed_at":"2026-01-10T12:00:00Z","total":"30.00","delivery":{"at":"2026-01-12T00:00:00Z","address":{"city":"Oslo"}},
   "lines":[{"line_id":"1","quantity":"2"},{"line_id":"2","quantity":"0.5"}]},
  {"order_id":"2","placed_at":"2026-03-10T12:00:00Z","total":"10.00","status":{"general":"received"},"delivery":{"address":{"city":"Riga"}}}]})";

std::string compared(const std::string &left, const std::string &op, const std::string &right) {
    return R"({"compare":[)" + left + ",\"" + op + "\"," + right + "]}";
}

}  // namespace

TEST_CASE("a value is a constant, an aggregate without a test, or a path of the customer") {
    const Shop shop;
    CHECK(shop.holds(compared(R"({"orders":{"count":true}})", "eq", "2"), ann));
    CHECK(shop.holds(compared("2", "eq", R"({"orders":{"count":true}})"), ann));
    CHECK(shop.holds(compared(R"({"orders":{"sum":{"of":"total"}}})", "eq", "\"40.00\""), ann));
    CHECK(shop.holds(compared(R"({"orders":{"avg":{"of":"total"}}})", "eq", "\"20\""), ann));
    CHECK(shop.holds(compared(R"({"orders":{"last":{"of":"total"}}})", "lt", R"({"orders":{"first":{"of":"total"}}})"), ann));
    CHECK(shop.holds(compared(R"({"orders":{"max":{"of":"placed_at"}}})", "gt", R"({"customer":"registered_at"})"), ann));
    CHECK_FALSE(shop.holds(compared(R"({"orders":{"min":{"of":"placed_at"}}})", "gt", R"({"customer":"registered_at"})"), ann));
    CHECK(shop.holds(compared(R"({"lines":{"distinct":{"of":"line_id"}}})", "ge", R"({"orders":{"count":true}})"), ann));
    CHECK(shop.holds(compared(R"({"lines":{"sum":{"of":"quantity"}}})", "eq", "2.5"), ann));
    CHECK(shop.holds(compared(R"({"orders":{"last":{"of":"delivery.address.city"}}})", "eq", R"({"customer":"city"})"), ann));
    CHECK(shop.holds(compared(R"({"orders":{"first":{"of":"delivery.address.city"}}})", "ne", R"({"customer":"city"})"), ann));
    CHECK(shop.holds(compared(R"({"orders":{"mode":{"of":"status.general"}}})", "eq", "\"received\""), ann));
    CHECK(shop.holds(compared(R"({"orders":{"last":{"of":"in_analytics"}}})", "eq", "true"), ann));
    CHECK(shop.holds(compared(R"({"orders":{"where":{"total":{"gt":"20"}},"count":true}})", "eq", "1"), ann));
}

TEST_CASE("may add times, plus, minus: a duration or a value") {
    const Shop shop;
    CHECK(shop.holds(compared(R"({"orders":{"first":{"of":"total"}}})", "eq", R"({"orders":{"last":{"of":"total"}},"times":3})"), ann));
    CHECK(shop.holds(compared(R"({"orders":{"count":true},"times":0.5,"plus":1})", "eq", "2"), ann));  // times first
    CHECK(shop.holds(compared(R"({"orders":{"sum":{"of":"total"}},"minus":"39.9999"})", "eq", "\"0.0001\""), ann));
    CHECK(shop.holds(compared(R"({"orders":{"first":{"of":"placed_at"}},"plus":"59d"})", "eq", R"({"orders":{"last":{"of":"placed_at"}}})"), ann));
    CHECK(shop.holds(compared(R"({"orders":{"last":{"of":"placed_at"}},"minus":"2mo"})", "eq", R"({"orders":{"first":{"of":"placed_at"}}})"), ann));
    // "a date where a time is asked means its local midnight"; a date moves as a date
    CHECK(shop.holds(compared(R"({"customer":"birth_date","plus":"1d"})", "eq", "\"1990-05-15\""), ann));
    Shop riga("Europe/Riga");
    riga.field(Object::customer, "since", Type::date);
    const std::string since =
        R"({"customer":{"external_id":"C-1"},"profile":{"registered_at":"2026-01-14T22:00:00Z","fields":{"since":"2026-01-15"}}})";
    CHECK(riga.holds(compared(R"({"customer":"fields.since"})", "eq", R"({"customer":"registered_at"})"), since));
    CHECK(riga.holds(compared(R"({"customer":"registered_at"})", "eq", "\"2026-01-15\""), since));
    CHECK_FALSE(Shop("UTC")
                    .field(Object::customer, "since", Type::date)
                    .holds(compared(R"({"customer":"fields.since"})", "eq", R"({"customer":"registered_at"})"), since));
}

TEST_CASE("a test with a missing operand is false for every operator; not is plain negation") {
    const Shop shop;
    const std::string nobody = R"({"customer":{"external_id":"C-2"}})";
    const std::string newest = R"({"orders":{"last":{"of":"placed_at"}}})";
    for (const char *op : {"eq", "ne", "lt", "le", "gt", "ge"}) {
        CAPTURE(op);
        CHECK_FALSE(shop.holds(compared(newest, op, "\"2026-01-01\""), nobody));
        CHECK_FALSE(shop.holds(compared("\"2026-01-01\"", op, newest), nobody));
        CHECK_FALSE(shop.holds(compared(newest, op, newest), nobody));
        CHECK(shop.holds(R"({"not":)" + compared(newest, op, newest) + "}", nobody));
        CHECK_FALSE(shop.holds(compared(R"({"orders":{"avg":{"of":"total"}}})", op, "0"), nobody));
        CHECK_FALSE(shop.holds(compared(R"({"orders":{"last":{"of":"discount"}}})", op, "0"), ann));  // the row is there, its value is not
    }
    CHECK(shop.holds(compared(R"({"orders":{"sum":{"of":"total"}}})", "eq", "0"), nobody));  // "Over no rows count, sum, distinct are 0"
    CHECK(shop.holds(compared(R"({"orders":{"distinct":{"of":"currency"}}})", "eq", R"({"orders":{"count":true}})"), nobody));
}

TEST_CASE("avg is tested exactly; as a value it has 4 decimals (money) or 6, half even") {
    const Shop shop;
    const std::string thirds = with_orders(
        R"({"order_id":"1","total":"0.0001","lines":[{"line_id":"1","quantity":"1"},{"line_id":"2","quantity":"1"},{"line_id":"3","quantity":"0"}]},
        {"order_id":"2","total":"0.0002"})");
    CHECK(shop.holds(compared(R"({"orders":{"avg":{"of":"total"}}})", "eq", "\"0.0002\""), thirds));  // 0.00015
    CHECK(shop.holds(R"({"orders":{"avg":{"of":"total","is":{"lt":"0.0002"}}}})", thirds));
    CHECK(shop.holds(compared(R"({"lines":{"avg":{"of":"quantity"}}})", "eq", "0.666667"), thirds));
    CHECK(shop.holds(compared(R"({"lines":{"avg":{"of":"quantity"}},"times":1000000})", "eq", "666667"), thirds));
}

TEST_CASE(
    "amounts: of several rows in the currency that one side says, else the shop's; a chosen row's in the order's, else through the rates of its "
    "day") {
    Shop shop;
    shop.rate("USD", "EUR", "2026-01-01", "0.5").rate("USD", "EUR", "2026-02-01", "0.25");
    const std::string orders = with_orders(R"({"order_id":"1","placed_at":"2026-01-10T12:00:00Z","total":"100","currency":"USD"},
        {"order_id":"2","placed_at":"2026-02-10T12:00:00Z","total":"100","currency":"USD"},
        {"order_id":"3","placed_at":"2026-03-10T12:00:00Z","total":"7","currency":"GBP"})");
    const std::string first = R"({"orders":{"first":{"of":"total"}}})", second = R"({"orders":{"where":{"order_id":"2"},"first":{"of":"total"}}})";
    const std::string last = R"({"orders":{"last":{"of":"total"}}})", sum = R"({"orders":{"sum":{"of":"total"}}})";
    CHECK(shop.holds(compared(first, "eq", second), orders));  // both in dollars
    CHECK(shop.holds(compared(first, "eq", "\"100 USD\""), orders));
    CHECK(shop.holds(compared(first, "eq", "\"50\""), orders));  // in the shop's euros, at the day of each
    CHECK(shop.holds(compared(second, "eq", "\"25 EUR\""), orders));
    CHECK(shop.holds(compared(R"({"orders":{"first":{"of":"total"}},"plus":"0"})", "gt", second), orders));  // added to in euros: 50 > 25
    CHECK(shop.holds(compared(sum, "eq", "\"75\""), orders));                                                // pounds have no rate and are left out
    CHECK(shop.holds(compared(R"({"orders":{"sum":{"of":"total"},"currency":"USD"}})", "eq", "\"200\""), orders));
    CHECK(shop.holds(compared(sum, "eq", "\"200 USD\""), orders));
    CHECK(shop.holds(compared(last, "eq", "\"7 GBP\""), orders));
    for (const char *op : {"eq", "ne", "lt", "ge"})
        CHECK_FALSE(shop.holds(compared(last, op, "\"7\""), orders));  // "without a rate a test is false"
    CHECK(shop.holds(compared(last, "eq", last), orders));
    CHECK(shop.refused(compared(R"({"orders":{"sum":{"of":"total"},"currency":"USD"}})", "eq", "\"1 GBP\"")) == "bad_constant /compare/2");
    CHECK(shop.refused(compared(R"({"orders":{"sum":{"of":"total"},"currency":"USD"},"plus":"1 GBP"})", "eq", "\"1\"")) ==
          "bad_constant /compare/0/plus");

    // A customer's amount goes by today's rate, until the shop's next midnight.
    shop.field(Object::customer, "limit", Type::money);
    const std::string limit = R"({"customer":{"external_id":"C-1"},"profile":{"fields":{"limit":"100 USD"}}})";
    CHECK(shop.at(compared(R"({"customer":"fields.limit"})", "eq", "\"50\""), limit, "2026-01-31T10:00:00Z") == "true 2026-02-01T00:00:00Z");
    CHECK(shop.at(compared(R"({"customer":"fields.limit"})", "eq", "\"25\""), limit, "2026-02-01T00:00:00Z") == "true 2026-02-02T00:00:00Z");
}

TEST_CASE("large multiples stay in range") {
    Shop shop;
    shop.field(Object::order, "score", Type::integer);
    const std::string large = with_orders(R"({"order_id":"1","fields":{"score":9223372036854775807}})");
    const std::string score = R"({"orders":{"sum":{"of":"fields.score"}},"times":1000000000})",
                      minus = R"({"orders":{"sum":{"of":"fields.score"}},"times":-1000000000})";
    CHECK(shop.holds(compared(score, "gt", "1"), large));
    CHECK(shop.holds(compared(score, "gt", minus), large));
    CHECK(shop.holds(compared(minus, "lt", "1"), large));
    CHECK(shop.holds(compared(score, "ge", score), large));
}

TEST_CASE("the next change is that of either value, the flip itself where one period decides") {
    const Shop shop;
    const std::string lately = R"({"orders":{"period":{"past":"30d"},"count":true}})",
                      before = R"({"orders":{"period":{"older_than":"30d"},"count":true}})";
    const std::string grows = compared(lately, "gt", before);
    const std::string bought =
        with_orders(R"({"order_id":"1","placed_at":"2026-01-10T12:00:00Z"},{"order_id":"2","placed_at":"2026-03-10T12:00:00Z"})");
    CHECK(shop.at(grows, bought, "2026-01-09T00:00:00Z") == "false 2026-01-10T12:00:00Z");
    CHECK(shop.at(grows, bought, "2026-01-10T12:00:00Z") == "true 2026-02-09T12:00:00Z");
    CHECK(shop.at(grows, bought, "2026-02-09T11:59:59.999999Z") == "true 2026-02-09T12:00:00Z");
    CHECK(shop.at(grows, bought, "2026-02-09T12:00:00Z") == "false 2026-03-10T12:00:00Z");
    CHECK(shop.at(grows, bought, "2026-04-10T12:00:00Z") == "false never");
    // first and last: the chosen row, or one that takes its place
    const std::string newest = compared(R"({"orders":{"period":{"past":"1y"},"last":{"of":"order_id"}}})", "eq", "\"2\"");
    CHECK(shop.at(newest, bought, "2026-02-01T00:00:00Z") == "false 2026-03-10T12:00:00Z");
    CHECK(shop.at(newest, bought, "2026-03-10T12:00:00Z") == "true 2027-03-10T12:00:00Z");
    CHECK(shop.at(compared(R"({"orders":{"count":true}})", "eq", "2"), bought, "2026-02-01T00:00:00Z") == "true never");
}

TEST_CASE("what cannot be compared is refused with a pointer") {
    const Shop shop;
    const struct {
        std::string predicate;
        const char *refusal;
    } cases[] = {
        {R"({"compare":{}})", "bad_type /compare"},
        {R"({"compare":[1,"eq"]})", "bad_type /compare"},
        {compared("1", "eq", "1"), "bad_type /compare/2"},
        {compared(R"({"orders":{"count":true}})", "equals", "1"), "unknown_member /compare/1"},
        {compared(R"({"orders":{"count":true}})", "eq", "\"many\""), "bad_constant /compare/2"},
        {compared(R"({"orders":{"count":true}})", "eq", "null"), "bad_constant /compare/2"},
        {compared(R"({"orders":{"count":true}})", "eq", "[1]"), "bad_type /compare/2"},
        {compared(R"({"orders":{"count":true}})", "eq", R"({"orders":{"sum":{"of":"total"}}})"), "bad_type /compare/2"},
        {compared(R"({"orders":{"count":true}})", "eq", R"({"customer":"city"})"), "bad_type /compare/2"},
        {compared(R"({"customer":"registered_at"})", "lt", R"({"customer":"city"})"), "bad_type /compare/2"},
        {compared(R"({"customer":"city"})", "lt", "\"a\""), "bad_type /compare/1"},
        {compared(R"({"customer":"known"})", "ge", "true"), "bad_type /compare/1"},
        {compared(R"({"customer":"birth_date"})", "eq", "\"2026-01-01T00:00:00Z\""), "bad_constant /compare/2"},
        {compared(R"({"customer":"cty"})", "eq", "\"a\""), "unknown_path /compare/0/customer"},
        {compared(R"({"customer":{"city":"a"}})", "eq", "\"a\""), "bad_type /compare/0/customer"},
        {compared(R"({"orders":{"last":{"of":"status.general"}}})", "eq", "\"recieved\""), "unknown_code /compare/2"},
        {compared(R"({"orders":{"last":{"of":"coupons"}}})", "eq", "\"a\""), "bad_type /compare/0/orders/last/of"},
        {compared(R"({"orders":{"sum":{"of":"order_id"}}})", "eq", "1"), "bad_type /compare/0/orders/sum/of"},
        {compared(R"({"orders":{"sum":{"of":"total","is":{"ge":1}}}})", "eq", "1"), "unknown_member /compare/0/orders/sum/is"},
        {compared(R"({"orders":{"sum":{}}})", "eq", "1"), "bad_type /compare/0/orders/sum"},
        {compared(R"({"orders":{"last":{"order_id":"1"}}})", "eq", "1"), "unknown_member /compare/0/orders/last/order_id"},
        {compared(R"({"orders":{"count":{"ge":1}}})", "eq", "1"), "bad_type /compare/0/orders/count"},
        {compared(R"({"orders":{"count":false}})", "eq", "1"), "bad_type /compare/0/orders/count"},
        {compared(R"({"orders":{}})", "eq", "1"), "bad_type /compare/0/orders"},
        {compared(R"({"orders":{"every":{}}})", "eq", "1"), "bad_type /compare/0/orders/every"},
        {compared(R"({})", "eq", "1"), "bad_type /compare/0"},
        {compared(R"({"times":2})", "eq", "1"), "bad_type /compare/0"},
        {compared(R"({"ordes":{}})", "eq", "1"), "unknown_member /compare/0/ordes"},
        {compared(R"({"orders":{"count":true},"customer":"city"})", "eq", "1"), "bad_type /compare/0/customer"},
        {compared(R"({"customer":"city","times":2})", "eq", "\"a\""), "bad_type /compare/0/times"},
        {compared(R"({"customer":"city","plus":"1d"})", "eq", "\"a\""), "bad_type /compare/0/plus"},
        {compared(R"({"customer":"birth_date","plus":"1h"})", "eq", "\"1990-01-01\""), "bad_constant /compare/0/plus"},
        {compared(R"({"orders":{"count":true},"plus":"1d"})", "eq", "1"), "bad_constant /compare/0/plus"},
        {compared(R"({"orders":{"count":true},"plus":1,"minus":1})", "eq", "1"), "bad_type /compare/0/minus"},
        {R"({"compare":[1,"eq",{"orders":{"count":true}}],"all":[]})", "bad_type /all"},
        {R"({"compare":[1,"eq",{"orders":{"count":true}}],"is":true})", "unknown_member /is"},
        {compared(R"({"container":"cart","path":"total"})", "eq", "1"), "not_yet /compare/0/container"},
        {compared(R"({"events":{"count":true}})", "eq", "1"), "not_yet /compare/0/events"},
        {compared(R"({"this":"order.total"})", "eq", "1"), "not_yet /compare/0/this"},
        {compared(R"({"orders":{"count":true},"plus":{"customer":"city"}})", "eq", "1"), "not_yet /compare/0/plus"},
    };
    for (const auto &one : cases) {
        CAPTURE(one.predicate);
        CHECK(shop.refused(one.predicate) == one.refusal);
    }
}

TEST_CASE("an undeclared field is what it is: numbers have an order, texts and booleans are equal or not") {
    Shop shop;
    shop.settings.shop.keep_unknown_fields = true;
    const std::string person =
        R"({"customer":{"external_id":"C-1"},"profile":{"fields":{"n":3,"t":"x","b":true,"o":{"a":1}}},"orders":[{"order_id":"1","fields":{"n":4,"t":"y"}}]})";
    CHECK(shop.holds(compared(R"({"orders":{"last":{"of":"fields.n"}}})", "gt", R"({"customer":"fields.n"})"), person));
    CHECK(shop.holds(compared(R"({"customer":"fields.n","plus":1})", "eq", "4"), person));
    CHECK(shop.holds(compared(R"({"customer":"fields.t"})", "eq", "\"x\""), person));
    CHECK(shop.holds(compared(R"({"customer":"fields.b"})", "eq", "true"), person));
    CHECK_FALSE(shop.holds(compared(R"({"orders":{"last":{"of":"fields.t"}}})", "gt", R"({"customer":"fields.t"})"), person));
    CHECK_FALSE(shop.holds(compared(R"({"customer":"fields.t"})", "gt", R"({"orders":{"count":true}})"), person));
    CHECK_FALSE(shop.holds(compared(R"({"customer":"fields.o"})", "eq", R"({"customer":"fields.o"})"), person));
    CHECK(shop.refused(compared(R"({"customer":"fields.t"})", "gt", "\"a\"")) == "bad_type /compare/1");
}

TEST_CASE("an explanation shows both values") {
    const auto why = Shop().explained(compared(R"({"orders":{"sum":{"of":"total"}},"times":2})", "gt", R"({"orders":{"last":{"of":"total"}}})"), ann);
    CHECK(why.what == "compare");
    CHECK(why.holds);
    CHECK(why.test == R"([{"orders":{"sum":{"of":"total"}},"times":2},"gt",{"orders":{"last":{"of":"total"}}}])");
    REQUIRE(why.children.size() == 2);
    CHECK(why.children[0].pointer == "/compare/0");
    CHECK(why.children[0].what == "orders");
    CHECK(why.children[0].measured == Value::of_money(800'000, Currency::of("EUR")));
    CHECK(why.children[0].rows_measured == 2);
    CHECK(why.children[0].witnesses.size() == 2);
    CHECK(why.children[1].pointer == "/compare/2");
    CHECK(why.children[1].measured == Value::of_money(100'000, Currency::of("EUR")));
    REQUIRE(why.children[1].witnesses.size() == 1);
    CHECK(why.children[1].witnesses[0].order_id == "2");

    const auto counted = Shop().explained(compared("\"Oslo\"", "eq", R"({"customer":"city"})"), ann);
    CHECK_FALSE(counted.holds);
    CHECK(counted.children[0].what == "constant");
    CHECK(counted.children[0].measured.text == "Oslo");
    CHECK(counted.children[1].what == "customer");
    CHECK(counted.children[1].measured.text == "Riga");

    Shop shop;
    const std::string pounds = with_orders(R"({"order_id":"1","total":"7","currency":"GBP"})");
    const auto unrated = shop.explained(compared(R"({"orders":{"last":{"of":"total"}}})", "gt", "\"1 EUR\""), pounds);
    REQUIRE(unrated.left_out.size() == 1);
    CHECK(unrated.left_out[0].reason == "no_rate");
    const auto summed = shop.explained(compared(R"({"orders":{"sum":{"of":"total"}}})", "lt", "1"), pounds);
    REQUIRE(summed.children[0].left_out.size() == 1);
    CHECK(summed.children[0].left_out[0].reason == "no_rate");
    const auto missing = shop.explained(compared(R"({"customer":"city"})", "eq", "\"a\""), pounds);
    CHECK_FALSE(missing.children[0].holds);
    CHECK_FALSE(missing.children[0].measured_known);
}

TEST_CASE("outlines suffice where both values read no more of an order") {
    const Shop shop;
    const auto suffice = [&](const std::string &predicate) { return segment::outlines_used(*shop.compile(predicate)->program).has_value(); };
    CHECK(suffice(compared(R"({"orders":{"sum":{"of":"total"}}})", "gt", R"({"purchases":{"last":{"of":"total"}}})")));
    CHECK(suffice(compared(R"({"orders":{"count":true}})", "gt", "1")));
    CHECK_FALSE(suffice(compared(R"({"orders":{"sum":{"of":"total"}}})", "gt", R"({"orders":{"last":{"of":"discount"}}})")));
    CHECK_FALSE(suffice(compared(R"({"lines":{"count":true}})", "gt", "1")));
    CHECK(suffice(R"({"orders":{"period":{"since":{"customer":"registered_at"}}}})"));
    CHECK_FALSE(suffice(R"({"orders":{"period":{"since":{"orders":{"last":{"of":"delivery.at"}}}}}})"));
}

TEST_CASE("since is open at its start; a missing value leaves no rows; start is the start of the instance") {
    const Shop shop;
    const auto count = [](const std::string &since, int rows) {
        return R"({"orders":{"period":{"since":)" + since + R"(},"count":)" + std::to_string(rows) + "}}";
    };
    CHECK(shop.holds(count("\"2026-01-01\"", 2), ann));
    CHECK(shop.holds(count("\"2026-01-10T12:00:00Z\"", 1), ann));
    CHECK(shop.holds(count("\"2026-01-10T11:59:59.999999Z\"", 2), ann));
    CHECK(shop.holds(count(R"({"customer":"registered_at"})", 1), ann));
    CHECK(shop.holds(count(R"({"orders":{"first":{"of":"placed_at"}}})", 1), ann));
    CHECK(shop.holds(count(R"({"orders":{"first":{"of":"placed_at"}},"minus":"1s"})", 2), ann));
    CHECK(shop.holds(count(R"({"orders":{"last":{"of":"delivery.at"}}})", 0), ann));  // missing
    CHECK(shop.holds(count(R"({"orders":{"max":{"of":"delivery.at"}}})", 1), ann));
    CHECK(shop.holds(count(R"({"customer":"birth_date"})", 2), ann));
    CHECK(shop.refused(count("\"start\"", 1)) == "not_yet /orders/period/since");
    CHECK(shop.refused(count("\"soon\"", 1)) == "bad_constant /orders/period/since");
    CHECK(shop.refused(count(R"({"customer":"city"})", 1)) == "bad_type /orders/period/since");
    CHECK(shop.refused(count(R"({"customer":"last_sen_at"})", 1)) == "unknown_path /orders/period/since/customer");
    CHECK(shop.refused(count(R"({"this":"occurrence"})", 1)) == "not_yet /orders/period/since/this");
    // In the zone of the period.
    const std::string at_midnight = with_orders(R"({"order_id":"1","placed_at":"2026-01-09T22:00:00Z"})");
    CHECK(shop.holds(R"({"orders":{"period":{"since":"2026-01-10","zone":"Europe/Riga"},"count":0}})", at_midnight));
    CHECK(shop.holds(R"({"orders":{"period":{"since":"2026-01-10","zone":"Asia/Tokyo"},"count":1}})", at_midnight));
    // "A fact dated after now counts from its own instant"; the beginning moves when its own period does.
    CHECK(shop.at(count("\"2026-01-01\"", 2), ann, "2026-02-01T00:00:00Z") == "false 2026-03-10T12:00:00Z");
    const std::string moving = count(R"({"orders":{"period":{"past":"30d"},"first":{"of":"placed_at"}}})", 0);
    CHECK(shop.at(moving, ann, "2026-01-10T12:00:00Z") == "true 2026-02-09T12:00:00Z");
    CHECK(shop.at(moving, ann, "2026-02-09T12:00:00Z").starts_with("true 2026-03-10T12:00:00Z"));
}
