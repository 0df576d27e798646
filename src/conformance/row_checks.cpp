// Rows by their keys: get, insert, put, remove, and batches of them.
#include <string>
#include <utility>

#include "conformance/checks.hpp"
#include "conformance/rules.hpp"

namespace cartbell::conformance {
namespace {

void get_keeps_order(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    Rows rows;
    for (int i = 0; i < 50; ++i) rows.push_back({"kind", std::to_string(i), i});
    work.put(directory, rows);
    expect_equal(work.get(directory, {{"kind", "9"}, {"kind", "10"}, {"kind", "9"}, {"kin", "9"}, {"kind", "0"}}),
                 {rows[9], rows[10], rows[9], {}, rows[0]}, "keys out of order, one twice, one absent");
}

void get_masks(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    work.put(owned, {{7, "a", 1, "label", blob("body")}});
    expect_equal(work.get(owned, {{7, "a"}}, 1u << 3 | 1u << 1), {{null, "a", null, "label", null}}, "columns 1 and 3");
    expect_equal(work.get(owned, {{7, "a"}}, 1u << 4), {{null, null, null, null, blob("body")}}, "column 4");
    expect_equal(work.get(owned, {{7, "a"}, {8, "a"}}, 0), {{null, null, null, null, null}, {}}, "no column, of a key that is there and one that is not");
}

void insert_says_what_existed(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    expect_equal(work.insert(directory, {{"email", "a", 1}, {"email", "b", 2}}), {false, false}, "two new rows");
    expect_equal(work.insert(directory, {{"email", "c", 3}, {"email", "a", 9}, {"phone", "a", 4}}), {false, true, false}, "a known one between new ones");
    expect_equal(work.get(directory, {{"email", "a"}, {"email", "c"}, {"phone", "a"}}), {{"email", "a", 1}, {"email", "c", 3}, {"phone", "a", 4}},
                 "what is stored");
    work.remove(directory, {{"email", "a"}});
    expect_equal(work.insert(directory, {{"email", "a", 10}}), {false}, "a row that was removed");
}

void insert_leaves_indexes(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    const Row first = {1, "i", 5, "l", blob("first")};
    work.put(owned, {first});
    expect_equal(work.insert(owned, {{1, "i", 9, "m", blob("second")}}), {true}, "a known row with other columns");
    for (int32_t index = by_key; index <= by_label; ++index)
        expect_equal(work.scan({.table = owned, .index = index}), {first}, "the row as it was, by each order");
}

void insert_of_equal_keys(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    expect_equal(work.insert(directory, {{"k", "z", 1}, {"k", "a", 2}, {"k", "z", 3}, {"k", "a", 4}, {"k", "m", 5}, {"k", "z", 6}}),
                 {false, false, true, true, false, true}, "equal keys in one call");
    expect_equal(work.get(directory, {{"k", "z"}, {"k", "a"}, {"k", "m"}}), {{"k", "z", 1}, {"k", "a", 2}, {"k", "m", 5}}, "what is stored");
}

void insert_everywhere(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    expect_equal(work.insert(queue, {{5, "t", "x"}, {5, "t", "x"}, {5, "t", "y"}}), {false, true, false}, "rows that are all key");
    expect_equal(work.insert(record, {{2, "two"}, {1, "one"}, {2, "again"}}), {false, false, true}, "an appended table");
    expect_equal(work.insert(owned, {{1, "i", null, null, blob("1")}, {1, "i", 2, "l", blob("2")}}), {false, true}, "an owned table");
    expect_equal(work.insert(profile, {{INT64_MIN, blob("")}, {INT64_MAX, blob("m")}, {INT64_MIN, blob("n")}}), {false, false, true},
                 "a table with its owner as the key");
    expect_equal(work.scan({.table = queue}), {{5, "t", "x"}, {5, "t", "y"}}, "the rows that are all key");
    expect_equal(work.scan({.table = record}), {{1, "one"}, {2, "two"}}, "the appended table");
    expect_equal(work.scan({.table = owned}), {{1, "i", null, null, blob("1")}}, "the owned table");
    expect_equal(work.scan({.table = profile}), {{INT64_MIN, blob("")}, {INT64_MAX, blob("m")}}, "the table with its owner as the key");
}

void put_replaces(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    work.put(owned, {{1, "a", 10, "x", blob("1")}, {1, "b", 20, "y", blob("2")}});
    work.put(owned, {{1, "c", 5, null, blob("3")}, {1, "a", null, "z", blob("4")}, {1, "c", 6, "w", blob("5")}});
    Rows now = {{1, "a", null, "z", blob("4")}, {1, "b", 20, "y", blob("2")}, {1, "c", 6, "w", blob("5")}};
    expect_equal(work.scan({.table = owned}), now, "rows added, replaced whole, and put twice in one call");
    expect_equal(work.scan({.table = owned, .index = by_placed}), {now[0], now[2], now[1]}, "the same by an index");
    expect_equal(work.scan({.table = owned, .index = by_label}), {now[2], now[1], now[0]}, "the same by an index of two columns");
    work.put(queue, {{1, "k", "s"}, {1, "k", "s"}});
    expect_equal(work.scan({.table = queue}), {{1, "k", "s"}}, "a row that is all key, put twice");
}

void remove_takes_rows_out(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    work.put(owned, {{1, "a", 10, "x", blob("")}, {1, "b", 20, "y", blob("")}, {2, "a", 30, "x", blob("")}});
    work.remove(owned, {{1, "b"}, {1, "nothing"}, {1, "b"}, {3, "a"}});
    Rows left = {{1, "a", 10, "x", blob("")}, {2, "a", 30, "x", blob("")}};
    expect_equal(work.scan({.table = owned}), left, "what is left");
    expect_equal(work.scan({.table = owned, .index = by_placed}), left, "what is left, by an index");
    expect_equal(work.scan({.table = owned, .index = by_label}), left, "what is left, by an index of two columns");
    expect_equal(work.get(owned, {{1, "b"}}), {{}}, "the removed row, looked up");
}

void keys_are_bytes(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    Rows names;  // alike to a collation, a normaliser or a number, and not equal
    for (const char *name : {"", " ", "1", "01", "1.0", "1e0", "A", "a", "a ", "e\xcc\x81", "\xc3\xa9", "\xc3\x89"})
        names.push_back({name, null, null, null});
    expect_equal(work.insert(thing, names), std::vector<bool>(names.size(), false), "keys that are alike but not equal");
    Rows sorted = expected_scan(schema().tables[thing], names, {});
    expect_equal(work.scan({.table = thing}), sorted, "they in order");
    expect_equal(work.get(thing, {{"A"}, {"1"}, {"e\xcc\x81"}}), {{"A", null, null, null}, {"1", null, null, null}, {"e\xcc\x81", null, null, null}},
                 "three of them, looked up");
    const Rows codes = {{blob("a"), 1, null}, {blob(std::string("a\0", 2)), 1, null}, {blob(std::string("a\0\0", 3)), 1, null}};
    expect_equal(work.insert(binary, codes), {false, false, false}, "bytes that differ in zeros at their end");
}

void unordered_tables(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    expect_equal(work.insert(seen, {{"shop", "b", 2}, {"shop", "a", 1}, {"shop", "b", 3}, {"sho", "pb", 4}}), {false, false, true, false}, "insert");
    expect_equal(work.insert(seen_keys, {{"a", ""}, {"", "a"}, {"a", ""}}), {false, false, true}, "insert of rows that are all key");
    work.put(seen_keys, {{"a", ""}, {"b", ""}, {"b", ""}});
    expect_equal(work.scan({.table = seen_keys}), {{"", "a"}, {"a", ""}, {"b", ""}}, "rows that are all key");
    work.put(seen, {{"shop", "c", 5}, {"shop", "a", null}, {"shop", "c", 0}});
    expect_equal(work.get(seen, {{"shop", "c"}, {"shop", "d"}, {"shop", "a"}}), {{"shop", "c", 0}, {}, {"shop", "a", null}}, "get");
    expect_equal(work.scan({.table = seen, .lower = {"shop"}, .upper = {"shop", "b"}}), {{"shop", "a", null}, {"shop", "b", 2}}, "a range by key");
    expect_equal(work.scan({.table = seen, .index = 0, .lower = {0}}), {{"shop", "c", 0}, {"shop", "b", 2}, {"sho", "pb", 4}}, "a range by an index");
    work.remove(seen, {{"shop", "b"}, {"shop", "x"}});
    expect_equal(work.scan({.table = seen}), {{"sho", "pb", 4}, {"shop", "a", null}, {"shop", "c", 0}}, "what remove left");
}

void large_batches(const Subject &subject) {
    Opened store(subject);
    constexpr int count = 10'007;  // a prime: the steps below meet every number once
    Rows rows, keys;
    for (int i = 0; i < count; ++i) rows.push_back({"kind", std::to_string(static_cast<int64_t>(i) * 7919 % count), i});
    for (int i = 0; i < count; ++i) keys.push_back({"kind", std::to_string(static_cast<int64_t>(i) * 31 % count)});
    Work work(store, CARTBELL_STORE_WRITE);
    expect_equal(work.insert(directory, rows), std::vector<bool>(count, false), "ten thousand rows out of order in one insert");
    expect_equal(work.insert(directory, rows), std::vector<bool>(count, true), "the same again");
    const Rows sorted = expected_scan(schema().tables[directory], rows, {});
    expect_equal(work.scan({.table = directory}, 512), sorted, "they in order");
    const Rows found = work.get(directory, keys);
    for (int i = 0; i < count; ++i)
        if (found[static_cast<size_t>(i)].empty() || found[static_cast<size_t>(i)][1] != keys[static_cast<size_t>(i)][1])
            fail("ten thousand keys in one get: key " + std::to_string(i) + " was answered with " + shown(found[static_cast<size_t>(i)]));
    work.remove(directory, keys);
    expect_equal(work.scan({.table = directory}), {}, "what is left after they are removed in one call");
}

void given_rows_stay(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    work.put(profile, {{1, blob("first")}, {2, blob("second")}, {3, blob("third")}});
    cartbell_cell keys[2] = {{CARTBELL_CELL_INTEGER, 0, 1, nullptr, 0}, {CARTBELL_CELL_INTEGER, 0, 2, nullptr, 0}};
    cartbell_cell rows[4];
    uint8_t found[2];
    expect_equal(subject.checked(subject.functions.get(work.raw(), profile, keys, 2, all, rows, found), "get"), CARTBELL_OK, "get");
    Scan scan(work, {.table = profile});
    const Rows scanned = scan.next(1);
    std::swap(rows[0].integer, rows[2].integer);
    expect_equal(subject.checked(subject.functions.put(work.raw(), profile, rows, 2), "put"), CARTBELL_OK, "put of what get gave");
    work.remove(profile, {{1}, {3}});
    work.put(profile, {{2, blob(std::string(5000, 'x'))}});
    expect_equal({row_of(rows + 1, 1), row_of(rows + 3, 1)}, {{blob("first")}, {blob("second")}}, "rows of get, after they were written back, changed and removed");
    expect_equal(work.scan({.table = profile}), {{2, blob(std::string(5000, 'x'))}}, "what is stored");
    expect_equal({row_of(scan.cells().data(), 2)}, {{1, blob("first")}}, "a row of next, after it was changed and removed");
    expect_equal(scanned, {{1, blob("first")}}, "the row of next when it was given");
    work.get(profile, {{1}, {2}});
    Work(store, CARTBELL_STORE_READ).scan({.table = profile});
    expect_equal({row_of(scan.cells().data(), 2)}, {{1, blob("first")}}, "the row of next, after get and other scans");
}

constexpr Check checks[] = {
    {"get_answers_in_the_order_of_its_keys", rules::get, get_keeps_order},
    {"get_leaves_unwanted_columns_null", rules::get_nulls, get_masks},
    {"insert_says_what_existed", rules::insert, insert_says_what_existed},
    {"insert_leaves_what_exists_in_every_order", rules::insert, insert_leaves_indexes},
    {"of_equal_keys_in_one_insert_the_first_is_added", rules::insert_equal, insert_of_equal_keys},
    {"insert_works_for_every_placement", rules::placement, insert_everywhere},
    {"put_adds_or_replaces_whole_rows", rules::put, put_replaces},
    {"remove_takes_rows_out_of_every_order", rules::remove, remove_takes_rows_out},
    {"keys_are_equal_only_byte_by_byte", rules::order, keys_are_bytes},
    {"an_unordered_table_does_everything", rules::unordered, unordered_tables},
    {"large_batches_are_no_different", rules::get, large_batches},
    {"rows_given_out_stay_valid", rules::given_rows, given_rows_stay},
};

}  // namespace

std::span<const Check> row_checks() { return checks; }

}  // namespace cartbell::conformance
