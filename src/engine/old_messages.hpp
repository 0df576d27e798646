// The old messages of one unit of ingest: loaded in one get, folded fact by fact, written in one put beside whom they belong to.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "codec/result_json.hpp"
#include "engine/counters.hpp"
#include "engine/entries.hpp"
#include "engine/older_entries.hpp"
#include "model/old_message.hpp"

namespace cartbell::engine {

class OldMessages {
  public:
    // The id of the customer whom an identity leads to at an instant; of one that a message's fact names, so there is one.
    using OwnerOf = std::function<Result<int64_t>(const Identity &known_by, Instant at)>;

    explicit OldMessages(store::Transaction &transaction) : transaction_(transaction) {}
    // Once, with every message that the unit's new operations name (any order, repeated). The ids outlive this.
    Status load(std::vector<std::string_view> message_ids);
    int64_t version(std::string_view message_id) const { return slots_.at(message_id).state.version(); }
    // Says in `result` which version the message has now, and whether the fact was late.
    void take(const Entry &entry, codec::OperationResult &result);
    // From its entries, of which one says less. Error: `corrupt` if there is no such message.
    Status fold_anew(const std::string &message_id, EntryReader &reader, OlderEntries &older);
    // A customer lost entries: its messages follow the facts that name their owners.
    Status follow(int64_t customer_id, const OwnerOf &owner_of);
    Status write(Counters &counters, OlderEntries &older, const OwnerOf &owner_of);

  private:
    struct Slot {
        int64_t stored_owner = -1;     // where its row lies; -1: there is none
        bool changed = false;
        OldMessage state;
    };
    store::Transaction &transaction_;
    std::unordered_map<std::string_view, Slot> slots_;  // by message id, which lives in the batch or in moved_
    std::deque<std::string> moved_;
};

// Reads whole rows of one customer's, in the order of their ids. 0: nobody's.
Status read_old_messages(store::Transaction &transaction, int64_t customer_id, std::vector<OldMessage> &messages);

// Appends the journal positions of all entries of the customer's messages.
Status read_message_positions(store::Transaction &transaction, int64_t customer_id, std::vector<int64_t> &positions);

}  // namespace cartbell::engine
