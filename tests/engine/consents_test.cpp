// Consents through the engine (formats.md §1 "consent"): from the door to the answers, merges among them, and what settings may no longer change.
#include <algorithm>

#include "engine_fixture.hpp"

using namespace engine_test;

namespace {

const Instant noon = at("2026-11-20T12:00:00Z");

json consent(const std::string &id, const std::string &name, bool granted, const char *occurred_at, json members = json::object()) {
    json operation{{"type", "consent"}, {"id", id},           {"customer", {{"external_id", name}}}, {"channel", "email"},
                   {"category", "promo"}, {"granted", granted}, {"occurred_at", occurred_at}};
    operation.merge_patch(members);
    return operation;
}

const char *const categories =
    R"({"categories":[{"code":"promo","kind":"promo"},{"code":"orders","kind":"service"},{"code":"watch","kind":"tracking"}],"lists":[{"code":"vip"}]})";

void put_categories(Shop &shop) { REQUIRE(shop->put_settings(categories, noon).ok()); }

json standing(Shop &shop, const char *identity, const char *when, const char *channel = "email", const char *category = "promo") {
    return Shop::read(shop->customer_consent(identity, channel, category, at(when)));
}

}  // namespace

TEST_CASE("what a customer allows is what the newest fact says, whatever came last, at any instant") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    put_categories(shop);
    const json first = shop.one(consent("1", "A", true, "2026-11-01T00:00:00Z", {{"proof", "form 3"}, {"expires_at", "2026-11-10T00:00:00Z"}}), noon);
    CHECK(first["outcome"] == "accepted");
    CHECK(first["version"] == 1);
    CHECK(shop.one(consent("2", "A", false, "2026-11-05T00:00:00Z"), noon)["outcome"] == "accepted");
    CHECK(shop.one(consent("2", "A", false, "2026-11-05T00:00:00Z"), noon)["outcome"] == "duplicate");
    CHECK(shop.one(consent("3", "A", true, "2026-11-03T00:00:00Z"), noon)["outcome"] == "late");
    CHECK(shop.one(consent("4", "A", true, "2026-11-06T00:00:00Z", {{"channel", nullptr}, {"category", "watch"}}), noon)["outcome"] == "accepted");
    shop.reopen();
    CHECK(standing(shop, "external_id:A", "2026-10-31T00:00:00Z") ==
          json{{"channel", "email"}, {"category", "promo"}, {"at", "2026-10-31T00:00:00Z"}, {"is", "unknown"}, {"forgotten", false}});
    CHECK(standing(shop, "external_id:A", "2026-11-02T00:00:00Z") ==
          json{{"channel", "email"},
               {"category", "promo"},
               {"at", "2026-11-02T00:00:00Z"},
               {"is", true},
               {"forgotten", false},
               {"fact", {{"granted", true}, {"at", "2026-11-01T00:00:00Z"}, {"expires_at", "2026-11-10T00:00:00Z"}, {"proof", "form 3"}, {"source", "system"}}}});
    CHECK(standing(shop, "external_id:A", "2026-11-04T00:00:00Z")["is"] == true);
    CHECK(standing(shop, "external_id:A", "2026-11-05T00:00:00Z")["is"] == false);
    const json watched = standing(shop, "external_id:A", "2026-11-20T00:00:00Z", "", "watch");
    CHECK(watched["is"] == true);
    CHECK_FALSE(watched.contains("channel"));
    CHECK(Shop::read(shop->customer("external_id:A"))["consents"] ==
          json::array({{{"category", "watch"}, {"granted", true}, {"at", "2026-11-06T00:00:00Z"}, {"source", "system"}},
                       {{"channel", "email"}, {"category", "promo"}, {"granted", false}, {"at", "2026-11-05T00:00:00Z"}, {"source", "system"}}}));
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("granted and expired is unknown, denied is false for good") {
    Shop shop(Kind::memory);
    put_categories(shop);
    shop.one(consent("1", "A", true, "2026-11-01T00:00:00Z", {{"expires_at", "2026-11-10T00:00:00Z"}}), noon);
    CHECK(standing(shop, "external_id:A", "2026-11-09T23:59:59Z")["is"] == true);
    const json expired = standing(shop, "external_id:A", "2026-11-10T00:00:00Z");
    CHECK(expired["is"] == "unknown");
    CHECK(expired["fact"]["granted"] == true);
    CHECK(expired["forgotten"] == false);
    shop.one(consent("2", "A", false, "2026-11-10T00:00:00Z"), noon);
    CHECK(standing(shop, "external_id:A", "2150-01-01T00:00:00Z")["is"] == false);
}

