// The language of the mapping table, word by word as docs/mapping.md has it, and what is refused.
#include <doctest/doctest.h>

#include "mapping_fixture.hpp"

using namespace cartbell;
using namespace cartbell::test;
using nlohmann::json;

namespace {

// A table whose one operation has the value as its context.
std::string table_of(const std::string &value, const std::string &more = {}) {
    return R"({"format":"mine","rules":[{"name":"r","operations":[{"type":"=event","id":"=1","context":)" +
           value + "}]}]" + more + "}";
}

json value_of(const std::string &value, const std::string &document, const std::string &more = {}) {
    const json made = operations(document, "mine", table_of(value, more));
    REQUIRE(made.size() == 1);
    return made[0].contains("context") ? made[0]["context"] : json();
}

std::string refused(const std::string &value, const std::string &document) {
    return refusal(document, "mine", table_of(value));
}

std::string bad_table(const std::string &table) {
    return refusal("{}", "mine", table);
}

}  // namespace

TEST_CASE("paths, constants and the first of several") {
    const std::string document =
        R"({"a":{"b":["x","y"]},"n":1.50,"t":true,"e":"","z":null,"list":[{"v":1},{"v":null},{"v":3}]})";
    CHECK(value_of(R"("a.b.1")", document) == "y");
    CHECK(value_of(R"("n")", document).dump() == "1.5");
    CHECK(value_of(R"("t")", document) == true);
    CHECK(value_of(R"("list.*.v")", document) == json::parse("[1,3]"));
    CHECK(value_of(R"("=a.b")", document) == "a.b");
    CHECK(value_of("7", document) == 7);
    for (const char *nothing : {R"("e")", R"("z")", R"("q")", R"("a.q")", R"("q.*.v")", R"("a.b.9")",
                                R"(["e","z"])", R"({"x":"e"})"})
        CHECK(value_of(nothing, document).is_null());
    CHECK(value_of(R"(["e","z","a.b.0","n"])", document) == "x");
    CHECK(value_of(R"({"x":"a.b.0","y":{"z":"e"},"w":"t"})", document) ==
          json::parse(R"({"x":"x","w":true})"));
    CHECK(value_of(R"({"$each":"list.*","make":{"v":"v","outer":"^.n","all":"$.t"}})", document) ==
          json::parse(
              R"([{"v":1,"outer":1.5,"all":true},{"outer":1.5,"all":true},{"v":3,"outer":1.5,"all":true}])"));
    CHECK(refused(R"("a")", document) == "bad_type /a");
    CHECK(refused(R"("n.x")", document) == "bad_type /n");
    CHECK(refused(R"("a.*.x")", document) == "bad_type /a");
    CHECK(refused(R"("a.b.*.x")", document) == "bad_type /a/b/0");
}

