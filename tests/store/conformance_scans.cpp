// Scans: order, ranges, directions, limits, resuming.
#include <doctest/doctest.h>

#include <climits>

#include "conformance.hpp"

using namespace conformance;

namespace {

const Rows owned_rows = {
    {-5, "a", null, null, blob("1")}, {1, "", 10, "x", blob("2")},   {1, "a", null, "x", blob("3")},
    {1, "aa", 10, "", blob("4")},     {1, "b", -3, null, blob("5")}, {2, "a", 10, "x", blob("6")},
    {2, "Z", INT64_MAX, "y", blob("7")}, {300, "a", INT64_MIN, "xx", blob("8")}, {300, "\xc3\xa9", null, "x", blob("9")},
};

void fill(Opened &store) {
    Work work(store, CARTBELL_STORE_WRITE);
    work.put(owned, owned_rows);
    work.commit();
}

Rows items_of(const Rows &rows) {
    Rows items;
    for (const Row &row : rows) items.push_back({row[0], row[1]});
    return items;
}

}  // namespace

TEST_CASE("integers order numerically, text and bytes bytewise") {
    Opened store(store_under_test());
    Work work(store, CARTBELL_STORE_WRITE);
    work.put(profile, {{256, blob("")}, {2, blob("")}, {-1, blob("")}, {INT64_MAX, blob("")}, {INT64_MIN, blob("")}, {10, blob("")}});
    Rows numbers = work.scan({.table = profile});
    CHECK(numbers == Rows{{INT64_MIN, blob("")}, {-1, blob("")}, {2, blob("")}, {10, blob("")}, {256, blob("")}, {INT64_MAX, blob("")}});
    work.put(thing, {{"b", null, null, null}, {"B", null, null, null}, {"10", null, null, null}, {"9", null, null, null},
                     {"\xc3\xa9", null, null, null}, {"ab", null, null, null}, {"", null, null, null}, {"a", null, null, null}});
    Rows names;
    for (const Row &row : work.scan({.table = thing})) names.push_back({row[0]});
    CHECK(names == Rows{{""}, {"10"}, {"9"}, {"B"}, {"a"}, {"ab"}, {"b"}, {"\xc3\xa9"}});
    work.put(binary, {{blob("\xff"), 1, null}, {blob(std::string("a\0", 2)), -1, null}, {blob("a"), 2, null}, {blob("a"), -2, null},
                      {blob(std::string("a\0b", 3)), 0, null}, {blob(""), 0, null}, {blob(std::string(1, '\0')), 0, null}});
    CHECK(work.scan({.table = binary}) ==
          Rows{{blob(""), 0, null}, {blob(std::string(1, '\0')), 0, null}, {blob("a"), -2, null}, {blob("a"), 2, null},
               {blob(std::string("a\0", 2)), -1, null}, {blob(std::string("a\0b", 3)), 0, null}, {blob("\xff"), 1, null}});
}

TEST_CASE("null lies below every value of an index, and equal columns follow the key") {
    Opened store(store_under_test());
    fill(store);
    Work work(store, CARTBELL_STORE_READ);
    CHECK(items_of(work.scan({.table = owned, .index = by_placed})) ==
          Rows{{-5, "a"}, {1, "a"}, {300, "\xc3\xa9"}, {300, "a"}, {1, "b"}, {1, ""}, {1, "aa"}, {2, "a"}, {2, "Z"}});
    CHECK(items_of(work.scan({.table = owned, .index = by_label})) ==
          Rows{{-5, "a"}, {1, "b"}, {1, "aa"}, {1, "a"}, {300, "\xc3\xa9"}, {1, ""}, {2, "a"}, {300, "a"}, {2, "Z"}});
}

TEST_CASE("a closed prefix takes every row that begins with it, an open one none") {
    Opened store(store_under_test());
    fill(store);
    Work work(store, CARTBELL_STORE_READ);
    CHECK(items_of(work.scan({.table = owned, .lower = {1}, .upper = {1}})) == Rows{{1, ""}, {1, "a"}, {1, "aa"}, {1, "b"}});
    CHECK(items_of(work.scan({.table = owned, .lower = {1}, .lower_open = true})) ==
          Rows{{2, "Z"}, {2, "a"}, {300, "a"}, {300, "\xc3\xa9"}});
    CHECK(items_of(work.scan({.table = owned, .upper = {1}, .upper_open = true})) == Rows{{-5, "a"}});
    CHECK(items_of(work.scan({.table = owned, .upper = {1}})).size() == 5);
    CHECK(items_of(work.scan({.table = owned, .lower = {1, "a"}, .upper = {2, "Z"}})) == Rows{{1, "a"}, {1, "aa"}, {1, "b"}, {2, "Z"}});
    CHECK(items_of(work.scan({.table = owned, .lower = {1, "a"}, .upper = {2, "a"}, .lower_open = true, .upper_open = true})) ==
          Rows{{1, "aa"}, {1, "b"}, {2, "Z"}});
    CHECK(work.scan({.table = owned, .lower = {1}, .upper = {1}, .lower_open = true}).empty());
    CHECK(work.scan({.table = owned, .lower = {2}, .upper = {1}}).empty());
    CHECK(work.scan({.table = owned, .lower = {1, "a"}, .upper = {1}, .upper_open = true}).empty());
    CHECK(items_of(work.scan({.table = owned, .lower = {1}, .upper = {1, "a"}})) == Rows{{1, ""}, {1, "a"}});
}

