// Transactions of several threads at once.
#include <atomic>
#include <memory>

#include "conformance/checks.hpp"
#include "conformance/rules.hpp"

namespace cartbell::conformance {
namespace {

constexpr int accounts = 20, transfers = 300;
constexpr int64_t in_each = 100;

// Reads all accounts again and again until it is told to stop; every time the sum must be the same.
void sum_until(const Opened &store, const std::atomic<bool> &over, std::atomic<int> &snapshots) {
    do {
        Work work(store, CARTBELL_STORE_READ);
        for (int32_t index : {static_cast<int32_t>(by_key), static_cast<int32_t>(by_placed)}) {
            int64_t sum = 0;
            const Rows rows = work.scan({.table = owned, .index = index}, 5);
            for (const Row &row : rows) sum += row[2].integer;
            expect_equal(static_cast<int64_t>(rows.size()), accounts, "accounts in a snapshot beside a writer");
            expect_equal(sum, accounts * in_each, "their sum, of which every transaction keeps the whole");
        }
        ++snapshots;
    } while (!over);
}

void whole_transactions(const Subject &subject) {
    Opened store(subject);
    {
        Work work(store, CARTBELL_STORE_WRITE);
        Rows rows;
        for (int i = 0; i < accounts; ++i) rows.push_back({i, "account", in_each, "l", blob("")});
        work.put(owned, rows);
        work.commit();
    }
    std::atomic<bool> over{false};
    std::atomic<int> snapshots{0};
    Beside reader([&] { sum_until(store, over, snapshots); });
    struct Ending {
        std::atomic<bool> &over;
        ~Ending() { over = true; }
    } ending{over};
    uint64_t seed = 1;
    for (int i = 0; i < transfers; ++i) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        const int from = static_cast<int>(seed >> 33) % accounts, to = static_cast<int>(seed >> 45) % accounts;
        if (from == to) continue;
        Work work(store, CARTBELL_STORE_WRITE);
        Rows rows = work.get(owned, {{from, "account"}, {to, "account"}});
        expect(!rows[0].empty() && !rows[1].empty(), "an account is not there");
        rows[0][2].integer -= 7;
        rows[1][2].integer += 7;
        work.put(owned, rows);
        work.commit();
    }
    over = true;
    reader.join();
    expect(snapshots > 0, "the reader saw no snapshot");
}

void several_readers(const Subject &subject) {
    Opened store(subject);
    constexpr int rows_count = 2000;
    {
        Work work(store, CARTBELL_STORE_WRITE);
        Rows rows;
        for (int i = 0; i < rows_count; ++i) rows.push_back({i, std::to_string(i)});
        work.put(record, rows);
        work.commit();
    }
    Work own(store, CARTBELL_STORE_READ);
    std::vector<std::unique_ptr<Beside>> readers;
    for (int t = 0; t < 4; ++t)
        readers.push_back(std::make_unique<Beside>([&store, t] {
            for (int i = 0; i < 20; ++i) {
                Work work(store, CARTBELL_STORE_READ);
                const int number = i * 4 + t;
                expect_equal(work.get(record, {{number}, {rows_count - 1 - i}}),
                             {{number, std::to_string(number)}, {rows_count - 1 - i, std::to_string(rows_count - 1 - i)}}, "get on one of four threads");
                expect_equal(static_cast<int64_t>(work.scan({.table = record}, 100).size()), rows_count, "rows of a scan on one of four threads");
            }
        }));
    for (auto &reader : readers) reader->join();
    expect_equal(static_cast<int64_t>(own.scan({.table = record}, 100).size()), rows_count, "rows of a scan on the thread that waited for them");
}

constexpr Check checks[] = {
    {"readers_on_other_threads_see_whole_transactions", rules::snapshot, whole_transactions},
    {"several_threads_read_at_once", rules::snapshot, several_readers},
};

}  // namespace

std::span<const Check> thread_checks() { return checks; }

}  // namespace cartbell::conformance
