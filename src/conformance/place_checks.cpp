// What an open finds: a place that is new, that was left, that another engine has, that is no store.
#include "conformance/checks.hpp"
#include "conformance/rules.hpp"

namespace cartbell::conformance {
namespace {

void new_place_is_empty(const Subject &subject) {
    {
        Opened store(subject);
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(thing, {{"a", 1, null, null}});
        work.commit();
    }
    Opened store(subject);
    Work work(store, CARTBELL_STORE_READ);
    for (uint32_t table = 0; table < schema().table_count; ++table)
        expect_equal(work.scan({.table = static_cast<Table>(table)}), {}, "a table of a store over a new place");
}

void reopening(const Subject &subject) {
    const Rows rows = {{"a", INT64_MIN, "", blob("")}, {"b", INT64_MAX, "text", blob(std::string(10'000, '\1'))}};
    {
        Opened store(subject);
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(thing, rows);
        work.put(owned, {{1, "i", 5, "l", blob("x")}});
        work.commit();
        Work lost(store, CARTBELL_STORE_WRITE);
        lost.put(thing, {{"lost", 1, null, null}});
    }
    Opened store(subject, CARTBELL_CONFORMANCE_SAME);
    Work work(store, CARTBELL_STORE_READ);
    expect_equal(work.scan({.table = thing}), rows, "what was committed before close, without what was not");
    expect_equal(work.scan({.table = owned, .index = by_placed}), {{1, "i", 5, "l", blob("x")}}, "the same by an index");
}

void growing(const Subject &subject) {
    {
        Opened store(subject);
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(thing, {{"a", 2, "n", null}, {"b", 1, null, null}});
        work.commit();
    }
    {
        Opened store(subject, CARTBELL_CONFORMANCE_SAME, grown_schema());
        Work work(store, CARTBELL_STORE_WRITE);
        const Rows rows = {{"b", 1, null, null, null}, {"a", 2, "n", null, null}};
        expect_equal(work.scan({.table = thing, .index = 0}), rows, "old rows by a new index, with a new column", rules::added_columns);
        work.put(thing, {{"c", 0, null, null, 5}});
        expect_equal(work.insert(extra, {{"extra"}}), {false}, "a row in a new table");
        expect_equal(work.scan({.table = thing, .index = 0, .upper = {0}}), {{"c", 0, null, null, 5}}, "a row with the new column");
        work.commit();
    }
    Opened again(subject, CARTBELL_CONFORMANCE_SAME, grown_schema());
    Work work(again, CARTBELL_STORE_READ);
    expect_equal(work.scan({.table = thing}), {{"a", 2, "n", null, null}, {"b", 1, null, null, null}, {"c", 0, null, null, 5}}, "all rows, opened again");
    expect_equal(work.scan({.table = extra}), {{"extra"}}, "the new table, opened again");
}

void refusing_newer(const Subject &subject) {
    {
        Opened store(subject, CARTBELL_CONFORMANCE_NEW, grown_schema());
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(thing, {{"c", 0, null, null, 5}});
        work.commit();
    }
    for (bool read_only : {false, true}) {
        Made made(subject, CARTBELL_CONFORMANCE_SAME);
        expect_equal(made.open(schema(), read_only), CARTBELL_NEWER, "open with schema version 1 where version 2 is stored");
    }
    Opened again(subject, CARTBELL_CONFORMANCE_SAME, grown_schema());
    Work work(again, CARTBELL_STORE_READ);
    expect_equal(work.scan({.table = thing}), {{"c", 0, null, null, 5}}, "the rows, after the refusals");
}

void reading_does_not_upgrade(const Subject &subject) {
    {
        Opened store(subject);
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(thing, {{"a", 1, null, null}});
        work.commit();
    }
    {
        Made made(subject, CARTBELL_CONFORMANCE_SAME);
        expect_equal(made.open(grown_schema(), true), CARTBELL_READ_ONLY, "open for reading with schema version 2 where version 1 is stored");
    }
    Opened store(subject, CARTBELL_CONFORMANCE_SAME, schema(), true);
    Work work(store, CARTBELL_STORE_READ);
    expect_equal(work.scan({.table = thing}), {{"a", 1, null, null}}, "the rows with the version that is stored, after the refusal");
}

void reading_beside_a_writer(const Subject &subject) {
    Opened writing(subject);
    Opened reading(subject, CARTBELL_CONFORMANCE_SAME, schema(), true);
    {
        Work work(writing, CARTBELL_STORE_WRITE);
        work.put(thing, {{"a", 1, null, null}});
        Work beside(reading, CARTBELL_STORE_READ);
        expect_equal(beside.scan({.table = thing}), {}, "what is not committed yet, seen by a store opened for reading");
        work.commit();
    }
    Work work(reading, CARTBELL_STORE_READ);
    expect_equal(work.scan({.table = thing}), {{"a", 1, null, null}}, "what was committed, seen by a store opened for reading");
}

void read_only_refuses_writes(const Subject &subject) {
    Made made(subject, CARTBELL_CONFORMANCE_NEW);
    if (made.open(schema(), true) == CARTBELL_OK) {  // nothing to make: a store in memory
        void *transaction = nullptr;
        const int32_t status = subject.checked(subject.functions.begin(made.store, CARTBELL_STORE_WRITE, &transaction), "begin to write");
        if (status == CARTBELL_OK) subject.functions.rollback(transaction);
        expect_equal(status, CARTBELL_READ_ONLY, "begin to write in a new store opened for reading");
        return;
    }
    { Opened store(subject); }
    Opened store(subject, CARTBELL_CONFORMANCE_SAME, schema(), true);
    void *transaction = nullptr;
    const int32_t status = subject.checked(subject.functions.begin(store.store, CARTBELL_STORE_WRITE, &transaction), "begin to write");
    if (status == CARTBELL_OK) subject.functions.rollback(transaction);
    expect_equal(status, CARTBELL_READ_ONLY, "begin to write in a store opened for reading");
    Work work(store, CARTBELL_STORE_READ);
    expect_equal(work.scan({.table = thing}), {}, "a read transaction after the refusal");
}

// A store for one writing process says BUSY; one for several works for both.
void second_engine(const Subject &subject) {
    {
        Opened first(subject);
        Made second(subject, CARTBELL_CONFORMANCE_SAME);
        const int32_t status = second.open(schema(), false);
        if (status != CARTBELL_BUSY) expect_equal(status, CARTBELL_OK, "a second open for writing, beside one under way");
        Work work(first, CARTBELL_STORE_WRITE);
        work.put(thing, {{"a", 1, null, null}});
        work.commit();
        if (status == CARTBELL_OK) {
            void *transaction = nullptr;
            expect_equal(subject.checked(subject.functions.begin(second.store, CARTBELL_STORE_READ, &transaction), "begin to read"), CARTBELL_OK,
                         "begin to read in the second store");
            const Rows keys = {{"a"}};
            cartbell_cell row[4];
            uint8_t found = 0;
            const int32_t got = subject.functions.get(transaction, thing, cells_of(keys).data(), 1, all, row, &found);
            subject.functions.rollback(transaction);
            expect(got == CARTBELL_OK && found == 1, "the second store does not see what the first committed", rules::several_writers);
        }
    }
    Opened third(subject, CARTBELL_CONFORMANCE_SAME);
    Work work(third, CARTBELL_STORE_READ);
    expect_equal(work.scan({.table = thing}), {{"a", 1, null, null}}, "what the first committed, after both closed");
}

void foreign_place(const Subject &subject) {
    for (bool read_only : {false, true}) {
        Made made(subject, CARTBELL_CONFORMANCE_FOREIGN);
        expect_equal(made.open(schema(), read_only), CARTBELL_CORRUPT, read_only ? "open for reading of what is no store" : "open of what is no store");
    }
}

constexpr Check checks[] = {
    {"a_new_place_is_empty", rules::makes_tables, new_place_is_empty},
    {"what_was_committed_is_there_after_close_and_open", rules::commit, reopening},
    {"a_later_schema_adds_to_what_is_stored", rules::makes_tables, growing},
    {"an_earlier_schema_is_refused_as_newer", rules::newer, refusing_newer},
    {"an_open_for_reading_does_not_upgrade", rules::open_read_only, reading_does_not_upgrade},
    {"a_store_opened_for_reading_sees_commits_beside_it", rules::snapshot, reading_beside_a_writer},
    {"a_store_opened_for_reading_refuses_writes", rules::write_read_only, read_only_refuses_writes},
    {"a_second_engine_is_busy_or_shares_the_store", rules::busy, second_engine},
    {"what_is_no_store_is_corrupt", rules::corrupt, foreign_place},
};

}  // namespace

std::span<const Check> place_checks() { return checks; }

}  // namespace cartbell::conformance
