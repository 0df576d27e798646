// Transactions: all or nothing, snapshots beside a writer, what a second open finds.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "conformance.hpp"

using namespace conformance;

TEST_CASE("a rollback leaves nothing, a commit everything") {
    Opened store(store_under_test());
    {
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(thing, {{"kept", 1, null, null}, {"changed", 1, null, null}, {"removed", 1, null, null}});
        work.commit();
    }
    {
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(thing, {{"changed", 2, null, null}, {"new", 2, null, null}});
        work.remove(thing, {{"removed"}});
        work.put(owned, {{1, "a", 1, "l", blob("")}});
        work.rollback();
    }
    Work work(store, CARTBELL_STORE_WRITE);
    CHECK(work.scan({.table = thing}) == Rows{{"changed", 1, null, null}, {"kept", 1, null, null}, {"removed", 1, null, null}});
    CHECK(work.scan({.table = owned, .index = by_placed}).empty());
    CHECK(work.insert(owned, {{1, "a", 1, "l", blob("")}}) == std::vector<bool>{false});
}

TEST_CASE("a read transaction stays at the state of its begin") {
    Opened store(store_under_test());
    {
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(thing, {{"a", 1, null, null}});
        work.commit();
    }
    Work before(store, CARTBELL_STORE_READ);  // nothing is read in it yet
    {
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(thing, {{"a", 2, null, null}, {"b", 2, null, null}});
        Work beside(store, CARTBELL_STORE_READ);
        CHECK(beside.get(thing, {{"a"}, {"b"}}) == Rows{{"a", 1, null, null}, {}});
        work.commit();
        CHECK(beside.scan({.table = thing}) == Rows{{"a", 1, null, null}});
    }
    CHECK(before.get(thing, {{"a"}, {"b"}}) == Rows{{"a", 1, null, null}, {}});
    CHECK(before.scan({.table = thing}) == Rows{{"a", 1, null, null}});
    Work after(store, CARTBELL_STORE_READ);
    CHECK(after.scan({.table = thing}) == Rows{{"a", 2, null, null}, {"b", 2, null, null}});
}

TEST_CASE("a read transaction refuses writes") {
    Opened store(store_under_test());
    Work work(store, CARTBELL_STORE_READ);
    std::vector<cartbell_cell> row = cells_of({{"a", 1, null, null}});
    uint8_t existed = 0;
    CHECK(store.functions.put(work.raw(), thing, row.data(), 1) < 0);
    CHECK(store.functions.insert(work.raw(), thing, row.data(), 1, &existed) < 0);
    CHECK(store.functions.remove(work.raw(), thing, row.data(), 1) < 0);
    CHECK(work.scan({.table = thing}).empty());
}

TEST_CASE("readers on another thread always see whole transactions, and the writer never waits for them for ever") {
    Opened store(store_under_test());
    constexpr int accounts = 20, transfers = 300;
    {
        Work work(store, CARTBELL_STORE_WRITE);
        Rows rows;
        for (int i = 0; i < accounts; ++i) rows.push_back({i, "account", 100, "l", blob("")});
        work.put(owned, rows);
        work.commit();
    }
    std::atomic<bool> over{false};
    std::atomic<int> wrong{0}, snapshots{0};
    std::thread reader([&] {
        while (!over || snapshots == 0) {
            Work work(store, CARTBELL_STORE_READ);
            for (int again = 0; again < 2; ++again) {
                int64_t sum = 0;
                Rows rows = work.scan({.table = owned, .index = again ? by_placed : by_key}, 5);
                for (const Row &row : rows) sum += row[2].integer;
                if (sum != accounts * 100 || rows.size() != accounts) ++wrong;
            }
            ++snapshots;
        }
    });
    uint64_t seed = 1;
    for (int i = 0; i < transfers; ++i) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        int from = static_cast<int>(seed >> 33) % accounts, to = static_cast<int>(seed >> 45) % accounts;
        if (from == to) continue;
        Work work(store, CARTBELL_STORE_WRITE);
        Rows rows = work.get(owned, {{from, "account"}, {to, "account"}});
        rows[0][2].integer -= 7;
        rows[1][2].integer += 7;
        work.put(owned, rows);
        work.commit();
    }
    over = true;
    reader.join();
    CHECK(wrong == 0);
    CHECK(snapshots > 0);
}

TEST_CASE("read transactions of several threads are used at once") {
    Opened store(store_under_test());
    {
        Work work(store, CARTBELL_STORE_WRITE);
        Rows rows;
        for (int i = 0; i < 2000; ++i) rows.push_back({i, std::to_string(i)});
        work.put(record, rows);
        work.commit();
    }
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 20; ++i) {
                Work work(store, CARTBELL_STORE_READ);
                Rows rows = work.get(record, {{i * 4 + t}, {1999 - i}});
                if (rows[0][1] == Value(std::to_string(i * 4 + t)) && work.scan({.table = record}, 100).size() == 2000) ++right;
            }
        });
    for (std::thread &thread : threads) thread.join();
    CHECK(right == 80);
}

