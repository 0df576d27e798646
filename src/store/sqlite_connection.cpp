#include "store/sqlite_connection.hpp"

namespace cartbell::store {

int32_t status_of_sqlite(int code) {
    switch (code) {
    case SQLITE_IOERR_NOMEM: return CARTBELL_OUT_OF_MEMORY;
    default: break;
    }
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return CARTBELL_BUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return CARTBELL_CORRUPT;
    case SQLITE_FULL: return CARTBELL_FULL;
    case SQLITE_NOMEM: return CARTBELL_OUT_OF_MEMORY;
    case SQLITE_READONLY: return CARTBELL_READ_ONLY;
    case SQLITE_TOOBIG: return CARTBELL_LIMIT;
    case SQLITE_CONSTRAINT: return CARTBELL_CONFLICT;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_NOLFS:
    case SQLITE_PROTOCOL: return CARTBELL_IO;
    default: return CARTBELL_INTERNAL;
    }
}

int32_t SqliteConnection::open(const std::string &path, int flags) {
    int code = sqlite3_open_v2(path.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    if (code == SQLITE_OK) return CARTBELL_OK;
    int32_t status = fail(code);
    close();
    return status;
}

void SqliteConnection::close() {
    for (auto &[kind, statement] : fixed_) sqlite3_finalize(statement);
    for (auto &[sql, statements] : idle_)
        for (sqlite3_stmt *statement : statements) sqlite3_finalize(statement);
    fixed_.clear();
    idle_.clear();
    sqlite3_close_v2(handle_);
    handle_ = given_.handle = nullptr;
}

int32_t SqliteConnection::fail(int code) {
    message_ = handle_ ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
    message_ += " (SQLite " + std::to_string(code) + ")";
    return status_of_sqlite(code);
}

int32_t SqliteConnection::fail(int32_t status, std::string message) {
    message_ = std::move(message);
    return status;
}

int32_t SqliteConnection::run(const char *sql) {
    int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
    return code == SQLITE_OK ? CARTBELL_OK : fail(code);
}

int32_t SqliteConnection::integer(const char *sql, int64_t &value) {
    std::string said;
    value = 0;
    sqlite3_stmt *statement = nullptr;
    if (int32_t status = prepare(sql, statement)) return status;
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) value = sqlite3_column_int64(statement, 0);
    int32_t status = code == SQLITE_ROW || code == SQLITE_DONE ? CARTBELL_OK : fail(code);
    sqlite3_finalize(statement);
    return status;
}

int32_t SqliteConnection::text(const char *sql, std::string &value) {
    value.clear();
    sqlite3_stmt *statement = nullptr;
    if (int32_t status = prepare(sql, statement)) return status;
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        if (const unsigned char *said = sqlite3_column_text(statement, 0)) value = reinterpret_cast<const char *>(said);
    int32_t status = code == SQLITE_ROW || code == SQLITE_DONE ? CARTBELL_OK : fail(code);
    sqlite3_finalize(statement);
    return status;
}

int32_t SqliteConnection::prepare(const std::string &sql, sqlite3_stmt *&statement) {
    int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                  &statement, nullptr);
    return code == SQLITE_OK ? CARTBELL_OK : fail(code);
}

int32_t SqliteConnection::take(const std::string &sql, sqlite3_stmt *&statement) {
    auto found = idle_.find(sql);
    if (found == idle_.end() || found->second.empty()) return prepare(sql, statement);
    statement = found->second.back();
    found->second.pop_back();
    return CARTBELL_OK;
}

int32_t SqliteConnection::given(GivenRows *&rows) {
    rows = &given_;
    if (given_.handle != nullptr) return CARTBELL_OK;
    given_.handle = handle_;
    int code = given_.declare();
    if (code == SQLITE_OK) return CARTBELL_OK;
    given_.handle = nullptr;
    return fail(code);
}

void SqliteConnection::give_back(sqlite3_stmt *statement) {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    try {
        idle_[sqlite3_sql(statement)].push_back(statement);
    } catch (...) {  // no memory to remember it with
        sqlite3_finalize(statement);
    }
}

int bind_cell(sqlite3_stmt *statement, int position, const Cell &cell) {
    // A null pointer would bind null instead of nothing of length 0.
    const void *data = cell.size ? cell.data : "";
    switch (cell.type) {
    case CARTBELL_CELL_INTEGER: return sqlite3_bind_int64(statement, position, cell.integer);
    case CARTBELL_CELL_TEXT:
        return sqlite3_bind_text64(statement, position, static_cast<const char *>(data), cell.size, SQLITE_STATIC,
                                   SQLITE_UTF8);
    case CARTBELL_CELL_BYTES: return sqlite3_bind_blob64(statement, position, data, cell.size, SQLITE_STATIC);
    default: return sqlite3_bind_null(statement, position);
    }
}

bool read_cell(sqlite3_stmt *statement, int position, int32_t type, Arena &arena, Cell &cell) {
    // Connections are opened without SQLite's mutex: an unprotected value may be asked all that a column may (c3ref/value.html).
    sqlite3_value *const value = sqlite3_column_value(statement, position);
    int stored = sqlite3_value_type(value);
    if (stored == SQLITE_NULL) {
        cell = null_cell();
        return true;
    }
    if (type == CARTBELL_CELL_INTEGER) {
        cell = integer_cell(sqlite3_value_int64(value));
        return stored == SQLITE_INTEGER;
    }
    const void *bytes = sqlite3_value_blob(value);  // of text too: no conversion, no terminator
    size_t size = static_cast<size_t>(sqlite3_value_bytes(value));
    if (size && !bytes) throw std::bad_alloc();
    cell = Cell{type, 0, 0, arena.copy(bytes, size), size};
    return stored == (type == CARTBELL_CELL_TEXT ? SQLITE_TEXT : SQLITE_BLOB);
}

}  // namespace cartbell::store
