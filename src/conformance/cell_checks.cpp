// Single cells: every value comes back as it was given, whole and of its type.
#include "conformance/checks.hpp"
#include "conformance/rules.hpp"

namespace cartbell::conformance {
namespace {

void cells_come_back(const Subject &subject) {
    Opened store(subject);
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
        expect_equal(work.get(thing, keys), rows, "rows of all types, looked up where they were put");
        work.commit();
    }
    Work work(store, CARTBELL_STORE_READ);
    expect_equal(work.get(thing, keys), rows, "rows of all types, looked up after commit");
    expect_equal(work.get(thing, {{"absent"}, {"all"}, {"absent too"}}), {{}, rows[0], {}}, "keys that are there and keys that are not");
}

void integers_are_exact(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    Rows rows;  // neighbours of 2^53 and 2^63: a floating-point number holds them apart no more
    for (int64_t number : {INT64_MIN, INT64_MIN + 1, int64_t{-9'007'199'254'740'993}, int64_t{-9'007'199'254'740'992}, int64_t{9'007'199'254'740'992},
                           int64_t{9'007'199'254'740'993}, INT64_MAX - 1, INT64_MAX})
        rows.push_back({number, std::to_string(number)});
    expect_equal(work.insert(record, rows), std::vector<bool>(rows.size(), false), "neighbours of 2^53 and 2^63 are keys of their own");
    expect_equal(work.scan({.table = record}), rows, "neighbours of 2^53 and 2^63");
    work.put(thing, {{"value", int64_t{9'007'199'254'740'993}, null, null}});
    expect_equal(work.get(thing, {{"value"}}), {{"value", int64_t{9'007'199'254'740'993}, null, null}}, "2^53 + 1 in a column");
}

void empty_is_not_null(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    Rows rows = {{"empty", null, "", blob("")}, {"null", null, null, null}};
    work.put(thing, rows);
    expect_equal(work.get(thing, {{"empty"}, {"null"}}), rows, "empty text, empty bytes and null");
    expect_equal(work.scan({.table = thing}), rows, "empty text, empty bytes and null, scanned");
}

void empty_cells_may_point_nowhere(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    const cartbell_cell row[] = {{CARTBELL_CELL_TEXT, 0, 0, nullptr, 0},
                                 {CARTBELL_CELL_INTEGER, 0, 1, nullptr, 0},
                                 {CARTBELL_CELL_TEXT, 0, 0, nullptr, 0},
                                 {CARTBELL_CELL_BYTES, 0, 0, nullptr, 0}};
    expect_equal(subject.checked(subject.functions.put(work.raw(), thing, row, 1), "put"), CARTBELL_OK, "put of cells with data = NULL, size = 0");
    expect_equal(work.scan({.table = thing, .lower = {""}, .upper = {""}}), {{"", 1, "", blob("")}}, "the row, scanned");
    cartbell_cell given[4];
    uint8_t found = 0;
    expect_equal(subject.checked(subject.functions.get(work.raw(), thing, row, 1, all, given, &found), "get"), CARTBELL_OK,
                 "get of a key with data = NULL, size = 0");
    expect_equal(found, 1, "found");
}

void big_cells(const Subject &subject) {
    Opened store(subject);
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
    expect_equal(work.get(owned, {{2, "big"}, {1, "big"}}), {rows[2], rows[0]}, "cells of one and two megabytes");
    expect_equal(work.scan({.table = owned}, 100), rows, "cells of one and two megabytes, scanned");
    expect_equal(work.get(thing, {{std::string(5000, 'k')}}), {{std::string(5000, 'k'), 1, std::string(100'000, 't'), null}},
                 "a key of 5,000 bytes and a text of 100,000");
}

void rows_handed_in_are_copied(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    const Rows rows = {{1, "item", 5, "label", blob("body")}, {2, "other", 6, "name", blob("more")}};
    Rows lent = rows;
    auto hand_in = [&](bool by_insert, size_t row) {
        std::vector<cartbell_cell> cells = cells_of(lent[row]);
        uint8_t existed = 0;
        const int32_t status = by_insert ? subject.functions.insert(work.raw(), owned, cells.data(), 1, &existed)
                                         : subject.functions.put(work.raw(), owned, cells.data(), 1);
        expect_equal(subject.checked(status, by_insert ? "insert" : "put"), CARTBELL_OK, by_insert ? "insert" : "put");
        for (Value &value : lent[row]) std::fill(value.bytes.begin(), value.bytes.end(), '~');
        for (cartbell_cell &cell : cells) cell.integer = 99;
    };
    hand_in(true, 0);
    hand_in(false, 1);
    expect_equal(work.scan({.table = owned}), rows, "rows whose memory was overwritten after insert and put");
    expect_equal(work.get(owned, {{1, "item"}, {2, "other"}}), rows, "the same rows, looked up");
}

void sixty_four_columns(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    Row row, masked(wide_columns);
    for (uint32_t i = 0; i < wide_columns; ++i) row.push_back(static_cast<int64_t>(i) + 1000);
    work.put(wide, {row});
    masked[63] = row[63];
    masked[31] = row[31];
    const uint64_t some = uint64_t{1} << 63 | uint64_t{1} << 31;
    expect_equal(work.get(wide, {{1000}}), {row}, "a row of 64 columns");
    expect_equal(work.get(wide, {{1000}}, some), {masked}, "columns 31 and 63 of it");
    expect_equal(work.scan({.table = wide, .columns = some}), {masked}, "columns 31 and 63 of it, scanned");
}

constexpr Check checks[] = {
    {"cells_come_back_as_they_were_stored", rules::one_value, cells_come_back},
    {"integers_are_exact", rules::order, integers_are_exact},
    {"empty_is_not_null", rules::empty, empty_is_not_null},
    {"empty_cells_may_point_nowhere", rules::empty, empty_cells_may_point_nowhere},
    {"big_cells_are_no_different", rules::one_value, big_cells},
    {"rows_handed_in_are_copied", rules::handed_in, rows_handed_in_are_copied},
    {"a_table_may_have_64_columns", rules::columns, sixty_four_columns},
};

}  // namespace

std::span<const Check> cell_checks() { return checks; }

}  // namespace cartbell::conformance
