#include "store/sqlite_transaction.hpp"

#include <algorithm>
#include <numeric>

namespace cartbell::store {
namespace {

constexpr size_t block_bytes = 4 << 20;  // a block of rows ends early when it holds so much

// As store.h orders keys; key columns are never null.
int compare_keys(const Cell *a, const Cell *b, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        if (a[i].type == CARTBELL_CELL_INTEGER) {
            if (a[i].integer != b[i].integer) return a[i].integer < b[i].integer ? -1 : 1;
        } else if (int order = text_of(a[i]).compare(text_of(b[i]))) {
            return order;
        }
    }
    return 0;
}

}  // namespace

// A statement without parameters or answer, prepared once.
int32_t SqliteTransaction::control(const char *sql, Control kind) {
    sqlite3_stmt *statement = nullptr;
    const uint32_t number = static_cast<uint32_t>(schema_.table_count) * kind_count + kind;
    if (int32_t status = connection_->fixed(number, 0, [&] { return sql; }, statement)) return status;
    int code = sqlite3_step(statement);
    int32_t status = code == SQLITE_ROW || code == SQLITE_DONE ? CARTBELL_OK : connection_->fail(code);
    sqlite3_reset(statement);
    return status;
}

int32_t SqliteTransaction::begin(std::unique_ptr<SqliteConnection> connection) {
    connection_ = std::move(connection);
    rollback();  // of a transaction that lacked the memory to be rolled back
    if (writes_) return control("BEGIN IMMEDIATE", begin_write_control);
    // SQLite takes its snapshot at the first read, store.h at begin.
    if (int32_t status = control("BEGIN", begin_read_control)) return status;
    return control("SELECT 1 FROM sqlite_schema LIMIT 1", snapshot_control);
}

int32_t SqliteTransaction::commit() {
    int32_t status = control("COMMIT", commit_control);
    if (status != CARTBELL_OK) rollback();
    return status;
}

void SqliteTransaction::rollback() {
    // After some failures SQLite has rolled back already.
    if (!sqlite3_get_autocommit(connection_->handle())) (void)control("ROLLBACK", rollback_control);
}

int32_t SqliteTransaction::check(uint32_t table) {
    if (table >= schema_.table_count) return connection_->fail(CARTBELL_MISUSE, "no such table");
    // Outside a transaction every statement would commit by itself.
    if (sqlite3_get_autocommit(connection_->handle()))
        return connection_->fail(CARTBELL_IO, "the transaction was rolled back by an earlier failure");
    return CARTBELL_OK;
}

std::span<const uint32_t> SqliteTransaction::in_tree_order(const cartbell_table &of, const Cell *cells, size_t count,
                                                           size_t width) {
    sequence_.resize(count);
    std::iota(sequence_.begin(), sequence_.end(), 0u);
    digests_.clear();
    hashes_.clear();
    if (found_by_hash(of)) {
        for (size_t i = 0; i < count; ++i) {
            digests_.push_back(key_digest(of, cells + i * width, hash_memory_));
            hashes_.push_back(key_hash(digests_.back()));
        }
        std::stable_sort(sequence_.begin(), sequence_.end(),
                         [&](uint32_t a, uint32_t b) { return hashes_[a] < hashes_[b]; });
        return sequence_;
    }
    auto below = [&](uint32_t a, uint32_t b) {
        return compare_keys(cells + a * width, cells + b * width, of.key_count) < 0;
    };
    if (!std::is_sorted(sequence_.begin(), sequence_.end(), below))
        std::stable_sort(sequence_.begin(), sequence_.end(), below);
    return sequence_;
}

int SqliteTransaction::bind(sqlite3_stmt *statement, const cartbell_table &of, const Cell *cells, uint32_t row,
                            size_t width, size_t used) {
    int code = SQLITE_OK;
    for (size_t c = 0; c < used && code == SQLITE_OK; ++c)
        code = bind_cell(statement, static_cast<int>(c) + 1, cells[row * width + c]);
    if (code == SQLITE_OK && found_by_hash(of))
        code = sqlite3_bind_int64(statement, static_cast<int>(used) + 1, hashes_[row]);
    return code;
}

// A statement that gives no rows.
int32_t SqliteTransaction::run(sqlite3_stmt *statement) {
    int code = sqlite3_step(statement);
    int32_t status = code == SQLITE_DONE ? CARTBELL_OK : connection_->fail(code);
    sqlite3_reset(statement);
    return status;
}

