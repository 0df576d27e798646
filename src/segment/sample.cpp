#include "segment/sample.hpp"

#include "base/hash.hpp"

namespace cartbell::segment {
namespace {

constexpr Wide hundred_e6 = 100'000'000;

}  // namespace

uint64_t bucket(std::string_view salt, std::string_view identity) {
    std::string text(salt);
    text += '\0';
    text += identity;
    const Sha256 hash = sha256(text);
    uint64_t bits = 0;
    for (size_t i = 0; i < 8; ++i) bits = bits << 8 | hash[i];
    return bits;
}

int64_t percent_e6(uint64_t bucket) { return static_cast<int64_t>(Wide{bucket} * hundred_e6 >> 64); }

// bucket / 2^64 x 100 against the bounds, without division.
bool Sample::has(uint64_t bucket) const {
    const Wide place = Wide{bucket} * hundred_e6;
    return (Wide{from_e6} << 64) <= place && place < (Wide{to_e6} << 64);
}

}  // namespace cartbell::segment
