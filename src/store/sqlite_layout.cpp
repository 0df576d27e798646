#include "store/sqlite_layout.hpp"

#include <algorithm>
#include <string_view>

#include "store/sqlite_connection.hpp"

namespace cartbell::store {
namespace {

enum class Shape {
    integer_key,  // the key is SQLite's rowid
    clustered,    // rows lie in key order
    appended,     // rows lie in order of arrival, with an index by key
    hashed,       // rows lie in order of arrival, with an index by a hash of the key
};

constexpr char hash_column[] = "key_hash";

Shape shape_of(const cartbell_table &table) {
    if (table.key_count == 1 && table.columns[0].type == CARTBELL_CELL_INTEGER) return Shape::integer_key;
    if (table.flags & CARTBELL_TABLE_UNORDERED) return Shape::hashed;
    return table.placement == CARTBELL_PLACE_CUSTOMER ? Shape::appended : Shape::clustered;
}

// The index of an appended table that begins with its key, if one is declared: it serves as the key's too, and one tree less is written.
int32_t index_with_key(const cartbell_table &table) {
    if (shape_of(table) != Shape::appended) return -1;
    for (size_t i = 0; i < table.index_count; ++i) {
        const cartbell_index &index = table.indexes[i];
        bool same = index.column_count >= table.key_count;
        for (uint32_t c = 0; same && c < table.key_count; ++c) same = index.columns[c] == c;
        if (same) return static_cast<int32_t>(i);
    }
    return -1;
}

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

std::string column_name(const cartbell_table &table, uint32_t column) { return quoted(table.columns[column].name); }

std::string index_name(const cartbell_table &table, const char *name) {
    return quoted(std::string(table.name) + "_" + name);
}

template <typename Columns>
std::string listed(const cartbell_table &table, const Columns &columns, const char *after = "") {
    std::string out;
    for (uint32_t column : columns) {
        if (!out.empty()) out += ", ";
        out += column_name(table, column) + after;
    }
    return out;
}

std::vector<uint32_t> first_columns(size_t count) {
    std::vector<uint32_t> columns(count);
    for (size_t i = 0; i < count; ++i) columns[i] = static_cast<uint32_t>(i);
    return columns;
}

std::vector<uint32_t> wanted_columns(const cartbell_table &table, uint64_t mask) {
    std::vector<uint32_t> columns;
    for (uint32_t i = 0; i < table.column_count; ++i)
        if (mask >> i & 1) columns.push_back(i);
    return columns;
}

std::vector<uint32_t> without_repeats(const std::vector<uint32_t> &columns) {
    std::vector<uint32_t> once;
    for (uint32_t column : columns)
        if (std::find(once.begin(), once.end(), column) == once.end()) once.push_back(column);
    return once;
}

std::string select_of(const cartbell_table &table, uint64_t mask) {
    std::string columns = listed(table, wanted_columns(table, mask));
    return "SELECT " + (columns.empty() ? "NULL" : columns) + " FROM " + quoted(table.name);
}

// `parameters`: how many the statement has before the hash.
std::string key_condition(const cartbell_table &table, size_t parameters) {
    std::string out;
    for (uint32_t i = 0; i < table.key_count; ++i)
        out += (i ? " AND " : " WHERE ") + column_name(table, i) + " = ?" + std::to_string(i + 1);
    if (found_by_hash(table)) out += std::string(" AND ") + hash_column + " = ?" + std::to_string(parameters + 1);
    return out;
}

std::string parameters_of(size_t count) {
    std::string out;
    for (size_t i = 1; i <= count; ++i) out += (i > 1 ? ", ?" : "?") + std::to_string(i);
    return out;
}

std::string column_definition(const cartbell_table &table, uint32_t i, bool added) {
    static constexpr const char *types[] = {"", " INTEGER", " TEXT", " BLOB"};
    const cartbell_column &column = table.columns[i];
    // A column added to rows that exist can only be null in them.
    bool may_be_null = added || (column.flags & CARTBELL_COLUMN_NULLABLE);
    return column_name(table, i) + types[column.type] + (may_be_null ? "" : " NOT NULL");
}

std::string create_table_sql(const cartbell_table &table) {
    std::string sql = "CREATE TABLE " + quoted(table.name) + " (";
    for (uint32_t i = 0; i < table.column_count; ++i) {
        if (i) sql += ", ";
        sql += column_definition(table, i, false);
        if (i == 0 && shape_of(table) == Shape::integer_key) sql += " PRIMARY KEY";
    }
    if (shape_of(table) == Shape::clustered)
        return sql + ", PRIMARY KEY (" + listed(table, first_columns(table.key_count)) + ")) WITHOUT ROWID";
    if (shape_of(table) == Shape::hashed) sql += std::string(", ") + hash_column + " INTEGER NOT NULL";
    return sql + ")";
}

int32_t add_missing_columns(SqliteConnection &connection, const cartbell_table &table) {
    for (uint32_t i = 0; i < table.column_count; ++i) {
        int64_t known = 0;
        std::string ask = "SELECT count(*) FROM pragma_table_info('" + std::string(table.name) + "') WHERE name = '" +
                          table.columns[i].name + "'";
        if (int32_t status = connection.integer(ask.c_str(), known)) return status;
        if (known) continue;
        std::string sql = "ALTER TABLE " + quoted(table.name) + " ADD COLUMN " + column_definition(table, i, true);
        if (int32_t status = connection.run(sql.c_str())) return status;
    }
    return CARTBELL_OK;
}

int32_t make_indexes(SqliteConnection &connection, const cartbell_table &table) {
    std::string on = " ON " + quoted(table.name) + " (", sql;
    if (shape_of(table) == Shape::appended && index_with_key(table) < 0)
        sql = "CREATE UNIQUE INDEX IF NOT EXISTS " + index_name(table, "key") + on +
              listed(table, first_columns(table.key_count)) + ")";
    if (shape_of(table) == Shape::hashed)
        sql = "CREATE INDEX IF NOT EXISTS " + index_name(table, "hash") + on + hash_column + ")";
    if (int32_t status = connection.run(sql.c_str())) return status;
    for (uint32_t i = 0; i < table.index_count; ++i) {
        sql = "CREATE INDEX IF NOT EXISTS " + index_name(table, table.indexes[i].name) + on +
              listed(table, without_repeats(scan_order(table, static_cast<int32_t>(i)))) + ")";
        if (int32_t status = connection.run(sql.c_str())) return status;
    }
    return CARTBELL_OK;
}

// Writes the parts of one range. Bounds are prefixes of the order's columns; `depth` leading cells are equal in both.
class RangeSplitter {
  public:
    RangeSplitter(const cartbell_table &table, const cartbell_scan &scan)
        : table_(table), scan_(scan), order_(scan_order(table, scan.index)) {}

