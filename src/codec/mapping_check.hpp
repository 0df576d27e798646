// The rules of the mapping language.
#pragma once

#include "base/status.hpp"
#include "codec/node_ref.hpp"

namespace cartbell::codec {

// The word of an object that is worked out, "$text"; "" if it is an object to be made.
std::string_view mapping_word(NodeRef object);
// Error: `bad_table` with a pointer to the first thing that is none of the language.
Status check_mapping_format(NodeRef format);

}  // namespace cartbell::codec
