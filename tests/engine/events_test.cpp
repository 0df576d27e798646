// Events through the engine, on every store: whose they are, what they tell of a customer, and how they are listed.
#include "engine_fixture.hpp"

#include <random>

using namespace engine_test;

namespace {

const Instant noon = at("2026-11-20T12:00:00Z");

json event(const std::string &id, const std::string &when, json customer, const std::string &session = "", const char *name = "page.viewed") {
    json operation{{"type", "event"}, {"id", id}, {"occurred_at", when}, {"name", name}};
    if (!customer.is_null()) operation["customer"] = customer;
    if (!session.empty()) operation["session_id"] = session;
    return operation;
}
json identify(const std::string &id, const std::string &when, json customer) {
    return {{"type", "identify"}, {"id", id}, {"occurred_at", when}, {"customer", customer}};
}

std::vector<std::string> ids(const json &events) {
    std::vector<std::string> out;
    for (const json &one : events) out.push_back(one["event_id"]);
    return out;
}
// Of one customer, newest first.
std::vector<std::string> of(Shop &shop, const char *identity) { return ids(Shop::read(shop->events(identity, "", 1000))["events"]); }
using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("an event goes in and comes out, with when it was received; sent again it is a duplicate") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    json viewed = event("e1", "2026-11-01T10:00:00.5Z", {{"external_id", "C-17"}, {"email", "A@b.eu"}}, "s1", "product.viewed");
    viewed["context"] = {{"product_id", "SKU-9"}, {"price", 49.95}, {"more", {{"b", 1}, {"a", nullptr}}}};
    const json result = shop.one(viewed, noon);
    CHECK(result["outcome"] == "accepted");
    CHECK(result["version"] == 1);
    CHECK(result["changed"] == json::array());
    CHECK(shop.one(viewed, noon)["outcome"] == "duplicate");
    shop.reopen();
    const json expected = {{"event_id", "e1"}, {"name", "product.viewed"}, {"kind", "web"}, {"occurred_at", "2026-11-01T10:00:00.5Z"},
                           {"received_at", "2026-11-20T12:00:00Z"}, {"source", "system"}, {"session_id", "s1"},
                           {"customer", {{"external_id", "C-17"}, {"email", "a@b.eu"}}},
                           {"context", {{"product_id", "SKU-9"}, {"price", "49.95"}, {"more", {{"b", 1}, {"a", nullptr}}}}}};
    if (kind == Kind::sqlite) CHECK(Shop::read(shop->events("email:a@b.eu", "", 10)) == json{{"events", {expected}}, {"next", nullptr}});
    if (kind == Kind::sqlite) CHECK(Shop::read(shop->stats())["events"] == 1);
    if (kind == Kind::sqlite) CHECK(Shop::read(shop->digest())["events"] == 1);
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("who is known by events alone is a customer; last_seen_at is the last web event, created_at the first fact of any kind") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_settings(R"({"events":[{"name":"rated","kind":"customer"}]})", noon).ok());
    shop.apply({event("e1", "2026-11-02T00:00:00Z", {{"anonymous_id", "a1"}}), event("e2", "2026-11-01T00:00:00Z", {{"anonymous_id", "a1"}}),
                event("e3", "2026-11-03T00:00:00Z", {{"anonymous_id", "a1"}}, "", "rated")},
               noon);
    const json customer = Shop::read(shop->customer("anonymous_id:a1"));
    CHECK(customer["customer"] == json{{"anonymous_id", "a1"}});
    CHECK(customer["version"] == 0);  // none of its entries speaks of the profile
    CHECK(customer["profile"]["created_at"] == "2026-11-01T00:00:00Z");
    CHECK(customer["profile"]["last_seen_at"] == "2026-11-02T00:00:00Z");
    CHECK(Shop::read(shop->stats())["customers"] == 1);
    CHECK(Shop::read(shop->segment_count("true", noon))["count"] == 1);
}

TEST_CASE("an event without identity belongs to whom the newest entry at or before it with the same source and session_id belongs to, else the first after it") {
    FOR_EACH_STORE(kind)
    std::vector<json> operations{
        event("before", "2026-11-01T10:00:00Z", nullptr, "s"),
        event("first", "2026-11-01T10:10:00Z", {{"anonymous_id", "a1"}}, "s"),
        event("between", "2026-11-01T10:20:00Z", nullptr, "s"),
        event("second", "2026-11-01T10:30:00Z", {{"external_id", "C-2"}}, "s"),
        event("at", "2026-11-01T10:30:00Z", nullptr, "s"),
        event("after", "2026-11-01T10:40:00Z", nullptr, "s"),
        event("elsewhere", "2026-11-01T10:40:00Z", nullptr, "t"),
    };
    json other_source = event("other", "2026-11-01T10:40:00Z", nullptr, "s");
    other_source["source"] = "site";
    operations.push_back(other_source);
    std::mt19937 random(7);
    std::string digest;
    for (int round = 0; round < 12; ++round) {
        CAPTURE(round);
        Shop shop(kind);
        REQUIRE(shop->put_settings(R"({"sources":[{"code":"site","trust":"public"}]})", noon).ok());
        for (const json &operation : operations) CHECK(shop.one(operation, noon)["outcome"] == "accepted");
        CHECK(of(shop, "anonymous_id:a1") == Ids{"between", "first", "before"});
        CHECK(of(shop, "external_id:C-2") == Ids{"after", "second", "at"});
        CHECK(Shop::read(shop->stats())["customers"] == 2);  // of the other sessions nobody knows who it was
        CHECK(shop.digest() == shop.digest_refolded());
        if (round == 0) digest = shop.digest();
        CHECK(shop.digest() == digest);
        for (size_t i = operations.size(); i > 1; --i) std::swap(operations[i - 1], operations[random() % i]);
    }
}

