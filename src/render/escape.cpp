#include "render/escape.hpp"

#include <array>
#include <cstdint>
#include <cstring>

#include "base/text.hpp"

namespace cartbell::render {
namespace {

constexpr std::string_view html_of(char letter) {
    switch (letter) {
        case '&': return "&amp;";
        case '<': return "&lt;";
        case '>': return "&gt;";
        case '"': return "&quot;";
        case '\'': return "&#39;";  // a template's attribute may stand in single quotes
        default: return {};
    }
}

constexpr std::array<bool, 256> make_html_specials() {
    std::array<bool, 256> specials{};
    for (size_t byte = 0; byte < 128; ++byte) specials[byte] = !html_of(static_cast<char>(byte)).empty();
    return specials;
}
constexpr std::array<bool, 256> html_specials = make_html_specials();

constexpr uint64_t every_byte(char letter) { return 0x0101010101010101u * static_cast<unsigned char>(letter); }

// Not 0 if one of the eight bytes is special (or, harmlessly, beside what looks like one).
uint64_t specials_in(uint64_t eight) {
    const auto zero_bytes = [](uint64_t bytes) { return (bytes - every_byte('\x01')) & ~bytes; };
    // '&' 0x26 and '\'' 0x27, '<' 0x3c and '>' 0x3e differ in one bit each.
    const uint64_t and_or_apostrophe = zero_bytes((eight | every_byte('\x01')) ^ every_byte('\''));
    const uint64_t less_or_greater = zero_bytes((eight | every_byte('\x02')) ^ every_byte('>'));
    return (and_or_apostrophe | less_or_greater | zero_bytes(eight ^ every_byte('"'))) & every_byte('\x80');
}

// Most texts have nothing to escape: they are copied while one looks, eight bytes at a time, the last ones twice.
// False, and nothing of worth in `to`, if there is something.
bool copy_plain(char *to, std::string_view text) {
    uint64_t specials = 0;
    const auto move_eight = [&](size_t at) {
        uint64_t eight;
        std::memcpy(&eight, text.data() + at, sizeof eight);
        std::memcpy(to + at, &eight, sizeof eight);
        specials |= specials_in(eight);
    };
    if (text.size() >= 8) {
        for (size_t at = 0; at + 8 < text.size(); at += 8) move_eight(at);
        move_eight(text.size() - 8);
        return specials == 0;
    }
    bool special = false;
    for (size_t at = 0; at < text.size(); ++at) {
        to[at] = text[at];
        special |= html_specials[static_cast<unsigned char>(text[at])];
    }
    return !special;
}

// Bytes of the line break at `at`, 0 if there is none: LF, VT, FF, CR, NEL, LINE SEPARATOR, PARAGRAPH SEPARATOR.
size_t line_break(std::string_view text, size_t at) {
    if (text[at] >= '\n' && text[at] <= '\r') return 1;
    if (text.substr(at, 2) == "\xc2\x85") return 2;
    const std::string_view three = text.substr(at, 3);
    return three == "\xe2\x80\xa8" || three == "\xe2\x80\xa9" ? 3 : 0;
}

}  // namespace

void append_html(Writer &out, std::string_view text) {
    char *const to = out.room(text.size());
    if (!to) return;
    if (copy_plain(to, text)) return out.advance(text.size());
    size_t done = 0;
    for (size_t at = 0; at < text.size(); ++at) {
        if (!html_specials[static_cast<unsigned char>(text[at])]) continue;
        out.append(text.substr(done, at - done));
        out.append(html_of(text[at]));
        done = at + 1;
    }
    out.append(text.substr(done));
}

void append_json(Writer &out, std::string_view text) {
    std::string quoted;
    append_json_string(quoted, text);
    out.append(std::string_view(quoted).substr(1, quoted.size() - 2));  // the template itself writes the quotes
}

void append_url_encoded(Writer &out, std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char letter : text) {
        const bool unreserved = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                                (letter >= '0' && letter <= '9') || letter == '-' || letter == '.' || letter == '_' ||
                                letter == '~';
        if (unreserved) {
            out.append(letter);
            continue;
        }
        const auto byte = static_cast<unsigned char>(letter);
        out.append('%');
        out.append(digits[byte >> 4]);
        out.append(digits[byte & 15]);
    }
}

void join_lines(std::string &out, size_t begin) {
    size_t to = begin;
    bool broken = false;
    for (size_t at = begin; at < out.size();) {
        if (const size_t bytes = line_break(out, at)) {
            broken = true;
            at += bytes;
            continue;
        }
        if (broken && to > begin) {
            out[to++] = ' ';  // fits: the break was at least one byte
        }
        broken = false;
        out[to++] = out[at++];
    }
    out.resize(to);
}

}  // namespace cartbell::render
