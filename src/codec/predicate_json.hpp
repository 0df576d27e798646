// JSON → the tree of a predicate (formats.md §2). Only the text is checked here; the grammar is
// segment::compile's.
#pragma once

#include <string_view>

#include "base/limits.hpp"
#include "base/status.hpp"
#include "segment/tree.hpp"

namespace cartbell::codec {

// Errors: `syntax bad_utf8 too_deep too_large duplicate_key nul_character`, with line and column or pointer.
// Numbers keep their text.
Result<segment::Tree> parse_predicate(std::string_view json, const Limits &limits);

}  // namespace cartbell::codec
