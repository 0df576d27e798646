// formats.md §1 `product`, §5 "Product", and `product.…` of §0 "Paths" through the engine, on every store.
#include <algorithm>
#include <random>

#include "engine_fixture.hpp"

using namespace engine_test;

namespace {

const Instant noon = at("2026-11-20T12:00:00Z");

json product(const std::string &id, const std::string &product_id, const std::string &when, json members = json::object()) {
    members["product_id"] = product_id;
    return {{"type", "product"}, {"id", id}, {"occurred_at", when}, {"product", members}};
}

// An order of one customer with a line for each product.
json bought(const std::string &order_id, const std::string &customer, const std::vector<std::string> &products, const char *when = "2026-11-10T00:00:00Z") {
    json lines = json::array();
    for (const std::string &product_id : products) lines.push_back({{"product_id", product_id}, {"price", "10.00"}});
    return order("o" + order_id, order_id, customer, when, {{"lines", lines}});
}

json codes(const json &notes) {
    json out = json::array();
    for (const json &note : notes) out.push_back(std::string(note["code"]) + " " + std::string(note["pointer"]));
    return out;
}

int64_t count(Shop &shop, const char *segment) { return Shop::read(shop->segment_count(segment, noon))["count"]; }

const char *const all_words = R"([{"of":"product","code":"eco","type":"boolean"},{"of":"product","code":"cost","type":"money"}])";

}  // namespace

TEST_CASE("a product goes in and comes out, with what is computed of it") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const json result = shop.one(product("p1", "SKU-9", "2026-11-01T00:00:00Z", {{"name", "Mug"}, {"category", {"Kitchen", "Mugs"}}, {"price", "49.95"}, {"stock", "12"}}), noon);
    CHECK(result["outcome"] == "accepted");
    CHECK(result["version"] == 1);
    CHECK(result["changed"] == json::array());
    const json cheaper = shop.one(product("p2", "SKU-9", "2026-11-03T00:00:00Z", {{"price", "39.95"}, {"stock", "12"}, {"old_price", "49.95"}}), noon);
    CHECK(cheaper["changed"] ==
          json::array({{{"name", "product.price_changed"},
                        {"context", {{"product_id", "SKU-9"}, {"from", "49.95 EUR"}, {"to", "39.95 EUR"}, {"percent", "-20.02002"}}}}}));
    const json expected = {{"product_id", "SKU-9"}, {"name", "Mug"}, {"category", {"Kitchen", "Mugs"}}, {"price", "39.95"}, {"old_price", "49.95"}, {"stock", "12"},
                           {"available", true}, {"created_at", "2026-11-01T00:00:00Z"}, {"updated_at", "2026-11-03T00:00:00Z"},
                           {"price_changed_at", "2026-11-03T00:00:00Z"}, {"stock_changed_at", "2026-11-01T00:00:00Z"}, {"version", 2}};
    CHECK(Shop::read(shop->product("SKU-9")) == expected);
    const std::string_view ids[] = {"none", "SKU-9"};
    CHECK(Shop::read(shop->products(ids)) == json::array({nullptr, expected}));
    CHECK(shop->product("none").code() == Code::not_found);
    CHECK(shop->product("none").error().reason == "no_product");
    CHECK(Shop::read(shop->stats())["products"] == 1);
    CHECK(Shop::read(shop->digest())["products"] == 1);
    CHECK(Shop::read(shop->stats())["customers"] == 0);
    shop.reopen();
    if (kind == Kind::sqlite) CHECK(Shop::read(shop->product("SKU-9")) == expected);
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("what an arrival changed of price and stock is in its result; a late fact that changes nothing now has none") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    CHECK(shop.one(product("p1", "A", "2026-11-02T00:00:00Z", {{"price", "10.00"}, {"currency", "USD"}, {"stock", "0"}}), noon)["changed"] == json::array());
    const json late = shop.one(product("p2", "A", "2026-11-01T00:00:00Z", {{"price", "9.00"}, {"stock", "7"}}), noon);
    CHECK(late["outcome"] == "late");
    CHECK(late["changed"] == json::array());
    const json twice = shop.apply(json::array({product("p3", "A", "2026-11-03T00:00:00Z", {{"price", "12.50"}}),
                                               product("p4", "A", "2026-11-04T00:00:00Z", {{"stock", "4"}, {"price", nullptr}})}),
                                  noon);
    CHECK(twice[0]["changed"] == json::array({{{"name", "product.price_changed"},
                                               {"context", {{"product_id", "A"}, {"from", "10.00 USD"}, {"to", "12.50 USD"}, {"percent", "25"}}}}}));
    CHECK(twice[1]["changed"] ==
          json::array({{{"name", "product.price_changed"}, {"context", {{"product_id", "A"}, {"from", "12.50 USD"}, {"to", nullptr}}}},
                       {{"name", "product.stock_changed"}, {"context", {{"product_id", "A"}, {"from", "0"}, {"to", "4"}}}}}));
    const json again = shop.one(product("p3", "A", "2026-11-03T00:00:00Z", {{"price", "12.50"}}), noon);
    CHECK(again["outcome"] == "duplicate");
    CHECK(again["changed"] == twice[0]["changed"]);  // "answered with the first result"
    // A late fact that the present price follows from: the newer one names none.
    shop.one(product("p5", "B", "2026-11-01T00:00:00Z", {{"price", "4.00"}}), noon);
    shop.one(product("p6", "B", "2026-11-05T00:00:00Z", {{"name", "Cup"}}), noon);
    const json between = shop.one(product("p7", "B", "2026-11-03T00:00:00Z", {{"price", "3.00"}}), noon);
    CHECK(between["outcome"] == "late");
    CHECK(between["changed"] == json::array({{{"name", "product.price_changed"},
                                              {"context", {{"product_id", "B"}, {"from", "4.00 EUR"}, {"to", "3.00 EUR"}, {"percent", "-25"}}}}}));
}

