// All that was said of one customer, for who asks for all of it (docs/formats.md "Everything of one customer").
#pragma once

#include "engine/engine_impl.hpp"
#include "engine/facts_scan.hpp"

namespace cartbell::engine {

// Appends "entries":[…], in the shape of a timeline's with "withheld": the operations that name the customer, those of its orders, its events, and
// every merge and unmerge that names one of its identities. What an operation says of somebody else is left out of it, and withheld names the
// members: another's `customer` of an order that changed hands, the other side of a merge that does not stand. Error: `export_bytes` (limit).
Status append_all_entries(std::string &out, Reading &reading, const Zones &zones, int64_t customer_id, const OwnedFacts &facts, size_t most_bytes);

}  // namespace cartbell::engine
