#include "door.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

// An order operation with these envelope members instead of the usual ones.
std::string enveloped(std::string_view members) {
    return "{" + std::string(members) + (members.empty() ? "" : ",") + R"("order":{"order_id":"1"}})";
}

}  // namespace

TEST_CASE("the example of an order is read whole") {
    const codec::Parsed parsed = parse_one(order_example);
    REQUIRE(errors_of(parsed).empty());
    const Operation &operation = parsed.operation;
    CHECK(operation.type == OperationType::order);
    CHECK(operation.id == "op-1");
    CHECK(operation.source == "shop");
    CHECK(operation.occurred_at == *parse_instant("2026-11-20T09:15:00Z"));
    REQUIRE(operation.customer.size() == 2);
    CHECK(operation.customer[0] == Identity{IdentityKind::external_id, "C-17"});
    CHECK(operation.customer[1] == Identity{IdentityKind::email, "a@b.eu"});
    const OrderPatch &order = operation.order;
    CHECK(order.order_id == "100045");
    CHECK(order.status[0].code == "received");
    CHECK(order.status[0].at == no_instant);
    CHECK(order.status[2].code == "awaiting");
    CHECK(order.status[2].at == *parse_instant("2026-11-20T09:15:02Z"));
    CHECK(order.attributes.find(order_field::total)->number == 998'000);
    CHECK(order.attributes.text(order_field::delivery_city) == "Riga");
    CHECK(order.attributes.find(order_field::delivery_cost)->number == 49'000);
    CHECK(order.attributes.find(order_field::payment_bonuses_paid)->type == Type::decimal);
    CHECK(order.attributes.find_custom("gift")->number == 1);
    REQUIRE(order.lines.composition.size() == 1);
    const Record &line = order.lines.composition[0];
    CHECK(line.text(line_field::line_id) == "1");
    CHECK(line.find(line_field::quantity)->number == 2'000'000);
    CHECK(list_elements(*line.find(line_field::category)) ==
          std::vector<std::string_view>{"Kitchen", "Mugs"});
    CHECK(line.find_custom("engraving")->text == "Anna");
    REQUIRE(order.payments.composition.size() == 1);
    CHECK(order.payments.composition[0].find(payment_field::amount)->number == 200'000);
    CHECK(order.payments.composition[0].find(payment_field::installments)->number == 1);
    for (size_t i = 1; i < order.attributes.cells.size(); ++i)
        CHECK(order.attributes.cells[i - 1].field < order.attributes.cells[i].field);
}

TEST_CASE("type is one of the known ones") {
    CHECK(errors_of(enveloped(R"("id":"1")")) == Errors{"missing_type /type"});
    CHECK(errors_of(enveloped(R"("id":"1","type":5)")) == Errors{"bad_type /type"});
    const codec::Parsed misspelled = parse_one(enveloped(R"("id":"1","type":"ordr")"));
    CHECK(errors_of(misspelled) == Errors{"unknown_type /type"});
    CHECK(misspelled.errors[0].message.find("order") != std::string::npos);
}

TEST_CASE("id: any string of at most 128 bytes") {
    CHECK(errors_of(enveloped(R"("type":"order")")) == Errors{"missing_id /id"});
    CHECK(errors_of(enveloped(R"("type":"order","id":null)")) == Errors{"missing_id /id"});
    CHECK(errors_of(enveloped(R"("type":"order","id":17)")) == Errors{"bad_type /id"});
    CHECK(errors_of(enveloped(R"("type":"order","id":"")")) == Errors{"empty /id"});
    CHECK(errors_of(enveloped(R"("type":"order","id":")" + std::string(128, 'x') + "\"")).empty());
    CHECK(errors_of(enveloped(R"("type":"order","id":")" + std::string(129, 'x') + "\"")) ==
          Errors{"too_large /id"});
}

TEST_CASE("occurred_at and sent_at are RFC 3339 with a zone; instants outside 1970-2199 are out_of_range") {
    const auto at = [](std::string_view time) {
        return errors_of(enveloped(R"("type":"order","id":"1","occurred_at":)" + std::string(time)));
    };
    CHECK(at("null").empty());
    CHECK(at(R"("1970-01-01T00:00:00Z")").empty());
    CHECK(at(R"("2199-12-31T23:59:59.999999Z")").empty());
    CHECK(at(R"("1969-12-31T23:59:59Z")") == Errors{"out_of_range /occurred_at"});
    CHECK(at(R"("2200-01-01T00:00:00Z")") == Errors{"out_of_range /occurred_at"});
    CHECK(at(R"("2026-11-20T10:15:00")") == Errors{"no_zone /occurred_at"});
    CHECK(at(R"("soon")") == Errors{"not_a_time /occurred_at"});
    CHECK(at("1763632800") == Errors{"bad_type /occurred_at"});
    CHECK(errors_of(enveloped(R"("type":"order","id":"1","sent_at":"1")")) == Errors{"not_a_time /sent_at"});
}

TEST_CASE("sequence and if_version are whole numbers of 64 bits; beyond that is an error, never a double") {
    const auto parsed = [](std::string_view members) {
        return parse_one(enveloped(R"("type":"order","id":"1",)" + std::string(members)));
    };
    CHECK(parsed(R"("sequence":9223372036854775807)").operation.sequence == INT64_MAX);
    CHECK(parsed(R"("sequence":-9223372036854775807)").operation.sequence == -INT64_MAX);
    CHECK(parsed(R"("sequence":0)").operation.has_sequence);
    CHECK_FALSE(parsed(R"("sequence":null)").operation.has_sequence);
    CHECK(errors_of(parsed(R"("sequence":9223372036854775808)")) == Errors{"out_of_range /sequence"});
    CHECK(errors_of(parsed(R"("sequence":18446744073709551616)")) == Errors{"out_of_range /sequence"});
    CHECK(errors_of(parsed(R"("sequence":1e30)")) == Errors{"out_of_range /sequence"});
    CHECK(errors_of(parsed(R"("sequence":1.5)")) == Errors{"bad_type /sequence"});
    CHECK(errors_of(parsed(R"("sequence":"1")")) == Errors{"bad_type /sequence"});
    CHECK(parsed(R"("if_version":3)").operation.if_version == 3);
    CHECK(parsed(R"("backfill":false)").operation.if_version == -1);
    CHECK(errors_of(parsed(R"("if_version":-1)")) == Errors{"out_of_range /if_version"});
}

TEST_CASE("backfill and whole are booleans, false by default") {
    const codec::Parsed parsed =
        parse_one(enveloped(R"("type":"order","id":"1","backfill":true,"whole":true)"));
    CHECK(parsed.operation.backfill);
    CHECK(parsed.operation.whole);
    CHECK_FALSE(parse_one(enveloped(R"("type":"order","id":"1")")).operation.whole);
    CHECK(errors_of(enveloped(R"("type":"order","id":"1","whole":"yes","backfill":1)")) ==
          Errors{"bad_type /whole", "bad_type /backfill"});
}

TEST_CASE(
    "source: default the one given to parse, else system; unknown ones are refused, and inactive ones") {
    const std::string bare = enveloped(R"("type":"order","id":"1")");
    CHECK(parse_one(bare).operation.source == "system");
    CHECK(codec::parse(bare, codec::Form::operation, "shop", shop_settings(), {})
              ->operations[0]
              .operation.source == "shop");
    const std::string own = enveloped(R"("type":"order","id":"1","source":"site")");
    CHECK(codec::parse(own, codec::Form::operation, "shop", shop_settings(), {})
              ->operations[0]
              .operation.source == "site");
    const codec::Parsed unknown = parse_one(enveloped(R"("type":"order","id":"1","source":"shp")"));
    CHECK(errors_of(unknown) == Errors{"unknown_source /source"});
    CHECK(unknown.errors[0].message.find("shop") != std::string::npos);
    CHECK(errors_of(enveloped(R"("type":"order","id":"1","source":"old")")) ==
          Errors{"inactive_source /source"});
    CHECK(errors_of(
              codec::parse(bare, codec::Form::operation, "nowhere", shop_settings(), {})->operations[0]) ==
          Errors{"unknown_source "});
}

TEST_CASE("unknown members outside fields are an error for trusted sources, with the nearest name") {
    const codec::Parsed parsed = parse_one(
        R"({"type":"order","id":"1","source":"shop","occured_at":"x","profile":{},"order":{"order_id":"1","totl":"1","delivery":{"adress":{}},"status":{"genral":"paid"},"lines":[{"sku":"1","remove":true}]},"customer":{"mail":"x"}})");
    CHECK(errors_of(parsed) ==
          Errors{"unknown_member /occured_at", "unknown_member /profile", "unknown_member /order/totl",
                 "unknown_member /order/delivery/adress", "unknown_member /order/status/genral",
                 "unknown_member /order/lines/0/sku", "unknown_member /order/lines/0/remove",
                 "unknown_member /customer/mail"});
    CHECK(parsed.errors[0].message.find("occurred_at") != std::string::npos);
    CHECK(parsed.errors[3].message.find("address") != std::string::npos);
}

TEST_CASE("for public sources unknown members are listed as ignored") {
    const codec::Parsed parsed = parse_one(
        R"({"type":"order","id":"1","source":"site","a/b~c":1,"order":{"order_id":"1","x":{"y":1},"lines":[{"sku":"1"}]}})");
    CHECK(errors_of(parsed).empty());
    CHECK(parsed.operation.ignored == std::vector<std::string>{"/a~1b~0c", "/order/x", "/order/lines/0/sku"});
}

TEST_CASE("identities are normalised, strongest first; what is no e-mail or phone is an error") {
    const codec::Parsed parsed = parse_one(enveloped(
        R"("type":"order","id":"1","customer":{"anonymous_id":"a1","phone":"+371 (20) 00-00.00","email":"Anna@Example.EU","device_id":null})"));
    REQUIRE(errors_of(parsed).empty());
    REQUIRE(parsed.operation.customer.size() == 3);
    CHECK(parsed.operation.customer[0] == Identity{IdentityKind::email, "anna@example.eu"});
    CHECK(parsed.operation.customer[1] == Identity{IdentityKind::phone, "+37120000000"});
    CHECK(parsed.operation.customer[2] == Identity{IdentityKind::anonymous_id, "a1"});
    CHECK(
        errors_of(enveloped(
            R"("type":"order","id":"1","customer":{"phone":"20000000","email":"nobody","external_id":"","device_id":5})")) ==
        Errors{"bad_phone /customer/phone", "bad_email /customer/email", "empty /customer/external_id",
               "bad_type /customer/device_id"});
    const std::string long_id(257, 'x');
    CHECK(errors_of(enveloped(R"("type":"order","id":"1","customer":{"external_id":")" + long_id + "\"}")) ==
          Errors{"too_large /customer/external_id"});
    CHECK(errors_of(enveloped(R"("type":"order","id":"1","customer":"C-17")")) ==
          Errors{"bad_type /customer"});
    CHECK(errors_of(enveloped(R"("type":"order","id":"1","customer":null)")).empty());
}

