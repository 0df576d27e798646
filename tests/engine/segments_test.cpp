// Segments over the store: formats.md §2 "Segment inside segment", counts, pages, matches, explanations.
#include "engine_fixture.hpp"

#include <set>

using namespace engine_test;

namespace {
const Instant noon = at("2026-11-20T12:00:00Z");

// Customer n has n orders of 10.00 each, n from 0 to 9.
void fill(Shop &shop) {
    json operations = json::array();
    for (int customer = 0; customer < 10; ++customer) {
        const std::string name = "C-" + std::to_string(customer);
        operations.push_back({{"type", "customer"}, {"id", "c" + std::to_string(customer)}, {"customer", {{"external_id", name}}}, {"profile", {{"city", customer % 2 ? "Riga" : "Cesis"}}}});
        for (int n = 0; n < customer; ++n) {
            const std::string id = name + "-" + std::to_string(n);
            operations.push_back(order("o" + id, id, name, "2026-11-1" + std::to_string(n) + "T10:00:00Z", {{"total", "10.00"}}));
        }
    }
    shop.apply(operations, noon);
    REQUIRE(shop.last.rejected == 0);
}
}  // namespace

TEST_CASE("a segment counts, lists by pages, matches and explains") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    fill(shop);
    const json put = Shop::read(shop->put_segment("regulars", R"({"purchases":{"count":{"ge":5}}})", noon));
    CHECK(put["code"] == "regulars");
    CHECK(put["version"] == 1);
    const json count = Shop::read(shop->segment_count("regulars", noon));
    CHECK(count["count"] == 5);
    CHECK(count["customers"] == 10);
    CHECK(Shop::read(shop->segment_count(R"({"purchases":{"count":{"ge":8}}})", noon))["count"] == 2);

    std::set<std::string> seen;
    std::string after;
    for (int page = 0; page < 10; ++page) {
        const json list = Shop::read(shop->segment_list("regulars", noon, after, 2));
        CHECK(list["customers"].size() <= 2);
        for (const json &customer : list["customers"]) CHECK(seen.insert(customer).second);
        if (list["next"].is_null()) break;
        after = list["next"];
    }
    CHECK(seen == std::set<std::string>{"external_id:C-5", "external_id:C-6", "external_id:C-7", "external_id:C-8", "external_id:C-9"});

    CHECK(Shop::read(shop->segment_match("regulars", "external_id:C-5", noon))["match"] == true);
    CHECK(Shop::read(shop->segment_match("regulars", "external_id:C-4", noon))["match"] == false);
    const std::string_view three[] = {"external_id:C-9", "external_id:nobody", "external_id:C-0"};
    const json many = Shop::read(shop->segment_match_many("regulars", three, noon));
    CHECK(many[0]["match"] == true);
    CHECK(many[1].is_null());
    CHECK(many[2]["match"] == false);

    CHECK(Shop::read(shop->segment_count("true", noon))["count"] == 10);
    CHECK(Shop::read(shop->segment_count(" false\n", noon))["count"] == 0);
    CHECK(Shop::read(shop->segment_list("true", noon, "", 100))["customers"].size() == 10);
    CHECK(Shop::read(shop->segment_match("true", "external_id:C-0", noon))["match"] == true);
    CHECK(Shop::read(shop->segment_match_many("false", three, noon))[0]["match"] == false);
    CHECK(Shop::read(shop->segment_explain("false", "external_id:C-6", noon, 0))["match"] == false);
    CHECK(shop->segment_count("truer", noon).code() == Code::not_found);
    CHECK(shop->put_segment("true", R"({"purchases":{}})", noon).error().reason == "bad_code");  // nobody could ever ask for it

    const json explained = Shop::read(shop->segment_explain("regulars", "external_id:C-6", noon, 2));
    CHECK(explained["match"] == true);
    CHECK(explained.dump().find("\"C-6-") != std::string::npos);
    CHECK(shop->segment_count("nope", noon).code() == Code::not_found);
    CHECK(shop->segment_match("regulars", "external_id:nobody", noon).code() == Code::not_found);
    CHECK(shop->segment_count(R"({"purchase":{}})", noon).code() == Code::invalid);
}

