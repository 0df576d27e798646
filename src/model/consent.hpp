// What a customer allowed: of each channel and category the newest facts (formats.md §1 "consent").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/fact.hpp"

namespace cartbell {

struct ConsentFact {
    FactKey key;                      // among equals: trust has no part in it
    bool granted = false;
    Instant expires_at = no_instant;  // of a granted one: from then on it says nothing any more; none = it does not expire
    std::string proof;                // what the shop can show for it, "" if nothing was said

    friend bool operator==(const ConsentFact &, const ConsentFact &) = default;
};

enum class Standing : uint8_t { unknown, denied, granted };

struct Consent {
    std::string channel;              // "" of a category of kind tracking
    std::string category;
    uint64_t older = 0;               // so many facts more there were, all of them below those kept
    std::vector<ConsentFact> facts;   // the newest, ascending by key; never empty

    const ConsentFact *newest_at(Instant at) const;  // the newest that happened at or before it; null if none that is kept did
    friend bool operator==(const Consent &, const Consent &) = default;
};

// Granted or denied by that fact; unknown without one, and once what it granted has expired.
Standing standing_of(const ConsentFact *newest, Instant at);

// Sorted by (channel, category). Null if nothing was ever said of them.
const Consent *find_consent(const std::vector<Consent> &consents, std::string_view channel, std::string_view category);
// In any order of the facts the same comes out; none may be added twice.
void add_consent(std::vector<Consent> &consents, std::string_view channel, std::string_view category, ConsentFact fact);

}  // namespace cartbell
