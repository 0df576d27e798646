// Whose an identity is: claims and merges as the facts they are (formats.md §1.1). Which of them decide is engine/identities.hpp's.
#pragma once

#include <compare>
#include <optional>
#include <span>
#include <vector>

#include "model/fold.hpp"

namespace cartbell {

// "An operation that carries a weaker beside a stronger identity claims the weaker from its instant."
struct Claim {
    FactKey key;             // of the entry, all trust equal
    Identity by;             // the strongest identity of the operation
    Instant back_to = least_instant;  // what is known by the weaker one before the claim belongs to it from here on
};

// "newest of merge and unmerge per `from`"
struct Merge {
    FactKey key;                   // of the entry, all trust equal
    std::optional<Identity> into;  // none: an unmerge
};

// What is kept of one identity. Claims that follow one another by the same customer are a run, of which only the first is kept: it alone
// decides. A claim by somebody else inside a run ends it, and the next claim after that begins another (engine/ingest_identities.cpp).
struct IdentityState {
    std::optional<Claim> claim;    // the only run
    bool contested = false;        // there are several: rows of their own
    std::optional<Merge> merge;
    bool vacant = false;           // it was a customer's root, and is nobody's now; not in the digest
    bool empty() const { return !claim && !contested && !merge; }
};

// One step on the way from what an entry is known by to its customer: `from` was claimed or merged by the fact of this key.
struct Step {
    Identity from;
    FactKey key;
    friend auto operator<=>(const Step &a, const Step &b) = default;
};
// Of a way, what is taken only after `at`: until then the entry's side stands apart. What would come before the step ahead of it comes with it.
std::vector<Step> joins_after(std::span<const Step> way, Instant at);

// The key of a fact that is not about an order, a profile or a product: among those trust decides nothing.
FactKey key_among_equals(const Entry &entry);
// The claim on `identity`, one of the weaker ones that the entry's operation carries. `anonymous_days`: the shop's, when it entered.
Claim claim_of(const Entry &entry, const Identity &identity, int64_t anonymous_days);
Merge merge_of(const Entry &entry);

}  // namespace cartbell
