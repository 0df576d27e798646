// Tombstones: what remains of somebody who was erased (docs/privacy.md). Keyed hashes of their identities, sessions, orders and operations, each with
// the instant up to which nothing is taken that names them.
#pragma once

#include <string>
#include <string_view>

#include "base/instant.hpp"
#include "engine/counters.hpp"
#include "engine/rows.hpp"
#include "model/identity.hpp"

namespace cartbell::engine {

// RFC 2104 with SHA-256.
std::string hmac_sha256(std::string_view key, std::string_view text);

// The store's own key. It lies beside the counters, so a unit knows without another read whether anybody was ever erased.
class TombstoneKey {
  public:
    explicit TombstoneKey(const Counters &counters);
    // Made at the store's first erase, out of what the host passed and the store holds: there is no randomness in the core (docs/decisions/0008-erase.md).
    static void make(Counters &counters, std::string_view seed);

    // Hashes of 16 bytes. No two kinds of name have one in common.
    std::string of_identity(const Identity &identity) const { return hash("identity", identity_text(identity)); }
    std::string of_order(std::string_view order_id) const { return hash("order", order_id); }
    std::string of_message(std::string_view message_id) const { return hash("message", message_id); }  // of an earlier system
    std::string of_operation(std::string_view source, std::string_view id) const;
    std::string hash(std::string_view kind, std::string_view text) const;

  private:
    std::string key_;
};

inline bool has_tombstones(const Counters &counters) { return counters[Counter::tombstones] != 0; }

// Tombstones that a unit writes.
class NewTombstones {
  public:
    NewTombstones(store::Transaction &transaction, Counters &counters) : transaction_(transaction), counters_(counters) {}
    void add(std::string_view hash, Instant at) { rows_.bytes(hash).integer(at); }
    // Where one lies already the later instant stands.
    Status write();

  private:
    store::Transaction &transaction_;
    Counters &counters_;
    Rows rows_;
};

}  // namespace cartbell::engine