TEST_CASE("the anonymous past of events is attached on identify, within anonymous_days; merge and unmerge take events along") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    shop.apply({event("old", "2026-08-01T00:00:00Z", {{"anonymous_id", "a1"}}), event("new", "2026-10-20T00:00:00Z", {{"anonymous_id", "a1"}}),
                event("own", "2026-10-25T00:00:00Z", {{"external_id", "C-1"}})},
               noon);
    CHECK(of(shop, "external_id:C-1") == Ids{"own"});
    shop.one(identify("i", "2026-11-01T00:00:00Z", {{"external_id", "C-1"}, {"anonymous_id", "a1"}}), noon);
    CHECK(of(shop, "external_id:C-1") == Ids{"own", "new"});
    CHECK(Shop::read(shop->stats())["customers"] == 2);  // the old one is still somebody else's
    shop.apply({event("theirs", "2026-11-02T00:00:00Z", {{"external_id", "C-2"}}),
                {{"type", "merge"}, {"id", "m"}, {"occurred_at", "2026-11-03T00:00:00Z"}, {"from", {{"external_id", "C-1"}}}, {"into", {{"external_id", "C-2"}}}}},
               noon);
    CHECK(of(shop, "external_id:C-1") == Ids{"theirs", "own", "new"});
    CHECK(Shop::read(shop->customer("external_id:C-2"))["profile"]["created_at"] == "2026-10-20T00:00:00Z");
    shop.one({{"type", "unmerge"}, {"id", "u"}, {"occurred_at", "2026-11-04T00:00:00Z"}, {"from", {{"external_id", "C-1"}}}, {"into", {{"external_id", "C-2"}}}}, noon);
    CHECK(of(shop, "external_id:C-1") == Ids{"own", "new"});
    CHECK(of(shop, "external_id:C-2") == Ids{"theirs"});
    CHECK(Shop::read(shop->customer("external_id:C-2"))["profile"]["created_at"] == "2026-11-02T00:00:00Z");
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("thousands of events change hands at once, by a claim and by a merge") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    constexpr int events = 9000;  // more than are moved in one go
    for (int first = 0; first < events; first += 3000) {
        json block = json::array();
        for (int i = first; i < first + 3000; ++i)
            block.push_back(event("e" + std::to_string(i), format_instant(at("2026-10-20T00:00:00Z") + i % 100 * second_us), {{"anonymous_id", "a1"}}, "s" + std::to_string(i % 7)));
        shop.apply(block, noon);
    }
    const auto listed = [&](const char *identity) {
        std::vector<std::string> all;
        for (std::string after;;) {
            const json page = Shop::read(shop->events(identity, after, 1000));
            for (const std::string &id : ids(page["events"])) all.push_back(id);
            if (page["next"].is_null()) break;
            after = page["next"];
        }
        std::sort(all.begin(), all.end());
        CHECK(std::unique(all.begin(), all.end()) == all.end());
        return all.size();
    };
    shop.one(identify("i", "2026-10-20T00:00:50Z", {{"external_id", "C-1"}, {"anonymous_id", "a1"}}), noon);
    CHECK(listed("external_id:C-1") == events);
    shop.one({{"type", "merge"}, {"id", "m"}, {"occurred_at", "2026-11-03T00:00:00Z"}, {"from", {{"external_id", "C-1"}}}, {"into", {{"external_id", "C-2"}}}}, noon);
    CHECK(listed("external_id:C-2") == events);
    CHECK(Shop::read(shop->stats())["customers"] == 1);
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("identities: of several, the one of the newest entry (by key) that carried it, events too") {
    FOR_EACH_STORE(kind)
    const std::vector<json> operations{
        event("e1", "2026-11-01T00:00:00Z", {{"external_id", "C-1"}, {"device_id", "d1"}}),
        event("e2", "2026-11-05T00:00:00Z", {{"external_id", "C-1"}, {"device_id", "d2"}}),
        identify("i", "2026-11-03T00:00:00Z", {{"external_id", "C-1"}, {"device_id", "d3"}}),
        event("e3", "2026-11-04T00:00:00Z", {{"external_id", "C-1"}, {"device_id", "d1"}}),
    };
    std::vector<size_t> arrival{0, 1, 2, 3};
    do {
        Shop shop(kind);
        for (const size_t i : arrival) shop.one(operations[i], noon);
        CHECK(Shop::read(shop->customer("external_id:C-1"))["customer"]["device_id"] == "d2");
    } while (std::next_permutation(arrival.begin(), arrival.end()));
}

