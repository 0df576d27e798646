// An explanation of a segment's verdict as JSON.
#pragma once

#include <string>

#include "segment/segment.hpp"

namespace cartbell::codec {

// Appends
// {"pointer","what","holds","next_change","measured","test","rows","witnesses","truncated","left_out","notes","children"};
// a member that says nothing (no measured value, no witnesses ...) is left out.
void append_explanation(std::string &out, const segment::Explanation &explanation);

}  // namespace cartbell::codec
