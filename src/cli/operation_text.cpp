#include "cli/operation_text.hpp"

#include <algorithm>

#include "cli/clock.hpp"
#include "cli/failure.hpp"
#include "cli/json_reader.hpp"

namespace cartbell::cli {

ObjectText &ObjectText::text(std::string_view name, std::string_view value) {
    if (value.empty()) return *this;
    std::string quoted;
    append_quoted(quoted, value);
    return raw(name, quoted);
}

ObjectText &ObjectText::raw(std::string_view name, std::string_view json) {
    if (json.empty()) return *this;
    if (!members_.empty()) members_ += ',';
    append_quoted(members_, name);
    members_ += ':';
    members_ += json;
    return *this;
}

void append_element(std::string &elements, std::string_view json) {
    if (!elements.empty()) elements += ',';
    elements += json;
}

bool parse_e4(std::string_view text, int64_t &out) {
    const bool negative = !text.empty() && text.front() == '-';
    if (negative) text.remove_prefix(1);
    int64_t number = 0;
    int decimals = -1;
    if (text.empty() || text.front() == '.' || text.size() > 16) return false;
    for (const char c : text) {
        if (c == '.' && decimals < 0) {
            decimals = 0;
        } else if (c >= '0' && c <= '9') {
            if (decimals >= 4) {
                if (c != '0') return false;
                continue;
            }
            number = number * 10 + (c - '0');
            if (decimals >= 0) ++decimals;
        } else {
            return false;
        }
    }
    for (int have = std::max(decimals, 0); have < 4; ++have)
        if (!multiply(number, 10, number)) return false;
    out = negative ? -number : number;
    return true;
}

std::string format_e4(int64_t number_e4) {
    const int64_t size = number_e4 < 0 ? -number_e4 : number_e4;
    std::string decimals = std::to_string(10'000 + size % 10'000).substr(1);
    while (decimals.size() > 2 && decimals.back() == '0')
        decimals.pop_back();
    return (number_e4 < 0 ? "-" : "") + std::to_string(size / 10'000) + "." + decimals;
}

bool multiply(int64_t a, int64_t b, int64_t &product) {
    return !__builtin_mul_overflow(a, b, &product);
}

bool add(int64_t &sum, int64_t more) {
    return !__builtin_add_overflow(sum, more, &sum);
}

std::string utc_instant(std::string_view text) {
    if (text.size() != 19 || text[10] != ' ') return {};
    std::string instant = std::string(text) + "Z";
    instant[10] = 'T';
    try {
        parse_instant_us(instant);
    } catch (const Failure &) {
        return {};
    }
    return instant;
}

}  // namespace cartbell::cli
