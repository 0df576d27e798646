// Samples: a fixed share of all customers, the same at any time (formats.md §2 "sample").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/decimal.hpp"

namespace cartbell::segment {

// Where an identity's text falls under a salt: 0 to 2^64 - 1 for 0 to 100 percent.
uint64_t bucket(std::string_view salt, std::string_view identity);
int64_t percent_e6(uint64_t bucket);  // in millionths of a percent, rounded down: to be shown

struct Sample {
    int64_t from_e6 = 0, to_e6 = 0;  // percent in millionths: from <= bucket < to
    std::string salt;
    bool has(uint64_t bucket) const;
};

}  // namespace cartbell::segment
