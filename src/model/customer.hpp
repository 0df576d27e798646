// A customer: identities, profile, lists and consents, the fold of its facts (architecture.md idea 1).
#pragma once

#include <string>
#include <vector>

#include "model/consent.hpp"
#include "model/entry_list.hpp"
#include "model/fact.hpp"
#include "model/identity.hpp"
#include "model/value.hpp"

namespace cartbell {

struct Customer {
    Identity root;                      // the one that all its entries lead to by claims and merges (model/claim.hpp)
    Record record;                      // profile, identities (of several, the newest entry's), created_at
    std::vector<Identity> identities;   // the root and all that its entries carry, sorted
    std::vector<Identity> named_by;     // of them, those that an entry is known by, sorted
    std::vector<std::string> lists;     // codes of the static lists it is in, sorted
    std::vector<Consent> consents;      // sorted by (channel, category)
    FactKey newest;                     // of its facts but those about lists
    FactKey newest_list;                // of those: among them trust is equal
    Instant latest = no_instant;        // greatest occurred_at of its entries
    EntryList entries;                  // that speak of it: its own and its orders'

    Identity strongest() const { return identities.empty() ? Identity{} : identities.front(); }
    int64_t version() const { return static_cast<int64_t>(entries.size()); }
};

}  // namespace cartbell
