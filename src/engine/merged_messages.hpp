// Messages of a customer who turned out to be another one.
#pragma once

#include "engine/engine_impl.hpp"

namespace cartbell::engine {

// All messages of customer `from`, who has no entries any more, become those of `to`. Messages are unique by (source, customer, key): where
// `to` has one of that source and key already, the other one is kept under key@message_id, and retract_twins() applies.
Status move_messages(Reading &unit, int64_t from, int64_t to);

// The key that a message was planned under.
std::string_view planned_key(std::string_view key, std::string_view message_id);

// "a queued second message is retracted (`merged`)" (architecture.md idea 3): of a customer's messages of one source and planned key, none stays
// queued if another was sent or is leased, else one.
Status retract_twins(store::Transaction &transaction, int64_t customer_id, std::string_view source, std::string_view planned);

}  // namespace cartbell::engine
