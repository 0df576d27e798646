// What a consent operation says beside its envelope (formats.md §1 "consent").
#pragma once

#include "codec/record_reader.hpp"

namespace cartbell::codec {

// Errors: `bad_type`, `unknown_code` with the nearest one, `too_large`.
void read_channel(const Reading &reading, const Node &node, ConsentChange &consent);
void read_category(const Reading &reading, const Node &node, ConsentChange &consent);
void read_proof(const Reading &reading, const Node &node, ConsentChange &consent);
// What the members, all read, say together. Errors: `missing_channel`, `no_channel`, `no_expiry`.
void check_consent(const Reading &reading, const Node &root, const ConsentChange &consent);

}  // namespace cartbell::codec
