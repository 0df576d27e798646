// A message that an earlier system sent: the fold of its facts (formats.md §1 `message`, docs/decisions/0009-old-sends.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/fold.hpp"

namespace cartbell {

struct OldMessage {
    // What a fact still decides: the cells that no newer one says.
    struct Fact {
        FactKey key;                       // trust left out: only trusted sources tell of old messages
        Record says;                       // a patch: missing values clear
        bool whole = false;                // the newest that was whole: nothing older says anything
        std::optional<Identity> customer;  // of the newest that named one: the strongest identity
        bool decides_nothing() const { return says.cells.empty() && !whole && !customer; }
    };
    std::string message_id;
    std::vector<Fact> facts;               // ascending; at most one for each field, and two more
    FactKey oldest, newest;                // of all facts there were
    EntryList entries;                     // version = entries.size()

    const Fact *naming() const;            // who says whose it is; null: it is nobody's
    int64_t version() const { return static_cast<int64_t>(entries.size()); }
};

// Takes in a fact of any age. What comes out depends on the facts alone, not on the sequence in which they came.
void add_fact(OldMessage &message, const Entry &entry);
OldMessage fold_old_message(std::span<const Entry> entries);

// What it says as of now, with what follows: `source` is that of the oldest fact; the state is the furthest whose time is known, `at` that
// time; of the first and the last opening (click) one is taken for the other where only one is known, and known times make at least one.
Record record_of(const OldMessage &message);

}  // namespace cartbell
