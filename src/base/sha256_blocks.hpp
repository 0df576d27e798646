// The inner loop of SHA-256, by the processor's own instructions where it has them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cartbell {

// Folds `count` blocks of 64 bytes into the state (FIPS 180-4 §6.2.2).
void sha256_blocks(uint32_t state[8], const uint8_t *blocks, size_t count);

// The two implementations, for the test that holds them against each other.
void sha256_blocks_plain(uint32_t state[8], const uint8_t *blocks, size_t count);
// False, and nothing done, where the processor has no such instructions.
bool sha256_blocks_native(uint32_t state[8], const uint8_t *blocks, size_t count);

}  // namespace cartbell
