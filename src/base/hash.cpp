// SHA-256 and SHA-1 (FIPS 180-4), name-based UUIDs, and a fast hash for tables.
#include "base/hash.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/sha1_blocks.hpp"
#include "base/sha256_blocks.hpp"

namespace cartbell {
namespace {

void store_big32(uint8_t *at, uint32_t value) {
    at[0] = static_cast<uint8_t>(value >> 24);
    at[1] = static_cast<uint8_t>(value >> 16);
    at[2] = static_cast<uint8_t>(value >> 8);
    at[3] = static_cast<uint8_t>(value);
}

uint64_t load_little64(const uint8_t *at) {
    uint64_t value;
    std::memcpy(&value, at, 8);
    if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap64(value);
    return value;
}

uint32_t load_little32(const uint8_t *at) {
    uint32_t value;
    std::memcpy(&value, at, 4);
    if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap32(value);
    return value;
}

// The end of a message: its last bytes, a 1 bit, zeros, its length in bits (FIPS 180-4 §5.1.1). One block or
// two.
struct Tail {
    uint8_t bytes[128] = {};
    size_t blocks = 1;
};

Tail tail_of(std::string_view message) {
    Tail tail;
    const size_t rest = message.size() % 64;
    if (rest != 0) std::memcpy(tail.bytes, message.data() + message.size() - rest, rest);
    tail.bytes[rest] = 0x80;
    if (rest >= 56) tail.blocks = 2;
    const uint64_t bits = uint64_t{message.size()} * 8;
    uint8_t *const length = tail.bytes + tail.blocks * 64 - 8;
    store_big32(length, static_cast<uint32_t>(bits >> 32));
    store_big32(length + 4, static_cast<uint32_t>(bits));
    return tail;
}

// Folds the 128-bit product of two words into one: every input bit reaches every output bit in two rounds.
uint64_t mix(uint64_t a, uint64_t b) {
    __extension__ using Product = unsigned __int128;
    const Product product = Product{a} * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

constexpr uint64_t odd_a = 0x9e3779b97f4a7c15;  // 2^64 divided by the golden ratio
constexpr uint64_t odd_b = 0xd1b54a32d192ed03;  // and by the plastic number's powers
constexpr uint64_t odd_c = 0x8cb92ba72f3d8dd7;

}  // namespace

Sha256 sha256(std::string_view bytes) {
    // The first 32 bits of the fractional parts of the square roots of the first eight primes (FIPS 180-4
    // §5.3.3).
    uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    sha256_blocks(state, reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size() / 64);
    const Tail tail = tail_of(bytes);
    sha256_blocks(state, tail.bytes, tail.blocks);
    Sha256 digest;
    for (size_t index = 0; index < 8; ++index)
        store_big32(digest.data() + 4 * index, state[index]);
    return digest;
}

std::array<uint8_t, 20> sha1(std::string_view bytes) {
    uint32_t state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    sha1_blocks(state, reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size() / 64);
    const Tail tail = tail_of(bytes);
    sha1_blocks(state, tail.bytes, tail.blocks);
    std::array<uint8_t, 20> digest;
    for (size_t index = 0; index < 5; ++index)
        store_big32(digest.data() + 4 * index, state[index]);
    return digest;
}

static void append_hex(std::string &out, uint8_t byte) {
    constexpr char digits[] = "0123456789abcdef";
    out.push_back(digits[byte >> 4]);
    out.push_back(digits[byte & 15]);
}

std::string hex(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) append_hex(text, static_cast<uint8_t>(c));
    return text;
}

std::string uuid_v5(const std::array<uint8_t, 16> &name_space, std::string_view name) {
    std::string seed(reinterpret_cast<const char *>(name_space.data()), name_space.size());
    seed.append(name);
    std::array<uint8_t, 20> digest = sha1(seed);
    digest[6] = static_cast<uint8_t>((digest[6] & 0x0f) | 0x50);  // version 5
    digest[8] = static_cast<uint8_t>((digest[8] & 0x3f) | 0x80);  // the variant of RFC 4122
    constexpr char digits[] = "0123456789abcdef";
    std::string text(36, '-');
    char *at = text.data();
    for (size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) ++at;
        *at++ = digits[digest[i] >> 4];
        *at++ = digits[digest[i] & 15];
    }
    return text;
}

uint64_t hash64(std::string_view bytes, uint64_t seed) {
    const auto *at = reinterpret_cast<const uint8_t *>(bytes.data());
    size_t left = bytes.size();
    uint64_t state = mix(seed ^ odd_a, left ^ odd_b);
    for (; left > 16; at += 16, left -= 16) {
        state = mix(load_little64(at) ^ odd_b, load_little64(at + 8) ^ state);
    }
    uint64_t first = 0, second = 0;
    if (left >= 8) {  // two words that overlap in the middle
        first = load_little64(at);
        second = load_little64(at + left - 8);
    } else if (left >= 4) {
        first = load_little32(at);
        second = load_little32(at + left - 4);
    } else if (left > 0) {
        first = uint64_t{at[0]} << 16 | uint64_t{at[left / 2]} << 8 | at[left - 1];
    }
    return mix(odd_c ^ bytes.size(), mix(first ^ odd_b, second ^ state));
}

std::array<uint8_t, 16> hash128(std::string_view bytes) {
    const Sha256 digest = sha256(bytes);
    std::array<uint8_t, 16> half;
    std::copy_n(digest.begin(), half.size(), half.begin());
    return half;
}

}  // namespace cartbell
