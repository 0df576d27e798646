// RFC 7396 over canonical JSON texts (no white space, keys sorted), for custom fields kept as JSON.
#pragma once

#include <string>
#include <string_view>

namespace cartbell {

// MergePatch(target, patch) of RFC 7396 §2. An empty target is "not there". The result is canonical if both
// inputs are; a text that is no JSON is treated as a scalar, so damaged bytes give an odd value and never a
// fault.
std::string merge_json(std::string_view target, std::string_view patch);

}  // namespace cartbell