TEST_CASE("texts, numbers and times") {
    CHECK(value_of(R"({"$text":"x"})", R"({"x":5000000000123})") == "5000000000123");
    CHECK(value_of(R"({"$text":{"$json":"x"}})", R"({"x":{"a":[1]}})") == R"({"a":[1]})");
    CHECK(value_of(R"({"$json":"x"})", R"({"x":{"a":[1]}})") == json::parse(R"({"a":[1]})"));
    CHECK(value_of(R"({"$money":"x"})", R"({"x":18.989999999999998})") == "18.99");
    CHECK(value_of(R"({"$money":"x"})", R"({"x":"18.9900"})") == "18.99");
    CHECK(value_of(R"({"$money":"x","currency":"c"})", R"({"x":3,"c":"usd"})") == "3.00 USD");
    CHECK(value_of(R"({"$money":"x","currency":"c"})", R"({"x":3})") == "3.00");
    CHECK(refused(R"({"$money":"x"})", R"({"x":"18.98765"})") ==
          "too_many_decimals /x");  // formats.md §1 "Money"
    CHECK(refused(R"({"$money":"x"})", R"({"x":"ten"})") == "not_a_number /x");
    CHECK(refused(R"({"$money":"x"})", R"({"x":1e300})") == "out_of_range /x");
    CHECK(refused(R"({"$money":"x"})", R"({"x":true})") == "bad_type /x");
    CHECK(refused(R"({"$money":"x","currency":"c"})", R"({"x":3,"c":"XXQ"})") == "unknown_currency /c");
    CHECK(value_of(R"({"$decimal":"x"})", R"({"x":2.50})") == "2.5");
    CHECK(value_of(R"({"$whole":"x"})", R"({"x":"2.0"})") == 2);
    CHECK(refused(R"({"$whole":"x"})", R"({"x":1.5})") == "not_whole /x");
    CHECK(value_of(R"({"$time":"x"})", R"({"x":"2026-03-01T10:00:00+02:00"})") ==
          "2026-03-01T10:00:00+02:00");
    CHECK(value_of(R"({"$time":"x","zone":"UTC"})", R"({"x":"2026-03-01T10:00:00"})") ==
          "2026-03-01T10:00:00Z");
    CHECK(value_of(R"({"$time":"x","unit":"s"})", R"({"x":1772359200.5})") == "2026-03-01T10:00:00.5Z");
    CHECK(value_of(R"({"$time":"x","unit":"ms"})", R"({"x":"1772359200000"})") == "2026-03-01T10:00:00Z");
    CHECK(value_of(R"({"$time":"x","unit":"us"})", R"({"x":1772359200000001})") ==
          "2026-03-01T10:00:00.000001Z");
    CHECK(refused(R"({"$time":"x"})", R"({"x":"2026-03-01T10:00:00"})") == "no_zone /x");
    CHECK(refused(R"({"$time":"x"})", R"({"x":1772359200})") == "bad_type /x");
    CHECK(refused(R"({"$time":"x","unit":"s"})", R"({"x":-1})") == "out_of_range /x");
    CHECK(refused(R"({"$time":"x","unit":"us"})", R"({"x":1e30})") == "out_of_range /x");
    CHECK(value_of(R"({"$code":"x"})", R"({"x":"On-Hold!"})") == "on_hold");
    CHECK(value_of(R"({"$code":"x"})", R"({"x":"да"})") == "x_d0b4d0b0");
    CHECK(value_of(R"({"$word":"x","of":["a","b"]})", R"({"x":"b"})") == "b");
    CHECK(value_of(R"({"$word":"x","of":{"b":"beta"}})", R"({"x":"b"})") == "beta");
    CHECK(value_of(R"({"$word":"x","of":["a"],"else":"=other"})", R"({"x":"b"})") == "other");
    CHECK(refused(R"({"$word":"x","of":["a"]})", R"({"x":"b"})") == "unknown_word /x");
    CHECK(refused(R"({"$need":["y","x"]})", R"({"y":null})") == "missing_y ");
}

TEST_CASE("lists, joins and sums") {
    const std::string document =
        R"({"l":[{"a":"0.10","k":"p"},{"a":0.2,"k":"q"},{"k":"p"}],"none":[],"x":"5","y":null})";
    CHECK(value_of(R"({"$each":"l.*","if":{"k":"p"},"make":"a"})", document) == json::parse(R"(["0.10"])"));
    CHECK(value_of(R"({"$each":"none.*","make":"a"})", document) == json::array());
    CHECK(value_of(R"({"$each":"y.*","make":"a"})", document).is_null());
    CHECK(value_of(R"({"$last":{"$each":"l.*","make":"a"}})", document) == 0.2);
    CHECK(value_of(R"({"$list":["x","y"]})", document) == json::array({"5"}));
    CHECK(value_of(R"({"$list":["y"]})", document).is_null());
    CHECK(value_of(R"({"$split":"t"})", R"({"t":" vip, spring ,"})") == json::array({"vip", "spring"}));
    CHECK(value_of(R"({"$join":["x","y","l.*.k"],"with":"-"})", document) == "5-p-q-p");
    CHECK(value_of(R"({"$join":["x","y"],"all":true})", document).is_null());
    CHECK(value_of(R"({"$sum":"l.*.a"})", document) == 0.3);
    CHECK(value_of(R"({"$sum":["l.*.a","x","y",1]})", document) == 6.3);
    CHECK(value_of(R"({"$sum":"none.*.a"})", document) == 0);
    CHECK(value_of(R"({"$sum":"y.*.a"})", document).is_null());
    CHECK(value_of(R"({"$minus":["x",{"$sum":"l.*.a"},"y"]})", document) == 4.7);
    CHECK(value_of(R"({"$minus":["y","x"]})", document).is_null());
    CHECK(value_of(R"({"$times":["x",0.001]})", document) == 0.005);
    CHECK(value_of(R"({"$divide":[1,3]})", document) == 0.333333);
    CHECK(value_of(R"({"$divide":["x",0]})", document).is_null());
    CHECK(value_of(R"({"$max":[0,{"$minus":[1,"x"]}]})", document) == 0);
    CHECK(refused(R"({"$times":["x","x","x"]})", R"({"x":1000000})") == "out_of_range /x");
    CHECK(refused(R"({"$sum":["x","x"]})", R"({"x":9000000000000})") == "out_of_range /x");
}

