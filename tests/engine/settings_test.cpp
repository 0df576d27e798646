// Settings by version: formats.md §0 through the engine.
#include "engine_fixture.hpp"

using namespace engine_test;

namespace {
const Instant noon = at("2026-11-20T12:00:00Z");

json shop_settings() {
    return {{"statuses", json::array({{{"set", "payment"}, {"code", "awaiting"}}, {{"set", "payment"}, {"code", "paid"}}})},
            {"fields", json::array({{{"of", "order"}, {"code", "gift"}, {"type", "boolean"}}, {{"of", "customer"}, {"code", "vip"}, {"type", "boolean"}}})}};
}
}  // namespace

TEST_CASE("settings have versions; members that are not named stay") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    CHECK(Shop::read(shop->put_settings(shop_settings().dump(), noon))["version"] == 1);
    CHECK(Shop::read(shop->put_settings(R"({"shop":{"zone":"Europe/Riga","currency":"GBP"}})", noon))["version"] == 2);
    CHECK(Shop::read(shop->put_settings(R"({"shop":{"zone":"Europe/Riga","currency":"GBP"}})", noon))["version"] == 2);  // nothing new
    shop.reopen();
    if (kind == Kind::sqlite) CHECK(Shop::read(shop->get_settings())["version"] == 2);
    const json settings = Shop::read(shop->get_settings());
    CHECK(settings["shop"]["currency"] == "GBP");
    CHECK(settings["statuses"].size() == 2);
    CHECK(Shop::read(shop->get_settings("fields")).size() == 2);
    CHECK(shop->get_settings("feilds").code() == Code::not_found);
}

TEST_CASE("settings that make no sense are refused with a pointer, and nothing is stored") {
    Shop shop(Kind::memory);
    const auto bad = shop->put_settings(R"({"shop":{"zone":"Europe/Rigga"}})", noon);
    REQUIRE(!bad.ok());
    CHECK(bad.code() == Code::invalid);
    CHECK(bad.error().pointer == "/shop/zone");
    CHECK(!shop->put_settings(R"({"shops":{}})", noon).ok());
    CHECK(!shop->put_settings("[]", noon).ok());
    CHECK(!shop->put_settings("{", noon).ok());
    CHECK(Shop::read(shop->get_settings())["version"] == 0);
}

TEST_CASE("what stored data contradicts is refused with the list") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_settings(shop_settings().dump(), noon).ok());
    shop.apply(json::array({order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"status", {{"payment", "awaiting"}}}, {"fields", {{"gift", true}}}}),
                            order("o2", "1", "C-1", "2026-11-20T10:01:00Z", {{"status", {{"payment", "paid"}}}})}),
               noon);
    SUBCASE("a status in use, in the history too") {
        const auto refused = shop->put_settings(R"({"statuses":[{"set":"payment","code":"paid"}]})", noon);
        REQUIRE(!refused.ok());
        CHECK(refused.code() == Code::conflict);
        CHECK(refused.error().message.find("payment.awaiting") != std::string::npos);
        CHECK(refused.error().message.find("payment.paid") == std::string::npos);
    }
    SUBCASE("a field that changes its type") {
        json changed = shop_settings();
        changed.erase("statuses");
        changed["fields"][0]["type"] = "string";
        const auto refused = shop->put_settings(changed.dump(), noon);
        CHECK(refused.code() == Code::conflict);
        CHECK(refused.error().message.find("order field gift") != std::string::npos);
    }
    SUBCASE("what nobody used may go") {
        CHECK(shop->put_settings(R"({"fields":[{"of":"order","code":"gift","type":"boolean"}]})", noon).ok());
    }
    SUBCASE("a status that a segment names") {
        REQUIRE(shop->put_settings(R"({"statuses":[{"set":"payment","code":"awaiting"},{"set":"payment","code":"paid"},{"set":"general","code":"new"}]})", noon).ok());
        REQUIRE(shop->put_segment("fresh", R"({"orders":{"where":{"status.general":"new"}}})", noon).ok());
        const auto refused = shop->put_settings(R"({"statuses":[{"set":"payment","code":"awaiting"},{"set":"payment","code":"paid"}]})", noon);
        CHECK(refused.code() == Code::conflict);
        CHECK(refused.error().message.find("definition") != std::string::npos);
    }
}

TEST_CASE("an operation is checked against the version in force when it enters, not when it was parsed") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const json operation = order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"fields", {{"gift", true}}}});
    const json batch{{"operations", json::array({operation})}, {"sent_at", "2026-11-20T11:00:00Z"}};
    auto early = shop->parse(Form::object, batch.dump(), "");
    REQUIRE(early.ok());
    REQUIRE(shop->put_settings(shop_settings().dump(), noon).ok());
    Batch *one = early->get();
    Applied applied;
    REQUIRE(shop->apply({&one, 1}, noon, applied).ok());
    const json result = json::parse(applied.results[0])[0];
    CHECK(result["outcome"] == "accepted");
    CHECK(result["warnings"][0]["code"] == "time_moved");  // the batch's sent_at is not lost on the way
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("an entry is folded anew with the settings that were in force when it entered") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_settings(R"({"fields":[{"of":"order","code":"gift","type":"boolean"}]})", noon).ok());
    shop.one(order("o2", "1", "C-1", "2026-11-20T10:00:00Z", {{"fields", {{"gift", true}}}}), noon);
    shop.one(order("o3", "1", "C-1", "2026-11-20T10:05:00Z", {{"fields", {{"gift", nullptr}}}}), noon);
    REQUIRE(shop->put_settings(R"({"fields":[{"of":"order","code":"gift","type":"string"}]})", noon).ok());
    CHECK(shop.one(order("o1", "1", "C-1", "2026-11-20T09:00:00Z", {{"fields", {{"gift", "red"}}}}), noon)["outcome"] == "late");
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("on orders, profiles and products a public source's fact never beats a trusted one's") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_settings(R"({"sources":[{"code":"web","trust":"public"}]})", noon).ok());
    shop.one(order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"total", "10.00"}}), noon);
    json web = order("o2", "1", "C-1", "2026-11-20T11:00:00Z", {{"total", "1.00"}, {"url", "u"}});
    web["source"] = "web";
    CHECK(shop.one(web, noon)["outcome"] == "late");
    const std::string stored = Shop::read(shop->order("1")).dump();
    CHECK(stored.find("10.00") != std::string::npos);
    CHECK(stored.find("\"url\":\"u\"") != std::string::npos);
    web["source"] = "nowhere";
    web["id"] = "o3";
    CHECK(shop.one(web, noon)["errors"][0]["code"] == "unknown_source");
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("settings that would be too large in all are refused, so that what is stored can be read again") {
    Shop shop(Kind::sqlite);
    json statuses = json::array(), fields = json::array();
    for (int i = 0; i < 30'000; ++i) statuses.push_back({{"set", "general"}, {"code", "a_rather_long_code_of_a_status_" + std::to_string(i)}});
    for (int i = 0; i < 20'000; ++i) fields.push_back({{"of", "order"}, {"code", "a_rather_long_code_of_a_field_" + std::to_string(i)}, {"type", "string"}});
    const Instant now = at("2026-11-20T12:00:00Z");
    const auto first = shop->put_settings(json{{"statuses", statuses}}.dump(), now);
    const auto second = shop->put_settings(json{{"fields", fields}}.dump(), now);
    CHECK((!first.ok() || !second.ok()));
    const json before = Shop::read(shop->get_settings());
    shop.reopen();
    CHECK(Shop::read(shop->get_settings()) == before);
}
