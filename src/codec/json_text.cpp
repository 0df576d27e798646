#include "codec/json_text.hpp"

namespace cartbell::codec {
namespace {

inline bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool skip_digits(const char *&at, const char *end) {
    const char *first = at;
    while (at != end && is_digit(*at))
        ++at;
    return at != first;
}

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

int32_t hex_quad(const char *at, const char *end) {
    if (end - at < 4) return -1;
    int32_t unit = 0;
    for (int i = 0; i < 4; ++i) {
        const int digit = hex_value(at[i]);
        if (digit < 0) return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

char *put_utf8(char *out, uint32_t point) {
    if (point < 0x80) {
        *out++ = static_cast<char>(point);
        return out;
    }
    if (point < 0x800) {
        *out++ = static_cast<char>(0xc0 | point >> 6);
    } else {
        if (point < 0x10000) {
            *out++ = static_cast<char>(0xe0 | point >> 12);
        } else {
            *out++ = static_cast<char>(0xf0 | point >> 18);
            *out++ = static_cast<char>(0x80 | (point >> 12 & 0x3f));
        }
        *out++ = static_cast<char>(0x80 | (point >> 6 & 0x3f));
    }
    *out++ = static_cast<char>(0x80 | (point & 0x3f));
    return out;
}

// One \u escape (`at` is behind the u), both halves of a surrogate pair.
const char *take_escaped_point(const char *at, const char *end, uint32_t &point) {
    const int32_t unit = hex_quad(at, end);
    if (unit < 0 || (unit >= 0xdc00 && unit < 0xe000)) return nullptr;
    at += 4;
    point = static_cast<uint32_t>(unit);
    if (unit < 0xd800 || unit >= 0xdc00) return at;
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return nullptr;
    const int32_t low = hex_quad(at + 2, end);
    if (low < 0xdc00 || low >= 0xe000) return nullptr;
    point = 0x10000 + ((point - 0xd800) << 10) + static_cast<uint32_t>(low - 0xdc00);
    return at + 6;
}

}  // namespace

bool is_json_number(std::string_view token) {
    const char *at = token.data();
    const char *end = at + token.size();
    if (at != end && *at == '-') ++at;
    if (at != end && *at == '0')
        ++at;
    else if (!skip_digits(at, end))
        return false;
    if (at != end && *at == '.' && !skip_digits(++at, end)) return false;
    if (at != end && (*at == 'e' || *at == 'E')) {
        ++at;
        if (at != end && (*at == '+' || *at == '-')) ++at;
        if (!skip_digits(at, end)) return false;
    }
    return at == end;
}

char *unescape_json(const char *at, const char *end, char *out) {
    while (at != end) {
        if (*at != '\\') {
            *out++ = *at++;
            continue;
        }
        if (++at == end) return nullptr;
        const char escape = *at++;
        switch (escape) {
            case '"':
            case '\\':
            case '/':
                *out++ = escape;
                break;
            case 'b':
                *out++ = '\b';
                break;
            case 'f':
                *out++ = '\f';
                break;
            case 'n':
                *out++ = '\n';
                break;
            case 'r':
                *out++ = '\r';
                break;
            case 't':
                *out++ = '\t';
                break;
            case 'u': {
                uint32_t point = 0;
                at = take_escaped_point(at, end, point);
                if (!at) return nullptr;
                out = put_utf8(out, point);
                break;
            }
            default:
                return nullptr;
        }
    }
    return out;
}

}  // namespace cartbell::codec
