// SHA-1's compression function, plain and with the SHA extensions of x86.
#include "base/sha1_blocks.hpp"

#include <bit>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#include "base/sha_instructions.hpp"
#endif

namespace cartbell {
namespace {

uint32_t load_big32(const uint8_t *at) {
    return uint32_t{at[0]} << 24 | uint32_t{at[1]} << 16 | uint32_t{at[2]} << 8 | at[3];
}

}  // namespace

void sha1_blocks_plain(uint32_t state[5], const uint8_t *block, size_t count) {
    for (; count != 0; --count, block += 64) {
        uint32_t words[80];
        for (int t = 0; t < 16; ++t)
            words[t] = load_big32(block + 4 * t);
        for (int t = 16; t < 80; ++t) {
            words[t] = std::rotl(words[t - 3] ^ words[t - 8] ^ words[t - 14] ^ words[t - 16], 1);
        }
        uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
        for (int t = 0; t < 80; ++t) {
            uint32_t mixed, constant;
            if (t < 20) {
                mixed = (b & c) | (~b & d), constant = 0x5a827999;
            } else if (t < 40) {
                mixed = b ^ c ^ d, constant = 0x6ed9eba1;
            } else if (t < 60) {
                mixed = (b & c) | (b & d) | (c & d), constant = 0x8f1bbcdc;
            } else {
                mixed = b ^ c ^ d, constant = 0xca62c1d6;
            }
            const uint32_t next = std::rotl(a, 5) + mixed + e + constant + words[t];
            e = d, d = c, c = std::rotl(b, 30), b = a, a = next;
        }
        state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
    }
}

#if defined(__x86_64__) && defined(__GNUC__)

namespace {

#define CARTBELL_SHA_INSTRUCTIONS __attribute__((target("sha,sse4.1,ssse3")))

// Four rounds at a time on a, b, c, d in one register; e is the a of four rounds before, turned.
struct Rounds {
    __m128i abcd, before;  // before the last four rounds
    __m128i words[4];      // of the schedule, the newest at group & 3
};

template <int Function>
CARTBELL_SHA_INSTRUCTIONS inline void five_groups(Rounds &rounds) {
    for (int group = 5 * Function; group < 5 * Function + 5; ++group) {
        __m128i &now = rounds.words[group & 3];
        if (group >= 4) {  // w[t-16], w[t-14], w[t-8], w[t-3]
            const __m128i &second = rounds.words[(group + 1) & 3], &third = rounds.words[(group + 2) & 3];
            now = _mm_sha1msg2_epu32(_mm_xor_si128(_mm_sha1msg1_epu32(now, second), third), rounds.words[(group + 3) & 3]);
        }
        const __m128i with_e = group == 0 ? _mm_add_epi32(rounds.before, now) : _mm_sha1nexte_epu32(rounds.before, now);
        rounds.before = rounds.abcd;
        rounds.abcd = _mm_sha1rnds4_epu32(rounds.abcd, with_e, Function);
    }
}

CARTBELL_SHA_INSTRUCTIONS void blocks_by_instructions(uint32_t state[5], const uint8_t *blocks, size_t count) {
    const __m128i swap = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
    Rounds rounds;
    rounds.abcd = _mm_shuffle_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i *>(state)), 0x1b);
    __m128i e = _mm_set_epi32(static_cast<int>(state[4]), 0, 0, 0);
    for (; count != 0; --count, blocks += 64) {
        const __m128i abcd_before = rounds.abcd;
        for (int group = 0; group < 4; ++group)
            rounds.words[group] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i *>(blocks) + group), swap);
        rounds.before = e;
        five_groups<0>(rounds);
        five_groups<1>(rounds);
        five_groups<2>(rounds);
        five_groups<3>(rounds);
        e = _mm_sha1nexte_epu32(rounds.before, e);
        rounds.abcd = _mm_add_epi32(rounds.abcd, abcd_before);
    }
    _mm_storeu_si128(reinterpret_cast<__m128i *>(state), _mm_shuffle_epi32(rounds.abcd, 0x1b));
    state[4] = static_cast<uint32_t>(_mm_extract_epi32(e, 3));
}

#undef CARTBELL_SHA_INSTRUCTIONS

}  // namespace

bool sha1_blocks_native(uint32_t state[5], const uint8_t *blocks, size_t count) {
    if (!has_sha_instructions()) return false;
    blocks_by_instructions(state, blocks, count);
    return true;
}

#else

bool sha1_blocks_native(uint32_t *, const uint8_t *, size_t) {
    return false;
}

#endif

void sha1_blocks(uint32_t state[5], const uint8_t *blocks, size_t count) {
    if (!sha1_blocks_native(state, blocks, count)) sha1_blocks_plain(state, blocks, count);
}

}  // namespace cartbell