TEST_CASE("what was said before the 32 newest is forgotten, and told so") {
    Shop shop(Kind::memory);
    put_categories(shop);
    json all = json::array();
    for (int i = 0; i < 40; ++i) all.push_back(consent(std::to_string(i), "A", i % 2 == 0, ("2026-10-0" + std::to_string(1 + i / 10) + "T0" + std::to_string(i % 10) + ":00:00Z").c_str()));
    std::reverse(all.begin(), all.end());
    shop.apply(all, noon);
    CHECK(standing(shop, "external_id:A", "2026-10-01T08:00:00Z")["is"] == true);
    const json forgotten = standing(shop, "external_id:A", "2026-10-01T07:59:59Z");
    CHECK(forgotten["is"] == "unknown");
    CHECK(forgotten["forgotten"] == true);
    CHECK_FALSE(forgotten.contains("fact"));
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("what is asked for must be of the shop") {
    Shop shop(Kind::memory);
    put_categories(shop);
    shop.one(consent("1", "A", true, "2026-11-01T00:00:00Z"), noon);
    const auto reason = [&](const char *identity, const char *channel, const char *category) {
        return shop->customer_consent(identity, channel, category, noon).error().reason;
    };
    CHECK(reason("external_id:A", "emai", "promo") == "unknown_code");
    CHECK(reason("external_id:A", "email", "prom") == "unknown_code");
    CHECK(shop->customer_consent("external_id:A", "email", "prom", noon).error().message.find("promo") != std::string::npos);
    CHECK(reason("external_id:A", "", "promo") == "missing_channel");
    CHECK(reason("external_id:A", "email", "watch") == "no_channel");
    CHECK(shop->customer_consent("external_id:B", "email", "promo", noon).code() == Code::not_found);
    CHECK(shop->customer_consent("A", "email", "promo", noon).code() == Code::invalid);
}

TEST_CASE("claims, merges and unmerges move consents as they move lists") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    put_categories(shop);
    json by_mail = consent("1", "", true, "2026-11-01T00:00:00Z");
    by_mail["customer"] = {{"email", "a@a.eu"}};
    shop.one(by_mail, noon);
    shop.one(consent("2", "B", false, "2026-11-03T00:00:00Z"), noon);
    CHECK(standing(shop, "email:a@a.eu", "2026-11-20T00:00:00Z")["is"] == true);
    shop.one({{"type", "identify"}, {"id", "3"}, {"occurred_at", "2026-11-02T00:00:00Z"}, {"customer", {{"external_id", "A"}, {"email", "a@a.eu"}}}}, noon);
    CHECK(standing(shop, "external_id:A", "2026-11-20T00:00:00Z")["is"] == true);
    const auto merge = [&](const char *type, const char *id, const char *when) {
        shop.one({{"type", type}, {"id", id}, {"occurred_at", when}, {"from", {{"external_id", "A"}}}, {"into", {{"external_id", "B"}}}}, noon);
    };
    merge("merge", "4", "2026-11-04T00:00:00Z");
    CHECK(standing(shop, "external_id:A", "2026-11-02T00:00:00Z")["is"] == true);
    CHECK(standing(shop, "external_id:A", "2026-11-20T00:00:00Z")["is"] == false);
    CHECK(shop.digest() == shop.digest_refolded());
    merge("unmerge", "5", "2026-11-05T00:00:00Z");
    CHECK(standing(shop, "external_id:A", "2026-11-20T00:00:00Z")["is"] == true);
    CHECK(standing(shop, "external_id:B", "2026-11-02T00:00:00Z")["is"] == "unknown");
    CHECK(standing(shop, "external_id:B", "2026-11-20T00:00:00Z")["is"] == false);
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("a channel or category that stored consents name cannot be removed (in_use), nor its kind changed") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    put_categories(shop);
    const auto put = [&](const char *json) { return shop->put_settings(json, noon); };
    REQUIRE(put(R"({"channels":[{"code":"email"},{"code":"fax"}]})").ok());
    REQUIRE(put(categories).ok());
    shop.one(consent("1", "A", true, "2026-11-01T00:00:00Z"), noon);
    shop.one(consent("2", "A", true, "2026-11-01T00:00:00Z", {{"channel", nullptr}, {"category", "watch"}}), noon);
    const auto no_email = put(R"({"channels":[{"code":"fax"}]})");
    REQUIRE(!no_email.ok());
    CHECK(no_email.error().reason == "in_use");
    CHECK(no_email.error().pointer == "/channels");
    CHECK(no_email.error().message.find("channel email") != std::string::npos);
    const auto no_promo = put(R"({"categories":[{"code":"orders","kind":"service"},{"code":"watch","kind":"tracking"}]})");
    REQUIRE(!no_promo.ok());
    CHECK(no_promo.error().reason == "in_use");
    CHECK(no_promo.error().pointer == "/categories");
    CHECK(no_promo.error().message.find("category promo") != std::string::npos);
    const auto other_kinds = put(R"({"categories":[{"code":"promo","kind":"service"},{"code":"watch","kind":"promo"}]})");
    REQUIRE(!other_kinds.ok());
    CHECK(other_kinds.error().message.find("category promo, consents name category watch") != std::string::npos);
    // What no consent names may go, and names may change.
    CHECK(put(R"({"channels":[{"code":"email","name":"Mail"}],"categories":[{"code":"promo","name":"News","kind":"promo"},{"code":"watch","kind":"tracking"}]})").ok());
    CHECK(Shop::read(shop->get_settings())["categories"][0] == json{{"code", "promo"}, {"name", "News"}, {"kind", "promo"}});
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("mailings name channels and categories that the shop need not declare") {
    Shop shop(Kind::memory);
    REQUIRE(shop->put_settings(R"({"channels":[]})", noon).ok());
    REQUIRE(shop->put_template("t", R"({"channel":"sms","text":"Hello"})", noon).ok());
    CHECK(shop->put_mailing("m", R"({"audience":true,"channel":"sms","category":"promo","template":"t"})", noon).ok());
}
