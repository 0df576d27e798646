// What goes out across the line: bytes in the caller's buffer, and parts of the engine's own JSON answers.
#pragma once

#include <string_view>

#include "base/status.hpp"
#include "cartbell/base.h"

namespace cartbell::capi {

// Replaces what the buffer holds, reusing its memory; null is allowed. May throw bad_alloc, and then has
// changed nothing.
void write(cartbell_buffer *buffer, std::string_view text);
// A buffer begun with CARTBELL_BUFFER_INIT or filled by us. Errors: `null_argument bad_buffer` (misuse).
Status check_buffer(const cartbell_buffer *buffer, const char *what);
Status check_optional_buffer(const cartbell_buffer *buffer, const char *what);

// The text of a member of a JSON object that the engine wrote (well-formed, no escapes in names); "" if there
// is none.
std::string_view member_of(std::string_view object, std::string_view name);
size_t count_of(std::string_view array);  // elements of a JSON array that the engine wrote

}  // namespace cartbell::capi
