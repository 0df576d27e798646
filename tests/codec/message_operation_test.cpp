// The door of old sends (formats.md §1, §5 "Message").
#include "door.hpp"
#include "model/field.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

Settings message_settings() {
    Settings settings = shop_settings();
    settings.categories = {{"promo", "Promotions", CategoryKind::promo}};
    put_in_order(settings);
    return settings;
}

std::string message_json(std::string_view members, std::string_view envelope = R"(,"backfill":true)") {
    return R"({"type":"message","id":"op-1")" + std::string(envelope) + R"(,"message":{"message_id":"old-1")" + std::string(members.empty() ? "" : ",") +
           std::string(members) + "}}";
}

codec::Parsed parsed(std::string_view json) { return parse_one(json, message_settings()); }
Errors errors(std::string_view members) { return errors_of(parsed(message_json(members))); }
Errors errors_with(std::string_view envelope) { return errors_of(parsed(message_json("", envelope))); }

}  // namespace

TEST_CASE("the example of a message is read whole") {
    const codec::Parsed read = parsed(
        R"({"type":"message","id":"1","backfill":true,"customer":{"external_id":"C-17"},"message":{"message_id":"old-1","channel":"email","category":"promo",)"
        R"("handed_over_at":"2025-03-01T10:00:00+01:00","opened_at":"2025-03-01T11:00:00Z","clicked_at":null,"opens":2}})");
    REQUIRE(errors_of(read).empty());
    CHECK(read.operation.type == OperationType::message);
    const MessagePatch &message = read.operation.message;
    CHECK(message.message_id == "old-1");
    CHECK(message.attributes.text(message_field::channel) == "email");
    CHECK(message.attributes.text(message_field::category) == "promo");
    REQUIRE(message.attributes.find(message_field::handed_over_at) != nullptr);
    CHECK(message.attributes.find(message_field::handed_over_at)->number == *parse_instant("2025-03-01T09:00:00Z"));
    REQUIRE(message.attributes.find(message_field::clicked_at) != nullptr);
    CHECK(message.attributes.find(message_field::clicked_at)->missing());  // cleared
    CHECK(message.attributes.find(message_field::opens)->number == 2);
    CHECK(message.attributes.cells.size() == 6);
}

TEST_CASE("backfill of a trusted source only") {
    CHECK(errors_with("") == Errors{"backfill_only "});
    CHECK(errors_with(R"(,"backfill":false)") == Errors{"backfill_only /backfill"});
    CHECK(errors_with(R"(,"backfill":true,"source":"shop")").empty());
    CHECK(errors_with(R"(,"backfill":true,"source":"site")") == Errors{"trusted_only /source"});
    CHECK(errors_with(R"(,"source":"site")") == Errors{"trusted_only /source", "backfill_only "});
}

TEST_CASE("what a message may say, and how") {
    CHECK(errors("").empty());  // a patch: no rejection looks at what was said before
    for (const Field &field : system_fields(Object::message)) {
        CAPTURE(field.path);
        const std::string member = "\"" + std::string(field.path) + "\":";
        if (field.path == "message_id") continue;
        if (field.computed) {
            CHECK(errors(member + "\"x\"") == Errors{"computed /message/" + std::string(field.path)});
            continue;
        }
        CHECK(errors(member + "null").empty());
        CHECK(errors(member + "[]") == Errors{"bad_type /message/" + std::string(field.path)});
        const char *good = field.type == Type::time ? "\"2025-03-01T10:00:00Z\"" : field.type == Type::integer ? "3" : field.path == "category" ? "\"promo\"" : "\"email\"";
        CHECK(errors(member + good).empty());
    }
    CHECK(errors(R"("chanel":"email","fields":{"a":1})") == Errors{"unknown_member /message/chanel", "unknown_member /message/fields"});
    CHECK(errors(R"("channel":"fax","category":"promos")") == Errors{"unknown_code /message/channel", "unknown_code /message/category"});
    CHECK(errors(R"("opens":-1,"clicks":1.5)") == Errors{"out_of_range /message/opens", "bad_type /message/clicks"});
    CHECK(errors(R"("opened_at":"2025-03-01T10:00:00","clicked_at":"1950-01-01T00:00:00Z")").size() == 2);
    CHECK(errors(R"("opens":1,"opens":2)") == Errors{"duplicate_key /message/opens"});
}

TEST_CASE("a message has an id") {
    const auto errors = [](std::string_view rest) { return errors_of(parsed(R"({"type":"message","id":"1","backfill":true)" + std::string(rest) + "}")); };
    CHECK(errors("") == Errors{"missing_message /message"});
    CHECK(errors(R"(,"message":null)") == Errors{"missing_message /message"});
    CHECK(errors(R"(,"message":[])") == Errors{"bad_type /message"});
    CHECK(errors(R"(,"message":{})") == Errors{"missing_message_id /message/message_id"});
    CHECK(errors(R"(,"message":{"message_id":""})") == Errors{"empty /message/message_id"});
    CHECK(errors(R"(,"message":{"message_id":7})") == Errors{"bad_type /message/message_id"});
    CHECK(errors(R"(,"message":{"message_id":")" + std::string(300, 'x') + "\"}") == Errors{"too_large /message/message_id"});
    CHECK(errors(R"(,"message":{"message_id":"a"},"order":{"order_id":"1"})") == Errors{"unknown_member /order"});
    CHECK(errors(R"(,"message":{"message_id":"a"},"if_version":3)").empty());
}
