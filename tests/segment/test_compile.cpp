// What is refused, where and as what; warnings; hostile input.
#include <doctest/doctest.h>

#include "segment/asked.hpp"

using namespace cartbell;
using namespace cartbell::testing;

namespace {

std::string message(const Shop &shop, std::string_view predicate) {
    const auto compiled = shop.compile(predicate);
    return compiled.ok() ? "" : compiled.error().message;
}

std::string repeated(std::string_view text, size_t count) {
    std::string all;
    for (size_t i = 0; i < count; ++i)
        all += text;
    return all;
}

}  // namespace

TEST_CASE("unknown members, paths and codes are errors with the nearest name") {
    const Shop shop;
    const struct {
        const char *predicate, *refusal, *nearest;
    } cases[] = {
        {R"({"purchasses":{}})", "unknown_member /purchasses", "purchases"},
        {R"({"orders":{"were":{}}})", "unknown_member /orders/were", "where"},
        {R"({"orders":{"where":{"totl":1}}})", "unknown_path /orders/where/totl", "total"},
        {R"({"orders":{"where":{"total":{"gte":1}}}})", "unknown_member /orders/where/total/gte", "gt"},
        {R"({"orders":{"where":{"status.payment":"payd"}}})", "unknown_code /orders/where/status.payment",
         "paid"},
        {R"({"orders":{"where":{"status.payment":{"in":["paid","shipped"]}}}})",
         "unknown_code /orders/where/status.payment/in/1", ""},
        {R"({"orders":{"where":{"history":{"where":{"set":"delivry"}}}}})",
         "unknown_code /orders/where/history/where/set", "delivery"},
        {R"({"orders":{"where":{"reached.payment.payd":{"exists":true}}}})",
         "unknown_path /orders/where/reached.payment.payd", "reached.payment.paid"},
        {R"({"orders":{"where":{"source":"sistem"}}})", "unknown_code /orders/where/source", "system"},
        {R"({"orders":{"where":{"fields.gift":true}}})", "unknown_path /orders/where/fields.gift", ""},
        {R"({"orders":{"period":{"calendar":"this_weak"}}})", "unknown_code /orders/period/calendar",
         "this_week"},
        {R"({"orders":{"period":{"last":"3d"}}})", "unknown_member /orders/period/last", "past"},
        {R"({"customer":{"lines":{}}})", "unknown_path /customer/lines", ""},
        {R"({"all":[true],"any":[]})", "bad_type /any", ""},
        {R"({"all":[true],"of":[]})", "unknown_member /of", ""},
        {R"({"at_least":1})", "bad_type ", ""},
        {R"({"orders":{"last":{"total":{"ago":{"gt":"1d"}}}}})", "bad_type /orders/last/total/ago", ""},
        {R"({"orders":{"last":{"placed_at":{"ago":{"gtt":"1d"}}}}})",
         "unknown_member /orders/last/placed_at/ago/gtt", "gt"},
    };
    for (const auto &one : cases) {
        CAPTURE(one.predicate);
        CHECK(shop.refused(one.predicate) == one.refusal);
        CHECK(message(shop, one.predicate).find(one.nearest) != std::string::npos);
    }
}

TEST_CASE("what the grammar knows and this version does not is refused as not_yet, with its place") {
    const Shop shop;
    for (const char *key : {"container", "events", "messages", "instances", "consent",
                            "steps", "order", "line", "event", "item", "seen", "product"}) {
        CAPTURE(key);
        CHECK(shop.refused(R"({"not":{")" + std::string(key) + R"(":{}}})") ==
              "not_yet /not/" + std::string(key));
    }
    CHECK(shop.refused(R"({"orders":{"period":{"since":"start"}}})") == "not_yet /orders/period/since");
    CHECK(shop.refused(R"({"customer":{"city":{"eq":"riga","fold":true}}})") ==
          "not_yet /customer/city/fold");
}

