// The lexical rules of RFC 8259: numbers, escapes; and the hash of canonical JSON.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace cartbell::codec {

bool is_json_number(std::string_view token);  // RFC 8259 §6

// Writes the text behind the escapes of RFC 8259 §7 to `out` and returns its end, or null where an escape is
// wrong: a lone half of a surrogate pair too, which has no UTF-8 (RFC 3629 §3). Never writes more bytes than
// it reads.
char *unescape_json(const char *at, const char *end, char *out);

inline bool is_json_blank(char c) {
    return static_cast<unsigned char>(c) <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t');
}

// The hash of a JSON value: equal for equal values whatever the order of keys, the whitespace and the
// escapes; numbers by their text. Not against adversaries: it only tells a retry from a reused id of the same
// source.
namespace json_hash {

static_assert(std::endian::native == std::endian::little, "defined over little-endian words, and stored");

enum Seed : uint64_t {
    text = 0x9e3779b97f4a7c15,
    number = 0xc2b2ae3d27d4eb4f,
    literal = 0x165667b19e3779f9,
    key = 0xd6e8feb86659fd93,
    object = 0xa0761d6478bd642f,
    array = 0xe7037ed1a0b428db,
};

inline uint64_t mix(uint64_t a, uint64_t b) {
    __extension__ using Wide128 = unsigned __int128;
    const Wide128 product = static_cast<Wide128>(a) * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

inline uint64_t word_at(const char *at) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    return word;
}

// The lowest bytes of a word, as a mask: of the first word of a text by its size, and of the second, up
// to 16.
struct Masks {
    uint64_t first[17], second[17];
};
constexpr Masks masks = [] {
    Masks made{};
    constexpr uint64_t all = ~uint64_t{0};
    for (size_t size = 1; size <= 16; ++size) {
        made.first[size] = size >= 8 ? all : all >> (64 - 8 * size);
        made.second[size] = size <= 8 ? 0 : all >> (128 - 8 * size);
    }
    return made;
}();

// Reads up to 16 bytes from `at` even of shorter text: it lies in padded memory. Short texts, which most are,
// take no branch that depends on their size.
inline uint64_t of_text(const char *at, size_t size, uint64_t seed) {
    uint64_t hash = seed ^ (size * 0x8ebc6af09c88c6e3);
    for (; size > 16; at += 16, size -= 16)
        hash = mix(word_at(at) ^ hash, word_at(at + 8) ^ Seed::key);
    return mix((word_at(at) & masks.first[size]) ^ hash,
               (word_at(at + 8) & masks.second[size]) ^ Seed::array);
}

}  // namespace json_hash
}  // namespace cartbell::codec
