// A handful of rows of `owned` that hold the traps of its two indexes: nulls, equal columns, extremes, prefixes of one another.
// In the order of their keys.
#pragma once

#include "conformance/work.hpp"

namespace cartbell::conformance {

const Rows &owned_rows();
void fill_owned(const Opened &store);  // commits them, put in the opposite order
Rows items_of(const Rows &rows);       // the keys alone

}  // namespace cartbell::conformance
