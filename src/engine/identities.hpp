// Whose an identity is: what was claimed and merged, and where that leads (formats.md §1.1). One transaction's view.
#pragma once

#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/hash.hpp"
#include "model/claim.hpp"
#include "store/store.hpp"

namespace cartbell::engine {

class Identities {
  public:
    struct Node {
        const Identity *identity = nullptr;
        int64_t customer_id = 0;  // of the customer that it is the root of, or was; 0: never
        IdentityState state;
        bool changed = false;
        uint64_t seen = 0;  // by which walk last

        bool has_customer() const { return customer_id != 0 && !state.vacant; }
        bool leads_on() const { return state.claim || state.contested || (state.merge && state.merge->into); }
    };
    struct Neighbours {  // the runs of claims around a key
        std::optional<Claim> before, after;
    };

    explicit Identities(store::Transaction &transaction) : transaction_(transaction) {}

    // Reads these and all that they lead to: one get for each step of the way. What is not loaded is read when it is asked for.
    Status load(std::vector<const Identity *> identities);
    Result<Node *> find(const Identity &identity);
    // The root: the identity of the customer to whom an entry of instant `at` belongs that is known by this one. "An entry known by a weaker
    // identity at t belongs to the newest claim at or before t, else to the first after it"; where no claim leads on, a merge does ("chains are
    // followed, a cycle's survivor is the smallest text").
    // `way`: receives the steps to it.
    Result<Node *> resolve(Node &known_by, Instant at, std::vector<Step> *way = nullptr);
    // Every identity that resolve() could come by for an instant of [from, to]: the roots are among them.
    Status reach(Node &known_by, Instant from, Instant to, std::vector<Node *> &reached);

    Result<Neighbours> around(Node &node, const FactKey &key);
    Status add_run(Node &node, const Claim &claim);
    Status replace_run(Node &node, const Claim &old, const Claim &claim);  // by an earlier claim of the same customer
    // In place of all its runs. They are claims in ascending order of which no two neighbours are by the same customer.
    Status set_runs(Node &node, std::span<const Claim> runs);
    // All its runs, in order.
    Result<std::vector<Claim>> runs(const Node &node);
    // Writes what changed; a row that says nothing any more goes. Runs of contested identities were written when they changed.
    Status save();

  private:
    struct Hash {
        size_t operator()(const Identity &identity) const {
            return std::hash<std::string_view>{}(identity.value) * 31 + static_cast<size_t>(identity.kind);
        }
    };
    Result<const Claim *> claim_at(Node &node, Instant at);
    // The nearest run of a contested identity whose key is at or below `bound`, or above it; `bound` is a prefix of the key's columns.
    Result<std::optional<Claim>> nearest_run(const Node &node, std::span<const store::Cell> bound, bool above);
    Status put_run(const Node &node, const Claim &claim);

    store::Transaction &transaction_;
    std::unordered_map<Identity, Node, Hash> nodes_;
    std::optional<Claim> run_;  // what claim_at found in the store
    uint64_t walks_ = 0;
};

// Rows of the tables `identity` and `claim`. Errors: `corrupt`.
Result<Identity> identity_of_row(const store::Cell &kind, const store::Cell &value);
Result<Claim> claim_of_row(std::span<const store::Cell> row);

// The customer an identity leads to by now; 0 if nobody is known by it.
Result<int64_t> find_customer(store::Transaction &transaction, const Identity &identity);
// As find_customer, but first the customer it is the root of: a page goes on where it ended, whatever was claimed meanwhile.
Result<int64_t> find_page(store::Transaction &transaction, const Identity &identity);

}  // namespace cartbell::engine