TEST_CASE("duplicate keys are rejected wherever they are, with their pointer") {
    CHECK(errors_of(R"({"type":"order","id":"1","id":"2","order":{"order_id":"1"}})") ==
          Errors{"duplicate_key /id"});
    CHECK(errors_of(order_json(R"("total":"1","lines":[{"name":"a","n\u0061me":"b"}])")) ==
          Errors{"duplicate_key /order/lines/0/name"});
    Settings settings = shop_settings();
    settings.shop.keep_unknown_fields = true;
    CHECK(errors_of(order_json(R"("fields":{"x":{"a":[{"b":1,"b":1}]}})"), settings) ==
          Errors{"duplicate_key /order/fields/x/a/0/b"});
}

TEST_CASE("duplicate keys are found in objects of thousands of members too") {
    Settings settings = shop_settings();
    settings.shop.keep_unknown_fields = true;
    std::string members;
    for (int i = 0; i < 5000; ++i)
        members += "\"k" + std::to_string(i) + "\":1,";
    CHECK(errors_of(order_json(R"("fields":{"x":{)" + members + R"("z":1}})"), settings).empty());
    CHECK(errors_of(order_json(R"("fields":{"x":{)" + members + R"("k4321":1}})"), settings) ==
          Errors{"duplicate_key /order/fields/x/k4321"});
    CHECK(errors_of(order_json(R"("fields":{"x":{)" + members + R"("k3":1}})"), settings) ==
          Errors{"duplicate_key /order/fields/x/k3"});
}

