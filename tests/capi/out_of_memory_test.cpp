// The n-th allocation fails, for every n: each call ends in CARTBELL_OUT_OF_MEMORY or does its work, and
// nothing is lost.
#include <doctest/doctest.h>

#include <new>
#include <string>

#include "capi/guard.hpp"
#include "cartbell/cartbell.h"
#include "failing_allocations.hpp"

using cartbell::test::allocations_left;
using cartbell::test::allocations_seen;

namespace {

constexpr int64_t now_us = 1'322'000'000'000'000;

// Runs `call` with the n-th allocation failing, for n from 0 until one run needs no more; gives how many
// failed.
template <typename Call, typename Reset>
long fail_each(Call &&call, Reset &&reset) {
    for (long n = 0;; ++n) {
        cartbell_error *error = nullptr;
        allocations_left = n;
        const int32_t status = call(&error);
        const bool reached = allocations_left < 0;
        allocations_left = -1;
        CAPTURE(n);
        if (status != CARTBELL_OK) {
            CHECK(status == CARTBELL_OUT_OF_MEMORY);
            CHECK(error != nullptr);
            CHECK(std::string(cartbell_error_reason(error)) == "out_of_memory");
        } else {
            CHECK(error == nullptr);
        }
        cartbell_error_free(error);
        reset(status);
        if (!reached) {
            CHECK(status == CARTBELL_OK);
            return n;
        }
    }
}

const std::string order =
    R"({"type":"order","id":"1","occurred_at":"2011-10-01T10:00:00Z","customer":{"external_id":"C-1"},"order":{"order_id":"100","currency":"EUR",)"
    R"("placed_at":"2011-10-01T10:00:00Z","total":"9.90","lines":[{"line_id":"1","product_id":"MUG","quantity":"1","price":"9.90"}]}})";

struct Shop {
    cartbell_engine *engine = nullptr;
    cartbell_buffer answer = CARTBELL_BUFFER_INIT;
    int64_t before = cartbell_live_objects();
    Shop() {
        cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
        options.path = ":memory:";
        REQUIRE(cartbell_engine_open(&options, &engine, nullptr) == CARTBELL_OK);
        // simdjson chooses its implementation at first use, once in a process, and allocates for it where
        // nothing can be caught.
        cartbell_batch *first = nullptr;
        REQUIRE(cartbell_engine_parse(engine, CARTBELL_FORM_ARRAY, "[]", 2, nullptr, &first, nullptr) ==
                CARTBELL_OK);
        cartbell_batch_free(first);
    }
    ~Shop() {
        cartbell_engine_close(engine);
        cartbell_buffer_free(&answer);
        CHECK(cartbell_live_objects() == before);
    }
};

}  // namespace

TEST_CASE("out of memory is told without allocating") {
    cartbell_error *error = nullptr;
    allocations_seen = 0;
    const int32_t status =
        cartbell::capi::guard(&error, []() -> cartbell::Status { throw std::bad_alloc(); });
    const std::string reason_copy_is_made_after = [&] {
        const long seen = allocations_seen;
        CHECK(seen == 0);
        return std::string(cartbell_error_message(error));
    }();
    CHECK(status == CARTBELL_OUT_OF_MEMORY);
    CHECK(reason_copy_is_made_after == "out of memory");
    cartbell_error_free(error);
}

TEST_CASE("an error that finds no memory for itself becomes out of memory") {
    cartbell_error *error = nullptr;
    cartbell::Error what =
        cartbell::failure(cartbell::Code::invalid, "a_reason",
                          "a message that is too long for the small strings of any library");
    cartbell::Status status(what);
    allocations_left = 0;
    const int32_t result = cartbell::capi::guard(&error, [&] { return std::move(status); });
    allocations_left = -1;
    CHECK(result == CARTBELL_OUT_OF_MEMORY);
    CHECK(std::string(cartbell_error_reason(error)) == "out_of_memory");
}

TEST_CASE("opening an engine survives every failed allocation") {
    const int64_t before = cartbell_live_objects();
    cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
    options.path = ":memory:";
    cartbell_engine *engine = nullptr;
    const long failed = fail_each([&](auto error) { return cartbell_engine_open(&options, &engine, error); },
                                  [&](int32_t status) {
                                      if (status == CARTBELL_OK) cartbell_engine_close(engine);
                                      CHECK(cartbell_live_objects() == before);
                                  });
    CHECK(failed > 10);
}

TEST_CASE("parsing survives every failed allocation") {
    Shop shop;
    cartbell_batch *batch = nullptr;
    const long failed = fail_each(
        [&](auto error) {
            return cartbell_engine_parse(shop.engine, CARTBELL_FORM_ONE, order.data(), order.size(), nullptr,
                                         &batch, error);
        },
        [&](int32_t status) {
            if (status == CARTBELL_OK) cartbell_batch_free(batch);
        });
    CHECK(failed > 3);
}