TEST_CASE("segment inside segment at any depth; a cycle is refused with its path") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    fill(shop);
    REQUIRE(shop->put_segment("a", R"({"purchases":{"count":{"ge":5}}})", noon).ok());
    REQUIRE(shop->put_segment("b", R"({"all":[{"segment":"a"},{"customer":{"city":"Riga"}}]})", noon).ok());
    REQUIRE(shop->put_segment("c", R"({"not":{"segment":"b"}})", noon).ok());
    CHECK(Shop::read(shop->segment_count("b", noon))["count"] == 3);
    CHECK(Shop::read(shop->segment_count("c", noon))["count"] == 7);
    const auto cycle = shop->put_segment("a", R"({"any":[{"segment":"c"},true]})", noon);
    REQUIRE(!cycle.ok());
    CHECK(cycle.code() == Code::invalid);
    CHECK(cycle.error().reason == "cycle");
    CHECK(cycle.error().message.find("a → c → b → a") != std::string::npos);
    CHECK(shop->put_segment("self", R"({"segment":"self"})", noon).error().message.find("self → self") != std::string::npos);
    CHECK(Shop::read(shop->get_segment("a"))["version"] == 1);
    // A new version of a counts at once in those that contain it.
    REQUIRE(shop->put_segment("a", R"({"purchases":{"count":{"ge":9}}})", noon).ok());
    CHECK(Shop::read(shop->segment_count("b", noon))["count"] == 1);
    CHECK(Shop::read(shop->get_segment("a"))["version"] == 2);
    CHECK(Shop::read(shop->list_segments())["segments"].size() == 3);
    shop.reopen();
    if (kind == Kind::sqlite) CHECK(Shop::read(shop->segment_count("c", noon))["count"] == 9);
}

TEST_CASE("an unknown segment, path or code is an error with its pointer, and nothing is stored") {
    Shop shop(Kind::memory);
    const auto bad = shop->put_segment("s", R"({"all":[true,{"segment":"nope"}]})", noon);
    REQUIRE(!bad.ok());
    CHECK(bad.error().pointer.rfind("/all/1", 0) == 0);
    CHECK(!shop->put_segment("s", R"({"customer":{"citty":"Riga"}})", noon).ok());
    CHECK(!shop->put_segment("No Code", "{}", noon).ok());
    CHECK(shop->get_segment("s").code() == Code::not_found);
}

TEST_CASE("the value that a period begins at is found once for a customer, however deep it is nested") {
    Shop shop(Kind::memory);
    json all = json::array();
    for (int i = 0; i < 300; ++i)
        all.push_back(order("o" + std::to_string(i), std::to_string(i), "C", format_instant(at("2026-01-01T00:00:00Z") + i * 3600 * second_us).c_str(),
                            {{"lines", json::array({{{"product_id", "x"}}, {{"product_id", "y"}}})}}));
    shop.apply(all, at("2026-11-20T12:00:00Z"));
    json where = {{"order_id", {{"exists", true}}}};
    for (int level = 0; level < 4; ++level)  // once for each line it would be more than 10^10 values
        where = {{"lines", {{"period", {{"since", {{"orders", {{"first", {{"of", "placed_at"}}}, {"where", where}}}}}}}}}};
    const json predicate = {{"orders", {{"where", where}, {"count", {{"ge", 1}}}}}};
    CHECK(Shop::read(shop->segment_count(predicate.dump(), at("2026-11-20T12:00:00Z")))["count"] == 1);
}

TEST_CASE("the next change of a count is the least of its customers'") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    shop.apply(json::array({order("o1", "1", "A", "2026-11-20T10:00:00Z"), order("o2", "2", "B", "2026-11-19T10:00:00Z")}), noon);
    const std::string recent = R"({"orders":{"period":{"past":"7d"}}})";
    CHECK(Shop::read(shop->segment_count(recent, noon))["next_change"] == "2026-11-26T10:00:00Z");
    CHECK(Shop::read(shop->segment_count(recent, at("2026-11-26T10:00:00Z")))["count"] == 1);
    CHECK(Shop::read(shop->segment_match(recent, "external_id:A", noon))["next_change"] == "2026-11-27T10:00:00Z");
}
