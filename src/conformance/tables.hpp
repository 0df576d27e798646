// The suite's own tables: all types, all placements, keys of all types.
#pragma once

#include "conformance/values.hpp"

namespace cartbell::conformance {

enum Table : uint32_t { thing, owned, directory, queue, record, profile, binary, seen, seen_keys, wide, outlined, extra };  // `extra` is in the grown schema only
enum OwnedIndex : int32_t { by_key = -1, by_placed, by_label };
inline constexpr uint32_t wide_columns = 64;
inline constexpr uint64_t all = ~uint64_t{0};

const cartbell_schema &schema();        // version 1
const cartbell_schema &grown_schema();  // version 2: `thing` has one more column and an index, and there is one more table

struct Range {
    Table table = thing;
    int32_t index = by_key;
    Row lower{}, upper{};
    bool lower_open = false, upper_open = false, descending = false;
    uint64_t columns = all;
    uint64_t limit = 0;
    bool claim = false;
};

// What a scan must give from these rows, written as plainly as store.h says it.
Rows expected_scan(const cartbell_table &table, const Rows &rows, const Range &range);

}  // namespace cartbell::conformance