int32_t SqliteTransaction::get(uint32_t table, const Cell *keys, size_t count, uint64_t columns, Cell *rows,
                               uint8_t *found) {
    if (int32_t status = check(table)) return status;
    const cartbell_table &of = schema_.tables[table];
    sqlite3_stmt *statement = nullptr;
    if (int32_t status = connection_->fixed(table * kind_count + get_kind, columns,
                                            [&] { return get_sql(of, columns); }, statement))
        return status;
    given_.clear();
    const bool notes_absent = writes_ && found_by_hash(of);
    if (notes_absent) {
        absent_.clear();
        absent_of_ = table;
    }
    std::fill(rows, rows + count * of.column_count, null_cell());
    int32_t status = CARTBELL_OK;
    for (uint32_t i : in_tree_order(of, keys, count, of.key_count)) {
        int code = bind(statement, of, keys, i, of.key_count);
        if (code == SQLITE_OK) code = sqlite3_step(statement);
        found[i] = code == SQLITE_ROW;
        int position = 0;
        for (size_t c = 0; found[i] && c < of.column_count; ++c)
            if (columns >> c & 1)
                if (!read_cell(statement, position++, of.columns[c].type, given_, rows[i * of.column_count + c]))
                    status = connection_->fail(CARTBELL_CORRUPT, std::string("a cell of another type in ") + of.name);
        if (code != SQLITE_ROW && code != SQLITE_DONE) status = connection_->fail(code);
        sqlite3_reset(statement);
        if (status != CARTBELL_OK) break;
        if (notes_absent && !found[i] && (absent_.empty() || key_hash(absent_.back()) != hashes_[i])) absent_.push_back(digests_[i]);
    }
    return status;
}

int32_t SqliteTransaction::statement_of(Kind kind, uint32_t table, sqlite3_stmt *&statement) {
    const cartbell_table &of = schema_.tables[table];
    auto make_sql = [&] {
        switch (kind) {
            case insert_kind: return insert_sql(of);
            case insert_given_kind: return insert_given_sql(of);
            case put_kind: return put_sql(of);
            default: return remove_sql(of);
        }
    };
    return connection_->fixed(table * kind_count + kind, 0, make_sql, statement);
}

int32_t SqliteTransaction::write(Kind kind, uint32_t table, const Cell *cells, size_t count, uint8_t *existed) {
    if (int32_t status = check(table)) return status;
    if (!writes_) return connection_->fail(CARTBELL_READ_ONLY, "a write in a read transaction");
    const cartbell_table &of = schema_.tables[table];
    if (kind == insert_kind && count > 1 && inserts_given(of)) {
        in_tree_order(of, cells, count, of.column_count);
        if (!found_by_hash(of) || are_absent(table)) return insert_given(table, cells, count, existed);
    }
    if (table == absent_of_) absent_.clear();
    if (keys_unchecked(of) && kind != remove_kind) return write_unchecked(kind, table, cells, count, existed);
    size_t width = kind == remove_kind ? of.key_count : of.column_count;
    sqlite3_stmt *statement = nullptr;
    if (int32_t status = statement_of(kind, table, statement)) return status;
    for (uint32_t i : in_tree_order(of, cells, count, width)) {
        if (int code = bind(statement, of, cells, i, width)) return connection_->fail(code);
        if (int32_t status = run(statement)) return status;
        if (existed) existed[i] = sqlite3_changes(connection_->handle()) == 0;
    }
    return CARTBELL_OK;
}

int32_t SqliteTransaction::insert_given(uint32_t table, const Cell *cells, size_t count, uint8_t *existed) {
    const cartbell_table &of = schema_.tables[table];
    GivenRows *rows = nullptr;
    if (int32_t status = connection_->given(rows)) return status;
    sqlite3_stmt *statement = nullptr;
    if (int32_t status = statement_of(insert_given_kind, table, statement)) return status;
    rows->cells = cells;
    rows->width = of.column_count;
    rows->hashes = hashes_.data();
    rows->first_is_rowid = has_integer_key(of);
    rows->sequence = sequence_;
    rows->existed = existed;
    if (table == absent_of_) absent_.clear();
    if (int32_t status = run(statement)) return status;
    // An SQLite that read all rows before it adds the first would have told nothing.
    if (sqlite3_changes(connection_->handle()) == std::count(existed, existed + count, 0)) return CARTBELL_OK;
    return connection_->fail(CARTBELL_INTERNAL, "SQLite added other rows than it told");
}

bool SqliteTransaction::are_absent(uint32_t table) const {
    if (table != absent_of_) return false;
    auto at = absent_.begin();
    for (const uint32_t row : sequence_) {
        at = std::find(at, absent_.end(), digests_[row]);
        if (at == absent_.end()) return false;
        ++at;  // an equal key behind it would exist by then
    }
    return true;
}

