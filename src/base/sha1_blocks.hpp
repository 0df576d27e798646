// The inner loop of SHA-1, by the processor's own instructions where it has them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cartbell {

// Folds `count` blocks of 64 bytes into the state (FIPS 180-4 §6.1.2).
void sha1_blocks(uint32_t state[5], const uint8_t *blocks, size_t count);

// The two implementations, for the test that holds them against each other.
void sha1_blocks_plain(uint32_t state[5], const uint8_t *blocks, size_t count);
// False, and nothing done, where the processor has no such instructions.
bool sha1_blocks_native(uint32_t state[5], const uint8_t *blocks, size_t count);

}  // namespace cartbell
