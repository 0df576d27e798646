// A transaction on one connection, and the scans in it. Every function returns a status of base.h; the connection has the message.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "store/cells.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_layout.hpp"

namespace cartbell::store {

class SqliteStore;

class SqliteTransaction {
  public:
    SqliteTransaction(SqliteStore &store, const cartbell_schema &schema, bool writes)
        : store_(store), schema_(schema), writes_(writes) {}

    int32_t begin(std::unique_ptr<SqliteConnection> connection);
    int32_t commit();
    void rollback();

    int32_t get(uint32_t table, const Cell *keys, size_t count, uint64_t columns, Cell *rows, uint8_t *found);
    int32_t insert(uint32_t table, const Cell *rows, size_t count, uint8_t *existed);
    int32_t put(uint32_t table, const Cell *rows, size_t count);
    int32_t remove(uint32_t table, const Cell *keys, size_t count);

    SqliteStore &store() { return store_; }
    const cartbell_schema &schema() const { return schema_; }
    bool writes() const { return writes_; }
    SqliteConnection &connection() { return *connection_; }
    std::unique_ptr<SqliteConnection> take_connection() { return std::move(connection_); }

  private:
    enum Kind : uint32_t { get_kind, insert_kind, insert_given_kind, put_kind, remove_kind, kind_count };

    enum Control : uint32_t { begin_write_control, begin_read_control, snapshot_control, commit_control, rollback_control };

    int32_t control(const char *sql, Control kind);
    int32_t check(uint32_t table);
    // Rows or keys in the order of the tree that finds them: neighbours follow each other. Equal keys keep their order.
    std::span<const uint32_t> in_tree_order(const cartbell_table &of, const Cell *cells, size_t count, size_t width);
    // The first `used` cells of a row of `width`, then its hash where the table is found by hash.
    int bind(sqlite3_stmt *statement, const cartbell_table &of, const Cell *cells, uint32_t row, size_t width, size_t used);
    int bind(sqlite3_stmt *statement, const cartbell_table &of, const Cell *cells, uint32_t row, size_t width) {
        return bind(statement, of, cells, row, width, width);
    }
    int32_t run(sqlite3_stmt *statement);
    int32_t statement_of(Kind kind, uint32_t table, sqlite3_stmt *&statement);
    int32_t write(Kind kind, uint32_t table, const Cell *cells, size_t count, uint8_t *existed);
    int32_t insert_given(uint32_t table, const Cell *cells, size_t count, uint8_t *existed);
    // Of rows whose hashes and sequence are those of the last in_tree_order().
    bool are_absent(uint32_t table) const;
    int32_t write_unchecked(Kind kind, uint32_t table, const Cell *cells, size_t count, uint8_t *existed);

    SqliteStore &store_;
    const cartbell_schema &schema_;
    bool writes_;
    std::unique_ptr<SqliteConnection> connection_;
    Arena given_;  // bytes of the last get
    std::vector<uint32_t> sequence_;
    std::vector<Sha256> digests_;  // of the keys of one call, where they are found by hash
    std::vector<int64_t> hashes_;
    // Keys that the last get of a table found by hash did not find, in the tree's order, of one hash only the first. Forgotten at the next write
    // into that table.
    std::vector<Sha256> absent_;
    uint32_t absent_of_ = 0;
    std::string hash_memory_;
};

class SqliteCursor {
  public:
    explicit SqliteCursor(SqliteTransaction &transaction) : transaction_(transaction) {}
    ~SqliteCursor();

    int32_t begin(const cartbell_scan &scan);
    int32_t next(Cell *rows, size_t most, size_t *count);
    SqliteTransaction &transaction() { return transaction_; }

  private:
    int32_t start_part();
    int32_t read_row(Cell *row);

    SqliteTransaction &transaction_;
    const cartbell_table *table_ = nullptr;
    uint64_t columns_ = 0;
    uint64_t left_ = 0;
    std::vector<Cell> bounds_;  // of the scan, copied
    Arena bound_bytes_;
    std::vector<ScanPart> parts_;
    size_t part_ = 0;                    // the next to start
    sqlite3_stmt *statement_ = nullptr;  // of the part under way
    Arena given_;
};

}  // namespace cartbell::store