TEST_CASE("a public source's events do not beat who is in force by a trusted one") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_settings(R"({"sources":[{"code":"site","trust":"public"}]})", noon).ok());
    json site = event("e1", "2026-11-09T00:00:00Z", {{"external_id", "C-1"}, {"email", "site@b.eu"}});
    site["source"] = "site";
    shop.apply({site, event("e2", "2026-11-01T00:00:00Z", {{"external_id", "C-1"}, {"email", "shop@b.eu"}})}, noon);
    CHECK(Shop::read(shop->customer("external_id:C-1"))["customer"]["email"] == "shop@b.eu");
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("events are listed newest first, page by page, equal times by their fact's key; the system's by themselves") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_settings(R"({"events":[{"name":"rates.read","kind":"system","context":[{"code":"count","type":"integer"}]}]})", noon).ok());
    json all = json::array();
    for (int i = 0; i < 25; ++i) all.push_back(event("e" + std::to_string(100 + i), "2026-11-0" + std::to_string(1 + i / 10) + "T00:00:00Z", {{"external_id", "C-1"}}));
    all.push_back({{"type", "event"}, {"id", "r"}, {"occurred_at", "2026-11-01T00:00:00Z"}, {"name", "rates.read"}, {"context", {{"count", 3}}}});
    shop.apply(all, noon);
    Ids listed;
    for (std::string after;;) {
        const json page = Shop::read(shop->events("external_id:C-1", after, 7));
        for (const std::string &id : ids(page["events"])) listed.push_back(id);
        if (page["next"].is_null()) break;
        after = page["next"];
    }
    CHECK(listed == of(shop, "external_id:C-1"));
    CHECK(listed.size() == 25);
    CHECK(std::is_sorted(listed.rbegin(), listed.rend()));
    const json system = Shop::read(shop->events("", "", 10));
    CHECK(ids(system["events"]) == Ids{"r"});
    CHECK(system["events"][0]["context"] == json{{"count", 3}});
    CHECK(shop->events("", "x", 10).error().reason == "bad_token");
    CHECK(shop->events("", "9999999", 10).error().reason == "bad_token");
    CHECK(shop->events("external_id:C-9", "", 10).error().reason == "no_customer");
    CHECK(shop->events("session:system/s", "", 10).error().reason == "bad_identity");
    CHECK(shop->events("", "", 1'000'000).error().reason == "page_rows");
    CHECK(Shop::read(shop->customer_timeline("external_id:C-1", "", 100))["entries"].size() == 25);
}

TEST_CASE("what stored events contradict is refused: their names, kinds, types, and the shop's currency") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const char *const declared = R"({"events":[{"name":"read","kind":"web","context":[{"code":"seconds","type":"integer"}]},{"name":"never","kind":"web"}]})";
    REQUIRE(shop->put_settings(declared, noon).ok());
    json read = event("e1", "2026-11-01T00:00:00Z", {{"external_id", "C-1"}}, "", "read");
    read["context"] = {{"seconds", 7}, {"note", "x"}};
    json paid = event("e2", "2026-11-01T00:00:00Z", {{"external_id", "C-1"}}, "", "checkout.started");
    paid["context"] = {{"total", "9.90"}};
    shop.apply({read, paid}, noon);
    const auto refused = [&](const char *settings) {
        const auto answer = shop->put_settings(settings, noon);
        return answer.ok() ? std::string() : answer.error().reason + " " + answer.error().pointer;
    };
    CHECK(refused(R"({"events":[{"name":"never","kind":"web"}]})") == "in_use /events");
    CHECK(refused(R"({"events":[{"name":"read","kind":"customer","context":[{"code":"seconds","type":"integer"}]}]})") == "in_use /events");
    CHECK(refused(R"({"events":[{"name":"read","kind":"web","context":[{"code":"seconds","type":"time"}]}]})") == "in_use /events");
    CHECK(refused(R"({"events":[{"name":"read","kind":"web"}]})") == "in_use /events");
    CHECK(refused(R"({"events":[{"name":"read","kind":"web","context":[{"code":"seconds","type":"integer"},{"code":"note","type":"integer"}]}]})") == "in_use /events");
    CHECK(refused(R"({"shop":{"currency":"GBP"}})") == "in_use /shop/currency");
    CHECK(refused(R"({"events":[{"name":"read","kind":"web","context":[{"code":"seconds","type":"integer"},{"code":"note","type":"string"}]}]})").empty());
    CHECK(Shop::read(shop->events("external_id:C-1", "", 10))["events"][1]["context"] == json{{"note", "x"}, {"seconds", 7}});
}