TEST_CASE("mapping survives every failed allocation, and its outputs change together or not at all") {
    const std::string document = R"({"id":1,"created_at":"2026-03-01T10:00:00Z","email":"a@b.eu","line_items":[{"id":1,"quantity":2,"price":"1.00","properties":[{"name":"a","value":"b"}]}]})";
    cartbell_map_options options = CARTBELL_MAP_OPTIONS_INIT;
    options.format = "shopify";
    cartbell_buffer operations = CARTBELL_BUFFER_INIT, report = CARTBELL_BUFFER_INIT;
    const long failed = fail_each([&](auto error) { return cartbell_map(document.data(), document.size(), &options, &operations, &report, error); },
                                  [&](int32_t status) {
                                      CHECK((operations.data == nullptr) == (status != CARTBELL_OK));
                                      CHECK((report.data == nullptr) == (status != CARTBELL_OK));
                                  });
    CHECK(failed > 50);
    cartbell_buffer_free(&operations);
    cartbell_buffer_free(&report);
}

TEST_CASE("ingesting survives every failed allocation, and the same input again gives the same state") {
    std::string digest;
    {
        Shop whole;
        REQUIRE(cartbell_engine_ingest(whole.engine, CARTBELL_FORM_ONE, order.data(), order.size(), nullptr,
                                       now_us, nullptr, nullptr, nullptr) == CARTBELL_OK);
        REQUIRE(cartbell_engine_digest(whole.engine, CARTBELL_DIGEST_STORED, &whole.answer, nullptr) ==
                CARTBELL_OK);
        digest = whole.answer.data;
    }
    Shop shop;
    const long failed = fail_each(
        [&](auto error) {
            return cartbell_engine_ingest(shop.engine, CARTBELL_FORM_ONE, order.data(), order.size(), nullptr,
                                          now_us, nullptr, &shop.answer, error);
        },
        [](int32_t) {});
    CHECK(failed > 10);
    REQUIRE(cartbell_engine_digest(shop.engine, CARTBELL_DIGEST_STORED, &shop.answer, nullptr) ==
            CARTBELL_OK);
    CHECK(shop.answer.data == digest);
    REQUIRE(cartbell_engine_digest(shop.engine, CARTBELL_DIGEST_REFOLDED, &shop.answer, nullptr) ==
            CARTBELL_OK);
    CHECK(shop.answer.data == digest);
}

TEST_CASE("late facts of busy objects survive every failed allocation, also one behind the commit") {
    const auto said = [](int n) {
        const std::string number = std::to_string(n), time = R"(","occurred_at":"2025-10-01T10:00:)" + std::to_string(100 + n).substr(1) + R"(Z",)";
        return R"({"type":"order","id":"o)" + number + time + R"("customer":{"external_id":"C-1","email":"c)" + number +
               R"(@example.org"},"order":{"order_id":"1","total":")" + number + R"(.00"}})" + "\n" + R"({"type":"product","id":"p)" + number + time +
               R"("product":{"product_id":"MUG","stock":")" + number + R"("}})" + "\n";
    };
    std::string many;
    for (int n = 10; n < 50; ++n) many += said(n);
    Shop shop;
    const auto ingest = [&](const std::string &lines, cartbell_error **error) {
        return cartbell_engine_ingest(shop.engine, CARTBELL_FORM_NDJSON, lines.data(), lines.size(), nullptr, now_us, nullptr, nullptr, error);
    };
    const auto digest = [&](int32_t of) {
        REQUIRE(cartbell_engine_digest(shop.engine, of, &shop.answer, nullptr) == CARTBELL_OK);
        return std::string(shop.answer.data);
    };
    REQUIRE(ingest(many, nullptr) == CARTBELL_OK);
    for (const int n : {5, 3, 4}) {  // the first reads all entries, the others find them in memory, or read them again
        const std::string late = said(n), before = digest(CARTBELL_DIGEST_STORED);
        const auto nothing_is_stored = [&](int32_t status) {
            if (status != CARTBELL_OK) CHECK(digest(CARTBELL_DIGEST_STORED) == before);
        };
        CHECK(fail_each([&](auto error) { return ingest(late, error); }, nothing_is_stored) > 10);
        CHECK(digest(CARTBELL_DIGEST_STORED) != before);
        CHECK(digest(CARTBELL_DIGEST_STORED) == digest(CARTBELL_DIGEST_REFOLDED));
    }
}