TEST_CASE("bounds on an index may name nulls") {
    Opened store(store_under_test());
    fill(store);
    Work work(store, CARTBELL_STORE_READ);
    CHECK(items_of(work.scan({.table = owned, .index = by_placed, .lower = {null}, .upper = {null}})) ==
          Rows{{-5, "a"}, {1, "a"}, {300, "\xc3\xa9"}});
    CHECK(items_of(work.scan({.table = owned, .index = by_placed, .lower = {null}, .lower_open = true})).size() == 6);
    CHECK(items_of(work.scan({.table = owned, .index = by_placed, .upper = {-3}})) ==
          Rows{{-5, "a"}, {1, "a"}, {300, "\xc3\xa9"}, {300, "a"}, {1, "b"}});
    CHECK(items_of(work.scan({.table = owned, .index = by_label, .lower = {"x", null}, .upper = {"x", 9}})) ==
          Rows{{1, "a"}, {300, "\xc3\xa9"}});
    CHECK(items_of(work.scan({.table = owned, .index = by_label, .lower = {"x", null, 1, "a"}, .upper = {"x"}, .lower_open = true})) ==
          Rows{{300, "\xc3\xa9"}, {1, ""}, {2, "a"}});
}

TEST_CASE("every range by every order, up and down, is what the plain definition gives") {
    Opened store(store_under_test());
    fill(store);
    Work work(store, CARTBELL_STORE_READ);
    const Rows bounds[] = {
        {{}, {0}, {1}, {1, ""}, {1, "a"}, {1, "a0"}, {2, "b"}, {300}, {INT64_MAX}},
        {{}, {null}, {null, 1}, {null, 1, "a"}, {-3}, {10}, {10, 1}, {10, 1, "a"}, {10, 2}, {INT64_MAX}, {INT64_MAX, 5, "q"}},
        {{}, {null}, {null, null}, {null, -3, 1, "b"}, {""}, {"x"}, {"x", null}, {"x", null, 2}, {"x", 10}, {"x", 10, 1, ""}, {"xx"}, {"zz"}},
    };
    size_t compared = 0;
    for (int32_t index = by_key; index <= by_label; ++index)
        for (const Row &lower : bounds[index + 1])
            for (const Row &upper : bounds[index + 1])
                for (int flags = 0; flags < 8; ++flags) {
                    Range range{.table = owned, .index = index, .lower = lower, .upper = upper};
                    range.lower_open = flags & 1;
                    range.upper_open = flags & 2;
                    range.descending = flags & 4;
                    CAPTURE(index);
                    CAPTURE(flags);
                    REQUIRE(work.scan(range, 1 + compared % 4) == expected_scan(store.declared.tables[owned], owned_rows, range));
                    ++compared;
                }
    CHECK(compared > 2000);
}

TEST_CASE("a limit ends the scan, across block sizes") {
    Opened store(store_under_test());
    Work work(store, CARTBELL_STORE_WRITE);
    Rows rows;
    for (int i = 0; i < 1000; ++i) rows.push_back({i, "body"});
    work.put(record, rows);
    for (size_t limit : {1, 2, 7, 999, 1000, 5000})
        for (size_t block : {1, 3, 7, 1024}) {
            CHECK(work.scan({.table = record, .limit = limit}, block).size() == std::min<size_t>(limit, 1000));
            CHECK(work.scan({.table = record, .descending = true, .limit = limit}, block).front()[0] == Value(999));
        }
    CHECK(work.scan({.table = record}, 64) == rows);
    CHECK(work.scan({.table = record, .lower = {2000}}).empty());
    CHECK(work.scan({.table = thing}).empty());
}

