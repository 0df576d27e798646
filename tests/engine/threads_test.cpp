// Threads: writing calls queue, reading calls run beside them on snapshots of their own (architecture.md §4).
#include "engine_fixture.hpp"

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

using namespace engine_test;

namespace {
const Instant noon = at("2026-11-20T12:00:00Z");
}

TEST_CASE("threads parse, apply, read, tick and lease at once; nothing is lost, nothing is leased twice") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_template("t", R"({"channel":"sms","text":"{{orders.count}}"})", noon).ok());
    REQUIRE(shop->put_segment("buyers", R"({"orders":{}})", noon).ok());
    REQUIRE(shop->put_mailing("m", R"({"audience":"buyers","channel":"sms","category":"promo","template":"t"})", noon).ok());

    constexpr int writers = 3, batches = 12, per_batch = 20;
    std::atomic<int> failures{0}, working{writers};
    std::vector<std::thread> threads;
    for (int writer = 0; writer < writers; ++writer)
        threads.emplace_back([&, writer] {
            for (int batch = 0; batch < batches; ++batch) {
                json operations = json::array();
                for (int i = 0; i < per_batch; ++i) {
                    const std::string id = std::to_string(writer) + "-" + std::to_string(batch) + "-" + std::to_string(i);
                    operations.push_back(order("o" + id, id, "C-" + std::to_string((batch * per_batch + i) % 100), "2026-11-20T10:00:00Z"));
                }
                auto parsed = shop->parse(Form::array, operations.dump(), "");
                Applied applied;
                Batch *one = parsed.ok() ? parsed->get() : nullptr;
                if (one == nullptr || !shop->apply({&one, 1}, noon, applied).ok() || applied.rejected != 0) ++failures;
            }
            --working;
        });
    threads.emplace_back([&] {
        int64_t before = 0;
        while (working > 0) {
            const auto count = shop->segment_count("buyers", noon);
            const int64_t now = count.ok() ? json::parse(*count)["count"].get<int64_t>() : -1;
            if (now < before) ++failures;
            before = now;
            if (!shop->stats().ok() || !shop->digest().ok()) ++failures;
        }
    });
    threads.emplace_back([&] {
        for (int version = 0; working > 0; ++version)
            if (!shop->put_segment("other", R"({"orders":{"count":{"ge":)" + std::to_string(version % 5) + "}}}", noon).ok()) ++failures;
    });
    for (std::thread &thread : threads) thread.join();
    threads.clear();
    CHECK(failures == 0);
    CHECK(Shop::read(shop->stats())["orders"] == writers * batches * per_batch);
    CHECK(shop.digest() == shop.digest_refolded());

    REQUIRE(shop->start_mailing("m", noon).ok());
    std::mutex guard;
    std::multiset<std::string> leased;
    std::atomic<bool> done{false};
    for (int worker = 0; worker < 2; ++worker)
        threads.emplace_back([&, worker] {
            for (;;) {
                const bool last_round = done;
                const auto answer = shop->lease("w" + std::to_string(worker), 7, day_us, noon);
                if (!answer.ok()) {
                    ++failures;
                    return;
                }
                const json messages = json::parse(*answer)["messages"];
                for (const json &message : messages) {
                    const std::lock_guard held(guard);
                    leased.insert(message["message_id"].get<std::string>());
                }
                if (messages.empty() && last_round) return;
            }
        });
    shop.run(noon, 1);
    done = true;
    for (std::thread &thread : threads) thread.join();
    CHECK(failures == 0);
    CHECK(leased.size() == 100);
    CHECK(std::set<std::string>(leased.begin(), leased.end()).size() == 100);
}

TEST_CASE("questions about products see the catalogue of their own transaction, whatever is written meanwhile") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const auto offered = [](int round, const char *product_id, bool available) {
        return json{{"type", "product"}, {"id", product_id + std::to_string(round)}, {"occurred_at", "2026-11-20T10:00:00Z"}, {"sequence", round},
                    {"product", {{"product_id", product_id}, {"available", available}}}};
    };
    // Exactly one of the two products is to be had at any time, and each customer bought one of them.
    shop.apply(json::array({order("o1", "1", "A", "2026-11-20T10:00:00Z", {{"lines", json::array({{{"product_id", "x"}}})}}),
                            order("o2", "2", "B", "2026-11-20T10:00:00Z", {{"lines", json::array({{{"product_id", "y"}}})}}),
                            offered(0, "x", true), offered(0, "y", false)}),
               noon);
    constexpr const char *predicate = R"({"lines":{"where":{"product.available":true}}})";
    std::atomic<int> failures{0}, asked{0};
    std::atomic<bool> working{true};
    std::vector<std::thread> threads;
    for (int reader = 0; reader < 2; ++reader)
        threads.emplace_back([&] {
            while (working) {
                const auto count = shop->segment_count(predicate, noon);
                if (!count.ok() || json::parse(*count)["count"] != 1) ++failures;
                if (!shop->segment_match(predicate, "external_id:A", noon).ok()) ++failures;
                ++asked;
            }
        });
    for (int round = 1; round <= 60 || asked < 20; ++round)
        shop.apply(json::array({offered(round, "x", round % 2 == 0), offered(round, "y", round % 2 != 0)}), noon);
    working = false;
    for (std::thread &thread : threads) thread.join();
    CHECK(failures == 0);
}
