// Digests: SHA-256 (buckets, body hashes, state digest), SHA-1 only inside UUIDv5.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace cartbell {

using Sha256 = std::array<uint8_t, 32>;
Sha256 sha256(std::string_view bytes);
std::array<uint8_t, 20> sha1(std::string_view bytes);
std::string hex(std::string_view bytes);

// RFC 4122 §4.3 name-based UUID, version 5, as 36 lower-case characters.
std::string uuid_v5(const std::array<uint8_t, 16> &name_space, std::string_view name);

uint64_t hash64(std::string_view bytes, uint64_t seed = 0);                         // fast, not against adversaries; stable across builds
std::array<uint8_t, 16> hash128(std::string_view bytes);                            // for duplicate bodies: first half of SHA-256

}  // namespace cartbell
