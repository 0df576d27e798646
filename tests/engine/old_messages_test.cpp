// Sends of an earlier system (formats.md §1 `message`, docs/decisions/0009-old-sends.md).
#include <algorithm>

#include "engine_fixture.hpp"

using namespace engine_test;

namespace {

const Instant noon = at("2026-11-20T12:00:00Z");

void put_settings(Shop &shop) {
    REQUIRE(shop->put_settings(R"({"sources":[{"code":"site","trust":"public"},{"code":"mailer","trust":"trusted"}],
        "channels":[{"code":"email"},{"code":"sms"}],"categories":[{"code":"promo","kind":"promo"},{"code":"orders","kind":"service"}]})", noon).ok());
}

json brought(const std::string &id, const std::string &day, const json &customer, json message, const char *message_id = "old-1") {
    message["message_id"] = message_id;
    json operation{{"type", "message"}, {"id", id}, {"occurred_at", day + "T00:00:00Z"}, {"backfill", true}, {"message", message}};
    if (!customer.is_null()) operation["customer"] = customer;
    return operation;
}

json named(const char *name) { return {{"external_id", name}}; }

json messages_of(Shop &shop, const std::string &identity) {
    const json page = Shop::read(shop->customer_messages(identity, "", 100));
    CHECK(page["next"].is_null());
    return page["messages"];
}

std::vector<std::string> ids(const json &messages) {
    std::vector<std::string> all;
    for (const json &message : messages) all.push_back(message["message_id"]);
    return all;
}

json merge(const char *type, const std::string &id, const char *from, const char *into, const std::string &day) {
    return {{"type", type}, {"id", id}, {"occurred_at", day + "T00:00:00Z"}, {"from", named(from)}, {"into", named(into)}};
}

}  // namespace

TEST_CASE("`message` brings over the sends of an earlier system; like an order it is a patch") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    put_settings(shop);
    const json first = shop.one(brought("1", "2026-11-01", named("C-17"),
                                        {{"channel", "email"}, {"category", "promo"}, {"handed_over_at", "2025-03-01T10:00:00Z"}, {"subject", "Spring"}, {"opens", 5}}), noon);
    CHECK(first["outcome"] == "accepted");
    CHECK(first["version"] == 1);
    CHECK(first["changed"].empty());  // a backfill starts nothing
    const json second = shop.one(brought("2", "2026-11-03", nullptr, {{"opened_at", "2025-03-02T10:00:00Z"}, {"subject", nullptr}, {"opens", nullptr}}), noon);
    CHECK(second["version"] == 2);
    const json late = shop.one(brought("3", "2026-11-02", nullptr, {{"opened_at", "2025-03-09T10:00:00Z"}, {"template", "spring-1"}, {"subject", "Late"}}), noon);
    CHECK(late["outcome"] == "late");
    CHECK(shop.one(brought("3", "2026-11-02", nullptr, {{"opened_at", "2025-03-09T10:00:00Z"}, {"template", "spring-1"}, {"subject", "Late"}}), noon)["outcome"] == "duplicate");

    const json messages = messages_of(shop, "external_id:C-17");
    REQUIRE(messages.size() == 1);
    const json &message = messages[0];
    CHECK(message["message_id"] == "old-1");
    CHECK(message["source"] == "system");
    CHECK(message["customer"] == "external_id:C-17");
    CHECK(message["channel"] == "email");
    CHECK(message["template"] == "spring-1");
    CHECK(message["subject"].is_null());                       // the newer fact cleared it
    CHECK(message["opened_at"] == "2025-03-02T10:00:00Z");      // the late one is older
    CHECK(message["last_opened_at"] == "2025-03-02T10:00:00Z");
    CHECK(message["opens"] == 1);
    CHECK(message["clicks"] == 0);
    CHECK(message["state"] == "opened");
    CHECK(message["at"] == "2025-03-02T10:00:00Z");
    CHECK(shop.digest() == shop.digest_refolded());

    json whole = brought("4", "2026-11-04", nullptr, {{"bounced_at", "2025-03-01T11:00:00Z"}});
    whole["whole"] = true;
    whole["if_version"] = 2;
    CHECK(shop.one(whole, noon)["errors"][0]["code"] == "version");
    whole["if_version"] = 3;
    CHECK(shop.one(whole, noon)["version"] == 4);
    CHECK(messages_of(shop, "external_id:C-17")[0]["state"] == "bounced");
    CHECK(messages_of(shop, "external_id:C-17")[0]["channel"].is_null());
    CHECK(shop.digest() == shop.digest_refolded());
    const json stats = Shop::read(shop->stats());
    CHECK(stats["old_messages"] == 1);
    CHECK(stats["messages"] == 0);  // nothing of it is ever sent
    CHECK(stats["outbox"].empty());
    CHECK(Shop::read(shop->export_messages("", "", 10))["messages"].empty());
    CHECK(Shop::read(shop->lease("w", 10, second_us, noon))["messages"].empty());
}