TEST_CASE("constants and operators are checked against the type of what they test") {
    const Shop shop;
    const struct {
        const char *test, *refusal;
    } cases[] = {
        {R"("total":true)", "bad_constant /total"},
        {R"("total":"12.34567")", "bad_constant /total"},
        {R"("total":"12 XXYY")", "bad_constant /total"},
        {R"("total":null)", "bad_constant /total"},
        {R"("total":{"contains":"1"})", "bad_type /total/contains"},
        {R"("total":{"between":["1"]})", "bad_type /total/between"},
        {R"("total":{"exists":1})", "bad_constant /total/exists"},
        {R"("total":{})", "bad_type /total"},
        {R"("total":[1])", "bad_constant /total"},
        {R"("placed_at":"yesterday")", "bad_constant /placed_at"},
        {R"("placed_at":"2026-01-01T00:00:00")", "bad_constant /placed_at"},
        {R"("placed_at":"--05-14")", "bad_constant /placed_at"},
        {R"("placed_at":{"within_last":30})", "bad_type /placed_at/within_last"},
        {R"("placed_at":{"within_last":"30 d"})", "bad_constant /placed_at/within_last"},
        {R"("placed_at":{"days_ago":{"exists":true}})", "unknown_member /placed_at/days_ago/exists"},
        {R"("placed_at":{"anniversary":{}})", "bad_type /placed_at/anniversary"},
        {R"("placed_at":{"eq":"2026-01-01","currency":"EUR"})", "bad_type /placed_at/currency"},
        {R"("order_id":5)", "bad_constant /order_id"},
        {R"("order_id":{"lt":"5"})", "bad_type /order_id/lt"},
        {R"("order_id":{"under":["5"]})", "bad_type /order_id/under"},
        {R"("in_analytics":"yes")", "bad_constant /in_analytics"},
        {R"("in_analytics":{"gt":false})", "bad_type /in_analytics/gt"},
        {R"("line_count":"many")", "bad_constant /line_count"},
        {R"("coupons":{"under":[]})", "bad_type /coupons/under"},
        {R"("coupons":{"lt":"A"})", "bad_type /coupons/lt"},
        {R"("coupons":5)", "bad_constant /coupons"},
    };
    for (const auto &one : cases) {
        CAPTURE(one.test);
        const std::string refusal(one.refusal);
        const std::string expected =
            refusal.substr(0, refusal.find('/')) + "/orders/where" + refusal.substr(refusal.find('/'));
        CHECK(shop.refused(R"({"orders":{"where":{)" + std::string(one.test) + "}}}") == expected);
    }
    CHECK(shop.refused(R"({"orders":{"sum":{"of":"order_id","is":1}}})") == "bad_type /orders/sum/of");
    CHECK(shop.refused(R"({"orders":{"min":{"of":"order_id","is":"1"}}})") == "bad_type /orders/min/of");
    CHECK(shop.refused(R"({"orders":{"mode":{"of":"coupons","is":"1"}}})") == "bad_type /orders/mode/of");
    CHECK(shop.refused(R"({"orders":{"sum":{"of":"total"}}})") == "bad_type /orders/sum");
    CHECK(shop.refused(R"({"orders":{"period":{"past":"1d","older_than":"1h"}}})") ==
          "bad_type /orders/period/older_than");
    CHECK(shop.refused(R"({"orders":{"period":{"past_days":0}}})") ==
          "bad_constant /orders/period/past_days");
    CHECK(shop.refused(R"({"orders":{"period":{}}})") == "bad_type /orders/period");
    CHECK(shop.refused(R"({"orders":{"currency":"euro"}})") == "bad_constant /orders/currency");
    CHECK(shop.refused(R"({"at_least":-1,"of":[]})") == "bad_constant /at_least");
    CHECK(shop.refused("5") == "bad_type ");
    CHECK(shop.refused("{}") == "bad_type ");
    CHECK(shop.refused(R"({"segment":5})") == "bad_type /segment");
}

TEST_CASE("the compiler warns where ne, not_in, none_of meet a field that may be missing") {
    const Shop shop;
    CHECK(shop.warned(R"({"orders":{"where":{"delivery.type":{"ne":"courier"}}}})") ==
          "may_be_missing /orders/where/delivery.type/ne");
    CHECK(shop.warned(
              R"({"orders":{"where":{"coupons":{"none_of":["A"]},"delivery.type":{"not_in":["x"]}}}})") ==
          "may_be_missing /orders/where/coupons/none_of may_be_missing /orders/where/delivery.type/not_in");
    CHECK(
        shop.warned(
            R"({"orders":{"where":{"order_id":{"ne":"1"},"in_analytics":{"ne":true},"delivery.type":"x"},"count":{"ne":1}}})") ==
        "");
}

TEST_CASE("pointers of RFC 6901 lead to the place") {
    CHECK(Shop().refused(R"({"all":[true,{"orders":{"where":{"a/b~c":1}}}]})") ==
          "unknown_path /all/1/orders/where/a~1b~0c");
}

TEST_CASE("the segments a predicate uses are found for cycle checks") {
    const auto tree = codec::parse_predicate(
        R"({"all":[{"segment":"b"},{"any":[{"not":{"segment":"a"}},{"at_least":1,"of":[{"segment":"b"}]}]},
        {"orders":{"where":{"fields.segment":"c"}}}]})",
        Limits{});
    REQUIRE(tree.ok());
    CHECK(segments_used(*tree) == std::vector<std::string>{"a", "b"});
}

