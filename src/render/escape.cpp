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
// The high bit of each byte that is `letter`, and perhaps of bytes above such a one.
constexpr uint64_t bytes_that_are(uint64_t eight, char letter) {
    const uint64_t zero_there = eight ^ every_byte(letter);
    return (zero_there - every_byte(1)) & ~zero_there & every_byte('\x80');
}

// Most texts have nothing to escape: eight bytes at a time, the last ones twice.
bool has_html_special(std::string_view text) {
    const auto special_at = [&](size_t at) {
        uint64_t eight;
        std::memcpy(&eight, text.data() + at, sizeof eight);
        // '&' 0x26 and '\'' 0x27, '<' 0x3c and '>' 0x3e differ in one bit each.
        return (bytes_that_are(eight | every_byte('\x01'), '\'') | bytes_that_are(eight | every_byte('\x02'), '>') | bytes_that_are(eight, '"')) != 0;
    };
    if (text.size() < 8) {
        for (const char letter : text)
            if (html_specials[static_cast<unsigned char>(letter)]) return true;
        return false;
    }
    for (size_t at = 0; at + 8 < text.size(); at += 8)
        if (special_at(at)) return true;
    return special_at(text.size() - 8);
}

void append_html(Writer &out, std::string_view text) {
    if (!has_html_special(text)) return out.append(text);
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

// Bytes of the line break at `at`, 0 if there is none: LF, VT, FF, CR, NEL, LINE SEPARATOR, PARAGRAPH SEPARATOR.
size_t line_break(std::string_view text, size_t at) {
    if (text[at] >= '\n' && text[at] <= '\r') return 1;
    if (text.substr(at, 2) == "\xc2\x85") return 2;
    const std::string_view three = text.substr(at, 3);
    return three == "\xe2\x80\xa8" || three == "\xe2\x80\xa9" ? 3 : 0;
}

}  // namespace

void append_escaped(Writer &out, std::string_view text, Escape escape) {
    switch (escape) {
        case Escape::html: return append_html(out, text);
        case Escape::json: return append_json(out, text);
        case Escape::none:
        case Escape::single_line: out.append(text);
    }
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
