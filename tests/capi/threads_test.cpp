// "An engine may be used by any number of threads at once": parsing, applying, reading and rendering side by
// side.
#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "cartbell/cartbell.hpp"

namespace {

constexpr int64_t now_us = 1'322'000'000'000'000;
constexpr int writers = 3, batches_each = 12, orders_each = 20;

std::string orders(int writer, int batch) {
    std::string text;
    for (int number = 0; number < orders_each; ++number) {
        const std::string id =
            std::to_string(writer) + "-" + std::to_string(batch) + "-" + std::to_string(number);
        text += R"({"type":"order","id":")" + id +
                R"(","occurred_at":"2011-10-01T10:00:00Z","customer":{"external_id":"C-)" +
                std::to_string(number) + R"("},"order":{"order_id":")" + id +
                R"(","placed_at":"2011-10-01T10:00:00Z","currency":"EUR","total":"9.90"}})" + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("several threads parse and apply while others read, and nothing is lost") {
    {
        cartbell::engine shop(":memory:");
        const cartbell::compiled_template greeting("Hello {{name}}");
        std::atomic<int64_t> accepted{0}, wrong{0};
        std::atomic<bool> done{false};
        std::vector<std::thread> threads;
        for (int writer = 0; writer < writers; ++writer)
            threads.emplace_back([&, writer] {
                for (int number = 0; number < batches_each; ++number) {
                    cartbell::batch batch = shop.parse(cartbell::form::ndjson, orders(writer, number));
                    accepted += shop.apply(batch, now_us).accepted;
                }
            });
        for (int reader = 0; reader < 2; ++reader)
            threads.emplace_back([&] {
                while (!done) {
                    const std::string counted =
                        shop.segment_count(R"({"purchases":{"count":{"ge":1}}})", now_us);
                    if (counted.find("\"count\":") == std::string::npos) ++wrong;
                    if (greeting.render(R"({"name":"Ann"})").text != "Hello Ann") ++wrong;
                }
            });
        for (int writer = 0; writer < writers; ++writer)
            threads[static_cast<size_t>(writer)].join();
        done = true;
        for (size_t reader = writers; reader < threads.size(); ++reader)
            threads[reader].join();
        CHECK(wrong == 0);
        CHECK(accepted == writers * batches_each * orders_each);
        CHECK(shop.digest() == shop.digest(true));
        CHECK(shop.digest().find("\"orders\":720") != std::string::npos);
    }
    CHECK(cartbell_live_objects() == 0);
}
