// A customer: identities, profile and lists, the fold of its facts.
#pragma once

#include <string>
#include <vector>

#include "model/fact.hpp"
#include "model/identity.hpp"
#include "model/value.hpp"

namespace cartbell {

struct Customer {
    Record record;                      // profile, identities (of several, the newest entry's), created_at
    std::vector<Identity> identities;   // every one that ever named it, sorted
    std::vector<std::string> lists;     // codes of the static lists it is in, sorted
    FactKey newest;
    std::vector<int64_t> entries;       // journal positions of the entries that speak of it (its own and its orders'), ascending

    Identity strongest() const { return identities.empty() ? Identity{} : identities.front(); }
    int64_t version() const { return static_cast<int64_t>(entries.size()); }
};

}  // namespace cartbell
