// What a store keeps of one customer, by the declared tables: where each of them is told of in an export, and its rows told as they are declared.
#pragma once

#include <cstdint>
#include <string>

#include "store/store.hpp"

namespace cartbell::engine {

enum class Told : uint8_t {
    rows,       // what every table with an owner is that has no form below: its rows, column by column
    customer,   // the customer's own answer
    orders,
    messages,
    events,
    containers,
    entries,    // what the journal keeps, and what was derived from it alone
    elsewhere,  // a directory: it only finds what others tell
    nothing,    // nobody's: no owner and nothing personal
};

// By the declaration, so that a table which nobody here knows is told as rows if it has an owner.
Told told_as(store::Table table, const cartbell_table &declared);

// Appends the rows of a customer in a table with an owner, an array of {"column":value}: integers, texts and null as they are, bytes as hex digits.
// Columns that only this store understands (customer ids, journal positions) are left out. Error: `export_bytes` (limit) where `out` grew beyond
// `most_bytes`.
Status append_owned_rows(std::string &out, store::Transaction &transaction, store::Table table, const cartbell_table &declared, int64_t customer_id,
                         size_t most_bytes);

inline Status within_export(const std::string &out, size_t most_bytes) {
    if (out.size() <= most_bytes) return {};
    return failure(Code::limit, "export_bytes", "what is kept of this customer is too large for one document: read it by pages");
}

}  // namespace cartbell::engine
