// Static lists (formats.md §1): {"type":"list","id":"…","customer":{…},"list":"vip","member":true}, and predicates over them.
#include <algorithm>

#include "engine_fixture.hpp"

using namespace engine_test;

namespace {

const Instant noon = at("2026-11-20T12:00:00Z");

json on_list(const std::string &id, const std::string &name, const char *list, bool member, const char *occurred_at) {
    return {{"type", "list"}, {"id", id}, {"customer", {{"external_id", name}}}, {"list", list}, {"member", member}, {"occurred_at", occurred_at}};
}

void put_lists(Shop &shop) {
    REQUIRE(shop->put_settings(R"({"lists":[{"code":"vip","name":"Very important"},{"code":"staff"}]})", noon).ok());
}

int64_t count(Shop &shop, const char *segment) { return Shop::read(shop->segment_count(segment, noon))["count"]; }

}  // namespace

TEST_CASE("who is on a list is what the newest fact says, whatever came last") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    put_lists(shop);
    CHECK(Shop::read(shop->get_settings())["lists"][0]["code"] == "staff");  // sorted by code
    CHECK(Shop::read(shop->get_settings())["lists"][0]["name"] == "staff");
    CHECK(shop.one(on_list("1", "A", "vip", true, "2026-11-01T00:00:00Z"), noon)["outcome"] == "accepted");
    CHECK(count(shop, R"({"list":"vip"})") == 1);
    CHECK(shop.one(on_list("2", "A", "vip", false, "2026-11-03T00:00:00Z"), noon)["outcome"] == "accepted");
    CHECK(shop.one(on_list("3", "A", "vip", true, "2026-11-02T00:00:00Z"), noon)["outcome"] == "late");
    CHECK(count(shop, R"({"list":"vip"})") == 0);
    CHECK(shop.one(on_list("4", "B", "vip", true, "2026-11-02T00:00:00Z"), noon)["outcome"] == "accepted");
    CHECK(shop.one(on_list("4", "B", "vip", true, "2026-11-02T00:00:00Z"), noon)["outcome"] == "duplicate");
    CHECK(shop.one(on_list("5", "B", "staff", true, "2026-11-01T00:00:00Z"), noon)["outcome"] == "late");  // below a fact of the customer
    CHECK(Shop::read(shop->customer("external_id:B"))["lists"] == json::array({"staff", "vip"}));
    CHECK(Shop::read(shop->customer("external_id:A"))["lists"] == json::array());
    CHECK(count(shop, R"({"all":[{"list":"vip"},{"list":"staff"}]})") == 1);
    CHECK(count(shop, R"({"not":{"list":"vip"}})") == 1);
    const json explained = Shop::read(shop->segment_explain(R"({"list":"vip"})", "external_id:B", noon, 0));
    CHECK(explained["match"] == true);
    CHECK(explained["explanation"]["test"] == "vip");
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("lists arrive in any order and end in one digest") {
    json operations = json::array();
    for (int i = 0; i < 40; ++i)
        operations.push_back(on_list("op-" + std::to_string(i), "C-" + std::to_string(i % 3), i % 2 ? "vip" : "staff", i % 5 < 3,
                                     ("2026-11-" + std::to_string(10 + i % 7) + "T00:00:00Z").c_str()));
    std::string first;
    for (int way = 0; way < 6; ++way) {
        CAPTURE(way);
        Shop shop(Kind::memory);
        put_lists(shop);
        for (size_t from = 0; from < operations.size(); from += 7)
            shop.apply(json(operations.begin() + static_cast<int>(from), operations.begin() + static_cast<int>(std::min(from + 7, operations.size()))), noon);
        if (first.empty()) first = shop.digest();
        CHECK(shop.digest() == first);
        CHECK(shop.digest_refolded() == first);
        std::rotate(operations.begin(), operations.begin() + 11, operations.end());
        if (way % 2) std::reverse(operations.begin(), operations.end());
    }
}

TEST_CASE("what a list operation must say") {
    Shop shop(Kind::memory);
    put_lists(shop);
    const auto errors = [&](json operation) {
        operation["type"] = "list";
        operation["id"] = "x";
        std::string all;
        const json result = shop.one(operation, noon);
        for (const json &error : result["errors"]) all += std::string(error["code"]) + " " + std::string(error["pointer"]) + ";";
        return all;
    };
    const json customer{{"external_id", "A"}};
    CHECK(errors({{"customer", customer}, {"list", "vipp"}, {"member", true}}) == "unknown_code /list;");
    CHECK(errors({{"customer", customer}, {"list", 1}, {"member", "yes"}}) == "bad_type /list;bad_type /member;");
    CHECK(errors(json::object()) == "missing_list /list;missing_member /member;missing_customer /customer;");
    CHECK(errors({{"customer", customer}, {"list", "vip"}, {"member", true}, {"profile", json::object()}}) == "unknown_member /profile;");
    CHECK(Shop::read(shop->stats())["operations"] == 0);
}

TEST_CASE("a list that customers are in, or a segment asks for, is not withdrawn") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    put_lists(shop);
    shop.one(on_list("1", "A", "vip", true, "2026-11-01T00:00:00Z"), noon);
    const auto withdrawn = shop->put_settings(R"({"lists":[{"code":"staff"}]})", noon);
    REQUIRE(!withdrawn.ok());
    CHECK(withdrawn.error().reason == "in_use");
    CHECK(withdrawn.error().message.find("list vip") != std::string::npos);
    shop.one(on_list("2", "A", "vip", false, "2026-11-02T00:00:00Z"), noon);
    REQUIRE(shop->put_segment("s", R"({"list":"vip"})", noon).ok());
    CHECK(!shop->put_settings(R"({"lists":[{"code":"staff"}]})", noon).ok());
    REQUIRE(shop->put_segment("s", R"({"list":"staff"})", noon).ok());
    CHECK(shop->put_settings(R"({"lists":[{"code":"staff"}]})", noon).ok());
    CHECK(shop.digest() == shop.digest_refolded());  // the entry of the withdrawn list is read with its own settings
    CHECK(!shop->put_settings(R"({"lists":[{"code":"a"},{"code":"a"}]})", noon).ok());
    CHECK(!shop->put_settings(R"({"lists":[{"name":"a"}]})", noon).ok());
    CHECK(!shop->put_settings(R"({"lists":[{"code":"A b"}]})", noon).ok());
}