// SQLite does not hold the keys of such a table apart: first see whether the row is there (a put by changing it), then add it if not.
int32_t SqliteTransaction::write_unchecked(Kind kind, uint32_t table, const Cell *cells, size_t count, uint8_t *existed) {
    const cartbell_table &of = schema_.tables[table];
    sqlite3_stmt *look = nullptr, *change = nullptr, *add = nullptr;
    int32_t status = statement_of(insert_kind, table, add);
    if (status == CARTBELL_OK && kind == put_kind) status = statement_of(put_kind, table, change);
    if (status == CARTBELL_OK && kind == insert_kind)
        status = connection_->fixed(table * kind_count + get_kind, 0, [&] { return get_sql(of, 0); }, look);
    if (status != CARTBELL_OK) return status;
    for (uint32_t i : in_tree_order(of, cells, count, of.column_count)) {
        bool there = false;
        if (look) {
            int code = bind(look, of, cells, i, of.column_count, of.key_count);
            if (code == SQLITE_OK) code = sqlite3_step(look);
            there = code == SQLITE_ROW;
            if (code != SQLITE_ROW && code != SQLITE_DONE) status = connection_->fail(code);
            sqlite3_reset(look);
            existed[i] = there;
        } else {
            if (int code = bind(change, of, cells, i, of.column_count)) return connection_->fail(code);
            status = run(change);
            there = sqlite3_changes(connection_->handle()) != 0;
        }
        if (status != CARTBELL_OK) return status;
        if (there) continue;
        if (int code = bind(add, of, cells, i, of.column_count)) return connection_->fail(code);
        if ((status = run(add))) return status;
    }
    return CARTBELL_OK;
}

int32_t SqliteTransaction::insert(uint32_t table, const Cell *rows, size_t count, uint8_t *existed) {
    return write(insert_kind, table, rows, count, existed);
}

int32_t SqliteTransaction::put(uint32_t table, const Cell *rows, size_t count) {
    return write(put_kind, table, rows, count, nullptr);
}

int32_t SqliteTransaction::remove(uint32_t table, const Cell *keys, size_t count) {
    return write(remove_kind, table, keys, count, nullptr);
}

SqliteCursor::~SqliteCursor() {
    if (statement_) transaction_.connection().give_back(statement_);
}

int32_t SqliteCursor::begin(const cartbell_scan &scan) {
    SqliteConnection &connection = transaction_.connection();
    const cartbell_schema &schema = transaction_.schema();
    if (scan.table >= schema.table_count || scan.index >= static_cast<int32_t>(schema.tables[scan.table].index_count))
        return connection.fail(CARTBELL_MISUSE, "a scan of no such table or index");
    if (scan.claim && !transaction_.writes())
        return connection.fail(CARTBELL_MISUSE, "a claim in a read transaction");
    table_ = &schema.tables[scan.table];
    columns_ = scan.column_mask;
    left_ = scan.limit ? scan.limit : UINT64_MAX;
    // One process writes this store and one transaction at a time: what a claim would skip cannot be.
    bounds_.assign(scan.lower, scan.lower + scan.lower_count);
    bounds_.insert(bounds_.end(), scan.upper, scan.upper + scan.upper_count);
    for (Cell &cell : bounds_) cell.data = cell.size ? bound_bytes_.copy(cell.data, cell.size) : "";
    cartbell_scan copied = scan;
    copied.lower = bounds_.data();
    copied.upper = bounds_.data() + scan.lower_count;
    parts_ = scan_parts(*table_, copied);
    return CARTBELL_OK;
}

int32_t SqliteCursor::start_part() {
    const ScanPart &part = parts_[part_++];
    if (int32_t status = transaction_.connection().take(part.sql, statement_)) return status;
    for (size_t i = 0; i < part.cells.size(); ++i) {
        int code = bind_cell(statement_, static_cast<int>(i) + 1, *part.cells[i]);
        if (code != SQLITE_OK) return transaction_.connection().fail(code);
    }
    return CARTBELL_OK;
}

int32_t SqliteCursor::read_row(Cell *row) {
    int position = 0;
    for (size_t c = 0; c < table_->column_count; ++c) {
        row[c] = null_cell();
        if (columns_ >> c & 1)
            if (!read_cell(statement_, position++, table_->columns[c].type, given_, row[c]))
                return transaction_.connection().fail(CARTBELL_CORRUPT,
                                                      std::string("a cell of another type in ") + table_->name);
    }
    return CARTBELL_OK;
}

int32_t SqliteCursor::next(Cell *rows, size_t most, size_t *count) {
    given_.clear();
    *count = 0;
    while (*count < most && left_ > 0 && given_.size() < block_bytes) {
        if (!statement_) {
            if (part_ == parts_.size()) break;
            if (int32_t status = start_part()) return status;
        }
        int code = sqlite3_step(statement_);
        if (code == SQLITE_DONE) {
            transaction_.connection().give_back(statement_);
            statement_ = nullptr;
            continue;
        }
        if (code != SQLITE_ROW) return transaction_.connection().fail(code);
        if (int32_t status = read_row(rows + *count * table_->column_count)) return status;
        --left_;
        ++*count;
    }
    return CARTBELL_OK;
}

}  // namespace cartbell::store
