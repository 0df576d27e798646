// Which entries of the journal an object is made of: their positions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cartbell {

// The newest positions stand with the object's state. Of an object with many entries the others lie in rows of their own
// (engine/older_entries.hpp), so that writing its state costs the same however much was ever said of it.
struct EntryList {
    size_t older = 0;           // so many are in rows of their own
    std::vector<int64_t> here;  // ascending; empty only if there are no entries at all

    size_t size() const { return older + here.size(); }
    bool empty() const { return here.empty(); }
    void add(int64_t position);  // one that is not in it yet, or is among those here: then nothing happens
    friend bool operator==(const EntryList &, const EntryList &) = default;
};

}  // namespace cartbell
