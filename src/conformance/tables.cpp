#include "conformance/tables.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace cartbell::conformance {
namespace {

constexpr uint32_t nullable = CARTBELL_COLUMN_NULLABLE;
constexpr uint32_t column_size = sizeof(cartbell_column);

constexpr cartbell_column thing_columns[] = {{column_size, 0, CARTBELL_CELL_TEXT, 0, "name"},
                                             {column_size, nullable, CARTBELL_CELL_INTEGER, 0, "value"},
                                             {column_size, nullable, CARTBELL_CELL_TEXT, 0, "note"},
                                             {column_size, nullable, CARTBELL_CELL_BYTES, 0, "picture"},
                                             {column_size, nullable, CARTBELL_CELL_INTEGER, 0, "added_later"}};
constexpr cartbell_column owned_columns[] = {{column_size, 0, CARTBELL_CELL_INTEGER, 0, "owner"},
                                             {column_size, 0, CARTBELL_CELL_TEXT, 0, "item"},
                                             {column_size, nullable, CARTBELL_CELL_INTEGER, 0, "placed"},
                                             {column_size, nullable, CARTBELL_CELL_TEXT, 0, "label"},
                                             {column_size, CARTBELL_COLUMN_PERSONAL, CARTBELL_CELL_BYTES, 0, "body"}};
constexpr cartbell_column directory_columns[] = {{column_size, 0, CARTBELL_CELL_TEXT, 0, "kind"},
                                                 {column_size, 0, CARTBELL_CELL_TEXT, 0, "value"},
                                                 {column_size, 0, CARTBELL_CELL_INTEGER, 0, "owner"}};
constexpr cartbell_column queue_columns[] = {{column_size, 0, CARTBELL_CELL_INTEGER, 0, "due"},
                                             {column_size, 0, CARTBELL_CELL_TEXT, 0, "kind"},
                                             {column_size, 0, CARTBELL_CELL_TEXT, 0, "subject"}};
constexpr cartbell_column record_columns[] = {{column_size, 0, CARTBELL_CELL_INTEGER, 0, "position"},
                                              {column_size, 0, CARTBELL_CELL_TEXT, 0, "body"}};
constexpr cartbell_column profile_columns[] = {{column_size, 0, CARTBELL_CELL_INTEGER, 0, "owner"},
                                               {column_size, 0, CARTBELL_CELL_BYTES, 0, "state"}};
constexpr cartbell_column binary_columns[] = {{column_size, 0, CARTBELL_CELL_BYTES, 0, "code"},
                                              {column_size, 0, CARTBELL_CELL_INTEGER, 0, "part"},
                                              {column_size, nullable, CARTBELL_CELL_TEXT, 0, "order"}};  // a word of SQL
constexpr cartbell_column extra_columns[] = {{column_size, 0, CARTBELL_CELL_TEXT, 0, "key"}};

constexpr uint32_t placed_columns[] = {2}, label_columns[] = {3, 2}, value_columns[] = {1};
constexpr cartbell_index owned_indexes[] = {{sizeof(cartbell_index), 0, "by_placed", placed_columns, 1},
                                            {sizeof(cartbell_index), 0, "by_label", label_columns, 2}};
constexpr cartbell_index thing_indexes[] = {{sizeof(cartbell_index), 0, "by_value", value_columns, 1}};

constexpr uint32_t table_size = sizeof(cartbell_table);
constexpr cartbell_table owned_table{
    table_size, CARTBELL_PLACE_CUSTOMER, "owned", owned_columns, 5, 2, owned_indexes, 2, 0, 0};
constexpr cartbell_table directory_table{
    table_size, CARTBELL_PLACE_OWN_KEY, "directory", directory_columns, 3, 2, nullptr, 0, 2, 0};
constexpr cartbell_table queue_table{
    table_size, CARTBELL_PLACE_QUEUE, "queue", queue_columns, 3, 3, nullptr, 0, -1, 0};
constexpr cartbell_table record_table{
    table_size, CARTBELL_PLACE_APPEND, "record", record_columns, 2, 1, nullptr, 0, -1, 0};
constexpr cartbell_table profile_table{
    table_size, CARTBELL_PLACE_CUSTOMER, "profile", profile_columns, 2, 1, nullptr, 0, 0, 0};
constexpr cartbell_table binary_table{
    table_size, CARTBELL_PLACE_OWN_KEY, "binary", binary_columns, 3, 2, nullptr, 0, -1, 0};
constexpr cartbell_column seen_columns[] = {{column_size, 0, CARTBELL_CELL_TEXT, 0, "source"},
                                            {column_size, 0, CARTBELL_CELL_TEXT, 0, "id"},
                                            {column_size, nullable, CARTBELL_CELL_INTEGER, 0, "position"}};
constexpr uint32_t position_columns[] = {2};
constexpr cartbell_index seen_indexes[] = {{sizeof(cartbell_index), 0, "by_position", position_columns, 1}};
constexpr cartbell_table seen_table{
    table_size, CARTBELL_PLACE_OWN_KEY, "seen", seen_columns, 3, 2, seen_indexes, 1, -1, CARTBELL_TABLE_UNORDERED};
constexpr cartbell_table seen_keys_table{
    table_size, CARTBELL_PLACE_OWN_KEY, "seen_keys", seen_columns, 2, 2, nullptr, 0, -1, CARTBELL_TABLE_UNORDERED};

// As many columns as a table may have: a mask of 32 bits is too short for it.
constexpr cartbell_column value_column(const char *name) { return {column_size, nullable, CARTBELL_CELL_INTEGER, 0, name}; }
constexpr const char *wide_names[] = {
    "k",  "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "b9", "c0", "c1",
    "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9", "e0", "e1", "e2", "e3",
    "e4", "e5", "e6", "e7", "e8", "e9", "f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "g0", "g1", "g2", "g3"};
static_assert(std::size(wide_names) == wide_columns);
constexpr auto wide_declared = [] {
    std::array<cartbell_column, wide_columns> columns{};
    for (size_t i = 0; i < wide_columns; ++i) columns[i] = value_column(wide_names[i]);
    columns[0].flags = 0;
    return columns;
}();
constexpr cartbell_table wide_table{
    table_size, CARTBELL_PLACE_EVERYWHERE, "wide", wide_declared.data(), wide_columns, 1, nullptr, 0, -1, 0};

// An index that begins with the key: a store may keep one tree for both, and must still hold the keys apart.
constexpr uint32_t outline_columns[] = {0, 1, 2, 3};
constexpr cartbell_index outlined_indexes[] = {{sizeof(cartbell_index), 0, "outline", outline_columns, 4}};
constexpr cartbell_table outlined_table{
    table_size, CARTBELL_PLACE_CUSTOMER, "outlined", owned_columns, 5, 2, outlined_indexes, 1, 0, 0};

constexpr cartbell_table tables[] = {
    {table_size, CARTBELL_PLACE_EVERYWHERE, "thing", thing_columns, 4, 1, nullptr, 0, -1, 0},
    owned_table,
    directory_table,
    queue_table,
    record_table,
    profile_table,
    binary_table,
    seen_table,
    seen_keys_table,
    wide_table,
    outlined_table,
};
constexpr auto grown_tables = [] {
    std::array<cartbell_table, std::size(tables) + 1> grown{};
    std::copy(std::begin(tables), std::end(tables), grown.begin());
    grown[thing] = {table_size, CARTBELL_PLACE_EVERYWHERE, "thing", thing_columns, 5, 1, thing_indexes, 1, -1, 0};
    grown[extra] = {table_size, CARTBELL_PLACE_OWN_KEY, "extra", extra_columns, 1, 1, nullptr, 0, -1, 0};
    return grown;
}();
constexpr cartbell_schema first_schema{sizeof(cartbell_schema), 1, tables, std::size(tables)};
constexpr cartbell_schema second_schema{sizeof(cartbell_schema), 2, grown_tables.data(), grown_tables.size()};

// -1, 0, 1: where a row's columns stand to a bound; equal also when they only begin with it.
int against(const Row &columns, const Row &bound) {
    for (size_t i = 0; i < bound.size(); ++i) {
        if (columns[i] < bound[i]) return -1;
        if (bound[i] < columns[i]) return 1;
    }
    return 0;
}

}  // namespace

const cartbell_schema &schema() { return first_schema; }
const cartbell_schema &grown_schema() { return second_schema; }

Rows expected_scan(const cartbell_table &table, const Rows &rows, const Range &range) {
    std::vector<std::pair<Row, Row>> ordered;  // the columns of the order, the row
    for (const Row &row : rows) {
        Row columns;
        if (range.index >= 0) {
            const cartbell_index &index = table.indexes[range.index];
            for (size_t i = 0; i < index.column_count; ++i) columns.push_back(row[index.columns[i]]);
        }
        columns.insert(columns.end(), row.begin(), row.begin() + static_cast<std::ptrdiff_t>(table.key_count));
        int to_lower = against(columns, range.lower), to_upper = against(columns, range.upper);
        if (!range.lower.empty() && (range.lower_open ? to_lower <= 0 : to_lower < 0)) continue;
        if (!range.upper.empty() && (range.upper_open ? to_upper >= 0 : to_upper > 0)) continue;
        ordered.push_back({columns, row});
    }
    std::sort(ordered.begin(), ordered.end(), [](const auto &a, const auto &b) {
        return std::lexicographical_compare(a.first.begin(), a.first.end(), b.first.begin(), b.first.end());
    });
    if (range.descending) std::reverse(ordered.begin(), ordered.end());
    if (range.limit && ordered.size() > range.limit) ordered.resize(range.limit);
    Rows result;
    for (auto &[columns, row] : ordered) {
        for (size_t i = 0; i < row.size(); ++i)
            if (!(range.columns >> i & 1)) row[i] = null;
        result.push_back(row);
    }
    return result;
}

}  // namespace cartbell::conformance
