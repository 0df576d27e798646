// One operation of any type, out of its tree (formats.md §1).
#pragma once

#include <string_view>

#include "codec/record_reader.hpp"
#include "model/operation.hpp"

namespace cartbell::codec {

inline constexpr std::string_view sent_at_name = "sent_at";  // the member that a body hash leaves out

// Fills `operation` and the errors of `reading`, whose strictness follows from the operation's source unless
// it is `journal`.
void read_operation(Reading &reading, std::string_view default_source, Operation &operation);
// An RFC 3339 text; null leaves `instant` as it is.
void read_instant(const Reading &reading, const Node &node, Instant &instant);

}  // namespace cartbell::codec
