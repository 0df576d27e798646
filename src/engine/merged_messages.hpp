// Messages of a customer who turned out to be another one.
#pragma once

#include "engine/engine_impl.hpp"

namespace cartbell::engine {

// All messages of customer `from`, who has no entries any more, become those of `to`. Messages are unique by (source, customer, key): where
// both have one of a source and key, both stay readable, and at most one can still be sent: "a queued second message is retracted (`merged`)"
// (architecture.md idea 3). The message of `from` is then kept under key@message_id.
Status move_messages(Reading &unit, int64_t from, int64_t to);

}  // namespace cartbell::engine
