// Text helpers without locale: bytes are UTF-8, case is ASCII's.
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace cartbell {
namespace {

constexpr size_t longest_guessed_name = 128;  // names are at most 64 bytes; longer text is no misspelled name

bool continues(unsigned char byte) {
    return (byte & 0xc0) == 0x80;
}

// The length of the well-formed sequence of more than one byte at `at`, or 0. RFC 3629 §4, its table of byte
// ranges.
size_t sequence_length(const unsigned char *at, size_t left) {
    const unsigned char lead = at[0];
    if (lead >= 0xc2 && lead <= 0xdf) return left >= 2 && continues(at[1]) ? 2 : 0;
    if (lead >= 0xe0 && lead <= 0xef) {
        if (left < 3 || !continues(at[1]) || !continues(at[2])) return 0;
        if (lead == 0xe0 && at[1] < 0xa0) return 0;  // overlong
        if (lead == 0xed && at[1] > 0x9f) return 0;  // surrogate
        return 3;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        if (left < 4 || !continues(at[1]) || !continues(at[2]) || !continues(at[3])) return 0;
        if (lead == 0xf0 && at[1] < 0x90) return 0;  // overlong
        if (lead == 0xf4 && at[1] > 0x8f) return 0;  // beyond U+10FFFF
        return 4;
    }
    return 0;
}

bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_name(std::string_view text, bool digit_first, bool hyphen) {
    if (text.empty() || text.size() > 64) return false;
    if (!is_lower(text[0]) && !(digit_first && is_digit(text[0]))) return false;
    return std::all_of(text.begin() + 1, text.end(), [hyphen](char c) {
        return is_lower(c) || is_digit(c) || c == '_' || (hyphen && c == '-');
    });
}

// Insertions, deletions, replacements and swaps of neighbours, each one step; both texts at most
// longest_guessed_name.
size_t edit_distance(std::string_view a, std::string_view b) {
    std::array<std::array<uint16_t, longest_guessed_name + 1>, 3> rows;
    for (size_t column = 0; column <= b.size(); ++column)
        rows[0][column] = static_cast<uint16_t>(column);
    for (size_t row = 1; row <= a.size(); ++row) {
        auto &now = rows[row % 3];
        const auto &above = rows[(row + 2) % 3];
        const auto &two_above = rows[(row + 1) % 3];
        now[0] = static_cast<uint16_t>(row);
        for (size_t column = 1; column <= b.size(); ++column) {
            const unsigned replaced = above[column - 1] + (a[row - 1] == b[column - 1] ? 0u : 1u);
            unsigned least = std::min({replaced, above[column] + 1u, now[column - 1] + 1u});
            if (row > 1 && column > 1 && a[row - 1] == b[column - 2] && a[row - 2] == b[column - 1]) {
                least = std::min(least, two_above[column - 2] + 1u);
            }
            now[column] = static_cast<uint16_t>(least);
        }
    }
    return rows[a.size() % 3][b.size()];
}

}  // namespace

bool valid_utf8(std::string_view text) {
    const auto *at = reinterpret_cast<const unsigned char *>(text.data());
    size_t left = text.size();
    while (left != 0) {
        if (left >= 16) {  // ASCII goes by 16 bytes
            uint64_t first, second;
            std::memcpy(&first, at, 8);
            std::memcpy(&second, at + 8, 8);
            if (((first | second) & 0x8080808080808080u) == 0) {
                at += 16;
                left -= 16;
                continue;
            }
        }
        if (*at < 0x80) {
            ++at;
            --left;
            continue;
        }
        const size_t length = sequence_length(at, left);
        if (length == 0) return false;
        at += length;
        left -= length;
    }
    return true;
}

bool has_nul(std::string_view text) {
    return !text.empty() && std::memchr(text.data(), 0, text.size()) != nullptr;
}

std::string lower_ascii(std::string_view text) {
    std::string lowered(text);
    for (char &c : lowered) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    }
    return lowered;
}

std::string_view trim_ascii(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const size_t first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

bool is_code(std::string_view text) {
    return is_name(text, true, true);
}
bool is_field_code(std::string_view text) {
    return is_name(text, false, false);
}

bool is_event_name(std::string_view text) {
    constexpr size_t longest = 64;
    if (text.size() > longest) return false;
    for (size_t begin = 0;;) {
        const size_t dot = text.find('.', begin);
        if (!is_field_code(text.substr(begin, dot - begin))) return false;
        if (dot == std::string_view::npos) return true;
        begin = dot + 1;
    }
}

std::string nearest_name(std::string_view name, std::span<const std::string_view> candidates) {
    if (name.empty() || name.size() > longest_guessed_name) return {};
    size_t least = std::max<size_t>(2, name.size() / 3) + 1;
    std::string_view nearest;
    for (const std::string_view candidate : candidates) {
        if (candidate.empty() || candidate.size() > longest_guessed_name) continue;
        const size_t apart =
            candidate.size() > name.size() ? candidate.size() - name.size() : name.size() - candidate.size();
        if (apart >= least) continue;
        const size_t distance = edit_distance(name, candidate);
        // Where every letter would have to change, the two names have nothing in common.
        if (distance < least && distance < std::max(name.size(), candidate.size())) {
            least = distance;
            nearest = candidate;
        }
    }
    return std::string(nearest);
}

namespace {

bool escaped_in_json(unsigned char byte) { return byte < 0x20 || byte == '"' || byte == '\\'; }

typedef uint8_t Sixteen __attribute__((vector_size(16)));

Sixteen every_byte(char byte) {
    Sixteen bytes;
    std::memset(&bytes, byte, sizeof bytes);
    return bytes;
}

// The next byte that JSON escapes, or the end: sixteen bytes at a time.
size_t next_escaped(std::string_view text, size_t at) {
    const Sixteen space = every_byte(' '), quote = every_byte('"'), backslash = every_byte('\\');
    for (; at + 16 <= text.size(); at += 16) {
        Sixteen bytes;
        std::memcpy(&bytes, text.data() + at, 16);
        const auto escaped = (bytes < space) | (bytes == quote) | (bytes == backslash);
        uint64_t halves[2];
        std::memcpy(halves, &escaped, 16);
        if ((halves[0] | halves[1]) == 0) continue;
        if constexpr (std::endian::native != std::endian::little) break;
        const size_t bits = halves[0] != 0 ? std::countr_zero(halves[0]) : 64 + std::countr_zero(halves[1]);
        return at + bits / 8;
    }
    while (at < text.size() && !escaped_in_json(static_cast<unsigned char>(text[at]))) ++at;
    return at;
}

void append_escape(std::string &out, unsigned char byte) {
    constexpr char hex_digits[] = "0123456789abcdef";
    constexpr char letters[] = "btn?fr";  // of U+0008 to U+000D
    out.push_back('\\');
    if (byte == '"' || byte == '\\') {
        out.push_back(static_cast<char>(byte));
    } else if (byte >= '\b' && byte <= '\r' && byte != '\v') {
        out.push_back(letters[byte - '\b']);
    } else {
        out.append("u00");
        out.push_back(hex_digits[byte >> 4]);
        out.push_back(hex_digits[byte & 15]);
    }
}

}  // namespace

void append_json_string(std::string &out, std::string_view text) {
    out.reserve(out.size() + text.size() + 2);
    out.push_back('"');
    for (size_t copied = 0;;) {
        const size_t at = next_escaped(text, copied);
        out.append(text, copied, at - copied);
        if (at == text.size()) break;
        append_escape(out, static_cast<unsigned char>(text[at]));
        copied = at + 1;
    }
    out.push_back('"');
}

}  // namespace cartbell
