// The rows of one insert as a table that SQLite reads: one statement adds them all, its trees stay open from row to row, and nothing is bound.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <span>

#include "cartbell/sys/store.h"

namespace cartbell::store {

struct GivenRows {
    static constexpr const char *name = "cartbell_given";  // its columns are c0, c1, … c63

    sqlite3 *handle = nullptr;         // of the connection that inserts
    const cartbell_cell *cells = nullptr;
    size_t width = 0;                  // of a row
    const int64_t *hashes = nullptr;   // by row: the value of the column behind its cells
    bool first_is_rowid = false;       // the rows get their first cell as rowid, not one of their own
    std::span<const uint32_t> sequence;  // the rows in the order in which they are read
    uint8_t *existed = nullptr;        // by row: 1 if reading it did not add a row

    // Makes the table known to `handle`; this object then outlives the connection. An SQLite result code.
    int declare();
};

}  // namespace cartbell::store
