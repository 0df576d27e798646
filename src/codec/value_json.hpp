// Typed values as JSON: money and decimals as exact decimal strings, times RFC 3339 UTC (formats.md §1 "Money", §5).
#pragma once

#include <string>

#include "model/value.hpp"

namespace cartbell::codec {

// Appends one value; a missing one is null. Money without a currency of its own has the digits of `object_currency`;
// money in another currency names it: "199.90 EUR".
void append_value(std::string &out, const Value &value, Currency object_currency);

}  // namespace cartbell::codec
