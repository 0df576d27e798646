// Values out of canonical JSON texts: a custom field that was kept while undeclared and has been declared
// since.
#pragma once

#include <string_view>

#include "model/value.hpp"

namespace cartbell {

// The JSON value as `type`, by the door's rules (formats.md §1 "Money"): numbers and decimal strings for
// numbers, RFC 3339 for times, an array of strings for a list. False, and `out` missing, if it is none. `out`
// reuses its memory.
bool typed_json(std::string_view json, Type type, Value &out);

}  // namespace cartbell
