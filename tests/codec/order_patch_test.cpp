#include "door.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

int64_t total_of(std::string_view json) {
    return order_of("\"total\":" + std::string(json)).order.attributes.find(order_field::total)->number;
}

const Value *custom(const Operation &operation, std::string_view code) {
    return operation.order.attributes.find_custom(code);
}

Settings keeping() {
    Settings settings = shop_settings();
    settings.shop.keep_unknown_fields = true;
    return settings;
}

}  // namespace

TEST_CASE("money: a JSON string with more than 4 decimals is an error; a JSON number is rounded half even") {
    CHECK(total_of(R"("99.80")") == 998'000);
    CHECK(total_of(R"("-0.0001")") == -1);
    CHECK(total_of("99.8") == 998'000);
    CHECK(total_of("1e2") == 1'000'000);
    CHECK(total_of("0.30000000000000004") == 3'000);  // browsers send this
    CHECK(total_of("0.00005") == 0);
    CHECK(total_of("0.00015") == 2);
    CHECK(total_of("0.000150000000000000001") == 2);
    CHECK(total_of("0.00025") == 2);
    CHECK(total_of("922337203685477.5807") ==
          INT64_MAX);  // the number's own text, which no double could hold
    CHECK(errors_of(order_json(R"("total":"0.30000000000000004")")) ==
          Errors{"too_many_decimals /order/total"});
    CHECK(errors_of(order_json(R"("total":922337203685477.5808)")) == Errors{"out_of_range /order/total"});
    CHECK(errors_of(order_json(R"("total":"abc","tax":true,"discount":"","subtotal":"1 EUR")")) ==
          Errors{"not_a_number /order/total", "bad_type /order/tax", "not_a_number /order/discount",
                 "not_a_number /order/subtotal"});
}

TEST_CASE("a quantity or decimal is an integer of millionths") {
    const Operation operation =
        order_of(R"("bonuses_accrued":"0.000001","lines":[{"quantity":0.1,"weight":"0.4","returned":1e-7}])");
    CHECK(operation.order.attributes.find(order_field::bonuses_accrued)->number == 1);
    const Record &line = operation.order.lines.composition[0];
    CHECK(line.find(line_field::quantity)->number == 100'000);
    CHECK(line.find(line_field::weight)->number == 400'000);
    CHECK(line.find(line_field::returned)->number == 0);
    CHECK(errors_of(order_json(R"("bonuses_accrued":"0.0000001")")) ==
          Errors{"too_many_decimals /order/bonuses_accrued"});
}

TEST_CASE("order_id is required, a string and not empty") {
    const auto with = [](std::string_view members) {
        return errors_of(R"({"type":"order","id":"1","order":{)" + std::string(members) + "}}");
    };
    CHECK(with("") == Errors{"missing_order_id /order/order_id"});
    CHECK(with(R"("order_id":null)") == Errors{"missing_order_id /order/order_id"});
    CHECK(with(R"("order_id":"")") == Errors{"empty /order/order_id"});
    CHECK(with(R"("order_id":100045)") == Errors{"bad_type /order/order_id"});
    CHECK(with(R"("order_id":")" + std::string(257, '1') + "\"") == Errors{"too_large /order/order_id"});
    CHECK(errors_of(R"({"type":"order","id":"1","order":[]})") == Errors{"bad_type /order"});
    CHECK(errors_of(R"({"type":"order","id":"1","order":null})") == Errors{"missing_order /order"});
}

TEST_CASE("null clears, an object of attributes whole at every depth (RFC 7396)") {
    const Record single = order_of(R"("url":null,"delivery":{"address":{"city":null}})").order.attributes;
    REQUIRE(single.cells.size() == 2);
    CHECK(single.find(order_field::url)->missing());
    CHECK(single.find(order_field::delivery_city)->missing());
    const Record address = order_of(R"("delivery":{"type":"courier","address":null})").order.attributes;
    CHECK(address.cells.size() == 5);
    CHECK(address.find(order_field::delivery_postcode)->missing());
    CHECK_FALSE(address.find(order_field::delivery_type)->missing());
    const Record whole = order_of(R"("delivery":null,"payment":null)").order.attributes;
    for (FieldId field = order_field::delivery_type; field <= order_field::payment_bonuses_paid; ++field)
        CHECK(whole.find(field)->missing());
    CHECK(errors_of(order_json(R"("delivery":"courier","payment":[])")) ==
          Errors{"bad_type /order/delivery", "bad_type /order/payment"});
}

TEST_CASE("each status set may carry its own time, null clears it, and one alone is a change of that one") {
    const Operation operation =
        order_of(R"("status":{"delivery":{"code":"shipped","at":"2026-01-02T00:00:00Z"},"payment":null})");
    CHECK_FALSE(operation.order.status[0].said);
    CHECK(operation.order.status[1].said);
    CHECK(operation.order.status[1].code == "shipped");
    CHECK(operation.order.status[1].at == *parse_instant("2026-01-02T00:00:00Z"));
    CHECK(operation.order.status[2].said);
    CHECK(operation.order.status[2].code.empty());
    const Operation cleared = order_of(R"("status":null)");
    for (const StatusChange &change : cleared.order.status)
        CHECK(change.said);
    const Operation dated = order_of(R"("status":{"general":{"code":null,"at":"2026-01-02T00:00:00Z"}})");
    CHECK(dated.order.status[0].said);
    CHECK(dated.order.status[0].code.empty());
    CHECK(
        errors_of(order_json(
            R"("status":{"general":{"at":"1960-01-01T00:00:00Z"},"payment":5,"delivery":{"code":"shipped","name":"x","when":1}})")) ==
        Errors{"out_of_range /order/status/general/at", "missing_code /order/status/general/code",
               "bad_type /order/status/payment", "computed /order/status/delivery/name",
               "unknown_member /order/status/delivery/when"});
    CHECK(errors_of(order_json(R"("status":"paid")")) == Errors{"bad_type /order/status"});
}

TEST_CASE("an unknown status code is refused with the nearest of its set") {
    const codec::Parsed parsed =
        parse_one(order_json(R"("status":{"payment":"payed","delivery":{"code":"paid"}})"));
    CHECK(errors_of(parsed) ==
          Errors{"unknown_status /order/status/payment", "unknown_status /order/status/delivery/code"});
    CHECK(parsed.errors[0].message.find("paid") != std::string::npos);
}

TEST_CASE("computed members cannot be sent") {
    CHECK(
        errors_of(order_json(
            R"("updated_at":null,"received_at":"x","reached":{},"in_analytics":true,"line_count":1,"quantity":"1")")) ==
        Errors{"computed /order/updated_at", "computed /order/received_at", "computed /order/reached",
               "computed /order/in_analytics", "computed /order/line_count", "computed /order/quantity"});
}

TEST_CASE("lines replaces the composition; a line without line_id has its position, from 1") {
    const ListPatch lines =
        order_of(R"("lines":[{"name":"a"},{"line_id":"x","name":null},{"line_id":null}])").order.lines;
    CHECK(lines.replaces);
    REQUIRE(lines.composition.size() == 3);
    CHECK(lines.composition[0].text(line_field::line_id) == "1");
    CHECK(lines.composition[1].text(line_field::line_id) == "x");
    CHECK(lines.composition[1].cells.size() == 1);
    CHECK(lines.composition[2].text(line_field::line_id) == "3");
    CHECK(order_of(R"("lines":null)").order.lines.replaces);
    CHECK(order_of(R"("lines":[])").order.lines.composition.empty());
    CHECK_FALSE(order_of("").order.lines.replaces);
    CHECK(errors_of(order_json(R"("lines":{},"payments":[5])")) ==
          Errors{"bad_type /order/lines", "bad_type /order/payments/0"});
}

TEST_CASE("two lines of one composition with the same line_id are an error") {
    CHECK(errors_of(order_json(R"("lines":[{"line_id":"a"},{"line_id":"b"},{"line_id":"a"}])")) ==
          Errors{"duplicate_line_id /order/lines/2"});
    CHECK(errors_of(order_json(R"("lines":[{"line_id":"2"},{}])")) ==
          Errors{"duplicate_line_id /order/lines/1"});
    CHECK(errors_of(order_json(R"("payments":[{"payment_id":"1"},{"payment_id":"1"}])")) ==
          Errors{"duplicate_payment_id /order/payments/1"});
    std::string many;
    for (int i = 0; i < 40; ++i)
        many += R"({"line_id":")" + std::to_string(i) + "\"},";
    CHECK(errors_of(order_json("\"lines\":[" + many + R"({"line_id":"3"},{"line_id":"33"}])")) ==
          Errors{"duplicate_line_id /order/lines/40", "duplicate_line_id /order/lines/41"});
}

TEST_CASE("line_changes and payment_changes name their element, and change or remove it") {
    const OrderPatch patch =
        order_of(
            R"("lines":[{"line_id":"1"}],"line_changes":[{"line_id":"1","quantity":"1","name":null},{"line_id":"2","remove":true}],)"
            R"("payment_changes":[{"payment_id":"7","amount":"5","at":"2026-01-01T00:00:00Z"}])")
            .order;
    CHECK(patch.lines.replaces);
    REQUIRE(patch.lines.changes.size() == 2);
    CHECK(patch.lines.changes[0].id == "1");
    CHECK(patch.lines.changes[0].patch.find(line_field::name)->missing());
    CHECK(patch.lines.changes[0].patch.find(line_field::line_id) == nullptr);
    CHECK(patch.lines.changes[1].remove);
    REQUIRE(patch.payments.changes.size() == 1);
    CHECK_FALSE(patch.payments.replaces);
    CHECK(patch.payments.changes[0].patch.find(payment_field::amount)->number == 50'000);
    CHECK(
        errors_of(order_json(
            R"("line_changes":[{"quantity":"1"},{"line_id":null},{"line_id":"1","remove":"yes"},{"line_id":"1","remove":true,"name":"x"}],"payment_changes":{})")) ==
        Errors{"missing_line_id /order/line_changes/0/line_id",
               "missing_line_id /order/line_changes/1/line_id", "bad_type /order/line_changes/2/remove",
               "remove_with_content /order/line_changes/3/name", "bad_type /order/payment_changes"});
}

TEST_CASE("an order has as many lines, payments and custom fields as limits.hpp says") {
    Limits limits;
    limits.order_lines = 2;
    limits.order_payments = 1;
    limits.custom_fields = 1;
    CHECK(errors_of(order_json(R"("lines":[{},{}],"payments":[{}])"), shop_settings(), limits).empty());
    CHECK(errors_of(order_json(R"("lines":[{},{},{}],"payments":[{},{}],"fields":{"gift":true,"note":"x"})"),
                    shop_settings(), limits) ==
          Errors{"too_many /order/lines", "too_many /order/payments", "too_many /order/fields"});
    CHECK(errors_of(order_json(R"("line_changes":[{"line_id":"1"},{"line_id":"2"},{"line_id":"3"}])"),
                    shop_settings(), limits) == Errors{"too_many /order/line_changes"});
}

TEST_CASE("currency is an ISO 4217 code") {
    CHECK(order_of(R"("currency":"GBP")").order.attributes.text(order_field::currency) == "GBP");
    CHECK(errors_of(order_json(R"("currency":"gbp")")) == Errors{"unknown_currency /order/currency"});
    CHECK(errors_of(order_json(R"("currency":"EURO")")) == Errors{"unknown_currency /order/currency"});
    CHECK(errors_of(order_json(R"("currency":"ZZZ","fields":{"deposit":"5 ZZZ"})")) ==
          Errors{"unknown_currency /order/currency", "unknown_currency /order/fields/deposit"});
    CHECK(errors_of(order_json(R"("currency":"DEM")")).empty());  // an old order
}

TEST_CASE("an order's source is the code of an event source, one that is switched off too") {
    CHECK(order_of(R"("source":"old")").order.attributes.text(order_field::source) == "old");
    const codec::Parsed unknown = parse_one(order_json(R"("source":"shp")"));
    CHECK(errors_of(unknown) == Errors{"unknown_source /order/source"});
    CHECK(unknown.errors[0].message.find("did you mean shop?") != std::string::npos);
    CHECK(errors_of(order_json(R"("source":null)")).empty());
    CHECK(errors_of(order_json(R"("source":5)")) == Errors{"bad_type /order/source"});
    // What entered once is read again, whatever the settings and the list know by then.
    CHECK(codec::parse_entry(order_json(R"("source":"shp","currency":"ZZZ")"), "shop", shop_settings()).ok());
}

TEST_CASE("a declared custom field has its type, else the error is bad_type or its text's own") {
    const Operation good = order_of(
        R"("fields":{"gift":false,"note":"n","points":-3,"weight":"0.5","deposit":"5 USD","pickup_at":"2026-01-01T00:00:00+02:00","due":"--05-14","tags":["a",""]})");
    CHECK(custom(good, "gift")->type == Type::boolean);
    CHECK(custom(good, "points")->number == -3);
    CHECK(custom(good, "weight")->number == 500'000);
    CHECK(*custom(good, "deposit") == Value::of_money(50'000, Currency::of("USD")));
    CHECK(custom(good, "pickup_at")->number == *parse_instant("2025-12-31T22:00:00Z"));
    CHECK(unpack_date(custom(good, "due")->number) == Date{0, 5, 14});
    CHECK(list_elements(*custom(good, "tags")) == std::vector<std::string_view>{"a", ""});
    for (size_t i = 1; i < good.order.attributes.customs.size(); ++i)
        CHECK(good.order.attributes.customs[i - 1].code < good.order.attributes.customs[i].code);
    CHECK(
        errors_of(order_json(
            R"("fields":{"gift":"true","note":5,"points":"3","weight":{},"deposit":"5 usd","pickup_at":5,"due":"1990-02-30","tags":["a",1]})")) ==
        Errors{"bad_type /order/fields/gift", "bad_type /order/fields/note", "bad_type /order/fields/points",
               "bad_type /order/fields/weight", "unknown_currency /order/fields/deposit",
               "bad_type /order/fields/pickup_at", "not_a_date /order/fields/due",
               "bad_type /order/fields/tags/1"});
    CHECK(errors_of(order_json(R"("fields":[])")) == Errors{"bad_type /order/fields"});
}

TEST_CASE(
    "unknown members of fields follow the shop's unknown_fields: reject is the default, with the nearest "
    "name") {
    const codec::Parsed parsed =
        parse_one(order_json(R"("fields":{"gitf":true},"lines":[{"fields":{"gift":true}}])"));
    CHECK(errors_of(parsed) ==
          Errors{"unknown_field /order/fields/gitf", "unknown_field /order/lines/0/fields/gift"});
    CHECK(parsed.errors[0].message.find("gift") != std::string::npos);
    CHECK(
        errors_of(R"({"type":"order","id":"1","source":"site","order":{"order_id":"1","fields":{"x":1}}})") ==
        Errors{"unknown_field /order/fields/x"});
}

TEST_CASE("keep: an undeclared custom field is kept as canonical JSON") {
    const Operation operation = order_of(
        R"("fields":{"x": { "b" : [1, 2.50 , {"z":null,"a":"\u00e9\n"}], "a" : true },"y":-0.10,"z":"t","n":null})",
        keeping());
    CHECK(custom(operation, "x")->type == Type::json);
    CHECK(custom(operation, "x")->text == R"({"a":true,"b":[1,2.50,{"a":"é\n","z":null}]})");
    CHECK(custom(operation, "y")->text == "-0.10");
    CHECK(custom(operation, "z")->text == "\"t\"");
    CHECK(custom(operation, "n")->missing());
    CHECK(errors_of(order_json(R"("fields":{"Gift Note":1,"9x":1})"), keeping()) ==
          Errors{"bad_code /order/fields/Gift Note", "bad_code /order/fields/9x"});
}

TEST_CASE("null in fields clears one custom field, null for fields clears them all") {
    CHECK(custom(order_of(R"("fields":{"gift":null})"), "gift")->missing());
    Record target;
    target.set_custom("gift", Value::of_boolean(true));
    target.set_custom("note", Value::of_text("x"));
    CHECK(merge_patch(target, order_of(R"("fields":null)").order.attributes));
    CHECK(target.customs.empty());
    CHECK(order_of(R"("lines":[{"fields":null},{"fields":{"engraving":null}}])")
              .order.lines.composition[1]
              .customs.empty());
}