TEST_CASE("backfill of a trusted source only; channel and category are the shop's") {
    Shop shop(Kind::memory);
    put_settings(shop);
    const auto errors = [&](json operation) {
        std::string all;
        const json result = shop.one(operation, noon);
        for (const json &error : result["errors"]) all += std::string(error["code"]) + " " + std::string(error["pointer"]) + ";";
        return all;
    };
    json operation = brought("1", "2026-11-01", named("A"), {{"channel", "email"}});
    operation["backfill"] = false;
    CHECK(errors(operation) == "backfill_only /backfill;");
    operation.erase("backfill");
    CHECK(errors(operation) == "backfill_only ;");
    operation["backfill"] = true;
    operation["source"] = "site";
    CHECK(errors(operation) == "trusted_only /source;");
    operation["source"] = "mailer";
    operation["message"]["channel"] = "emaill";
    operation["message"]["category"] = "promos";
    CHECK(errors(operation) == "unknown_code /message/category;unknown_code /message/channel;");
    CHECK(shop->stats().ok());
    CHECK(Shop::read(shop->stats())["old_messages"] == 0);
}

TEST_CASE("a message belongs to the customer of its newest fact that names one; until then it has no owner and counts for nobody") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    put_settings(shop);
    shop.one(brought("1", "2026-11-01", nullptr, {{"channel", "email"}}), noon);
    CHECK(Shop::read(shop->stats())["customers"] == 0);
    CHECK(shop.digest() == shop.digest_refolded());
    shop.one(brought("2", "2026-11-03", named("B"), {{"opened_at", "2025-01-01T00:00:00Z"}}), noon);
    CHECK(ids(messages_of(shop, "external_id:B")) == std::vector<std::string>{"old-1"});
    shop.one(brought("3", "2026-11-02", named("A"), {}), noon);  // of an older fact
    CHECK(messages_of(shop, "external_id:A").empty());
    shop.one(brought("4", "2026-11-05", named("A"), {}), noon);
    CHECK(messages_of(shop, "external_id:B").empty());
    CHECK(messages_of(shop, "external_id:A")[0]["channel"] == "email");
    shop.reopen();
    if (kind == Kind::sqlite) CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("old messages follow late claims, merges and unmerges, with their entries") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    put_settings(shop);
    for (int i = 0; i < 80; ++i)  // more entries than stand with the message
        shop.one(brought("e" + std::to_string(i), "2026-11-01", {{"email", "a@b.eu"}}, {{"opens", i}}), noon);
    shop.one(brought("other", "2026-11-01", {{"email", "a@b.eu"}}, {{"handed_over_at", "2025-01-01T00:00:00Z"}}, "old-2"), noon);
    CHECK(messages_of(shop, "email:a@b.eu").size() == 2);
    shop.one({{"type", "identify"}, {"id", "claim"}, {"occurred_at", "2026-10-01T00:00:00Z"}, {"customer", {{"external_id", "A"}, {"email", "a@b.eu"}}}}, noon);
    CHECK(messages_of(shop, "external_id:A").size() == 2);
    CHECK(shop.digest() == shop.digest_refolded());
    shop.one(merge("merge", "m", "A", "B", "2026-11-10"), noon);
    CHECK(messages_of(shop, "external_id:B").size() == 2);
    const json timeline = Shop::read(shop->customer_timeline("external_id:B", "", 1000));
    CHECK(std::count_if(timeline["entries"].begin(), timeline["entries"].end(), [](const json &entry) { return entry["type"] == "message"; }) == 81);
    shop.one(brought("late", "2026-10-02", nullptr, {{"opened_at", "2025-01-02T00:00:00Z"}}, "old-2"), noon);
    CHECK(shop.digest() == shop.digest_refolded());
    shop.reopen();
    if (kind == Kind::memory) {
        shop.one(merge("unmerge", "u", "A", "B", "2026-11-11"), noon);
        CHECK(messages_of(shop, "external_id:A").size() == 2);
        CHECK(shop.digest() == shop.digest_refolded());
    }
}