TEST_CASE("hostile predicates end in an error within bounds") {
    const Shop shop;
    CHECK(shop.refused(repeated(R"({"not":)", 100) + "true" + repeated("}", 100)).starts_with("too_deep"));
    CHECK(shop.refused(repeated("[", 200000)).starts_with("too_"));
    CHECK(shop.refused(R"({"all":[)" + repeated("true,", 20000) + "true]}").starts_with("too_large"));
    CHECK(shop.refused(R"({"all":[")" + repeated("x", 300000) + R"("]})").starts_with("too_large"));
    CHECK(shop.refused(R"({"all":[],"all":[true]})").starts_with("duplicate_key"));
    CHECK(shop.refused(R"({"customer":{"city":"a\u0000b"}})").starts_with("nul_character"));
    CHECK(shop.refused("{\"customer\":{\"city\":\"\xff\"}}") != "");
    CHECK(shop.refused("") != "");
    CHECK(shop.refused(R"({"orders":{"count":)" + repeated("9", 5000) + "}}") ==
          "bad_constant /orders/count");
    CHECK(shop.refused(R"({"orders":{"count":1e999999999}})") == "bad_constant /orders/count");
    CHECK(shop.refused(R"({"at_least":99999999999999999999,"of":[]})") == "bad_constant /at_least");
    CHECK(shop.refused(R"({"orders":{"period":{"past":"99999999999999999999d"}}})") ==
          "bad_constant /orders/period/past");
    CHECK(shop.refused(R"({"orders":{"where":{"total":{"gt":{"field":"total","times":9e18}}}}})") ==
          "bad_constant /orders/where/total/gt/times");
}

TEST_CASE("huge durations saturate instead of overflowing") {
    const Shop shop;
    const std::string order = with_orders(
        R"({"order_id":"1","placed_at":"2026-01-01T00:00:00Z","delivery":{"at":"2026-12-01T00:00:00Z"}})");
    for (const char *d :
         {"900000000000000000s", "9000000000000d", "9000000000w", "900000000000mo", "9000000000000y"}) {
        CAPTURE(d);
        const std::string quoted = "\"" + std::string(d) + "\"";
        CHECK(shop.at(R"({"orders":{"period":{"past":)" + quoted + "}}}", order, "2026-06-01T00:00:00Z")
                  .starts_with("true"));
        CHECK(shop.at(R"({"orders":{"period":{"older_than":)" + quoted + "}}}", order, "2026-06-01T00:00:00Z")
                  .starts_with("false"));
        CHECK(shop.at(R"({"orders":{"where":{"delivery.at":{"within_next":)" + quoted + "}}}}", order,
                      "2026-06-01T00:00:00Z") == "true 2026-12-01T00:00:00Z");
        CHECK(shop.at(R"({"orders":{"where":{"placed_at":{"ago":{"gt":)" + quoted + "}}}}}", order,
                      "2026-06-01T00:00:00Z")
                  .starts_with("false"));
        CHECK_FALSE(shop.holds(
            R"({"orders":{"where":{"placed_at":{"gt":{"field":"placed_at","plus":)" + quoted + "}}}}}",
            order));
    }
    CHECK(shop.at(R"({"orders":{"where":{"placed_at":{"days_ago":{"lt":999999999999}}}}})", order,
                  "2026-06-01T00:00:00Z") == "true never");
    const std::string big = with_orders(
        R"({"order_id":"1","total":"900000000000000","lines":[]},{"order_id":"2","total":"900000000000000"})");
    CHECK(shop.holds(R"({"orders":{"sum":{"of":"total","is":{"gt":"900000000000000"}}}})", big));
    CHECK(shop.holds(
        R"({"orders":{"where":{"total":{"lt":{"field":"total","times":1000000000,"plus":900000000000000}}},"count":2}})",
        big));
}

TEST_CASE("segments nested in segments are bounded by their expanded size and depth, not by their number") {
    const Shop shop;
    std::shared_ptr<const segment::Program> last;
    const auto find = [&](std::string_view) { return last; };
    const auto nest = [&](const char *predicate, int levels) {
        for (int i = 0; i < levels; ++i) {
            auto compiled = shop.compile(predicate, find);
            if (!compiled.ok()) return compiled.error().reason;
            last = compiled->program;
        }
        return std::string();
    };
    last = shop.compile("true")->program;
    CHECK(nest(R"({"not":{"segment":"x"}})", 300) == "");
    const Person person = person_of(with_orders(""), shop.settings);
    CHECK(evaluate(*last, person.facts(), shop.world(0)).holds);
    CHECK(nest(R"({"not":{"segment":"x"}})", 3000) == "too_deep");
    last = shop.compile("true")->program;
    CHECK(nest(R"({"all":[{"segment":"x"},{"segment":"x"}]})", 60) == "too_large");  // 2^60 evaluations
}