TEST_CASE("late, duplicate, reused id, if_version and whole are for products as for orders") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const json first = product("p1", "A", "2026-11-02T00:00:00Z", {{"price", "5.00"}, {"name", "Mug"}});
    CHECK(shop.one(first, noon)["outcome"] == "accepted");
    CHECK(shop.one(first, noon)["outcome"] == "duplicate");
    CHECK(codes(shop.one(product("p1", "A", "2026-11-02T00:00:00Z", {{"price", "6.00"}}), noon)["errors"]) == json::array({"id_reused /id"}));
    const json late = shop.one(product("p2", "A", "2026-11-01T00:00:00Z", {{"price", "5.00"}, {"brand", "Kiln"}}), noon);
    CHECK(late["outcome"] == "late");
    CHECK(late["version"] == 2);
    const json stored = Shop::read(shop->product("A"));
    CHECK(stored["brand"] == "Kiln");
    CHECK(stored["created_at"] == "2026-11-01T00:00:00Z");
    CHECK(stored["price_changed_at"] == "2026-11-01T00:00:00Z");  // since then the present price holds
    json operation = product("p3", "A", "2026-11-04T00:00:00Z", {{"price", "7.00"}});
    operation["if_version"] = 1;
    CHECK(codes(shop.one(operation, noon)["errors"]) == json::array({"version /if_version"}));
    operation["if_version"] = 2;
    operation["whole"] = true;
    CHECK(shop.one(operation, noon)["version"] == 3);
    CHECK_FALSE(Shop::read(shop->product("A")).contains("name"));
    operation = product("p4", "B", "2026-11-04T00:00:00Z");
    operation["if_version"] = 1;
    CHECK(codes(shop.one(operation, noon)["errors"]) == json::array({"version /if_version"}));
    CHECK(shop->product("B").code() == Code::not_found);  // a refused operation makes no product
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("on products a public source's fact never beats a trusted one's") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_settings(R"({"sources":[{"code":"site","trust":"public"}]})", noon).ok());
    shop.one(product("p1", "A", "2026-11-01T00:00:00Z", {{"price", "5.00"}}), noon);
    json operation = product("w1", "A", "2026-11-05T00:00:00Z", {{"price", "0.01"}, {"name", "Mug"}, {"nam", "x"}});
    operation["source"] = "site";
    const json result = shop.one(operation, noon);
    CHECK(result["outcome"] == "late");
    CHECK(result["ignored"] == json::array({"/product/nam"}));
    CHECK(Shop::read(shop->product("A"))["price"] == "5.00");
    CHECK(Shop::read(shop->product("A"))["name"] == "Mug");
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("any order of arrival, batching and duplication of products gives one digest, that of the journal") {
    std::mt19937_64 random(7);
    json operations = json::array();
    const char *const prices[] = {"5.00", "6.00", "7.50"};
    for (int i = 0; i < 60; ++i) {
        json members = json::object();
        if (random() % 3) members["price"] = random() % 5 ? json(prices[random() % 3]) : json(nullptr);
        if (random() % 3 == 0) members["stock"] = std::to_string(random() % 3);
        if (random() % 4 == 0) members["name"] = "n" + std::to_string(random() % 3);
        if (random() % 4 == 0) members["fields"] = {{"eco", random() % 2 == 0}};
        json operation = product("p" + std::to_string(i), "SKU-" + std::to_string(i % 4), "2026-11-0" + std::to_string(1 + random() % 5) + "T00:00:00Z", members);
        if (random() % 6 == 0) operation["whole"] = true;
        if (random() % 3 == 0) operation["source"] = "site";
        operations.push_back(operation);
        if (i % 10 == 0) operations.push_back(bought(std::to_string(i), "C-" + std::to_string(i % 3), {"SKU-1"}));
    }
    std::string first;
    json stored;
    for (int way = 0; way < 12; ++way) {
        CAPTURE(way);
        Shop shop(way % 2 ? Kind::sqlite : Kind::memory);
        REQUIRE(shop->put_settings(std::string(R"({"sources":[{"code":"site","trust":"public"}],"fields":)") + all_words + "}", noon).ok());
        const size_t block = 1 + random() % 20;
        for (size_t from = 0; from < operations.size(); from += block) {
            json batch(operations.begin() + static_cast<int>(from), operations.begin() + static_cast<int>(std::min(from + block, operations.size())));
            if (random() % 2) batch.push_back(batch[0]);  // a duplicate within the unit
            shop.apply(batch, noon);
            if (random() % 3 == 0) shop.apply(batch, noon);
        }
        const std::string_view ids[] = {"SKU-0", "SKU-1", "SKU-2", "SKU-3"};
        if (first.empty()) {
            first = shop.digest();
            stored = Shop::read(shop->products(ids));
        }
        CHECK(shop.digest() == first);
        CHECK(shop.digest_refolded() == first);
        CHECK(Shop::read(shop->products(ids)) == stored);
        std::shuffle(operations.begin(), operations.end(), random);
    }
    Shop other(Kind::memory);
    REQUIRE(other->put_settings(std::string(R"({"sources":[{"code":"site","trust":"public"}],"fields":)") + all_words + "}", noon).ok());
    other.apply(operations, noon);
    other.one(product("more", "SKU-1", "2026-11-06T00:00:00Z", {{"name", "another"}}), noon);
    CHECK(other.digest() != first);
}

