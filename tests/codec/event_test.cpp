// formats.md §1: {"type":"event","id":"…","customer":{…},"name":"product.viewed","session_id":"…","context":{…}}
#include "door.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

Settings with_events() {
    Settings settings = shop_settings();
    EventDefinition read;
    read.name = "article.read";
    read.kind = EventKind::web;
    read.context = {{"seconds", "Seconds", Type::integer, false}, {"at", "At", Type::time, false}};
    EventDefinition rates;
    rates.name = "rates.published";
    rates.kind = EventKind::system;
    settings.events.push_back(read);
    settings.events.push_back(rates);
    put_in_order(settings);
    return settings;
}

std::string event_json(std::string_view members, std::string_view source = "shop") {
    return R"({"type":"event","id":"1","source":")" + std::string(source) + "\"," + std::string(members) + "}";
}
Errors errors_in(std::string_view members, std::string_view source = "shop") { return errors_of(event_json(members, source), with_events()); }

const char *const somebody = R"("customer":{"external_id":"C-17"},)";

}  // namespace

TEST_CASE("the example of an event is read whole, its context typed") {
    const codec::Parsed parsed = parse_one(event_json(
        R"("customer":{"anonymous_id":"a1"},"name":"product.viewed","session_id":"s-1","context":{"product_id":"SKU-9","price":"49.95","url":"u","category":["Kitchen","Mugs"]})"));
    REQUIRE(errors_of(parsed).empty());
    const SentEvent &event = parsed.operation.event;
    CHECK(parsed.operation.type == OperationType::event);
    CHECK(event.name == "product.viewed");
    CHECK(event.kind == EventKind::web);
    CHECK(event.session_id == "s-1");
    CHECK(identity_text(event.session) == "session:shop/s-1");
    CHECK(event.context.cells.empty());
    CHECK(event.context.find_custom("price")->type == Type::money);
    CHECK(event.context.find_custom("price")->number == 499'500);
    CHECK(*event.context.find_custom("category") == Value::of_list({"Kitchen", "Mugs"}));
    CHECK(known_by(parsed.operation)->value == "a1");
}

TEST_CASE("an event without identity is known by its session; its source is part of it") {
    const codec::Parsed shop = parse_one(event_json(R"("name":"page.viewed","session_id":"s")")), site = parse_one(event_json(R"("name":"page.viewed","session_id":"s")", "site"));
    CHECK(*known_by(shop.operation) == session_identity("shop", "s"));
    CHECK(*known_by(site.operation) == session_identity("site", "s"));
    CHECK(errors_in(R"("name":"page.viewed")") == Errors{"missing_customer /customer"});
    CHECK(errors_in(R"("name":"page.viewed","customer":{})") == Errors{"missing_customer /customer"});
    CHECK(errors_in(R"("name":"page.viewed","session_id":"")") == Errors{"empty /session_id", "missing_customer /customer"});
    CHECK(errors_in(R"("name":"page.viewed","session_id":")" + std::string(129, 's') + "\"").front() == "too_large /session_id");
}

TEST_CASE("a system event concerns no single customer") {
    const codec::Parsed parsed = parse_one(event_json(R"("name":"rates.published","context":{"count":3})"), with_events());
    REQUIRE(errors_of(parsed).empty());
    CHECK(parsed.operation.event.kind == EventKind::system);
    CHECK(known_by(parsed.operation) == nullptr);
    CHECK(errors_in(std::string(somebody) + R"("name":"rates.published")") == Errors{"no_customer /customer"});
    CHECK(errors_in(R"("name":"rates.published","session_id":"s")") == Errors{"no_customer /session_id"});
}

TEST_CASE("Only event names have dots: [a-z][a-z0-9_]*(.[a-z][a-z0-9_]*)*, at most 64 characters") {
    for (const char *bad : {"Viewed", "a..b", ".a", "a.", "a-b", "9a", "a.9", "", "a b"})
        CHECK(errors_in(std::string(somebody) + R"("name":")" + bad + "\"") == Errors{"bad_name /name"});
    const std::string longest = std::string(31, 'a') + "." + std::string(32, 'b');
    CHECK(errors_in(std::string(somebody) + R"("name":")" + longest + "\"") == Errors{"unknown_event /name"});
    CHECK(errors_in(std::string(somebody) + R"("name":")" + longest + "c\"") == Errors{"bad_name /name"});
    CHECK(errors_in(std::string(somebody) + R"("name":7)") == Errors{"bad_type /name"});
    CHECK(errors_in(R"("customer":{"external_id":"C-17"})") == Errors{"missing_name /name"});
}