TEST_CASE("one operation names a message first in the unit that moves its customer") {
    Shop shop(Kind::memory);
    put_settings(shop);
    const json operations = {brought("1", "2026-11-01", {{"email", "a@b.eu"}}, {{"channel", "email"}}),
                             {{"type", "identify"}, {"id", "2"}, {"occurred_at", "2026-10-01T00:00:00Z"}, {"customer", {{"external_id", "A"}, {"email", "a@b.eu"}}}},
                             merge("merge", "3", "A", "B", "2026-11-10"), brought("4", "2026-11-02", nullptr, {{"category", "promo"}})};
    shop.apply(operations, noon);
    CHECK(messages_of(shop, "external_id:B")[0]["category"] == "promo");
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("old messages arrive in any order and end in one digest") {
    json operations = json::array();
    for (int i = 0; i < 60; ++i) {
        json said;
        if (i % 2) said["opened_at"] = i % 10 == 1 ? json(nullptr) : json("2025-01-" + std::to_string(10 + i % 7) + "T00:00:00Z");
        if (i % 3) said["channel"] = i % 5 ? json("email") : json(nullptr);
        operations.push_back(brought("op-" + std::to_string(i), "2026-11-" + std::to_string(10 + i % 7), i % 4 ? json(named(i % 3 ? "A" : "B")) : json(nullptr), said,
                                     i % 5 ? "old-1" : "old-2"));
        if (i % 17 == 0) operations.back()["whole"] = true;
    }
    operations.push_back(merge("merge", "m", "A", "B", "2026-11-10"));
    std::string first;
    for (int way = 0; way < 8; ++way) {
        CAPTURE(way);
        Shop shop(Kind::memory);
        put_settings(shop);
        for (size_t from = 0; from < operations.size(); from += 7)
            shop.apply(json(operations.begin() + static_cast<int>(from), operations.begin() + static_cast<int>(std::min(from + 7, operations.size()))), noon);
        if (first.empty()) first = shop.digest();
        CHECK(shop.digest() == first);
        CHECK(shop.digest_refolded() == first);
        std::rotate(operations.begin(), operations.begin() + 11, operations.end());
        if (way % 2) std::reverse(operations.begin(), operations.end());
    }
    Shop shop(Kind::memory);  // without them it is another state
    put_settings(shop);
    shop.one(merge("merge", "m", "A", "B", "2026-11-10"), noon);
    CHECK(shop.digest() != first);
}

TEST_CASE("a customer's messages are listed page by page, newest first, those of the outbox among them") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    put_settings(shop);
    shop.one(order("o", "100", "A", "2026-11-01T00:00:00Z"), noon);
    shop.one({{"type", "identify"}, {"id", "i"}, {"customer", {{"external_id", "A"}, {"email", "a@b.eu"}}}}, noon);
    REQUIRE(shop->put_template("", R"({"code":"offer","channel":"email","subject":"x","body":"y"})", noon).ok());
    REQUIRE(shop->put_mailing("", R"({"code":"spring","audience":true,"channel":"email","category":"promo","template":"offer"})", noon).ok());
    REQUIRE(shop->start_mailing("spring", noon).ok());
    shop.run(noon);
    for (int i = 1; i <= 4; ++i)
        shop.one(brought("b" + std::to_string(i), "2026-11-01", named("A"), {{"handed_over_at", "2025-01-0" + std::to_string(i) + "T00:00:00Z"}},
                         ("old " + std::to_string(i)).c_str()), noon);
    shop.one(brought("b5", "2026-11-01", named("A"), {{"channel", "email"}}, "nothing known"), noon);
    const std::vector<std::string> all = ids(messages_of(shop, "email:a@b.eu"));
    REQUIRE(all.size() == 6);
    CHECK(std::vector<std::string>(all.begin() + 1, all.end()) == std::vector<std::string>{"old 4", "old 3", "old 2", "old 1", "nothing known"});
    CHECK(messages_of(shop, "external_id:A")[0]["source"] == "mailing:spring");
    CHECK(messages_of(shop, "external_id:A")[5]["state"].is_null());
    for (const size_t limit : {1, 2, 4}) {
        std::vector<std::string> listed;
        for (std::string after;;) {
            const json page = Shop::read(shop->customer_messages("external_id:A", after, limit));
            CHECK(page["messages"].size() <= limit);
            for (const std::string &id : ids(page["messages"])) listed.push_back(id);
            if (page["next"].is_null()) break;
            after = page["next"];
        }
        CHECK(listed == all);
    }
    for (const char *token : {"x", "12", "12 old", "12 new a", " old a"}) {
        CAPTURE(token);
        CHECK(shop->customer_messages("external_id:A", token, 1).error().reason == "bad_token");
    }
    CHECK(shop->customer_messages("external_id:nobody", "", 1).code() == Code::not_found);
    CHECK(shop->customer_messages("external_id:A", "", 1'000'000).code() == Code::limit);

    const json whole = Shop::read(shop->export_customer("external_id:A"));
    CHECK(whole["messages"].size() == 6);
    CHECK(!whole["tables"].contains("old_message"));
    CHECK(whole["entries"].size() == 7);
}

TEST_CASE("channels and categories that old messages are of are not withdrawn") {
    Shop shop(Kind::memory);
    put_settings(shop);
    shop.one(brought("1", "2026-11-01", named("A"), {{"channel", "sms"}, {"category", "promo"}}), noon);
    const auto refused = shop->put_settings(R"({"channels":[{"code":"email"}],"categories":[{"code":"orders","kind":"service"}]})", noon);
    CHECK(refused.code() == Code::conflict);
    CHECK(refused.error().message.find("channel sms") != std::string::npos);
    CHECK(refused.error().message.find("category promo") != std::string::npos);
    CHECK(shop->put_settings(R"({"categories":[{"code":"promo","kind":"promo"}]})", noon).ok());
}
