// The outbox: leases that ran out, and when the next one will.
#pragma once

#include "engine/engine_impl.hpp"

namespace cartbell::engine {

// Puts messages whose lease has ended back into the queue, a bounded number of them. True if there were any.
Result<bool> requeue_expired(Reading &unit, Instant now);
// Appends {"message_id","source","key","customer","channel",…,"parts"} of a whole row of the table `message`.
void append_message(std::string &out, std::span<const store::Cell> row);
Result<Instant> next_lease_end(store::Transaction &transaction);  // never: nothing is leased

}  // namespace cartbell::engine
