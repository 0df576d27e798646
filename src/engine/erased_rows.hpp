// Which rows of the declared tables an erase takes, so that a table which is added later is covered.
#pragma once

#include <cstdint>

#include "store/store.hpp"

namespace cartbell::engine {

enum class Erased : uint8_t {
    by_owner,   // its key begins with its owner: all rows of a customer go, whoever declared the table
    by_name,    // found by what the customer's rows and entries name: engine/erasure.hpp does it
    nothing,    // nobody's: no owner and nothing personal
    unknown,    // it has an owner or something personal, and no erase finds it. No declared table may be (a test)
};
Erased erased_as(store::Table table, const cartbell_table &declared);

// All rows of the customer in tables of the first kind, a bounded number at once.
Status remove_owned_rows(store::Transaction &transaction, int64_t customer_id);

}  // namespace cartbell::engine
