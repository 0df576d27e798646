// formats.md §1: "GA4 `items` and the field's own codes (`order_complete`, `user_visit`, `user_login`) come
// in through one mapping table". What each document becomes is written here by hand.
#include <doctest/doctest.h>

#include "mapping_fixture.hpp"

using namespace cartbell;
using namespace cartbell::test;
using nlohmann::json;

namespace {

std::string hit(const std::string &events) {
    return R"({"client_id":"100.200","user_id":"C-17","timestamp_micros":1772359200000000,"events":)" +
           events + "}";
}

// With what every operation of hit() has.
json of_hit(json operation, const std::string &id) {
    operation["id"] = id;
    operation["occurred_at"] = "2026-03-01T10:00:00Z";
    operation["customer"] = {{"external_id", "C-17"}, {"anonymous_id", "100.200"}};
    return operation;
}

constexpr const char *mug =
    R"({"item_id":"SKU-9","item_name":"Mug","item_brand":"Kruze","item_variant":"red","item_category":"Kitchen",
    "item_category2":"Mugs","price":49.95,"quantity":2,"index":1,"coupon":"SPRING"})";

}  // namespace

TEST_CASE("GA4: every item of a cart's change is an operation of its own") {
    const std::string events =
        std::string(R"([{"name":"add_to_cart","params":{"currency":"EUR","value":119.85,"items":[)") + mug +
        R"(,{"item_id":"SKU-2","price":19.95}]}},{"name":"remove_from_cart","params":{"items":[{"item_id":"SKU-2","quantity":1}]}},
        {"name":"add_to_wishlist","params":{"items":[{"item_id":"SKU-3"}]}}])";
    CHECK(
        operations(hit(events), "ga4") ==
        json::array(
            {of_hit(
                 json::parse(
                     R"({"type":"container","container":"cart","add":{"product_id":"SKU-9","name":"Mug","category":["Kitchen","Mugs"],"quantity":"2","price":"49.95 EUR"}})"),
                 "ga4:100.200:1772359200000000:add_to_cart:0:0"),
             of_hit(
                 json::parse(
                     R"({"type":"container","container":"cart","add":{"product_id":"SKU-2","quantity":"1","price":"19.95 EUR"}})"),
                 "ga4:100.200:1772359200000000:add_to_cart:0:1"),
             of_hit(
                 json::parse(
                     R"({"type":"container","container":"cart","remove":{"product_id":"SKU-2","quantity":"1"}})"),
                 "ga4:100.200:1772359200000000:remove_from_cart:1:0"),
             of_hit(
                 json::parse(
                     R"({"type":"container","container":"wishlist","add":{"product_id":"SKU-3","quantity":"1"}})"),
                 "ga4:100.200:1772359200000000:add_to_wishlist:2:0")}));
}

