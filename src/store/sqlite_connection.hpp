// One SQLite connection with its prepared statements. Used by one thread at a time.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/cells.hpp"
#include "store/sqlite_given_rows.hpp"
#include "store/store.hpp"

namespace cartbell::store {

int32_t status_of_sqlite(int code);  // of a primary or extended result code that is no success

class SqliteConnection {
  public:
    SqliteConnection() = default;
    ~SqliteConnection() { close(); }
    SqliteConnection(const SqliteConnection &) = delete;
    SqliteConnection &operator=(const SqliteConnection &) = delete;

    // All return a status of base.h; message() tells more about the last that failed.
    int32_t open(const std::string &path, int flags);
    void close();
    int32_t run(const char *sql);                            // without parameters; rows are dropped
    int32_t integer(const char *sql, int64_t &value);        // the first cell of the first row; 0 without a row
    int32_t text(const char *sql, std::string &value);
    int32_t fail(int code);                                  // notes and maps what SQLite answered
    int32_t fail(int32_t status, std::string message);       // notes a failure of our own

    // A statement that is used inside one call: prepared once under `kind` and `columns`, reset by the caller.
    template <typename MakeSql>
    int32_t fixed(uint32_t kind, uint64_t columns, MakeSql &&make_sql, sqlite3_stmt *&statement) {
        sqlite3_stmt *&known = fixed_[{kind, columns}];
        if (!known)
            if (int32_t status = prepare(make_sql(), known)) return status;
        statement = known;
        return CARTBELL_OK;
    }
    // A statement that lives as long as a cursor: taken and given back.
    int32_t take(const std::string &sql, sqlite3_stmt *&statement);
    void give_back(sqlite3_stmt *statement);

    // What the statement of insert_given_sql() reads.
    int32_t given(GivenRows *&rows);

    sqlite3 *handle() const { return handle_; }
    const std::string &message() const { return message_; }

  private:
    int32_t prepare(const std::string &sql, sqlite3_stmt *&statement);

    sqlite3 *handle_ = nullptr;
    std::map<std::pair<uint32_t, uint64_t>, sqlite3_stmt *> fixed_;
    std::unordered_map<std::string, std::vector<sqlite3_stmt *>> idle_;
    GivenRows given_;
    std::string message_;
};

int bind_cell(sqlite3_stmt *statement, int position, const Cell &cell);  // from 1; the cell's bytes outlive the step
// Column `position` (from 0) of the current row as a cell of the declared type; its bytes go into `arena`. False: another type is stored.
bool read_cell(sqlite3_stmt *statement, int position, int32_t type, Arena &arena, Cell &cell);

}  // namespace cartbell::store
