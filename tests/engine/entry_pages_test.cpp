// Who said what and when: the entries of an order or a customer, in the order of their facts (architecture.md idea 1).
#include <algorithm>
#include <random>

#include "engine_fixture.hpp"

using namespace engine_test;

namespace {
const Instant noon = at("2026-11-20T12:00:00Z");

json of_order(Shop &shop, const std::string &id, const std::string &after = "", size_t limit = 1000) {
    return Shop::read(shop->order_timeline(id, after, limit));
}
json of_customer(Shop &shop, const std::string &identity, const std::string &after = "", size_t limit = 1000) {
    return Shop::read(shop->customer_timeline(identity, after, limit));
}
std::vector<std::string> ids(const json &page) {
    std::vector<std::string> out;
    for (const json &entry : page["entries"])
        out.push_back(entry["source"].get<std::string>() + "/" + entry["id"].get<std::string>());
    return out;
}
using Ids = std::vector<std::string>;

void two_sources(Shop &shop) {
    REQUIRE(shop->put_settings(R"({"sources":[{"code":"site","trust":"public"},{"code":"erp","trust":"trusted","rank":2}]})", noon).ok());
}
}  // namespace

TEST_CASE("each entry says who said what and when, and what its arrival changed") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    two_sources(shop);
    json first = order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"total", "5.00"}, {"status", {{"general", "received"}}}});
    first["source"] = "erp";
    json second = order("o2", "1", "", "2026-11-20T11:00:00Z", {{"status", {{"general", "completed"}}}});
    second["source"] = "system";
    json third = order("o3", "1", "", "2026-11-20T10:30:00Z", {{"status", {{"general", "confirmed"}}}});
    third["source"] = "site";
    shop.one(first, noon);
    shop.one(second, noon + second_us);
    CHECK(shop.one(third, noon + 2 * second_us)["outcome"] == "late");
    shop.reopen();
    if (kind == Kind::memory) shop.one(third, noon + 3 * second_us);  // a duplicate is no entry

    const json page = of_order(shop, "1");
    CHECK(page["order_id"] == "1");
    CHECK(page["next"].is_null());
    REQUIRE(ids(page) == Ids{"erp/o1", "site/o3", "system/o2"});
    json expected =
        json::parse(R"({"at":"2026-11-20T10:00:00Z","received_at":"2026-11-20T12:00:00Z","source":"erp","trust":"trusted","id":"o1","type":"order",
        "order_id":"1","late":false,"warnings":[]})");
    expected["operation"] = first;
    expected["changed"] = json::parse(R"([{"name":"order.created","context":{"order_id":"1"}},
        {"name":"order.status_changed","context":{"order_id":"1","set":"general","from":null,"to":"received"}}])");
    CHECK(page["entries"][0] == expected);
    CHECK(page["entries"][1]["late"] == true);
    CHECK(page["entries"][1]["trust"] == "public");
    CHECK(page["entries"][1]["operation"] == third);
    CHECK(page["entries"][2]["late"] == false);
    CHECK(page["entries"][2]["received_at"] == "2026-11-20T12:00:01Z");
}

TEST_CASE("a customer's entries are those that name it and those of its orders") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_settings(R"({"lists":[{"code":"vip"}]})", noon).ok());
    shop.apply(json::array({order("o1", "1", "C-1", "2026-11-20T10:00:00Z"), order("o2", "1", "", "2026-11-20T11:00:00Z", {{"total", "1"}}),
                            order("o3", "2", "C-2", "2026-11-20T10:00:00Z"), order("o4", "3", "", "2026-11-20T10:00:00Z"),
                            json{{"type", "customer"},
                                 {"id", "c1"},
                                 {"occurred_at", "2026-11-20T10:30:00Z"},
                                 {"customer", {{"external_id", "C-1"}}},
                                 {"profile", {{"city", "Riga"}}}},
                            json{{"type", "list"},
                                 {"id", "l1"},
                                 {"occurred_at", "2026-11-20T09:00:00Z"},
                                 {"customer", {{"external_id", "C-1"}}},
                                 {"list", "vip"},
                                 {"member", true}}}),
               noon);
    const json page = of_customer(shop, "external_id:C-1");
    CHECK(page["customer"] == "external_id:C-1");
    CHECK(ids(page) == Ids{"system/l1", "system/o1", "system/c1", "system/o2"});
    CHECK_FALSE(page["entries"][0].contains("order_id"));
    CHECK(page["entries"][3]["order_id"] == "1");
    // What an order's first owner said stays with both.
    shop.one(order("o5", "1", "C-2", "2026-11-20T11:30:00Z"), noon);
    CHECK(ids(of_customer(shop, "external_id:C-1")) == Ids{"system/l1", "system/o1", "system/c1"});
    CHECK(ids(of_customer(shop, "external_id:C-2")) == Ids{"system/o1", "system/o3", "system/o2", "system/o5"});
}