TEST_CASE("settings that stored products contradict are refused with the list") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_settings(std::string(R"({"fields":)") + all_words + "}", noon).ok());
    shop.one(product("p1", "A", "2026-11-01T00:00:00Z", {{"fields", {{"eco", true}}}}), noon);
    const auto refused = [&](const char *settings) {
        const auto put = shop->put_settings(settings, noon);
        return put.ok() ? std::string() : put.error().reason + " " + put.error().pointer + " " + put.error().message;
    };
    CHECK(refused(R"({"fields":[]})") == "in_use /fields stored data contradict this: product field eco is in use");
    CHECK(refused(R"({"fields":[{"of":"product","code":"eco","type":"string"}]})") ==
          "in_use /fields stored data contradict this: product field eco has values that are not of its type");
    CHECK(refused(R"({"fields":[{"of":"product","code":"eco","type":"boolean"}]})").empty());  // no product has a cost
    CHECK(refused(R"({"shop":{"currency":"USD"}})").empty());                                   // nor an amount
    shop.one(product("p2", "B", "2026-11-01T00:00:00Z", {{"price", "5.00"}, {"currency", "GBP"}}), noon);
    CHECK(refused(R"({"shop":{"currency":"EUR"}})").empty());
    shop.one(product("p3", "C", "2026-11-01T00:00:00Z", {{"old_price", "5.00"}}), noon);
    CHECK(refused(R"({"shop":{"currency":"USD"}})") == "in_use /shop/currency stored data contradict this: products have amounts without a currency");
    REQUIRE(shop->put_segment("eco", R"({"lines":{"where":{"product.fields.eco":true}}})", noon).ok());
    shop.one(product("p4", "A", "2026-11-02T00:00:00Z", {{"fields", {{"eco", nullptr}}}}), noon);
    CHECK(!refused(R"({"fields":[]})").empty());  // a definition names it
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("a money field of products without a currency of its own holds the shop's currency") {
    Shop shop(Kind::memory);
    REQUIRE(shop->put_settings(std::string(R"({"fields":)") + all_words + "}", noon).ok());
    shop.one(product("p1", "A", "2026-11-01T00:00:00Z", {{"fields", {{"cost", "1.00 USD"}}}}), noon);
    CHECK(shop->put_settings(R"({"shop":{"currency":"GBP"}})", noon).ok());
    shop.one(product("p2", "A", "2026-11-02T00:00:00Z", {{"fields", {{"cost", "1.00"}}}}), noon);
    CHECK(!shop->put_settings(R"({"shop":{"currency":"EUR"}})", noon).ok());
}

