// How declared tables lie in an SQLite file (docs/decisions/0001-sqlite-layout.md), and the SQL that reads and writes them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "cartbell/sys/store.h"

namespace cartbell::store {

class SqliteConnection;

// Makes what the declaration has and the file lacks: tables, columns, indexes. Inside a write transaction.
int32_t bring_up_to_date(SqliteConnection &connection, const cartbell_schema &schema);

bool has_integer_key(const cartbell_table &table);  // which is SQLite's rowid

// A table whose rows are found by a hash of their key: each statement has the hash as one more parameter, the last.
bool found_by_hash(const cartbell_table &table);
// SQLite does not hold the keys of such a table apart, because its index is of their hash or goes on behind them: an insert asks first, a put
// inserts what it did not change.
bool keys_unchecked(const cartbell_table &table);
Sha256 key_digest(const cartbell_table &table, const cartbell_cell *key, std::string &memory);
int64_t key_hash(const Sha256 &key_digest);

std::string insert_sql(const cartbell_table &table);  // parameters: all columns. Changes nothing if the key exists; keys_unchecked: it does not
// The same for all rows of GivenRows at once, whose `existed` tells what was added; by hash: none of the keys may exist.
bool inserts_given(const cartbell_table &table);
std::string insert_given_sql(const cartbell_table &table);
std::string put_sql(const cartbell_table &table);     // parameters: all columns. By hash: changes nothing if the key does not exist
std::string remove_sql(const cartbell_table &table);  // parameters: the key
std::string get_sql(const cartbell_table &table, uint64_t columns);  // parameters: the key; gives the wanted columns

// The columns by which a scan is ordered: the index's, then the key's.
std::vector<uint32_t> scan_order(const cartbell_table &table, int32_t index);

// A part of a scan's range that one statement can give in order: equal leading columns, then bounds on the next one.
struct ScanPart {
    std::string sql;                           // gives the wanted columns
    std::vector<const cartbell_cell *> cells;  // its parameters, in order; of the scan
};
// The parts in scan order, together exactly the range.
std::vector<ScanPart> scan_parts(const cartbell_table &table, const cartbell_scan &scan);

}  // namespace cartbell::store