TEST_CASE("GA4: what was seen and bought are events, a purchase known by its transaction") {
    const std::string events =
        std::string(R"([{"name":"view_item","params":{"currency":"EUR","session_id":"77","items":[)") + mug +
        R"(]}},
        {"name":"view_item_list","params":{"item_list_id":"l1","item_list_name":"Deals","items":[{"item_id":"A"},{"item_id":"B"}]}},
        {"name":"begin_checkout","params":{"currency":"EUR","value":99.9,"coupon":"SPRING","items":[{"item_id":"A"}]}},
        {"name":"purchase","params":{"transaction_id":"T-1","currency":"EUR","value":99.9,"tax":17.34,"shipping":4.9,"items":[{"item_id":"A"}]}},
        {"name":"search","params":{"search_term":"mug"}},{"name":"page_view","params":{"page_location":"https://s.example/","page_title":"Home"}},
        {"name":"session_start","params":{"page_location":"https://s.example/"}},{"name":"login","params":{"method":"google"}},{"name":"sign_up","params":{"method":"mail"}}])";
    json viewed = of_hit(
        json::parse(
            R"({"type":"event","name":"product.viewed","session_id":"77","context":{"product_id":"SKU-9","name":"Mug","category":["Kitchen","Mugs"],
        "price":"49.95 EUR","brand":"Kruze","variant":"red","quantity":2,"coupon":"SPRING","position":1}})"),
        "ga4:100.200:1772359200000000:view_item:0:0");
    const auto event = [](const char *name, const char *context, const std::string &id) {
        return of_hit({{"type", "event"}, {"name", name}, {"context", json::parse(context)}}, id);
    };
    const std::string stem = "ga4:100.200:1772359200000000:";
    CHECK(
        operations(hit(events), "ga4") ==
        json::array(
            {viewed,
             event("category.viewed", R"({"category":["Deals"],"list_id":"l1","product_ids":["A","B"]})",
                   stem + "view_item_list:1"),
             event("checkout.started", R"({"total":"99.90 EUR","coupon":"SPRING","product_ids":["A"]})",
                   stem + "begin_checkout:2"),
             event(
                 "order.placed",
                 R"({"order_id":"T-1","total":"99.90 EUR","tax":"17.34 EUR","shipping":"4.90 EUR","product_ids":["A"]})",
                 "ga4:purchase:T-1"),
             event("search.performed", R"({"query":"mug"})", stem + "search:4"),
             event("page.viewed", R"({"url":"https://s.example/","title":"Home"})", stem + "page_view:5"),
             event("site.visited", R"({"url":"https://s.example/"})", stem + "session_start:6"),
             event("customer.logged_in", R"({"method":"google"})", stem + "login:7"),
             event("customer.registered", R"({"method":"mail"})", stem + "sign_up:8")}));
}

TEST_CASE("GA4: an entry of the data layer, whose id and time the caller says") {
    const json made = operations(
        R"({"event":"add_to_cart","ecommerce":{"currency":"USD","items":[{"item_id":"SKU-9","price":10,"quantity":1}]}})",
        "ga4", {},
        R"({"id":"d-1","occurred_at":"2026-03-01T10:00:00Z","source":"site","customer":{"anonymous_id":"a-1"}})");
    CHECK(
        made ==
        json::parse(
            R"([{"type":"container","container":"cart","add":{"product_id":"SKU-9","quantity":"1","price":"10.00 USD"},"id":"d-1:0",
        "occurred_at":"2026-03-01T10:00:00Z","source":"site","customer":{"anonymous_id":"a-1"}}])"));
    CHECK(refusal(R"({"event":"add_to_cart","ecommerce":{"items":[{"price":10}]}})", "ga4", {},
                  R"({"id":"d-1"})") == "missing_item_id /ecommerce/items/0");
    CHECK(refusal(R"({"event":"gtm.js"})", "ga4") == "unmapped ");
    CHECK(operations(R"({"event":"add_to_cart","ecommerce":{"items":[]}})", "ga4", {}, R"({"id":"d-1"})")
              .empty());
}

TEST_CASE("the field's codes") {
    CHECK(
        operations(
            R"([{"code":"order_complete","id":"1","time":"2026-03-01T10:00:00Z","user_id":"C-1","data":{"order_id":"100","total":"99.9","currency":"EUR"}},
                         {"event":"user_visit","id":"2","time":1772359200,"client_id":"a-1","url":"https://s.example/","utm_source":"news"},
                         {"name":"user_login","id":"3","email":"a@b.eu","phone":"+371 1","params":{"method":"password"}}])",
            "codes") == json::parse(R"([
        {"type":"event","name":"order.placed","id":"1","occurred_at":"2026-03-01T10:00:00Z","customer":{"external_id":"C-1"},"context":{"order_id":"100","total":"99.90 EUR"}},
        {"type":"event","name":"site.visited","id":"2","occurred_at":"2026-03-01T10:00:00Z","customer":{"anonymous_id":"a-1"},"context":{"url":"https://s.example/","utm_source":"news"}},
        {"type":"event","name":"customer.logged_in","id":"3","customer":{"email":"a@b.eu","phone":"+371 1"},"context":{"method":"password"}}])"));
    CHECK(refusal(R"({"code":"order_complete","id":"1","data":{}})", "codes") == "missing_order_id /data");
}

TEST_CASE("the same document again makes the same bytes, so that the engine calls it a duplicate") {
    const std::string document = hit(R"([{"name":"purchase","params":{"transaction_id":"T-1","value":1}}])");
    CHECK(operations(document, "ga4") == operations(document, "ga4"));
    CHECK(operations(document, "ga4")[0]["id"] == "ga4:purchase:T-1");
}
