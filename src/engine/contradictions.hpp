// What speaks against new settings: stored data, and mailings that are under way (formats.md §0 "what stored data contradicts is refused").
#pragma once

#include "engine/engine_impl.hpp"

namespace cartbell::engine {

// `conflict` with the list, if stored facts use what the new settings withdraw, or would mean something else under them: a status, a source,
// a field or its type, the currency of orders that name none. Reads nothing when nothing of that changes, and orders at most once.
Status refuse_contradictions(store::Transaction &transaction, const Settings &before, const Settings &after);

// `conflict` if a mailing is under way and would decide or write otherwise from here on: its dry run and its first half were promised from
// the settings as they are. `before` and `after` are in order (put_in_order).
Status refuse_for_mailings(store::Transaction &transaction, const Settings &before, const Settings &after, Instant now);

}  // namespace cartbell::engine
