#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <ostream>

#include "conformance.hpp"

namespace conformance {
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
};
constexpr cartbell_table grown_tables[] = {
    {table_size, CARTBELL_PLACE_EVERYWHERE, "thing", thing_columns, 5, 1, thing_indexes, 1, -1, 0},
    owned_table,
    directory_table,
    queue_table,
    record_table,
    profile_table,
    binary_table,
    seen_table,
    seen_keys_table,
    {table_size, CARTBELL_PLACE_OWN_KEY, "extra", extra_columns, 1, 1, nullptr, 0, -1, 0},
};
constexpr cartbell_schema first_schema{sizeof(cartbell_schema), 1, tables, std::size(tables)};
constexpr cartbell_schema second_schema{sizeof(cartbell_schema), 2, grown_tables, std::size(grown_tables)};

Value value_of(const cartbell_cell &cell) {
    Value value;
    value.type = cell.type;
    if (cell.type == CARTBELL_CELL_INTEGER) value.integer = cell.integer;
    if (cell.type == CARTBELL_CELL_TEXT || cell.type == CARTBELL_CELL_BYTES)
        value.bytes.assign(static_cast<const char *>(cell.data), cell.size);
    return value;
}

Row row_of(const cartbell_cell *cells, size_t count) {
    Row row;
    for (size_t i = 0; i < count; ++i) row.push_back(value_of(cells[i]));
    return row;
}

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

bool operator<(const Value &a, const Value &b) {
    if (a.type == CARTBELL_CELL_NULL || b.type == CARTBELL_CELL_NULL)
        return a.type == CARTBELL_CELL_NULL && b.type != CARTBELL_CELL_NULL;
    return a.type == CARTBELL_CELL_INTEGER ? a.integer < b.integer : a.bytes < b.bytes;
}

std::ostream &operator<<(std::ostream &out, const Value &value) {
    if (value.type == CARTBELL_CELL_NULL) return out << "null";
    if (value.type == CARTBELL_CELL_INTEGER) return out << value.integer;
    return out << '"' << value.bytes << '"';
}

Value blob(std::string bytes) {
    Value value(std::move(bytes));
    value.type = CARTBELL_CELL_BYTES;
    return value;
}

namespace {
void append_cells(std::vector<cartbell_cell> &cells, const Row &row) {
    for (const Value &value : row)
        cells.push_back({value.type, 0, value.integer, value.bytes.data(), value.bytes.size()});
}
}  // namespace

std::vector<cartbell_cell> cells_of(const Rows &rows) {
    std::vector<cartbell_cell> cells;
    for (const Row &row : rows) append_cells(cells, row);
    return cells;
}

Opened::Opened(const StoreUnderTest &of) : Opened(of, of.make_empty(), schema(), false) {}

Opened::Opened(const StoreUnderTest &of, void *made, const cartbell_schema &with, bool read_only)
    : under_test(of), functions(*of.functions), declared(with), store(made) {
    REQUIRE(store != nullptr);
    REQUIRE(functions.open(store, &with, read_only) == CARTBELL_OK);
}

Opened::~Opened() { functions.close(store); }

Work::Work(Opened &opened, int32_t mode) : opened_(opened) {
    REQUIRE(opened_.functions.begin(opened_.store, mode, &transaction_) == CARTBELL_OK);
}

Work::~Work() {
    if (transaction_) opened_.functions.rollback(transaction_);
}

std::vector<bool> Work::insert(Table table, const Rows &rows) {
    std::vector<uint8_t> existed(rows.size(), 7);
    REQUIRE(opened_.functions.insert(transaction_, table, cells_of(rows).data(), rows.size(), existed.data()) == CARTBELL_OK);
    for (uint8_t flag : existed) REQUIRE(flag <= 1);
    return {existed.begin(), existed.end()};
}

void Work::put(Table table, const Rows &rows) {
    REQUIRE(opened_.functions.put(transaction_, table, cells_of(rows).data(), rows.size()) == CARTBELL_OK);
}

void Work::remove(Table table, const Rows &keys) {
    REQUIRE(opened_.functions.remove(transaction_, table, cells_of(keys).data(), keys.size()) == CARTBELL_OK);
}

Rows Work::get(Table table, const Rows &keys, uint64_t columns) {
    size_t width = opened_.declared.tables[table].column_count;
    std::vector<cartbell_cell> cells(keys.size() * width);
    std::vector<uint8_t> found(keys.size(), 7);
    REQUIRE(opened_.functions.get(transaction_, table, cells_of(keys).data(), keys.size(), columns, cells.data(), found.data()) ==
            CARTBELL_OK);
    Rows rows;
    for (size_t i = 0; i < keys.size(); ++i) {
        REQUIRE(found[i] <= 1);
        rows.push_back(found[i] ? row_of(&cells[i * width], width) : Row{});
    }
    return rows;
}

Rows Work::scan(const Range &range, size_t block) {
    std::vector<cartbell_cell> lower, upper;
    append_cells(lower, range.lower);
    append_cells(upper, range.upper);
    cartbell_scan scan{};
    scan.struct_size = sizeof scan;
    scan.table = range.table;
    scan.index = range.index;
    scan.descending = range.descending;
    scan.lower = lower.empty() ? nullptr : lower.data();
    scan.lower_count = lower.size();
    scan.lower_open = range.lower_open;
    scan.upper = upper.empty() ? nullptr : upper.data();
    scan.upper_count = upper.size();
    scan.upper_open = range.upper_open;
    scan.column_mask = range.columns;
    scan.limit = range.limit;
    scan.claim = range.claim;
    void *cursor = nullptr;
    REQUIRE(opened_.functions.scan(transaction_, &scan, &cursor) == CARTBELL_OK);
    std::vector<cartbell_cell>().swap(lower);  // the bounds are the scan call's only
    std::vector<cartbell_cell>().swap(upper);
    size_t width = opened_.declared.tables[range.table].column_count;
    std::vector<cartbell_cell> cells(block * width);
    Rows rows;
    for (size_t count = 1; count > 0;) {
        REQUIRE(opened_.functions.next(cursor, cells.data(), block, &count) == CARTBELL_OK);
        REQUIRE(count <= block);
        for (size_t i = 0; i < count; ++i) rows.push_back(row_of(&cells[i * width], width));
    }
    opened_.functions.end_scan(cursor);
    return rows;
}

void Work::commit() {
    REQUIRE(opened_.functions.commit(transaction_) == CARTBELL_OK);
    transaction_ = nullptr;
}

void Work::rollback() {
    opened_.functions.rollback(transaction_);
    transaction_ = nullptr;
}

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

}  // namespace conformance
