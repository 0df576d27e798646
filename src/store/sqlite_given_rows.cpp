#include "store/sqlite_given_rows.hpp"

#include <new>
#include <string>

namespace cartbell::store {
namespace {

struct Given : sqlite3_vtab {
    GivenRows *rows = nullptr;
};

struct Reader : sqlite3_vtab_cursor {
    size_t at = 0;
};

GivenRows &rows_of(const sqlite3_vtab_cursor *cursor) { return *static_cast<Given *>(cursor->pVtab)->rows; }
Reader &reader_of(sqlite3_vtab_cursor *cursor) { return *static_cast<Reader *>(cursor); }

int connect(sqlite3 *handle, void *rows, int, const char *const *, sqlite3_vtab **table, char **) noexcept {
    try {
        std::string sql = "CREATE TABLE given (c0";
        for (int column = 1; column < 64; ++column) sql += ", c" + std::to_string(column);
        if (int code = sqlite3_declare_vtab(handle, (sql + ")").c_str())) return code;
        auto made = new Given{};
        made->rows = static_cast<GivenRows *>(rows);
        *table = made;
        return SQLITE_OK;
    } catch (const std::bad_alloc &) {
        return SQLITE_NOMEM;
    }
}

int disconnect(sqlite3_vtab *table) noexcept {
    delete static_cast<Given *>(table);
    return SQLITE_OK;
}

int best_index(sqlite3_vtab *, sqlite3_index_info *plan) noexcept {
    plan->estimatedCost = 1000;
    plan->estimatedRows = 1000;
    return SQLITE_OK;
}

int open(sqlite3_vtab *, sqlite3_vtab_cursor **cursor) noexcept {
    *cursor = new (std::nothrow) Reader{};
    return *cursor ? SQLITE_OK : SQLITE_NOMEM;
}

int close(sqlite3_vtab_cursor *cursor) noexcept {
    delete &reader_of(cursor);
    return SQLITE_OK;
}

const cartbell_cell *cells_of(const GivenRows &rows, uint32_t row) { return rows.cells + row * rows.width; }

// A rowid that the row does not get: those of their own are above 0.
int64_t other_rowid(const GivenRows &rows, uint32_t row) { return rows.first_is_rowid ? ~cells_of(rows, row)->integer : 0; }

// SQLite tells which rows a statement added by the last rowid only.
void expect_row(const GivenRows &rows, size_t at) {
    if (at < rows.sequence.size()) sqlite3_set_last_insert_rowid(rows.handle, other_rowid(rows, rows.sequence[at]));
}

int filter(sqlite3_vtab_cursor *cursor, int, const char *, int, sqlite3_value **) noexcept {
    reader_of(cursor).at = 0;
    expect_row(rows_of(cursor), 0);
    return SQLITE_OK;
}

// When the next row is asked for, the one before was added or left out.
int next(sqlite3_vtab_cursor *cursor) noexcept {
    const GivenRows &rows = rows_of(cursor);
    const uint32_t row = rows.sequence[reader_of(cursor).at++];
    rows.existed[row] = sqlite3_last_insert_rowid(rows.handle) == other_rowid(rows, row);
    expect_row(rows, reader_of(cursor).at);
    return SQLITE_OK;
}

int at_end(sqlite3_vtab_cursor *cursor) noexcept { return reader_of(cursor).at == rows_of(cursor).sequence.size(); }

int column(sqlite3_vtab_cursor *cursor, sqlite3_context *answer, int column) noexcept {
    const GivenRows &rows = rows_of(cursor);
    const uint32_t row = rows.sequence[reader_of(cursor).at];
    if (static_cast<size_t>(column) == rows.width) {
        sqlite3_result_int64(answer, rows.hashes[row]);
        return SQLITE_OK;
    }
    const cartbell_cell &cell = cells_of(rows, row)[column];
    const char *data = cell.size ? static_cast<const char *>(cell.data) : "";  // a null pointer would be null
    switch (cell.type) {
        case CARTBELL_CELL_INTEGER: sqlite3_result_int64(answer, cell.integer); break;
        case CARTBELL_CELL_TEXT: sqlite3_result_text64(answer, data, cell.size, SQLITE_STATIC, SQLITE_UTF8); break;
        case CARTBELL_CELL_BYTES: sqlite3_result_blob64(answer, data, cell.size, SQLITE_STATIC); break;
        default: sqlite3_result_null(answer);
    }
    return SQLITE_OK;
}

int row_id(sqlite3_vtab_cursor *cursor, sqlite3_int64 *id) noexcept {
    *id = static_cast<sqlite3_int64>(reader_of(cursor).at);
    return SQLITE_OK;
}

constexpr sqlite3_module make_module() {
    sqlite3_module module{};
    module.xConnect = connect;
    module.xBestIndex = best_index;
    module.xDisconnect = disconnect;
    module.xOpen = open;
    module.xClose = close;
    module.xFilter = filter;
    module.xNext = next;
    module.xEof = at_end;
    module.xColumn = column;
    module.xRowid = row_id;
    return module;  // without xCreate: a table that is simply there, and nobody can make one
}
constexpr sqlite3_module module = make_module();

}  // namespace

int GivenRows::declare() { return sqlite3_create_module_v2(handle, name, &module, this, nullptr); }

}  // namespace cartbell::store
