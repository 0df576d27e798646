// An operation's event: its name, session and context (formats.md §1, §5 "Event").
#pragma once

#include "codec/record_reader.hpp"
#include "model/operation.hpp"

namespace cartbell::codec {

// Errors: `bad_name`, `engine_event` (the engine makes events of this name itself), `unknown_event`.
void read_event_name(const Reading &reading, const Node &node, SentEvent &event);
// Once all other members are read: the event's kind, its session, its context. `names_somebody`: a customer was sent. Errors:
// `missing_customer`, `no_customer` (a system event concerns nobody), and those of values.
void finish_event(const Reading &reading, bool names_somebody, Operation &operation);

}  // namespace cartbell::codec