    std::vector<ScanPart> parts() {
        size_t equal = 0;
        while (equal < scan_.lower_count && equal < scan_.upper_count &&
               same(scan_.lower[equal], scan_.upper[equal]))
            ++equal;
        bool lower_ends = equal == scan_.lower_count, upper_ends = equal == scan_.upper_count;
        prefix_.clear();
        for (size_t i = 0; i < equal; ++i) prefix_.push_back(&scan_.lower[i]);
        if ((lower_ends && equal && scan_.lower_open) || (upper_ends && equal && scan_.upper_open)) return {};
        if (lower_ends && upper_ends) {
            add(nullptr, nullptr);
        } else if (lower_ends) {
            below(equal, nullptr);
        } else if (upper_ends) {
            above(equal, nullptr);
        } else if (below_of(scan_.lower[equal], scan_.upper[equal])) {
            above(equal, &scan_.upper[equal]);
            below(equal, &scan_.lower[equal]);
        }
        if (scan_.descending) return {parts_.rbegin(), parts_.rend()};
        return parts_;
    }

  private:
    static bool same(const cartbell_cell &a, const cartbell_cell &b) {
        if (a.type != b.type) return false;
        if (a.type == CARTBELL_CELL_NULL) return true;
        return a.type == CARTBELL_CELL_INTEGER ? a.integer == b.integer : text_of(a) == text_of(b);
    }
    static bool below_of(const cartbell_cell &a, const cartbell_cell &b) {
        if (a.type == CARTBELL_CELL_NULL || b.type == CARTBELL_CELL_NULL) return b.type != CARTBELL_CELL_NULL;
        return a.type == CARTBELL_CELL_INTEGER ? a.integer < b.integer : text_of(a) < text_of(b);
    }

