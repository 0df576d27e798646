// Single rows and batches of them.
#include <doctest/doctest.h>

#include <climits>

#include "conformance.hpp"

using namespace conformance;

TEST_CASE("every type of cell comes back as it was stored") {
    Opened store(store_under_test());
    Rows rows = {{"all", 1, "note", blob(std::string("\0\xff\0", 3))},
                 {"nulls", null, null, null},
                 {"empty", 0, "", blob("")},
                 {"least", INT64_MIN, "\xf0\x9f\x9b\x92", blob("x")},
                 {"most", INT64_MAX, "a\nb\"c'd%_\\", blob(std::string(300, '\0'))},
                 {"", -1, "the empty key", null}};
    Rows keys;
    for (const Row &row : rows) keys.push_back({row[0]});
    {
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(thing, rows);
        CHECK(work.get(thing, keys) == rows);
        work.commit();
    }
    Work work(store, CARTBELL_STORE_READ);
    CHECK(work.get(thing, keys) == rows);
    CHECK(work.get(thing, {{"absent"}, {"all"}, {"absent too"}}) == Rows{{}, rows[0], {}});
}

TEST_CASE("empty text, empty bytes and null are three different things") {
    Opened store(store_under_test());
    Work work(store, CARTBELL_STORE_WRITE);
    work.put(thing, {{"empty", null, "", blob("")}, {"null", null, null, null}});
    Row empty = work.get(thing, {{"empty"}})[0], nothing = work.get(thing, {{"null"}})[0];
    CHECK(empty[2].type == CARTBELL_CELL_TEXT);
    CHECK(empty[3].type == CARTBELL_CELL_BYTES);
    CHECK(nothing[2].type == CARTBELL_CELL_NULL);
    CHECK(nothing[3].type == CARTBELL_CELL_NULL);
}

TEST_CASE("a cell of no bytes may point nowhere") {
    Opened store(store_under_test());
    Work work(store, CARTBELL_STORE_WRITE);
    cartbell_cell row[] = {{CARTBELL_CELL_TEXT, 0, 0, nullptr, 0}, {CARTBELL_CELL_INTEGER, 0, 1, nullptr, 0},
                           {CARTBELL_CELL_TEXT, 0, 0, nullptr, 0}, {CARTBELL_CELL_BYTES, 0, 0, nullptr, 0}};
    REQUIRE(store.functions.put(work.raw(), thing, row, 1) == CARTBELL_OK);
    CHECK(work.scan({.table = thing, .lower = {""}, .upper = {""}}) == Rows{{"", 1, "", blob("")}});
    cartbell_cell given[4];
    uint8_t found = 0;
    REQUIRE(store.functions.get(work.raw(), thing, row, 1, all, given, &found) == CARTBELL_OK);
    CHECK(found == 1);
}