TEST_CASE("events survive every failed allocation: of nobody, of a device, and those that a late claim moves") {
    Shop shop;
    const auto digest = [&](int32_t of) {
        REQUIRE(cartbell_engine_digest(shop.engine, of, &shop.answer, nullptr) == CARTBELL_OK);
        return std::string(shop.answer.data);
    };
    int number = 0;
    for (const char *customer : {"", R"("customer":{"device_id":"d1"},)", R"("customer":{"external_id":"C-1","device_id":"d1"},)", R"("customer":{"external_id":"C-2","device_id":"d1"},)"}) {
        // Each earlier than the one before, so that it moves them.
        const std::string visit = R"({"type":"event","id":"v)" + std::to_string(number) + R"(","occurred_at":"2025-10-0)" + std::to_string(5 - number) +
                                  R"(T10:00:00Z",)" + customer + R"("session_id":"s1","name":"page.viewed","context":{"url":"https://shop.example/a/long/path"}})";
        ++number;
        const std::string before = digest(CARTBELL_DIGEST_STORED);
        const long failed = fail_each(
            [&](auto error) {
                return cartbell_engine_ingest(shop.engine, CARTBELL_FORM_ONE, visit.data(), visit.size(), nullptr, now_us, nullptr, nullptr, error);
            },
            [&](int32_t status) {
                if (status != CARTBELL_OK) CHECK(digest(CARTBELL_DIGEST_STORED) == before);
            });
        CHECK(failed > 10);
        CHECK(digest(CARTBELL_DIGEST_STORED) != before);
        CHECK(digest(CARTBELL_DIGEST_STORED) == digest(CARTBELL_DIGEST_REFOLDED));
    }
    fail_each([&](auto error) { return cartbell_event_list(shop.engine, "external_id:C-2", nullptr, 10, &shop.answer, error); }, [](int32_t) {});
    CHECK(std::string(shop.answer.data).find("v3") != std::string::npos);
}

TEST_CASE("reading calls survive every failed allocation") {
    Shop shop;
    const std::string predicate = R"({"purchases":{"count":{"ge":1}}})";
    REQUIRE(cartbell_engine_ingest(shop.engine, CARTBELL_FORM_ONE, order.data(), order.size(), nullptr,
                                   now_us, nullptr, nullptr, nullptr) == CARTBELL_OK);
    fail_each([&](auto error) { return cartbell_order_get(shop.engine, "100", &shop.answer, error); },
              [](int32_t) {});
    const std::string mug = R"({"type":"product","id":"p","product":{"product_id":"MUG","name":"Mug"}})";
    const std::string of_mugs = R"({"lines":{"where":{"product.name":{"ne":"Mug"}},"count":0}})";
    REQUIRE(cartbell_engine_ingest(shop.engine, CARTBELL_FORM_ONE, mug.data(), mug.size(), nullptr, now_us,
                                   nullptr, nullptr, nullptr) == CARTBELL_OK);
    fail_each([&](auto error) { return cartbell_product_get(shop.engine, "MUG", &shop.answer, error); },
              [](int32_t) {});
    fail_each(
        [&](auto error) {
            return cartbell_segment_count(shop.engine, of_mugs.data(), of_mugs.size(), now_us, &shop.answer, error);
        },
        [](int32_t) {});
    CHECK(std::string(shop.answer.data).find("\"count\":1") != std::string::npos);
    fail_each(
        [&](auto error) {
            return cartbell_segment_count(shop.engine, predicate.data(), predicate.size(), now_us,
                                          &shop.answer, error);
        },
        [](int32_t) {});
    CHECK(std::string(shop.answer.data).find("\"count\":1") != std::string::npos);
    fail_each([&](auto error) { return cartbell_engine_stats(shop.engine, &shop.answer, error); },
              [](int32_t) {});
}

TEST_CASE("a template survives every failed allocation") {
    const int64_t before = cartbell_live_objects();
    cartbell_template *compiled = nullptr;
    const std::string text = "Dear {{name}},{{#orders}} {{id}}{{/orders}}";
    const std::string data = R"({"name":"Ann","orders":[{"id":1},{"id":2}]})";
    fail_each(
        [&](auto error) {
            return cartbell_template_compile(text.data(), text.size(), nullptr, &compiled, error);
        },
        [&](int32_t status) {
            if (status == CARTBELL_OK) cartbell_template_free(compiled);
        });
    REQUIRE(cartbell_template_compile(text.data(), text.size(), nullptr, &compiled, nullptr) == CARTBELL_OK);
    cartbell_buffer output = CARTBELL_BUFFER_INIT;
    int32_t outcome = 0;
    fail_each(
        [&](auto error) {
            return cartbell_template_render(compiled, data.data(), data.size(), &outcome, &output, error);
        },
        [](int32_t) {});
    CHECK(std::string(output.data) == "Dear Ann, 1 2");
    cartbell_buffer_free(&output);
    cartbell_template_free(compiled);
    CHECK(cartbell_live_objects() == before);
}