    // Rows that share `depth` cells with the lower bound and lie at or above it; with `end`, the cell at `depth` lies below `end`.
    void above(size_t depth, const cartbell_cell *end) {
        const cartbell_cell *cell = &scan_.lower[depth];
        if (depth + 1 < scan_.lower_count) {
            prefix_.push_back(cell);
            above(depth + 1, nullptr);
            prefix_.pop_back();
        } else if (!scan_.lower_open) {
            prefix_.push_back(cell);
            add(nullptr, nullptr);
            prefix_.pop_back();
        }
        add(cell, end);
    }

    // Rows that share `depth` cells with the upper bound and lie at or below it. With `begin`, those between the two cells were given already.
    void below(size_t depth, const cartbell_cell *begin) {
        const cartbell_cell *cell = &scan_.upper[depth];
        if (!begin) {
            static constexpr cartbell_cell null{CARTBELL_CELL_NULL, 0, 0, nullptr, 0};
            bool nullable = table_.columns[order_[depth]].flags & CARTBELL_COLUMN_NULLABLE;
            if (nullable && cell->type != CARTBELL_CELL_NULL) {  // null lies below every value
                prefix_.push_back(&null);
                add(nullptr, nullptr);
                prefix_.pop_back();
            }
            if (cell->type != CARTBELL_CELL_NULL) add(nullptr, cell);
        }
        prefix_.push_back(cell);
        if (depth + 1 < scan_.upper_count)
            below(depth + 1, nullptr);
        else if (!scan_.upper_open)
            add(nullptr, nullptr);
        prefix_.pop_back();
    }

    // One statement: the prefix's cells equal, the next column > `after` and < `before` where given.
    void add(const cartbell_cell *after, const cartbell_cell *before) {
        ScanPart part;
        part.sql = select_of(table_, scan_.column_mask);
        const int32_t index = scan_.index >= 0 ? scan_.index : index_with_key(table_);
        if (index >= 0)
            part.sql += " INDEXED BY " + index_name(table_, table_.indexes[index].name);
        else if (shape_of(table_) == Shape::appended)
            part.sql += " INDEXED BY " + index_name(table_, "key");
        const char *joint = " WHERE ";
        auto condition = [&](size_t at, const char *test, const cartbell_cell *cell) {
            part.sql += joint + column_name(table_, order_[at]) + test;
            if (cell) part.cells.push_back(cell);
            joint = " AND ";
        };
        for (size_t i = 0; i < prefix_.size(); ++i) {
            if (prefix_[i]->type == CARTBELL_CELL_NULL)
                condition(i, " IS NULL", nullptr);
            else
                condition(i, " = ?", prefix_[i]);
        }
        if (after && after->type == CARTBELL_CELL_NULL)
            condition(prefix_.size(), " IS NOT NULL", nullptr);
        else if (after)
            condition(prefix_.size(), " > ?", after);
        if (before) condition(prefix_.size(), " < ?", before);
        part.sql += " ORDER BY " + listed(table_, without_repeats(order_), scan_.descending ? " DESC" : "");
        parts_.push_back(std::move(part));
    }

