// An entry is an operation as it entered the journal; it consists of facts, each about one object, each with
// a total key.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "base/instant.hpp"

namespace cartbell {

// What the door adds to an operation, once (architecture.md idea 1).
struct Stamp {
    int64_t position = 0;     // in the journal; never in the digest
    Instant received_at = 0;  // never in the digest
    Instant occurred_at = 0;  // corrected
    int64_t settings_version = 0;
    uint8_t trust = 1;  // Trust; of the source when it entered
    int64_t rank = 0;
    bool has_sequence = false;  // none sorts first
    int64_t sequence = 0;
};

// The total order of facts: (trust, at, sequence, rank, source, id, part). `part`: the object 0, then the
// sets general 1, delivery 2, payment 3.
struct FactKey {
    uint8_t trust = 0;
    Instant at = no_instant;
    bool has_sequence = false;
    int64_t sequence = 0;
    int64_t rank = 0;
    std::string source;
    std::string id;
    uint8_t part = 0;

    friend auto operator<=>(const FactKey &, const FactKey &) = default;
};

}  // namespace cartbell