TEST_CASE("product paths in segments: the catalogue as it is now, counted, listed, matched and explained alike") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const char *const gone_cheap = R"({"bought":{"where":{"product.available":true,"product.price":{"lt":{"field":"price"}}}}})";
    shop.apply(json::array({bought("1", "A", {"mug", "pan"}), bought("2", "B", {"pan"}), bought("3", "C", {"none"}),
                            product("p1", "mug", "2026-11-01T00:00:00Z", {{"price", "12.00"}, {"stock", "1"}}),
                            product("p2", "pan", "2026-11-01T00:00:00Z", {{"price", "12.00"}, {"stock", "1"}})}),
               noon);
    CHECK(count(shop, gone_cheap) == 0);
    CHECK(count(shop, R"({"lines":{"where":{"product.product_id":{"exists":false}}}})") == 1);
    REQUIRE(shop->put_segment("cheap", gone_cheap, noon).ok());
    shop.one(product("p3", "mug", "2026-11-12T00:00:00Z", {{"price", "9.00"}}), noon);
    CHECK(count(shop, "cheap") == 1);  // not the catalogue that an earlier call has loaded
    CHECK(count(shop, R"({"not":{"segment":"cheap"}})") == 2);
    CHECK(Shop::read(shop->segment_list("cheap", noon, "", 10))["customers"] == json::array({"external_id:A"}));
    CHECK(Shop::read(shop->segment_match("cheap", "external_id:A", noon))["match"] == true);
    const std::string_view people[] = {"external_id:A", "external_id:B", "external_id:C"};
    CHECK(Shop::read(shop->segment_match_many("cheap", people, noon))[1]["match"] == false);
    shop.reopen();
    if (kind == Kind::memory) return;
    CHECK(Shop::read(shop->segment_match("cheap", "external_id:A", noon))["match"] == true);  // only A's products are read
    CHECK(Shop::read(shop->segment_match("cheap", "external_id:C", noon))["match"] == false);
    const json why = Shop::read(shop->segment_explain(R"({"bought":{"first":{"product.price":{"lt":"10"}}}})", "external_id:A", noon, 0));
    CHECK(why["match"] == true);
    CHECK(why["explanation"]["children"][0]["measured"] == "9.00 EUR");
    CHECK(count(shop, "cheap") == 1);
    shop.one(product("p4", "mug", "2026-11-13T00:00:00Z", {{"stock", "0"}}), noon);
    CHECK(count(shop, "cheap") == 0);
    CHECK(Shop::read(shop->segment_match("cheap", "external_id:A", noon))["match"] == false);
}

