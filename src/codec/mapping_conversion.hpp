// Scalars of others as Cartbell's: numbers, times, codes. Errors carry the pointer of where the scalar came
// from.
#pragma once

#include <string>
#include <string_view>

#include "base/decimal.hpp"
#include "base/status.hpp"
#include "codec/mapped_value.hpp"

namespace cartbell::codec {

// An error about `value`: "<its member's name> <what>".
Error mapping_error(std::string_view reason, const MappedValue &value, std::string_view what);

// Millionths; a JSON number with more decimals is rounded half to even, a text is refused (formats.md §1
// "Money").
Result<int64_t> number_e6(const MappedValue &value);
Result<MappedValue> number_of_e6(Wide value_e6, const MappedValue &about);  // Error: `out_of_range`
// "49.95"; with a currency "49.95 EUR". A text with more than 4 decimals is refused.
Result<MappedValue> money_of(const MappedValue &value, const MappedValue &currency);
Result<MappedValue> decimal_of(const MappedValue &value);  // "2.5"
Result<MappedValue> whole_of(const MappedValue &value);
// RFC 3339. `zone`: "UTC" for texts that have none, or ""; `unit`: of numbers, "s", "ms", "us" or "".
Result<MappedValue> time_of(const MappedValue &value, std::string_view zone, std::string_view unit);

// The code of a field or status for a word that somebody chose: "Gift wrap" is gift_wrap; of a word without a
// Latin letter or digit its bytes in hexadecimal.
std::string code_of_name(std::string_view name);

}  // namespace cartbell::codec