TEST_CASE("strings hold no U+0000") {
    CHECK(errors_of(order_json(R"("url":"a\u0000b")")) == Errors{"nul_character /order/url"});
    Settings settings = shop_settings();
    settings.shop.keep_unknown_fields = true;
    CHECK(errors_of(order_json(R"("fields":{"x":{"a\u0000":1}})"), settings) ==
          Errors{"nul_character /order/fields/x/a" + std::string(1, '\0')});
}

TEST_CASE("a text longer than the limit is an error of its operation") {
    Limits limits;
    limits.text_bytes = 10;
    CHECK(errors_of(order_json(R"("url":"0123456789")"), shop_settings(), limits).empty());
    CHECK(errors_of(order_json(R"("url":"01234567890")"), shop_settings(), limits) ==
          Errors{"too_large /order/url"});
}

TEST_CASE("escapes are read as RFC 8259 says") {
    const Operation operation = order_of(R"("url":"\"\\\/\b\f\n\r\t\u00e9\u20ac\ud83d\ude00 é")");
    CHECK(operation.order.attributes.text(order_field::url) ==
          "\"\\/\b\f\n\r\t\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 \xc3\xa9");
    for (const char *bad :
         {R"("\x41")", R"("\u12")", R"("\ud800")", R"("\ude00")", R"("\ud800A")", R"("\")"}) {
        const Result<codec::Batch> batch = codec::parse(order_json(std::string("\"url\":") + bad),
                                                        codec::Form::operation, {}, shop_settings(), {});
        REQUIRE_FALSE(batch.ok());
        CHECK(batch.error().reason == "syntax");
    }
}