TEST_CASE("conditions, parts and objects") {
    const std::string document =
        R"({"s":"paid","n":0,"p":"+371","o":{"a":"1"},"z":null,"l":[{"k":"d"},{"k":"d"}],"same":"paid"})";
    const auto holds = [&](const char *condition) {
        return value_of(std::string(R"({"$if":)") + condition + R"(,"then":"=yes","else":"=no"})",
                        document) == "yes";
    };
    for (const char *so :
         {R"({"s":"paid"})", R"({"s":["open","paid"]})", R"({"n":0})", R"({"p":{"starts_with":"+"}})",
          R"({"z":{"exists":false,"named":true}})", R"({"q":{"named":false}})", R"({"o":{"exists":true}})",
          R"({"s":{"same":"same"}})", R"({"s":{"not":"open"}})", R"({"q|s":"paid"})",
          R"({"any":[{"s":"x"},{"n":0}]})", R"({"all":[{"s":"paid"},{"n":0}]})", R"({"not":{"s":"x"}})",
          R"({"every":["l.*.k","d"]})", R"({})"})
        CHECK_MESSAGE(holds(so), so);
    for (const char *not_so :
         {R"({"s":"open"})", R"({"s":["open"]})", R"({"o":"1"})", R"({"z":{"exists":true}})", R"({"q":"x"})",
          R"({"s":{"same":"n"}})", R"({"any":[]})", R"({"not":{}})", R"({"every":["none.*.k","d"]})",
          R"({"every":["l.*.k","e"]})", R"({"s":"paid","n":1})"})
        CHECK_MESSAGE(!holds(not_so), not_so);
    CHECK(value_of(R"({"$in":["q","o"],"make":{"a":"a","n":"^.n"}})", document) ==
          json::parse(R"({"a":"1","n":0})"));
    CHECK(value_of(R"({"$in":"q","make":"=x"})", document).is_null());
    CHECK(value_of(R"({"$merge":[{"a":"s","b":"n"},{"a":"p"},{"q":"q"}]})", document) ==
          json::parse(R"({"a":"+371","b":0})"));
    CHECK(value_of(R"({"$use":"two"})", document,
                   R"(,"parts":{"two":{"$list":[{"$use":"one"},"n"]},"one":"s"})") ==
          json::parse(R"(["paid",0])"));
    CHECK(
        value_of(
            R"({"$fields":{"Order name":"s"},"pairs":"m.*","name":"k","value":{"$text":{"$json":"v"}},"if":{"not":{"k":{"starts_with":"_"}}}})",
            R"({"s":"x","m":[{"k":"Gift wrap","v":"red"},{"k":"gift-wrap","v":{"a":1}},{"k":"_x","v":"no"},{"v":"nameless"},{"k":"null","v":null}]})") ==
        json::parse(R"({"order_name":"x","gift_wrap":"red","gift_wrap_2":"{\"a\":1}"})"));
}

TEST_CASE("a host's rule comes before the built-in one, and has its parts and what is common") {
    const std::string table =
        R"({"format":"segment","rules":[{"name":"order","match":{"event":"Order Completed"},"in":"properties","operations":[
        {"type":"=order","$part":"order","order":{"order_id":{"$need":"order_id"},"total":{"$money":"total"},"currency":"currency",
         "lines":{"$each":"products.*","make":{"$merge":[{"$use":"item"},{"line_id":"product_id"}]}}}}]}]})";
    const std::string completed =
        R"({"type":"track","event":"Order Completed","messageId":"m","userId":"C-1","timestamp":"2026-03-01T10:00:00Z",
        "properties":{"order_id":"100","total":27.5,"currency":"USD","products":[{"product_id":"A","price":19,"quantity":1}]}})";
    CHECK(
        operations(completed, "segment", table) ==
        json::parse(
            R"([{"type":"order","id":"m:order","customer":{"external_id":"C-1"},"occurred_at":"2026-03-01T10:00:00Z",
        "order":{"order_id":"100","total":"27.50","currency":"USD","lines":[{"line_id":"A","product_id":"A","quantity":"1","price":"19.00"}]}}])"));
    CHECK(operations(completed, "segment")[0]["name"] == "order.placed");
    const std::string searched =
        R"({"type":"track","event":"Products Searched","messageId":"m","properties":{"query":"a"}})";
    CHECK(operations(searched, "segment", table) == operations(searched, "segment"));
    const std::string own_part =
        R"([{"format":"other"},{"format":"segment","parts":{"product":{"product_id":"=mine"}}}])";
    CHECK(operations(R"({"type":"track","event":"Product Viewed","messageId":"m","properties":{}})",
                     "segment", own_part)[0]["context"]["product_id"] == "mine");
}