    const cartbell_table &table_;
    const cartbell_scan &scan_;
    std::vector<uint32_t> order_;
    std::vector<const cartbell_cell *> prefix_;
    std::vector<ScanPart> parts_;
};

}  // namespace

int32_t bring_up_to_date(SqliteConnection &connection, const cartbell_schema &schema) {
    for (size_t i = 0; i < schema.table_count; ++i) {
        const cartbell_table &table = schema.tables[i];
        int64_t known = 0;
        std::string ask =
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '" + std::string(table.name) + "'";
        if (int32_t status = connection.integer(ask.c_str(), known)) return status;
        int32_t status = known ? add_missing_columns(connection, table)
                               : connection.run(create_table_sql(table).c_str());
        if (status != CARTBELL_OK) return status;
        if ((status = make_indexes(connection, table))) return status;
    }
    return connection.run(("PRAGMA user_version = " + std::to_string(schema.version)).c_str());
}

bool has_integer_key(const cartbell_table &table) { return shape_of(table) == Shape::integer_key; }

bool found_by_hash(const cartbell_table &table) { return shape_of(table) == Shape::hashed; }

bool keys_unchecked(const cartbell_table &table) { return found_by_hash(table) || index_with_key(table) >= 0; }

// A cryptographic one: whoever chooses keys (operation ids come from browsers) must not be able to choose equal hashes.
Sha256 key_digest(const cartbell_table &table, const cartbell_cell *key, std::string &memory) {
    memory.clear();
    for (size_t i = 0; i < table.key_count; ++i) {
        bool integer = key[i].type == CARTBELL_CELL_INTEGER;
        auto said = integer ? static_cast<uint64_t>(key[i].integer) : key[i].size;
        for (int shift = 0; shift < 64; shift += 8) memory.push_back(static_cast<char>(said >> shift));
        if (!integer) memory += text_of(key[i]);
    }
    return sha256(memory);
}

int64_t key_hash(const Sha256 &key_digest) {
    uint64_t bits = 0;
    for (size_t i = 0; i < 8; ++i) bits = bits << 8 | key_digest[i];
    return static_cast<int64_t>(bits);
}

std::string insert_sql(const cartbell_table &table) {
    std::string into = "INSERT INTO " + quoted(table.name) + " (" + listed(table, first_columns(table.column_count));
    if (found_by_hash(table))
        return into + ", " + hash_column + ") VALUES (" + parameters_of(table.column_count + 1) + ")";
    into += ") VALUES (" + parameters_of(table.column_count) + ")";
    if (keys_unchecked(table)) return into;
    return into + " ON CONFLICT (" +
           listed(table, first_columns(table.key_count)) + ") DO NOTHING";
}

bool inserts_given(const cartbell_table &table) { return shape_of(table) != Shape::clustered && index_with_key(table) < 0; }

std::string insert_given_sql(const cartbell_table &table) {
    const bool by_hash = found_by_hash(table);
    std::string given = "c0";
    for (size_t i = 1; i < table.column_count + by_hash; ++i) given += ", c" + std::to_string(i);
    // OR FAIL: what fails ends the transaction, so SQLite need not be able to undo the statement alone, for which it would copy pages.
    const std::string sql = "INSERT OR FAIL INTO " + quoted(table.name) + " (" + listed(table, first_columns(table.column_count)) +
                            (by_hash ? std::string(", ") + hash_column : "") + ") SELECT " + given + " FROM " + GivenRows::name;
    return by_hash ? sql : sql + " WHERE true ON CONFLICT (" + listed(table, first_columns(table.key_count)) + ") DO NOTHING";
}

std::string put_sql(const cartbell_table &table) {
    std::string sets;
    for (uint32_t i = 0; i < table.column_count; ++i) {
        if (i < table.key_count && table.key_count < table.column_count) continue;
        if (!sets.empty()) sets += ", ";
        sets += column_name(table, i) + " = ?" + std::to_string(i + 1);
    }
    if (keys_unchecked(table))
        return "UPDATE " + quoted(table.name) + " SET " + sets + key_condition(table, table.column_count);
    std::string sql = insert_sql(table);
    if (table.column_count == table.key_count) return sql;
    return sql.substr(0, sql.size() - std::string_view("NOTHING").size()) + "UPDATE SET " + sets;
}

std::string remove_sql(const cartbell_table &table) {
    return "DELETE FROM " + quoted(table.name) + key_condition(table, table.key_count);
}

std::string get_sql(const cartbell_table &table, uint64_t columns) {
    return select_of(table, columns) + key_condition(table, table.key_count);
}

std::vector<uint32_t> scan_order(const cartbell_table &table, int32_t index) {
    std::vector<uint32_t> order;
    if (index >= 0) {
        const cartbell_index &of = table.indexes[index];
        order.assign(of.columns, of.columns + of.column_count);
    }
    for (uint32_t i = 0; i < table.key_count; ++i) order.push_back(i);
    return order;
}

std::vector<ScanPart> scan_parts(const cartbell_table &table, const cartbell_scan &scan) {
    return RangeSplitter(table, scan).parts();
}

}  // namespace cartbell::store