TEST_CASE("a cell of a megabyte is no different from others") {
    Opened store(store_under_test());
    std::string big(1 << 20, 'b');
    for (size_t i = 0; i < big.size(); i += 97) big[i] = static_cast<char>(i);
    Rows rows = {{1, "big", 5, "label", blob(big)}, {1, "small", 5, "label", blob("s")}, {2, "big", 6, null, blob(big + big)}};
    {
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(owned, rows);
        work.put(thing, {{std::string(5000, 'k'), 1, std::string(100'000, 't'), null}});
        work.commit();
    }
    Work work(store, CARTBELL_STORE_READ);
    CHECK(work.get(owned, {{2, "big"}, {1, "big"}}) == Rows{rows[2], rows[0]});
    CHECK(work.scan({.table = owned}, 100) == rows);
    CHECK(work.get(thing, {{std::string(5000, 'k')}})[0][2].bytes.size() == 100'000);
}

TEST_CASE("a column mask leaves the other cells null") {
    Opened store(store_under_test());
    Work work(store, CARTBELL_STORE_WRITE);
    work.put(owned, {{7, "a", 1, "label", blob("body")}});
    CHECK(work.get(owned, {{7, "a"}}, 1u << 3 | 1u << 1)[0] == Row{null, "a", null, "label", null});
    CHECK(work.get(owned, {{7, "a"}}, 1u << 4)[0] == Row{null, null, null, null, blob("body")});
    CHECK(work.get(owned, {{7, "a"}, {8, "a"}}, 0) == Rows{{null, null, null, null, null}, {}});
    CHECK(work.scan({.table = owned, .columns = 1u << 2}) == Rows{{null, null, 1, null, null}});
    CHECK(work.scan({.table = owned, .columns = 0}).size() == 1);
}

TEST_CASE("get answers in the order of its keys, the same key as often as it is asked for") {
    Opened store(store_under_test());
    Work work(store, CARTBELL_STORE_WRITE);
    Rows rows;
    for (int i = 0; i < 50; ++i) rows.push_back({"kind", std::to_string(i), i});
    work.put(directory, rows);
    CHECK(work.get(directory, {{"kind", "9"}, {"kind", "10"}, {"kind", "9"}, {"kin", "9"}, {"kind", "0"}}) ==
          Rows{rows[9], rows[10], rows[9], {}, rows[0]});
}

TEST_CASE("insert adds what is new, leaves what exists as it is, and says which") {
    Opened store(store_under_test());
    Work work(store, CARTBELL_STORE_WRITE);
    CHECK(work.insert(directory, {{"email", "a", 1}, {"email", "b", 2}}) == std::vector<bool>{false, false});
    CHECK(work.insert(directory, {{"email", "c", 3}, {"email", "a", 9}, {"phone", "a", 4}}) ==
          std::vector<bool>{false, true, false});
    CHECK(work.get(directory, {{"email", "a"}, {"email", "c"}, {"phone", "a"}}) ==
          Rows{{"email", "a", 1}, {"email", "c", 3}, {"phone", "a", 4}});
    work.remove(directory, {{"email", "a"}});
    CHECK(work.insert(directory, {{"email", "a", 10}}) == std::vector<bool>{false});
}

TEST_CASE("of two equal keys in one insert the second existed, wherever they stand") {
    Opened store(store_under_test());
    Work work(store, CARTBELL_STORE_WRITE);
    CHECK(work.insert(directory, {{"k", "z", 1}, {"k", "a", 2}, {"k", "z", 3}, {"k", "a", 4}, {"k", "m", 5}, {"k", "z", 6}}) ==
          std::vector<bool>{false, false, true, true, false, true});
    CHECK(work.get(directory, {{"k", "z"}, {"k", "a"}, {"k", "m"}}) == Rows{{"k", "z", 1}, {"k", "a", 2}, {"k", "m", 5}});
}

TEST_CASE("insert works for tables of all placements, and those that are all key") {
    Opened store(store_under_test());
    Work work(store, CARTBELL_STORE_WRITE);
    CHECK(work.insert(queue, {{5, "t", "x"}, {5, "t", "x"}, {5, "t", "y"}}) == std::vector<bool>{false, true, false});
    CHECK(work.insert(record, {{2, "two"}, {1, "one"}, {2, "again"}}) == std::vector<bool>{false, false, true});
    CHECK(work.insert(owned, {{1, "i", null, null, blob("1")}, {1, "i", 2, "l", blob("2")}}) == std::vector<bool>{false, true});
    CHECK(work.insert(profile, {{INT64_MIN, blob("")}, {INT64_MAX, blob("m")}, {INT64_MIN, blob("n")}}) ==
          std::vector<bool>{false, false, true});
    CHECK(work.scan({.table = queue}) == Rows{{5, "t", "x"}, {5, "t", "y"}});
    CHECK(work.scan({.table = record}) == Rows{{1, "one"}, {2, "two"}});
    CHECK(work.scan({.table = owned}) == Rows{{1, "i", null, null, blob("1")}});
    CHECK(work.scan({.table = profile}) == Rows{{INT64_MIN, blob("")}, {INT64_MAX, blob("m")}});
}

TEST_CASE("put adds or replaces whole rows; the last of two equal keys stands") {
    Opened store(store_under_test());
    Work work(store, CARTBELL_STORE_WRITE);
    work.put(owned, {{1, "a", 10, "x", blob("1")}, {1, "b", 20, "y", blob("2")}});
    work.put(owned, {{1, "c", 5, null, blob("3")}, {1, "a", null, "z", blob("4")}, {1, "c", 6, "w", blob("5")}});
    Rows now = {{1, "a", null, "z", blob("4")}, {1, "b", 20, "y", blob("2")}, {1, "c", 6, "w", blob("5")}};
    CHECK(work.scan({.table = owned}) == now);
    CHECK(work.scan({.table = owned, .index = by_placed}) == Rows{now[0], now[2], now[1]});
    CHECK(work.scan({.table = owned, .index = by_label}) == Rows{now[2], now[1], now[0]});
    work.put(queue, {{1, "k", "s"}, {1, "k", "s"}});
    CHECK(work.scan({.table = queue}).size() == 1);
}

TEST_CASE("remove takes rows out of the key's order and every index; absent keys are no error") {
    Opened store(store_under_test());
    Work work(store, CARTBELL_STORE_WRITE);
    work.put(owned, {{1, "a", 10, "x", blob("")}, {1, "b", 20, "y", blob("")}, {2, "a", 30, "x", blob("")}});
    work.remove(owned, {{1, "b"}, {1, "nothing"}, {1, "b"}, {3, "a"}});
    Rows left = {{1, "a", 10, "x", blob("")}, {2, "a", 30, "x", blob("")}};
    CHECK(work.scan({.table = owned}) == left);
    CHECK(work.scan({.table = owned, .index = by_placed}) == left);
    CHECK(work.scan({.table = owned, .index = by_label}) == left);
    CHECK(work.get(owned, {{1, "b"}})[0].empty());
}

TEST_CASE("an unordered table does everything an ordered one does") {
    Opened store(store_under_test());
    Work work(store, CARTBELL_STORE_WRITE);
    CHECK(work.insert(seen, {{"shop", "b", 2}, {"shop", "a", 1}, {"shop", "b", 3}, {"sho", "pb", 4}}) ==
          std::vector<bool>{false, false, true, false});
    CHECK(work.insert(seen_keys, {{"a", ""}, {"", "a"}, {"a", ""}}) == std::vector<bool>{false, false, true});
    work.put(seen_keys, {{"a", ""}, {"b", ""}, {"b", ""}});
    CHECK(work.scan({.table = seen_keys}) == Rows{{"", "a"}, {"a", ""}, {"b", ""}});
    work.put(seen, {{"shop", "c", 5}, {"shop", "a", null}, {"shop", "c", 0}});
    CHECK(work.get(seen, {{"shop", "c"}, {"shop", "d"}, {"shop", "a"}}) == Rows{{"shop", "c", 0}, {}, {"shop", "a", null}});
    CHECK(work.scan({.table = seen, .lower = {"shop"}, .upper = {"shop", "b"}}) == Rows{{"shop", "a", null}, {"shop", "b", 2}});
    CHECK(work.scan({.table = seen, .index = 0, .lower = {0}}) == Rows{{"shop", "c", 0}, {"shop", "b", 2}, {"sho", "pb", 4}});
    work.remove(seen, {{"shop", "b"}, {"shop", "x"}});
    CHECK(work.scan({.table = seen}).size() == 3);
}

TEST_CASE("rows that get gave stay valid while they are written back changed") {
    Opened store(store_under_test());
    Work work(store, CARTBELL_STORE_WRITE);
    work.put(profile, {{1, blob("first")}, {2, blob("second")}});
    cartbell_cell keys[2] = {{CARTBELL_CELL_INTEGER, 0, 1, nullptr, 0}, {CARTBELL_CELL_INTEGER, 0, 2, nullptr, 0}};
    cartbell_cell rows[4];
    uint8_t found[2];
    REQUIRE(store.functions.get(work.raw(), profile, keys, 2, all, rows, found) == CARTBELL_OK);
    std::swap(rows[0].integer, rows[2].integer);
    REQUIRE(store.functions.put(work.raw(), profile, rows, 2) == CARTBELL_OK);
    CHECK(std::string(static_cast<const char *>(rows[1].data), rows[1].size) == "first");
    CHECK(work.scan({.table = profile}) == Rows{{1, blob("second")}, {2, blob("first")}});
}