TEST_CASE("operations: conditions, needs, positions, and what the caller says where the document does not") {
    const std::string table =
        R"({"format":"mine","documents":["list.*"],"common":{"id":"id","source":"source","session_id":"session"},"rules":[
        {"name":"many","match":{"kind":"many"},"in":"items.*","operations":[{"type":"=event","name":"n"}]},
        {"name":"one","operations":[{"type":"=event","$when":{"a":{"exists":true}},"name":"=a"},{"type":"=product","$part":"b","$needs":["product"],"product":{"product_id":"b"}}]}]})";
    const std::string given =
        R"({"id":"g","occurred_at":"2026-03-01T10:00:00Z","source":"site","backfill":true,"customer":{"email":"a@b.eu"}})";
    CHECK(
        operations(
            R"({"list":[{"id":"1","kind":"many","items":[{"n":"x"},{"n":"y"}]},{"a":1,"b":"P","source":"shop","session":"s"},{"b":"Q"},{"c":1}]})",
            "mine", table, given) == json::parse(R"([
        {"type":"event","name":"x","id":"1:0","occurred_at":"2026-03-01T10:00:00Z","source":"site","backfill":true,"customer":{"email":"a@b.eu"}},
        {"type":"event","name":"y","id":"1:1","occurred_at":"2026-03-01T10:00:00Z","source":"site","backfill":true,"customer":{"email":"a@b.eu"}},
        {"type":"event","name":"a","id":"g:1","session_id":"s","occurred_at":"2026-03-01T10:00:00Z","source":"shop","backfill":true,"customer":{"email":"a@b.eu"}},
        {"type":"product","product":{"product_id":"P"},"id":"g:1:b","occurred_at":"2026-03-01T10:00:00Z","source":"shop","backfill":true},
        {"type":"product","product":{"product_id":"Q"},"id":"g:2:b","occurred_at":"2026-03-01T10:00:00Z","source":"site","backfill":true}])"));
    CHECK(refusal("{}", "mine", table, R"({"id":5})") == "bad_given /id");
    CHECK(refusal("{}", "mine", table, R"({"occurred_at":"yesterday"})") == "bad_given /occurred_at");
    CHECK(refusal("{}", "mine", table, R"({"customer":"x"})") == "bad_given /customer");
    CHECK(refusal("{}", "mine", table, R"({"backfil":true})") == "bad_given /backfil");
    CHECK(refusal("{}", "mine", table, "[]") == "bad_given ");
    CHECK(refusal(R"([{"id":"1","kind":"many","items":[{}]},{"a":1}])", "mine", table) == "missing_id /1");
}

