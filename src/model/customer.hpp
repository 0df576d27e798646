// A customer: identities, profile, lists and consents, the fold of its facts (architecture.md idea 1).
#pragma once

#include <array>
#include <string>
#include <vector>

#include "model/consent.hpp"
#include "model/entry_list.hpp"
#include "model/fact.hpp"
#include "model/identity.hpp"
#include "model/value.hpp"

namespace cartbell {

// Who said last which identity of a kind is the one in force. Events say it too, but of them there are too many to write the customer's state
// with each: it is written when one says another identity than is in force, and which of two events is newer is read out of the events.
struct Carrier {
    enum class Newest : uint8_t { none, at_newest, at_key };
    Newest newest = Newest::none;  // of the entries but events, the newest that carried one: that of Customer::newest, or of `key`
    FactKey key;
    uint8_t events = 0;            // 0: no event carried one; else 1 + the greatest trust of those that did
};

struct Customer {
    Identity root;                      // the one that all its entries lead to by claims and merges (model/claim.hpp)
    Record record;                      // profile, identities (of several, the newest entry's), created_at
    std::vector<Identity> identities;   // the root and all that its entries carry, sorted
    std::vector<Identity> named_by;     // of them, those that an entry but an event is known by, sorted
    std::array<Carrier, sent_identity_kinds> carriers;  // by IdentityKind
    bool has_events = false;
    bool has_containers = false;        // one of its entries is about a container
    std::vector<std::string> lists;     // codes of the static lists it is in, sorted
    std::vector<Consent> consents;      // sorted by (channel, category)
    FactKey newest;                     // of its facts but events and those about lists
    FactKey newest_list;                // of those: among them trust is equal
    Instant latest = no_instant;        // greatest occurred_at of its entries but events
    EntryList entries;                  // that speak of it: its own and its orders', not its events

    Identity strongest() const { return identities.empty() ? Identity{} : identities.front(); }
    bool is_nobody() const { return entries.empty() && !has_events; }
    const FactKey *carried_at(IdentityKind kind) const {  // by the newest of its entries but events; null: by none
        const Carrier &carrier = carriers[static_cast<size_t>(kind)];
        return carrier.newest == Carrier::Newest::none ? nullptr : carrier.newest == Carrier::Newest::at_key ? &carrier.key : &newest;
    }
    int64_t version() const { return static_cast<int64_t>(entries.size()); }
};

}  // namespace cartbell