TEST_CASE("all errors of an operation come at once, up to the limit") {
    CHECK(
        errors_of(
            R"({"type":"order","id":5,"occurred_at":"x","source":"shop","order":{"total":"1.23456","status":{"payment":"payd"},"nope":1}})") ==
        Errors{"bad_type /id", "not_a_time /occurred_at", "too_many_decimals /order/total",
               "unknown_status /order/status/payment", "unknown_member /order/nope",
               "missing_order_id /order/order_id"});
    std::string many = R"({"type":"order","id":"1","order":{"order_id":"1")";
    for (int i = 0; i < 300; ++i)
        many += ",\"unknown" + std::to_string(i) + "\":1";
    CHECK(errors_of(many + "}}").size() == Limits{}.operation_errors);
}

TEST_CASE("a pointer into a very long name is cut short") {
    const codec::Parsed parsed = parse_one(order_json("\"" + std::string(5000, 'x') + "\":1"));
    REQUIRE(parsed.errors.size() == 1);
    CHECK(parsed.errors[0].pointer == "/order/" + std::string(128, 'x') + "…");
}

TEST_CASE("an entry of the journal is read again although the settings have moved on") {
    const codec::Parsed parsed = parse_one(order_example);
    const Settings bare = [] {
        Settings settings;
        settings.shop.keep_unknown_fields = false;
        settings.fields = {{Object::order, "gift", "", Type::date, false}};
        return settings;
    }();
    const Result<Operation> again = codec::parse_entry(order_example, "shop", bare);
    REQUIRE(again.ok());
    CHECK(again->body_hash == parsed.operation.body_hash);
    CHECK(again->source == "shop");
    CHECK(again->order.status[2].code == "awaiting");
    CHECK(again->order.attributes.find_custom("gift")->type == Type::json);
    CHECK(again->order.attributes.find_custom("gift")->text == "true");
    CHECK(again->order.lines.composition[0].find_custom("engraving")->text == "\"Anna\"");
    const Result<Operation> same = codec::parse_entry(order_example, "shop", shop_settings());
    CHECK(same->order.attributes == parsed.operation.order.attributes);
    CHECK(codec::parse_entry("{", "shop", bare).code() != Code::ok);
}