TEST_CASE("members nobody maps are reported, each as high up as nothing of it was read") {
    const json report =
        map(R"({"a":"1","b":{"c":1,"d":2},"e":{"f":{"g":1},"h":[1,2]},"l":[{"x":1,"y":1},{"y":2}],"n":null,"s":"","o":{},"ol":[null]})",
            "mine", table_of(R"({"a":"a","c":"b.c","l":{"$each":"l.*","make":"x"}})"))
            .report;
    CHECK(report["ignored"] == json::array({"/b/d", "/e", "/l/0/y", "/l/1"}));
    CHECK(report["ignored_count"] == 4);
    CHECK(report["mapped"] == json::parse(R"([{"pointer":"","rule":"r","operations":1}])"));
    json wide;
    for (int at = 0; at < 500; ++at)
        wide["m" + std::to_string(at)] = at;
    const json capped = map(wide.dump(), "mine", table_of("\"m0\"")).report;
    CHECK(capped["ignored"].size() == library_limits.operation_errors);
    CHECK(capped["ignored_count"] == 499);
}

TEST_CASE("a table that is none is refused with a pointer into it") {
    CHECK(bad_table("[]") == "unknown_format ");
    CHECK(bad_table("7") == "bad_table ");
    CHECK(bad_table("{") == "syntax ");
    CHECK(bad_table(R"({"rules":[]})") == "bad_table ");
    CHECK(bad_table(R"({"format":"Not a code"})") == "bad_table /format");
    CHECK(bad_table(R"({"format":"mine","rule":[]})") == "bad_table /rule");
    CHECK(bad_table(R"({"format":"mine","rules":{}})") == "bad_table /rules");
    CHECK(bad_table(R"({"format":"mine","rules":[{"name":"r"}]})") == "bad_table /rules/0");
    CHECK(bad_table(R"({"format":"mine","rules":[{"name":"r","operations":[{"id":"=1"}]}]})") ==
          "bad_table /rules/0/operations/0");
    CHECK(bad_table(R"({"format":"mine","documents":7})") == "bad_table /documents");
    CHECK(bad_table(R"({"format":"mine","statuses":[{"set":"x","code":"a","name":"A"}]})") ==
          "bad_table /statuses/0/set");
    const std::string at = "bad_table /rules/0/operations/0/context";
    for (const auto &bad : {std::pair{R"({"$txt":"a"})", "/$txt"},
                            {R"({"$text":null})", "/$text"},
                            {R"({"$text":"a","with":"-"})", "/with"},
                            {R"("a..b")", ""},
                            {R"("")", ""},
                            {R"("a.")", ""},
                            {R"("@id")", ""},
                            {"null", ""},
                            {R"({"$times":["a"]})", "/$times"},
                            {R"({"$time":"a","zone":"Europe/Riga"})", "/zone"},
                            {R"({"$time":"a","unit":"h"})", "/unit"},
                            {R"({"$if":{"a":null},"then":"a"})", "/$if/a"},
                            {R"({"$if":{"a":{"like":"x"}},"then":"a"})", "/$if/a/like"},
                            {R"({"$if":{"every":["a"]},"then":"a"})", "/$if/every"},
                            {R"({"$word":"a","of":7})", "/of"},
                            {R"({"$join":"a"})", "/$join"},
                            {R"({"$each":{"x":"y"}})", "/$each"},
                            {R"({"$use":7})", "/$use"},
                            {R"({"$word":"a"})", ""},
                            {R"({"$in":"a"})", ""},
                            {R"({"$fields":{},"pairs":"a.*","name":"b"})", ""}})
        CHECK_MESSAGE(bad_table(table_of(bad.first)) == at + bad.second, bad.first);
    CHECK(bad_table(table_of(R"({"$use":"nowhere"})")) == "bad_table /rules/0/operations/0/context/$use");
    CHECK(refusal("{}", "mine",
                  table_of(R"({"$use":"a"})", R"(,"parts":{"a":{"$use":"b"},"b":{"x":{"$use":"a"}}})")) ==
          "too_deep ");
    CHECK(refusal("{}", "segmnt") == "unknown_format ");
}