TEST_CASE("a long scan goes on in another transaction after the last key") {
    Opened store(store_under_test());
    Rows rows;
    for (int i = 0; i < 100; ++i) rows.push_back({i / 7, std::to_string(100 + i), i % 5 ? Value(i % 5) : null, "l", blob("")});
    {
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(owned, rows);
        work.commit();
    }
    for (int32_t index : {static_cast<int32_t>(by_key), static_cast<int32_t>(by_placed)}) {
        Range range{.table = owned, .index = index, .limit = 9};
        Rows seen;
        for (;;) {
            Work work(store, CARTBELL_STORE_READ);
            Rows page = work.scan(range);
            if (page.empty()) break;
            seen.insert(seen.end(), page.begin(), page.end());
            const Row &last = page.back();
            range.lower = index == by_key ? Row{last[0], last[1]} : Row{last[2], last[0], last[1]};
            range.lower_open = true;
        }
        CHECK(seen == expected_scan(store.declared.tables[owned], rows, {.table = owned, .index = index}));
    }
}

TEST_CASE("several scans of one transaction go on side by side") {
    Opened store(store_under_test());
    fill(store);
    Work work(store, CARTBELL_STORE_READ);
    cartbell_scan scan{};
    scan.struct_size = sizeof scan;
    scan.table = owned;
    scan.index = by_key;
    scan.column_mask = all;
    void *cursors[3];
    for (void *&cursor : cursors) REQUIRE(store.functions.scan(work.raw(), &scan, &cursor) == CARTBELL_OK);
    for (size_t row = 0; row < owned_rows.size(); ++row)
        for (void *cursor : cursors) {
            cartbell_cell cells[5];
            size_t count = 0;
            REQUIRE(store.functions.next(cursor, cells, 1, &count) == CARTBELL_OK);
            REQUIRE(count == 1);
        }
    for (void *cursor : cursors) store.functions.end_scan(cursor);
}

TEST_CASE("a scan in a write transaction sees what the transaction did before it") {
    Opened store(store_under_test());
    fill(store);
    Work work(store, CARTBELL_STORE_WRITE);
    work.remove(owned, {{1, "a"}, {1, "b"}});
    work.put(owned, {{1, "ab", 11, "x", blob("new")}});
    CHECK(items_of(work.scan({.table = owned, .lower = {1}, .upper = {1}})) == Rows{{1, ""}, {1, "aa"}, {1, "ab"}});
    CHECK(items_of(work.scan({.table = owned, .index = by_placed, .lower = {10}, .upper = {11}})) ==
          Rows{{1, ""}, {1, "aa"}, {2, "a"}, {1, "ab"}});
}

TEST_CASE("rows under a cursor may be removed and replaced while it goes on") {
    Opened store(store_under_test());
    Work work(store, CARTBELL_STORE_WRITE);
    Rows rows;
    for (int i = 0; i < 500; ++i) rows.push_back({i, "timer", "x"});
    work.put(queue, rows);
    cartbell_scan scan{};
    scan.struct_size = sizeof scan;
    scan.table = queue;
    scan.index = by_key;
    scan.column_mask = all;
    void *cursor = nullptr;
    REQUIRE(store.functions.scan(work.raw(), &scan, &cursor) == CARTBELL_OK);
    size_t taken = 0;
    for (;;) {
        cartbell_cell cells[10 * 3];
        size_t count = 0;
        REQUIRE(store.functions.next(cursor, cells, 10, &count) == CARTBELL_OK);
        if (count == 0) break;
        Rows done;
        for (size_t i = 0; i < count; ++i) {
            REQUIRE(cells[i * 3].integer == static_cast<int64_t>(taken++));
            done.push_back({cells[i * 3].integer, "timer", "x"});
        }
        work.remove(queue, done);
    }
    store.functions.end_scan(cursor);
    CHECK(taken == 500);
    CHECK(work.scan({.table = queue}).empty());
}

TEST_CASE("claim gives the rows of a range in a write transaction, and only there") {
    Opened store(store_under_test());
    {
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(queue, {{1, "k", "a"}, {2, "k", "b"}, {3, "k", "c"}});
        Rows claimed = work.scan({.table = queue, .upper = {2}, .claim = true});
        CHECK(claimed == Rows{{1, "k", "a"}, {2, "k", "b"}});
        work.remove(queue, claimed);
        CHECK(work.scan({.table = queue, .claim = true}) == Rows{{3, "k", "c"}});
        work.commit();
    }
    Work work(store, CARTBELL_STORE_READ);
    cartbell_scan scan{};
    scan.struct_size = sizeof scan;
    scan.table = queue;
    scan.index = by_key;
    scan.column_mask = all;
    scan.claim = 1;
    void *cursor = nullptr;
    CHECK(store.functions.scan(work.raw(), &scan, &cursor) < 0);
}