TEST_CASE("corrected times and warnings are shown") {
    Shop shop(Kind::memory);
    shop.one(order("o1", "1", "C-1", "2027-01-01T00:00:00Z"), noon);
    const json entry = of_order(shop, "1")["entries"][0];
    CHECK(entry["at"] == "2026-11-20T12:00:00Z");
    CHECK(entry["operation"]["occurred_at"] == "2027-01-01T00:00:00Z");
    CHECK(entry["warnings"][0]["code"] == "time_moved");
}

TEST_CASE("entries are in the order of their keys, whatever the arrival, and pages go through all of them once") {
    for (uint32_t seed = 0; seed < 10; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        const auto below = [&random](uint32_t bound) { return random() % bound; };
        Shop shop(Kind::memory);
        two_sources(shop);
        // The plain order: at, trust, whether there is a sequence, sequence, rank, source, id.
        using Key = std::tuple<std::string, int, bool, int, int, std::string, std::string>;
        std::vector<std::pair<Key, json>> said;
        for (int i = 0; i < 60; ++i) {
            const char *sources[] = {"site", "erp", "system"};
            const std::string source = sources[below(3)], when = "2026-11-20T10:00:0" + std::to_string(below(6)) + "Z", id = "o" + std::to_string(i);
            json operation = order(id, "1", "C-1", when, {{"total", std::to_string(i)}});
            operation["source"] = source;
            const bool has_sequence = below(2) == 0;
            const int sequence = has_sequence ? static_cast<int>(below(4)) : 0;
            if (has_sequence) operation["sequence"] = sequence;
            said.push_back({Key{when, source == "site" ? 0 : 1, has_sequence, sequence, source == "erp" ? 2 : 0, source, id}, operation});
        }
        for (const auto &one : said)
            shop.one(one.second, noon);
        std::sort(said.begin(), said.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
        Ids expected;
        for (const auto &one : said)
            expected.push_back(std::get<5>(one.first) + "/" + std::get<6>(one.first));
        CHECK(ids(of_order(shop, "1")) == expected);
        CHECK(ids(of_customer(shop, "external_id:C-1")) == expected);
        Ids paged;
        std::string after;
        const size_t limit = 1 + below(20);
        for (;;) {
            const json page = of_order(shop, "1", after, limit);
            CHECK(page["entries"].size() <= limit);
            for (const std::string &id : ids(page))
                paged.push_back(id);
            if (page["next"].is_null()) break;
            REQUIRE(page["entries"].size() == limit);
            after = page["next"];
        }
        CHECK(paged == expected);
    }
}

TEST_CASE("a page of large entries ends early and goes on") {
    Shop shop(Kind::memory);
    const std::string note(60'000, 'n');
    for (int i = 0; i < 30; ++i) {
        json lines = json::array();
        for (int line = 0; line < 15; ++line)
            lines.push_back({{"line_id", std::to_string(line)}, {"name", note}});
        shop.one(order("o" + std::to_string(i), "1", "C-1", "2026-11-20T10:00:00Z", {{"lines", lines}}), noon);
    }
    const json page = of_order(shop, "1");
    CHECK(page["entries"].size() > 10);
    CHECK(page["entries"].size() < 30);
    REQUIRE(page["next"].is_string());
    const json rest = of_order(shop, "1", page["next"]);
    CHECK(rest["next"].is_null());
    CHECK(page["entries"].size() + rest["entries"].size() == 30);
}

TEST_CASE("who is not there, tokens that are none and limits are told") {
    Shop shop(Kind::memory);
    shop.one(order("o1", "1", "C-1", "2026-11-20T10:00:00Z"), noon);
    shop.one(order("o2", "2", "C-2", "2026-11-20T10:00:00Z"), noon);
    CHECK(shop->order_timeline("none", "", 10).code() == Code::not_found);
    CHECK(shop->customer_timeline("external_id:none", "", 10).code() == Code::not_found);
    CHECK(shop->customer_timeline("C-1", "", 10).code() == Code::invalid);
    for (const char *token : {"x", "-1", "0", "1x", "99", "2"}) {  // 2 is an entry, of another order
        CAPTURE(token);
        const auto page = shop->order_timeline("1", token, 10);
        REQUIRE(!page.ok());
        CHECK(page.error().reason == "bad_token");
    }
    CHECK(of_order(shop, "1", "1")["entries"].empty());
    CHECK(of_order(shop, "1", "", 0) == json::parse(R"({"order_id":"1","entries":[],"next":null})"));
    CHECK(shop->order_timeline("1", "", library_limits.page_rows + 1).code() == Code::limit);
    CHECK(shop->customer_timeline("external_id:C-1", "", library_limits.page_rows + 1).code() == Code::limit);
}

TEST_CASE("a page's token goes on where it ended when its last entry has become another customer's") {
    Shop shop(Kind::memory);
    const auto profile = [](const std::string &id, const char *customer, const char *when) {
        return json{{"type", "customer"}, {"id", id}, {"occurred_at", when}, {"customer", {{"external_id", customer}}}, {"profile", {{"city", id}}}};
    };
    const auto merge = [](const std::string &id, const char *type, const char *when) {
        return json{{"type", type}, {"id", id}, {"occurred_at", when}, {"from", {{"external_id", "C-2"}}}, {"into", {{"external_id", "C-1"}}}};
    };
    shop.apply(json::array({profile("a", "C-1", "2026-11-20T08:00:00Z"), profile("b", "C-2", "2026-11-20T09:00:00Z"),
                            profile("c", "C-2", "2026-11-20T09:00:00Z"), profile("d", "C-1", "2026-11-20T09:00:00Z"),
                            profile("e", "C-1", "2026-11-20T10:00:00Z"), merge("m", "merge", "2026-11-20T07:00:00Z")}),
               noon);
    CHECK(ids(of_customer(shop, "external_id:C-1")) == Ids{"system/m", "system/a", "system/b", "system/c", "system/d", "system/e"});
    const json page = of_customer(shop, "external_id:C-1", "", 4);
    CHECK(ids(page) == Ids{"system/m", "system/a", "system/b", "system/c"});
    shop.one(merge("u", "unmerge", "2026-11-20T07:30:00Z"), noon);
    CHECK(ids(of_customer(shop, "external_id:C-1", page["next"])) == Ids{"system/d", "system/e"});
    CHECK(ids(of_customer(shop, "external_id:C-2", page["next"])).empty());
    for (const char *token : {"x", "0", "99"}) CHECK(shop->customer_timeline("external_id:C-1", token, 10).error().reason == "bad_token");
    REQUIRE(shop->put_settings(R"({"shop":{"anonymous_days":20}})", noon).ok());  // a line of the journal, and no operation
    CHECK(shop->customer_timeline("external_id:C-1", "8", 10).error().reason == "bad_token");
}

TEST_CASE("what was said by an identity that was claimed or merged later is in its survivor's timeline") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const auto profile = [](const std::string &id, const json &customer, const char *when) {
        return json{{"type", "customer"}, {"id", id}, {"occurred_at", when}, {"customer", customer}, {"profile", {{"city", id}}}};
    };
    shop.one(profile("by-mail", {{"email", "a@b.eu"}}, "2026-11-20T08:00:00Z"), noon);
    shop.one(profile("by-id", {{"external_id", "C-2"}}, "2026-11-20T09:00:00Z"), noon);
    CHECK(ids(of_customer(shop, "external_id:C-2")) == Ids{"system/by-id"});
    shop.one(
        {{"type", "identify"}, {"id", "claim"}, {"occurred_at", "2026-11-20T10:00:00Z"}, {"customer", {{"external_id", "C-1"}, {"email", "a@b.eu"}}}},
        noon);
    CHECK(ids(of_customer(shop, "email:a@b.eu")) == Ids{"system/by-mail", "system/claim"});
    shop.one({{"type", "merge"},
              {"id", "merge"},
              {"occurred_at", "2026-11-20T11:00:00Z"},
              {"from", {{"external_id", "C-2"}}},
              {"into", {{"external_id", "C-1"}}}},
             noon);
    const json page = of_customer(shop, "external_id:C-2");
    CHECK(page["customer"] == "external_id:C-1");
    CHECK(ids(page) == Ids{"system/by-mail", "system/by-id", "system/claim", "system/merge"});
    CHECK(ids(of_customer(shop, "external_id:C-1")) == ids(page));
    shop.one({{"type", "unmerge"}, {"id", "apart"}, {"occurred_at", "2026-11-20T11:30:00Z"}, {"from", {{"external_id", "C-2"}}}, {"into", {{"external_id", "C-1"}}}}, noon);
    CHECK(ids(of_customer(shop, "external_id:C-2")) == Ids{"system/by-id", "system/apart"});
    CHECK(ids(of_customer(shop, "external_id:C-1")) == Ids{"system/by-mail", "system/claim"});
}