TEST_CASE("the built-in tables are of the language") {
    for (const char *format : {"segment", "ga4", "shopify", "woocommerce", "codes"})
        CHECK_MESSAGE(refusal("[]", format) == "", format);
}

TEST_CASE("hostile documents are refused and crash nothing") {
    CHECK(refusal("", "shopify") == "syntax ");
    CHECK(refusal(std::string(100'000, '['), "shopify") == "too_deep ");
    CHECK(refusal(R"({"a":1,"a":2})", "shopify") == "duplicate_key /a");
    CHECK(refusal("{\"a\":\"\\u0000\"}", "shopify") == "nul_character /a");
    CHECK(refusal("\"x\"", "shopify") == "bad_type ");
    CHECK(refusal("[{\"id\":1,\"created_at\":\"2026-03-01T10:00:00Z\"},7]", "shopify") == "bad_type /1");
    CHECK(refusal(R"({"orders":[7]})", "shopify") == "bad_type /orders/0");
    CHECK(refusal(R"({"id":{},"date_created_gmt":"2026-03-01T10:00:00"})", "woocommerce") == "bad_type /id");
    CHECK(
        refusal(
            R"({"id":1,"status":"x","date_created_gmt":"2026-03-01T10:00:00","line_items":[{"id":1,"subtotal":[]}]})",
            "woocommerce") == "bad_type /line_items/0/subtotal");
    CHECK(refusal(R"({"id":1,"date_created_gmt":"2026-03-01T10:00:00"})", "woocommerce") ==
          "missing_status ");
    CHECK(refusal(R"({"type":"track","event":"Product Added","messageId":"1","properties":7})", "segment") ==
          "bad_type /properties");
    CHECK(refusal(R"([{"type":"track","event":"Product Added","messageId":"1"}])", "segment") ==
          "missing_product_id /0");
    CHECK(refusal(R"({"type":["track"],"event":{}})", "segment") == "unmapped ");
    // Lines and refunds whose combinations are as many as the steps that one call may take.
    std::string order = R"({"id":1,"created_at":"2026-03-01T10:00:00Z","line_items":[)",
                refunds = R"(],"refunds":[{"refund_line_items":[)";
    for (int at = 0; at < 3'000; ++at) {
        const char *comma = at == 0 ? "" : ",";
        order += std::string(comma) + R"({"id":)" + std::to_string(at) + "}";
        refunds += std::string(comma) + R"({"line_item_id":)" + std::to_string(at) + "}";
    }
    CHECK(refusal(order + refunds + "]}]}", "shopify") == "mapping_steps ");
}

TEST_CASE("limits of a host hold") {
    const std::string table =
        R"({"format":"mine","documents":["l.*"],"rules":[{"name":"r","operations":[{"type":"=event","id":"=1","context":{"x":"x"}}]}]})";
    const std::string three = R"({"l":[{"x":1},{"x":2},{"x":3}]})";
    Limits limits;
    CHECK(refusal(three, "mine", table, {}, limits) == "");
    limits.batch_operations = 2;
    CHECK(refusal(three, "mine", table, {}, limits) == "batch_operations ");
    limits = {};
    limits.batch_bytes = 60;
    CHECK(refusal(three, "mine", table, {}, limits) == "batch_bytes ");
    limits.batch_bytes = 20;
    CHECK(refusal(three, "mine", table, {}, limits) == "too_large ");
    limits = {};
    limits.json_depth = 2;
    CHECK(refusal(three, "mine", table, {}, limits) == "too_deep ");
    limits = {};
    limits.mapping_table_bytes = 10;
    CHECK(refusal(three, "mine", table, {}, limits) == "too_large ");
    limits = {};
    limits.mapping_steps = 5;
    CHECK(refusal(three, "mine", table, {}, limits) == "mapping_steps ");
    limits = {};
    limits.custom_fields = 1;
    CHECK(refusal(R"({"p":[{"n":"a","v":"1"},{"n":"b","v":"2"}]})", "mine",
                  table_of(R"({"$fields":{},"pairs":"p.*","name":"n","value":"v"})"), {},
                  limits) == "custom_fields /p/1/v");
}
