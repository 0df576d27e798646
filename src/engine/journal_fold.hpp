// The facts state as the journal alone gives it: who every entry belongs to, by all claims and merges there are. The plain way, for checking
// what the engine keeps up step by step; in memory a few words for each entry.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/entries.hpp"
#include "model/claim.hpp"

namespace cartbell::engine {

struct IdentityOrder {  // as the identities' table is sorted
    bool operator()(const Identity &a, const Identity &b) const {
        return a.kind != b.kind ? name_of(a.kind) < name_of(b.kind) : a.value < b.value;
    }
};

struct JournalFold {
    template <typename T>
    using ByIdentity = std::map<Identity, T, IdentityOrder>;

    ByIdentity<std::map<FactKey, Claim>> claims;       // on each identity, every one
    ByIdentity<Merge> merges;                          // the newest of each
    ByIdentity<std::vector<int64_t>> customers;        // positions by root
    std::map<std::string, std::vector<int64_t>> orders, products;
    std::map<int64_t, std::string> events;             // by position, the root it lies with; "" of nobody

    // Reads the whole journal of the transaction.
    Status read(store::Transaction &transaction, EntryReader &reader);
    Identity resolve(const Identity &known_by, Instant at, std::vector<Step> *way = nullptr) const;  // `way`: receives the steps to it
    // Of the claims on an identity those that follow one by another customer: what is kept of them.
    static std::vector<Claim> runs(const std::map<FactKey, Claim> &claims);

  private:
    const Claim *claim_at(const Identity &identity, Instant at) const;
};

}  // namespace cartbell::engine
