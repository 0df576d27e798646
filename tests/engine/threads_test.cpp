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

TEST_CASE("one writer and eight readers: every answer is one state that was committed, and never an older one than before") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_segment("buyers", R"({"compare":[{"orders":{"count":true}},"ge",1]})", noon).ok());
    // Batch b: the order "b" of the customer C-b, and the same total of the orders "left" and "right", whose customer is C-0.
    constexpr int batches = 60, readers = 8;
    const auto batch_of = [](int number) {
        const std::string name = std::to_string(number), when = format_instant(noon - day_us + number * second_us);
        json operations = json::array({order("o" + name, name, "C-" + name, when)});
        for (const char *side : {"left", "right"}) operations.push_back(order(side + name, side, "C-0", when, {{"total", name}}));
        return operations.dump();
    };
    const auto write = [&](int number) {
        auto parsed = shop->parse(Form::array, batch_of(number), "");
        Applied applied;
        Batch *one = parsed.ok() ? parsed->get() : nullptr;
        return one != nullptr && shop->apply({&one, 1}, noon, applied).ok() && applied.rejected == 0;
    };
    REQUIRE(write(0));
    std::atomic<int> failures{0}, committed{0};
    std::atomic<bool> writing{true};
    std::vector<std::thread> threads;
    for (int reader = 0; reader < readers; ++reader)
        threads.emplace_back([&, reader] {
            const auto fail_unless = [&failures](bool good) { failures += good ? 0 : 1; };
            int64_t before = 0;
            for (bool last = false; !last;) {
                last = !writing;
                const int64_t least = committed + 1;
                int64_t seen = before;
                if (reader % 4 == 0) {
                    const auto sides = shop->orders(std::vector<std::string_view>{"left", "right"});
                    const json both = sides.ok() ? json::parse(*sides) : json::array({1, 2});
                    fail_unless(both[0]["total"] == both[1]["total"] && both[0]["version"] == both[1]["version"]);
                    seen = both[0]["version"];
                } else if (reader % 4 == 1) {
                    const auto count = shop->segment_count("buyers", noon);
                    fail_unless(count.ok());
                    seen = count.ok() ? json::parse(*count)["count"].get<int64_t>() : 0;
                } else if (reader % 4 == 2) {
                    const auto page = shop->customer_timeline("external_id:C-0", "", 1000);
                    fail_unless(page.ok());
                    seen = page.ok() ? static_cast<int64_t>(json::parse(*page)["entries"].size() / 2) : 0;  // of both sides, and the order "0"
                    fail_unless(page.ok() && json::parse(*page)["entries"].size() % 2 == 1);
                } else {
                    const auto stats = shop->stats();
                    fail_unless(stats.ok() && shop->segment_explain("buyers", "external_id:C-0", noon, 10).ok() && shop->get_settings().ok());
                    seen = stats.ok() ? json::parse(*stats)["orders"].get<int64_t>() - 2 : 0;
                }
                fail_unless(seen >= before && seen >= least && seen <= batches);
                before = seen;
            }
        });
    for (int number = 1; number < batches; ++number) {
        if (!write(number)) ++failures;
        committed = number;
    }
    writing = false;
    for (std::thread &thread : threads) thread.join();
    CHECK(failures == 0);
    CHECK(Shop::read(shop->stats())["orders"] == batches + 2);
    CHECK(shop.digest() == shop.digest_refolded());
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
