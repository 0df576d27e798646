#include "render/escape.hpp"

#include <array>

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

void append_html(std::string &out, std::string_view text) {
    size_t done = 0;
    for (size_t at = 0; at < text.size(); ++at) {
        if (!html_specials[static_cast<unsigned char>(text[at])]) continue;
        out.append(text, done, at - done);
        out.append(html_of(text[at]));
        done = at + 1;
    }
    out.append(text, done, text.size() - done);
}

void append_json(std::string &out, std::string_view text) {
    const size_t begin = out.size();
    append_json_string(out, text);
    out.pop_back();  // the template itself writes the quotes
    out.erase(begin, 1);
}

// Bytes of the line break at `at`, 0 if there is none: LF, VT, FF, CR, NEL, LINE SEPARATOR, PARAGRAPH SEPARATOR.
size_t line_break(std::string_view text, size_t at) {
    if (text[at] >= '\n' && text[at] <= '\r') return 1;
    if (text.substr(at, 2) == "\xc2\x85") return 2;
    const std::string_view three = text.substr(at, 3);
    return three == "\xe2\x80\xa8" || three == "\xe2\x80\xa9" ? 3 : 0;
}

}  // namespace

void append_escaped(std::string &out, std::string_view text, Escape escape) {
    switch (escape) {
        case Escape::html: return append_html(out, text);
        case Escape::json: return append_json(out, text);
        case Escape::none:
        case Escape::single_line: out.append(text);
    }
}

void append_url_encoded(std::string &out, std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char letter : text) {
        const bool unreserved = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                                (letter >= '0' && letter <= '9') || letter == '-' || letter == '.' || letter == '_' ||
                                letter == '~';
        if (unreserved) {
            out.push_back(letter);
            continue;
        }
        const auto byte = static_cast<unsigned char>(letter);
        out.push_back('%');
        out.push_back(digits[byte >> 4]);
        out.push_back(digits[byte & 15]);
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