TEST_CASE("a second write transaction is refused or waits its turn, and the first is not disturbed") {
    Opened store(store_under_test());
    Work work(store, CARTBELL_STORE_WRITE);
    work.put(thing, {{"a", 1, null, null}});
    void *second = nullptr;
    int32_t status = store.functions.begin(store.store, CARTBELL_STORE_WRITE, &second);
    CHECK((status == CARTBELL_OK || status == CARTBELL_BUSY));
    if (status == CARTBELL_OK) store.functions.rollback(second);
    work.commit();
    Work after(store, CARTBELL_STORE_READ);
    CHECK(after.scan({.table = thing}).size() == 1);
}

TEST_CASE("what was committed is there after closing and opening again, what was not is gone") {
    StoreUnderTest under_test = store_under_test();
    if (!under_test.make_again) return;
    Rows rows = {{"a", INT64_MIN, "", blob("")}, {"b", INT64_MAX, "text", blob(std::string(10'000, '\1'))}};
    {
        Opened store(under_test);
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(thing, rows);
        work.put(owned, {{1, "i", 5, "l", blob("x")}});
        work.commit();
        Work lost(store, CARTBELL_STORE_WRITE);
        lost.put(thing, {{"lost", 1, null, null}});
    }
    Opened store(under_test, under_test.make_again(), schema(), false);
    Work work(store, CARTBELL_STORE_READ);
    CHECK(work.scan({.table = thing}) == rows);
    CHECK(work.scan({.table = owned, .index = by_placed}).size() == 1);
}

TEST_CASE("a later schema version adds tables, columns and indexes to what is stored; an earlier one is refused then") {
    StoreUnderTest under_test = store_under_test();
    if (!under_test.make_again) return;
    {
        Opened store(under_test);
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(thing, {{"a", 2, "n", null}, {"b", 1, null, null}});
        work.commit();
    }
    {
        Opened store(under_test, under_test.make_again(), grown_schema(), false);
        Work work(store, CARTBELL_STORE_WRITE);
        Rows rows = {{"b", 1, null, null, null}, {"a", 2, "n", null, null}};
        CHECK(work.scan({.table = thing, .index = 0}) == rows);
        work.put(thing, {{"c", 0, null, null, 5}});
        CHECK(work.insert(extra, {{"extra"}}) == std::vector<bool>{false});
        CHECK(work.scan({.table = thing, .index = 0, .upper = {0}}) == Rows{{"c", 0, null, null, 5}});
        work.commit();
    }
    void *store = under_test.make_again();
    CHECK(under_test.functions->open(store, &schema(), 0) == CARTBELL_NEWER);
    if (under_test.functions->last_message) CHECK(std::string(under_test.functions->last_message(store)) != "");
    under_test.functions->close(store);
    Opened again(under_test, under_test.make_again(), grown_schema(), false);
    Work work(again, CARTBELL_STORE_READ);
    CHECK(work.scan({.table = thing}).size() == 3);
}

TEST_CASE("a store opened for reading sees what a writer commits beside it, and refuses to write") {
    StoreUnderTest under_test = store_under_test();
    if (!under_test.make_again) return;
    Opened writing(under_test);
    Opened reading(under_test, under_test.make_again(), schema(), true);
    {
        Work work(writing, CARTBELL_STORE_WRITE);
        work.put(thing, {{"a", 1, null, null}});
        Work beside(reading, CARTBELL_STORE_READ);
        CHECK(beside.scan({.table = thing}).empty());
        work.commit();
    }
    Work work(reading, CARTBELL_STORE_READ);
    CHECK(work.scan({.table = thing}).size() == 1);
    void *transaction = nullptr;
    CHECK(reading.functions.begin(reading.store, CARTBELL_STORE_WRITE, &transaction) == CARTBELL_READ_ONLY);
}

TEST_CASE("a second engine that writes the same store is refused as busy until the first closes") {
    StoreUnderTest under_test = store_under_test();
    if (!under_test.make_again) return;
    {
        Opened first(under_test);
        void *second = under_test.make_again();
        CHECK(under_test.functions->open(second, &schema(), 0) == CARTBELL_BUSY);
        under_test.functions->close(second);
        Work work(first, CARTBELL_STORE_WRITE);
        work.put(thing, {{"a", 1, null, null}});
        work.commit();
    }
    Opened third(under_test, under_test.make_again(), schema(), false);
    Work work(third, CARTBELL_STORE_READ);
    CHECK(work.scan({.table = thing}).size() == 1);
}

TEST_CASE("upkeep changes nothing that a reader or writer sees, and comes to an end") {
    Opened store(store_under_test());
    Rows rows;
    for (int i = 0; i < 3000; ++i) rows.push_back({i * 7919 % 3001, std::to_string(i), i, "l", blob(std::string(50, 'x'))});
    {
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(owned, rows);
        work.commit();
    }
    Work before(store, CARTBELL_STORE_READ);
    int32_t more = 1;
    for (int step = 0; more && store.functions.maintain; ++step) {
        REQUIRE(step < 10'000);
        REQUIRE(store.functions.maintain(store.store, &more) == CARTBELL_OK);
    }
    Rows expected = expected_scan(store.declared.tables[owned], rows, {.table = owned});
    CHECK(before.scan({.table = owned}, 500) == expected);
    Work after(store, CARTBELL_STORE_READ);
    CHECK(after.scan({.table = owned}, 500) == expected);
}