TEST_CASE("unknown names by setting: rejected with the nearest one, or kept, then their kind is what they carry") {
    const codec::Parsed refused = parse_one(event_json(std::string(somebody) + R"("name":"page.vewed")"));
    CHECK(errors_of(refused) == Errors{"unknown_event /name"});
    CHECK(refused.errors.front().message.find("page.viewed") != std::string::npos);
    Settings keeping = shop_settings();
    keeping.shop.keep_unknown_events = true;
    const auto kind = [&](std::string_view members) {
        const codec::Parsed parsed = parse_one(event_json(members), keeping);
        REQUIRE(errors_of(parsed).empty());
        return parsed.operation.event.kind;
    };
    CHECK(kind(R"("name":"page.vewed","session_id":"s")") == EventKind::web);
    CHECK(kind(std::string(somebody) + R"("name":"page.vewed")") == EventKind::customer);
    CHECK(kind(R"("name":"page.vewed")") == EventKind::system);
}

TEST_CASE("names of the engine's own events are refused, whatever the setting") {
    Settings keeping = shop_settings();
    keeping.shop.keep_unknown_events = true;
    for (const char *own : {"order.created", "product.price_changed", "segment.entered", "message.opened", "message.anything"})
        CHECK(errors_of(event_json(std::string(somebody) + R"("name":")" + own + "\""), keeping) == Errors{"engine_event /name"});
    CHECK(errors_in(std::string(somebody) + R"("name":"order.placed")").empty());  // "is what a site reports and makes no order"
}

TEST_CASE("every built-in name is known, with its typed context") {
    const std::pair<const char *, const char *> all[] = {
        {"site.visited", R"({"url":"u","referrer":"r","utm_source":"s","utm_medium":"m","utm_campaign":"c"})"},
        {"customer.registered", R"({"method":"form"})"},
        {"customer.logged_in", R"({"method":"form"})"},
        {"page.viewed", R"({"url":"u","title":"t","section":"s"})"},
        {"product.viewed", R"({"product_id":"p","name":"n","category":["c"],"price":1,"url":"u","image_url":"i"})"},
        {"category.viewed", R"({"category":["c"],"url":"u"})"},
        {"search.performed", R"({"query":"q","results":3})"},
        {"checkout.started", R"({"total":"9.90 EUR"})"},
        {"order.placed", R"({"order_id":"1","total":"9.90"})"},
    };
    CHECK(std::size(all) == built_in_events().size());
    for (const auto &one : all) {
        CAPTURE(std::string(one.first));
        const codec::Parsed parsed = parse_one(event_json(std::string(somebody) + R"("name":")" + one.first + R"(","context":)" + one.second));
        CHECK(errors_of(parsed).empty());
        for (const Record::Custom &custom : parsed.operation.event.context.customs) CHECK(custom.value.type != Type::json);
    }
}

TEST_CASE("a context: declared names have their types, others are kept as JSON, null says nothing") {
    CHECK(errors_in(std::string(somebody) + R"("name":"article.read","context":{"seconds":"soon","at":5})") ==
          Errors{"bad_type /context/seconds", "bad_type /context/at"});
    CHECK(errors_in(std::string(somebody) + R"("name":"article.read","context":[])") == Errors{"bad_type /context"});
    const codec::Parsed parsed = parse_one(event_json(std::string(somebody) + R"("name":"article.read","context":{"x":{"b":1,"a":[null]},"seconds":null})"), with_events());
    REQUIRE(errors_of(parsed).empty());
    REQUIRE(parsed.operation.event.context.customs.size() == 1);
    CHECK(parsed.operation.event.context.find_custom("x")->text == R"({"a":[null],"b":1})");
}

TEST_CASE("a name in a context that no path could say is an error of a trusted source, and ignored of a public one") {
    const char *const members = R"("customer":{"external_id":"C-17"},"name":"page.viewed","context":{"productId":1,"url":"u"})";
    CHECK(errors_in(members) == Errors{"bad_code /context/productId"});
    const codec::Parsed parsed = parse_one(event_json(members, "site"));
    CHECK(errors_of(parsed).empty());
    CHECK(parsed.operation.ignored == std::vector<std::string>{"/context/productId"});
    CHECK(parsed.operation.event.context.customs.size() == 1);
}

TEST_CASE("an event has no versions, and members of other operations are none of its own") {
    CHECK(errors_in(std::string(somebody) + R"("name":"page.viewed","if_version":1)") == Errors{"no_version /if_version"});
    CHECK(errors_in(std::string(somebody) + R"("name":"page.viewed","order":{})") == Errors{"unknown_member /order"});
    CHECK(errors_of(R"({"type":"list","id":"1","customer":{"external_id":"C"},"list":"x","member":true,"session_id":"s"})").back() == "unknown_member /session_id");
}

TEST_CASE("a context has a limit of members") {
    std::string context = "{";
    for (int i = 0; i < 501; ++i) context += (i ? ",\"c" : "\"c") + std::to_string(i) + "\":1";
    CHECK(errors_in(std::string(somebody) + R"("name":"page.viewed","context":)" + context + "}") == Errors{"too_many /context"});
}
