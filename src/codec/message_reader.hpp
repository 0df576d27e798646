// An operation's `message`: a send of an earlier system (formats.md §1, §5 "Message").
#pragma once

#include "codec/record_reader.hpp"
#include "model/operation.hpp"

namespace cartbell::codec {

void read_message(const Reading &reading, const Node &node, MessagePatch &patch);
// "backfill of a trusted source only". Errors: `trusted_only`, `backfill_only`.
void check_brought_over(const Reading &reading, const Node &root, bool backfill);

}  // namespace cartbell::codec