TEST_CASE("the catalogue that questions see is that of now, after every change of some of it") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    std::mt19937 random(7);
    std::map<std::string, int> prices;  // by the customer who bought the product
    json first = json::array();
    for (int i = 0; i < 150; ++i) {
        const std::string n = std::to_string(i);
        first.push_back(bought(n, "C-" + n, {"P-" + n}));
        if (i % 3 == 0) continue;  // these come later
        first.push_back(product("p" + n, "P-" + n, "2026-11-01T00:00:00Z", {{"price", "10.00"}}));
        prices["C-" + n] = 10;
    }
    shop.apply(first, noon);
    const char *const cheap = R"({"bought":{"where":{"product.price":{"lt":"10"}}}})";
    for (int step = 0; step < 60; ++step) {
        json changes = json::array();
        for (uint32_t i = random() % 12; i > 0; --i) {
            const std::string n = std::to_string(random() % 150);
            const int price = static_cast<int>(random() % 20);
            changes.push_back(product("s" + std::to_string(step) + "-" + std::to_string(i), "P-" + n, "2026-11-02T00:00:00Z", {{"price", std::to_string(price)}}));
            changes.back()["sequence"] = step * 100 - static_cast<int>(i);
            prices["C-" + n] = price;
        }
        shop.apply(changes, noon);
        if (step == 30) shop.reopen();
        CHECK(count(shop, cheap) == std::count_if(prices.begin(), prices.end(), [](const auto &one) { return one.second < 10; }));
    }
}

TEST_CASE("products in templates: previews, dry runs and mailings say the same") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_settings(std::string(R"({"fields":)") + all_words + "}", noon).ok());
    shop.apply(json::array({bought("1", "A", {"mug", "none"}), bought("2", "B", {"none"}),
                            product("p1", "mug", "2026-11-01T00:00:00Z",
                                    {{"name", "Blue mug"}, {"price", "1200"}, {"currency", "JPY"}, {"category", {"Kitchen"}}, {"fields", {{"eco", true}, {"cost", "900"}}}})}),
               noon);
    const char *const text =
        R"({"code":"t","channel":"email","subject":"s","body":"{{#purchases.last.lines}}[{{#product}}{{name}} {{#money}}{{price}}{{/money}} {{#money}}{{fields.cost}}{{/money}}{{#category}}/{{.}}{{/category}}{{#fields.eco}} eco{{/fields.eco}}{{/product}}{{^product}}gone{{/product}}]{{/purchases.last.lines}}"})";
    REQUIRE(shop->put_template("", text, noon).ok());
    const auto misspelled = shop->put_template("u", R"({"channel":"email","body":"{{#purchases.last.lines}}{{product.prise}}{{/purchases.last.lines}}"})", noon);
    REQUIRE(!misspelled.ok());
    CHECK(misspelled.error().reason == "unknown_path");
    CHECK(misspelled.error().message.find("'price'") != std::string::npos);
    const char *const rendered = "[Blue mug 1200 JPY 900 JPY/Kitchen eco][gone]";
    CHECK(Shop::read(shop->preview_template("t", "external_id:A", noon))["parts"]["body"] == rendered);
    REQUIRE(shop->put_template("", R"({"code":"c","channel":"email","body":"{{#is.eco}}x{{/is.eco}}","condition":{"bought":{"where":{"product.fields.eco":true}}},"reason":"not eco"})", noon).code() == Code::invalid);
    REQUIRE(shop->put_segment("eco", R"({"bought":{"where":{"product.fields.eco":true}}})", noon).ok());
    REQUIRE(shop->put_template("", R"({"code":"c","channel":"email","body":"{{#is.eco}}x{{/is.eco}}","condition":{"bought":{"where":{"product.name":"Blue mug"}}},"reason":"no mug"})", noon).ok());
    for (const char *code : {"t", "c"})
        REQUIRE(shop->put_mailing("", std::string(R"({"code":")") + code + R"(","audience":true,"channel":"email","category":"promo","template":")" + code +
                                          R"(","start_at":"2026-11-20T00:00:00Z"})", noon).ok());
    CHECK(Shop::read(shop->dry_run("t", noon))["rendered"] == 2);
    CHECK(Shop::read(shop->dry_run("c", noon))["blocked"] == json({{"no mug", 1}}));
    for (const char *code : {"t", "c"}) REQUIRE(shop->start_mailing(code, noon).ok());
    shop.run(noon);
    std::vector<std::string> bodies;
    const json leased = Shop::read(shop->lease("w", 10, 60 * second_us, noon));
    for (const json &message : leased["messages"]) bodies.push_back(message["parts"]["body"]);
    std::sort(bodies.begin(), bodies.end());
    CHECK(bodies == std::vector<std::string>{rendered, "[gone]", "x"});
    CHECK(shop.digest() == shop.digest_refolded());
}
