// Damaged documents and damaged tables are mapped or refused, and nothing else.
#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>
#include <random>
#include <vector>

#include "codec/mapping_table.hpp"
#include "mapping_fixture.hpp"

using namespace cartbell;
using namespace cartbell::test;
using nlohmann::json;

namespace {

uint32_t seed() {
    const char *given = std::getenv("CARTBELL_SEED");
    return given ? static_cast<uint32_t>(std::strtoul(given, nullptr, 10))
                 : static_cast<uint32_t>(std::time(nullptr));
}

const std::vector<std::pair<std::string, json>> &documents() {
    static const std::vector<std::pair<std::string, json>> all{
        {"shopify",
         json::parse(
             R"({"id":1,"created_at":"2026-03-01T10:00:00Z","financial_status":"paid","fulfillment_status":null,"total_price":"5.00","total_discounts":"1.00",
            "line_items":[{"id":2,"quantity":2,"price":"3.00","grams":5,"discount_allocations":[{"amount":"1.00"}],"properties":[{"name":"a","value":{"b":[]}}]}],
            "refunds":[{"refund_line_items":[{"line_item_id":2,"quantity":1}],"transactions":[{"kind":"refund","status":"success","amount":"1.00"}]}],
            "fulfillments":[{"status":"success","tracking_number":"x"}],"customer":{"id":7,"phone":"+371","default_address":{"city":"Riga"}},"tags":"a,b"})")},
        {"woocommerce",
         json::parse(
             R"({"id":1,"date_created_gmt":"2026-03-01T10:00:00","date_paid_gmt":"2026-03-01T10:00:00","status":"on-hold","total":"5.00","customer_id":3,
            "line_items":[{"id":2,"quantity":2,"subtotal":"6.00","total":"5.00","meta_data":[{"key":"pa_x","display_value":"y"},{"key":"k","value":[1]}]}],
            "refunds":[{"total":"-1.00"}],"coupon_lines":[{"code":"A"}],"fee_lines":[{"total":"1"}],"billing":{"email":"a@b.eu","city":"Riga"},"meta_data":[{"key":"k","value":"v"}]})")},
        {"segment",
         json::parse(
             R"({"type":"track","event":"Order Completed","messageId":"1","timestamp":"2026-03-01T10:00:00Z","userId":"C","properties":{"order_id":"1","total":5,
            "currency":"EUR","products":[{"product_id":"A"},{"sku":"B"}]}})")},
        {"ga4",
         json::parse(
             R"({"client_id":"1.2","timestamp_micros":1772359200000000,"events":[{"name":"add_to_cart","params":{"currency":"EUR","items":[{"item_id":"A","price":1,
            "quantity":2,"item_category":"x"}]}},{"name":"purchase","params":{"transaction_id":"T","value":3}}]})")},
    };
    return all;
}

// Every node of a JSON value, to be replaced or taken away.
void places(const json &value, const json::json_pointer &at, std::vector<json::json_pointer> &all) {
    all.push_back(at);
    if (value.is_object())
        for (const auto &member : value.items())
            places(member.value(), at / member.key(), all);
    if (value.is_array())
        for (size_t index = 0; index < value.size(); ++index)
            places(value[index], at / index, all);
}

json damaged(json value, std::mt19937 &random) {
    static const std::vector<json> others{nullptr,
                                          true,
                                          0,
                                          -1,
                                          1e30,
                                          "",
                                          "x",
                                          "a.*.b",
                                          "=x",
                                          "^.^.^.a",
                                          "$use",
                                          "2026-03-01T10:00:00Z",
                                          json::array(),
                                          json::object(),
                                          json::array({"a", "b"}),
                                          {{"a", 1}},
                                          {{"$each", "line_items.*"}},
                                          {{"$sum", "a"}},
                                          {{"$text", "a"}},
                                          json::array({json::object()})};
    for (size_t times = 1 + random() % 3; times > 0; --times) {
        std::vector<json::json_pointer> all;
        places(value, json::json_pointer(), all);
        const json::json_pointer at = all[random() % all.size()], another = all[random() % all.size()];
        const json moved = random() % 2 == 0 ? others[random() % others.size()] : value.at(another);
        if (moved.dump().size() > 50'000) continue;
        value[at] = moved;
    }
    return value;
}

struct Outcome {
    size_t mapped = 0, refused = 0;
    void count(const std::string &text, const std::string &format, const std::string &table) {
        codec::MappingOptions options;
        options.format = format;
        options.table = table;
        const Result<codec::MappedDocuments> done = codec::map_documents(text, options, library_limits);
        ++(done.ok() ? mapped : refused);
        if (done.ok()) {
            CHECK(json::parse(done->operations).is_array());
            CHECK(json::parse(done->report).is_object());
        } else {
            CHECK_FALSE(done.error().reason.empty());
            if (!done.error().pointer.empty() && done.error().reason != "bad_table" && table.empty())
                CHECK_MESSAGE(json::parse(text).contains(json::json_pointer(done.error().pointer)),
                              done.error().pointer);
        }
    }
};

}  // namespace

TEST_CASE("damaged documents are mapped or refused with a pointer to what is there") {
    const uint32_t number = seed();
    INFO("CARTBELL_SEED=" << number);
    std::mt19937 random(number);
    Outcome outcome;
    for (int round = 0; round < 500; ++round)
        for (const auto &[format, document] : documents())
            outcome.count(damaged(document, random).dump(), format, "");
    CHECK(outcome.mapped > 100);
    CHECK(outcome.refused > 100);
}

TEST_CASE("damaged tables are refused, or map as they say") {
    const uint32_t number = seed();
    INFO("CARTBELL_SEED=" << number);
    std::mt19937 random(number);
    Outcome outcome;
    for (int round = 0; round < 150; ++round)
        for (const auto &[format, document] : documents()) {
            const json table = damaged(json::parse(codec::built_in_mapping(format)), random);
            outcome.count(document.dump(), format, table.dump());
            outcome.count(damaged(document, random).dump(), format, table.dump());
        }
    CHECK(outcome.mapped > 50);
    CHECK(outcome.refused > 50);
}
