// Transactions: all or nothing, snapshots beside a writer, refusals, upkeep, messages.
#include <atomic>
#include <chrono>

#include "conformance/checks.hpp"
#include "conformance/owned_rows.hpp"
#include "conformance/rules.hpp"

namespace cartbell::conformance {
namespace {

void all_or_nothing(const Subject &subject) {
    Opened store(subject);
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
    expect_equal(work.scan({.table = thing}), {{"changed", 1, null, null}, {"kept", 1, null, null}, {"removed", 1, null, null}},
                 "what was committed before a rollback");
    expect_equal(work.scan({.table = owned, .index = by_placed}), {}, "what was rolled back, by an index");
    expect_equal(work.insert(owned, {{1, "a", 1, "l", blob("")}}), {false}, "a row that was rolled back");
}

void commit_keeps(const Subject &subject) {
    Opened store(subject);
    for (int round = 0; round < 3; ++round) {
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(thing, {{"round", round, null, null}});
        work.put(owned, {{round, "i", round, "l", blob("x")}});
        work.insert(queue, {{round, "k", "s"}});
        work.remove(queue, {{round - 1, "k", "s"}});
        work.commit();
        Work reader(store, CARTBELL_STORE_READ);
        expect_equal(reader.get(thing, {{"round"}}), {{"round", round, null, null}}, "what was just put and committed");
        expect_equal(static_cast<int64_t>(reader.scan({.table = owned, .index = by_placed}).size()), round + 1, "rows committed so far, by an index");
        expect_equal(reader.scan({.table = queue}), {{round, "k", "s"}}, "what was inserted and removed in the committed transactions");
    }
}

void readers_end_either_way(const Subject &subject) {
    Opened store(subject);
    fill_owned(store);
    for (bool commits : {true, false}) {
        Work reader(store, CARTBELL_STORE_READ);
        expect_equal(reader.scan({.table = owned}), owned_rows(), "a read transaction");
        if (commits)
            reader.commit();
        else
            reader.rollback();
    }
    Work work(store, CARTBELL_STORE_WRITE);
    expect_equal(work.scan({.table = owned}), owned_rows(), "a write transaction after read transactions ended by commit and by rollback");
}

void readers_stay(const Subject &subject) {
    Opened store(subject);
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
        expect_equal(beside.get(thing, {{"a"}, {"b"}}), {{"a", 1, null, null}, {}}, "beside a writer that has not committed");
        work.commit();
        expect_equal(beside.scan({.table = thing}), {{"a", 1, null, null}}, "beside a writer that has committed since");
    }
    expect_equal(before.get(thing, {{"a"}, {"b"}}), {{"a", 1, null, null}, {}}, "begun before the writer and read after its commit");
    expect_equal(before.scan({.table = thing}), {{"a", 1, null, null}}, "begun before the writer and scanned after its commit");
    Work after(store, CARTBELL_STORE_READ);
    expect_equal(after.scan({.table = thing}), {{"a", 2, null, null}, {"b", 2, null, null}}, "begun after the commit");
}

void scans_stay(const Subject &subject) {
    Opened store(subject);
    fill_owned(store);
    Work reader(store, CARTBELL_STORE_READ);
    Scan by_keys(reader, {.table = owned}), by_places(reader, {.table = owned, .index = by_placed});
    Rows first = by_keys.next(2), second = by_places.next(2);
    {
        Work work(store, CARTBELL_STORE_WRITE);
        Rows keys = items_of(owned_rows());
        work.remove(owned, keys);
        work.put(owned, {{0, "new", 0, "x", blob("")}, {1000, "new", 1000, "x", blob("")}});
        work.commit();
    }
    for (Row &row : by_keys.rest(2)) first.push_back(std::move(row));
    for (Row &row : by_places.rest(2)) second.push_back(std::move(row));
    expect_equal(first, owned_rows(), "a scan that was under way when all its rows were removed and committed");
    expect_equal(second, expected_scan(store.declared.tables[owned], owned_rows(), {.table = owned, .index = by_placed}), "the same by an index");
}

void readers_refuse_writes(const Subject &subject) {
    Opened store(subject);
    const Rows rows = {{"a", 1, null, null}};
    const std::vector<cartbell_cell> row = cells_of(rows);
    auto refused = [&](const char *what, auto &&call) {
        Work work(store, CARTBELL_STORE_READ);
        expect_equal(subject.checked(call(work.raw()), what), CARTBELL_READ_ONLY, what);
    };
    uint8_t existed = 0;
    refused("put in a read transaction", [&](void *raw) { return subject.functions.put(raw, thing, row.data(), 1); });
    refused("insert in a read transaction", [&](void *raw) { return subject.functions.insert(raw, thing, row.data(), 1, &existed); });
    refused("remove in a read transaction", [&](void *raw) { return subject.functions.remove(raw, thing, row.data(), 1); });
    Work work(store, CARTBELL_STORE_WRITE);
    expect_equal(work.scan({.table = thing}), {}, "what read transactions wrote");
}

void second_writer(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    work.put(thing, {{"first", 1, null, null}});
    // On another thread, because it may wait for this one.
    std::atomic<bool> answered{false};
    int32_t status = CARTBELL_INTERNAL;
    Beside beside([&] {
        void *second = nullptr;
        const int32_t given = subject.functions.begin(store.store, CARTBELL_STORE_WRITE, &second);
        if (given == CARTBELL_OK) subject.functions.rollback(second);
        status = given;
        answered = true;
    });
    for (int waited_ms = 0; !answered && waited_ms < 200; ++waited_ms) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    work.put(thing, {{"second", 1, null, null}});
    work.commit();
    beside.join();
    if (subject.checked(status, "a second begin to write") != CARTBELL_BUSY) expect_equal(status, CARTBELL_OK, "a second begin to write, beside one under way");
    Work after(store, CARTBELL_STORE_READ);
    expect_equal(after.scan({.table = thing}), {{"first", 1, null, null}, {"second", 1, null, null}}, "what the first committed");
}

void upkeep(const Subject &subject) {
    Opened store(subject);
    Rows rows;
    for (int i = 0; i < 3000; ++i) rows.push_back({i * 7919 % 3001, std::to_string(i), i, "l", blob(std::string(50, 'x'))});
    {
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(owned, rows);
        work.commit();
    }
    Work before(store, CARTBELL_STORE_READ);
    int32_t more = 1;
    for (int step = 0; more && subject.maintains(); ++step) {
        expect(step < 10'000, "maintain said 10,000 times that there is more to do");
        more = 7;
        expect_equal(subject.checked(subject.functions.maintain(store.store, &more), "maintain"), CARTBELL_OK, "maintain");
        expect(more == 0 || more == 1, "maintain did not set *more to 0 or 1");
    }
    const Rows wanted = expected_scan(store.declared.tables[owned], rows, {.table = owned});
    expect_equal(before.scan({.table = owned}, 500), wanted, "a read transaction during upkeep", rules::upkeep);
    Work after(store, CARTBELL_STORE_READ);
    expect_equal(after.scan({.table = owned}, 500), wanted, "a read transaction after upkeep", rules::upkeep);
}

void messages(const Subject &subject) {
    Opened store(subject);
    constexpr char secret[] = "jane@example.org";
    const Rows rows = {{secret, 1, secret, null}};
    Work work(store, CARTBELL_STORE_READ);
    const int32_t status = subject.checked(subject.functions.put(work.raw(), thing, cells_of(rows).data(), 1), "put");
    expect(status < CARTBELL_OK, "put in a read transaction succeeded", rules::refuses_writes);
    const std::string said = subject.last_message(store.store);
    expect(said.find(secret) == std::string::npos, "the message of a failed put holds a cell of its row");
    expect(said.find('\n') == std::string::npos, "the message of a failed put has more than one line");
}

constexpr Check checks[] = {
    {"a_rollback_leaves_nothing", rules::rollback, all_or_nothing},
    {"a_commit_keeps_everything", rules::commit, commit_keeps},
    {"a_read_transaction_ends_by_commit_or_rollback", rules::commit, readers_end_either_way},
    {"a_read_transaction_stays_at_its_begin", rules::snapshot, readers_stay},
    {"a_scan_stays_at_its_snapshot", rules::snapshot, scans_stay},
    {"a_read_transaction_refuses_writes", rules::refuses_writes, readers_refuse_writes},
    {"a_second_writer_does_not_disturb_the_first", rules::second_writer, second_writer},
    {"upkeep_changes_nothing_and_ends", rules::maintain, upkeep},
    {"messages_are_one_line_without_data", rules::last_message, messages},
};

}  // namespace

std::span<const Check> transaction_checks() { return checks; }

}  // namespace cartbell::conformance
