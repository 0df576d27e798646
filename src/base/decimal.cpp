// Exact numbers from and to text. No floating point anywhere: what a shop sent is what is kept.
#include "base/decimal.hpp"

#include <algorithm>
#include <array>

namespace cartbell {
namespace {

constexpr std::array<uint64_t, 20> powers_of_ten = [] {
    std::array<uint64_t, 20> powers{};
    uint64_t power = 1;
    for (auto &entry : powers) {
        entry = power;
        power *= 10;
    }
    return powers;
}();

// Symmetric on purpose: the negation of every number of ours is a number of ours.
constexpr uint64_t greatest_magnitude = static_cast<uint64_t>(INT64_MAX);

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

Error not_a_number() {
    return failure(Code::invalid, "not_a_number", "expected a decimal number such as 12.50");
}
Error too_many_decimals(int scale) {
    return failure(Code::invalid, "too_many_decimals",
                   "at most " + std::to_string(scale) + " decimals are kept");
}
Error out_of_range() {
    return failure(Code::invalid, "out_of_range", "the number is too large");
}

// The common case: at most 18 digits, a point, no exponent, no more decimals than fit.
bool parse_short(std::string_view text, int scale, int64_t &value) {
    const char *at = text.data();
    const char *const end = at + text.size();
    const bool negative = at != end && *at == '-';
    if (negative) ++at;
    if (end - at > 19 || at == end) return false;
    uint64_t mantissa = 0;
    int digits = 0;
    int decimals = -1;  // -1: no point seen
    for (; at != end; ++at) {
        if (is_digit(*at)) {
            mantissa = mantissa * 10 + static_cast<uint64_t>(*at - '0');
            ++digits;
            if (decimals >= 0) ++decimals;
        } else if (*at == '.' && decimals < 0) {
            decimals = 0;
        } else {
            return false;
        }
    }
    if (digits == 0 || digits > 18 || decimals == 0 || decimals > scale) return false;
    uint64_t magnitude = 0;
    const uint64_t power = powers_of_ten[static_cast<size_t>(scale - (decimals < 0 ? 0 : decimals))];
    if (__builtin_mul_overflow(mantissa, power, &magnitude) || magnitude > greatest_magnitude) return false;
    value = negative ? -static_cast<int64_t>(magnitude) : static_cast<int64_t>(magnitude);
    return true;
}

// The parts of decimal text; digits are the characters of `whole` followed by those of `fraction`.
struct Parts {
    bool negative = false;
    std::string_view whole;
    std::string_view fraction;
    int64_t exponent = 0;
};

std::string_view take_digits(std::string_view &text) {
    size_t count = 0;
    while (count < text.size() && is_digit(text[count]))
        ++count;
    const std::string_view digits = text.substr(0, count);
    text.remove_prefix(count);
    return digits;
}

bool split(std::string_view text, Parts &parts) {
    if (!text.empty() && text.front() == '-') {
        parts.negative = true;
        text.remove_prefix(1);
    }
    parts.whole = take_digits(text);
    if (!text.empty() && text.front() == '.') {
        text.remove_prefix(1);
        parts.fraction = take_digits(text);
        if (parts.fraction.empty()) return false;
    }
    if (parts.whole.empty() && parts.fraction.empty()) return false;
    if (text.empty()) return true;
    if (text.front() != 'e' && text.front() != 'E') return false;
    text.remove_prefix(1);
    const bool shrinks = !text.empty() && text.front() == '-';
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    const std::string_view exponent = take_digits(text);
    if (exponent.empty() || !text.empty()) return false;
    for (const char c : exponent) {
        // Far beyond any text we take (limits.hpp), so saturation cannot change a result.
        if (parts.exponent < 1'000'000'000'000) parts.exponent = parts.exponent * 10 + (c - '0');
    }
    if (shrinks) parts.exponent = -parts.exponent;
    return true;
}

// How the digits that do not fit compare with half a unit: -1 below, 0 exactly half, 1 above.
int compare_with_half(char first, bool rest_not_zero) {
    if (first != '5') return first < '5' ? -1 : 1;
    return rest_not_zero ? 1 : 0;
}

}  // namespace

Currency Currency::of(std::string_view code) {
    if (code.size() != 3) return {};
    uint32_t packed = 0;
    for (const char c : code) {
        if (c < 'A' || c > 'Z') return {};
        packed = packed << 8 | static_cast<unsigned char>(c);
    }
    return Currency{packed};
}

std::string Currency::text() const {
    if (packed == 0) return {};
    return {static_cast<char>(packed >> 16 & 0xff), static_cast<char>(packed >> 8 & 0xff),
            static_cast<char>(packed & 0xff)};
}

int Currency::digits() const {
    // ISO 4217, list one: the currencies whose minor unit is not two decimals.
    constexpr std::string_view none = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
    constexpr std::string_view three = "BHD IQD JOD KWD LYD OMR TND";
    constexpr std::string_view four = "CLF UYW";
    if (packed == 0) return 2;
    const char code[3] = {static_cast<char>(packed >> 16), static_cast<char>(packed >> 8),
                          static_cast<char>(packed)};
    const auto listed = [&code](std::string_view list) {
        for (size_t at = 0; at < list.size(); at += 4) {
            if (list.substr(at, 3) == std::string_view(code, 3)) return true;
        }
        return false;
    };
    if (listed(none)) return 0;
    if (listed(three)) return 3;
    return listed(four) ? 4 : 2;
}

Result<int64_t> parse_scaled(std::string_view text, int scale, Excess excess) {
    int64_t value = 0;
    if (parse_short(text, scale, value)) return value;

    Parts parts;
    if (!split(text, parts)) return not_a_number();
    const auto digit_at = [&parts](size_t index) {
        return index < parts.whole.size() ? parts.whole[index] : parts.fraction[index - parts.whole.size()];
    };
    const size_t count = parts.whole.size() + parts.fraction.size();
    if (excess == Excess::refuse && static_cast<int64_t>(parts.fraction.size()) - parts.exponent > scale) {
        return too_many_decimals(scale);
    }
    size_t first = 0;  // the first digit that counts
    while (first < count && digit_at(first) == '0')
        ++first;
    if (first == count) return int64_t{0};

    // The scaled integer is made of all digits before this index; those after it are the excess.
    const int64_t kept_end = static_cast<int64_t>(parts.whole.size()) + parts.exponent + scale;
    if (kept_end - static_cast<int64_t>(first) > 19) return out_of_range();
    uint64_t magnitude = 0;
    for (int64_t index = static_cast<int64_t>(first); index < kept_end; ++index) {
        const char digit = static_cast<size_t>(index) < count ? digit_at(static_cast<size_t>(index)) : '0';
        magnitude = magnitude * 10 + static_cast<uint64_t>(digit - '0');  // 19 digits fit in 64 bits
    }
    if (kept_end < static_cast<int64_t>(count)) {
        const int64_t next = kept_end;
        const char next_digit = next < 0 ? '0' : digit_at(static_cast<size_t>(next));
        bool rest_not_zero = false;
        for (size_t index = next < 0 ? 0 : static_cast<size_t>(next) + 1; index < count && !rest_not_zero;
             ++index) {
            rest_not_zero = digit_at(index) != '0';
        }
        const int half = compare_with_half(next_digit, rest_not_zero);
        if (half > 0 || (half == 0 && magnitude % 2 == 1)) ++magnitude;
    }
    if (magnitude > greatest_magnitude) return out_of_range();
    return parts.negative ? -static_cast<int64_t>(magnitude) : static_cast<int64_t>(magnitude);
}

Result<Money> parse_money(std::string_view text, Excess excess) {
    Money money;
    const size_t space = text.find(' ');
    if (space != std::string_view::npos) {
        money.currency = Currency::listed(text.substr(space + 1));
        if (!money.currency) {
            return failure(Code::invalid, "unknown_currency",
                           "expected an ISO 4217 code after the amount, as in 199.90 EUR");
        }
        text = text.substr(0, space);
    }
    CARTBELL_ASSIGN(money.amount_e4, parse_scaled(text, 4, excess));
    return money;
}

std::string format_scaled(int64_t value, int scale, int least_decimals) {
    char buffer[most_scaled_bytes];
    return std::string(buffer, write_scaled(value, scale, least_decimals, buffer));
}

namespace {

// Digits of `value` from `to` on; the end.
template <typename Unsigned>
char *write_digits(char *to, Unsigned value) {
    char *end = to + 1;
    for (Unsigned rest = value; rest >= 10; rest /= 10) ++end;
    for (char *at = end; at != to; value /= 10) *--at = static_cast<char>('0' + value % 10);
    return end;
}

}  // namespace

size_t write_scaled(int64_t value, int scale, int least_decimals, char *to) {
    char *at = to;
    const uint64_t magnitude = value < 0 ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
    // Division by a constant is cheap: money and decimals have one each.
    const uint64_t unit = powers_of_ten[static_cast<size_t>(scale)];
    const uint64_t whole = scale == 4 ? magnitude / 10'000 : scale == 6 ? magnitude / 1'000'000 : magnitude / unit;
    if (value < 0) *at++ = '-';
    at = whole <= UINT32_MAX ? write_digits(at, static_cast<uint32_t>(whole)) : write_digits(at, whole);
    auto fraction = static_cast<uint64_t>(magnitude - whole * unit);
    int decimals = scale;
    if (fraction == 0) decimals = std::min(scale, least_decimals);
    for (; decimals > least_decimals && fraction % 10 == 0; --decimals) fraction /= 10;
    if (decimals <= 0) return static_cast<size_t>(at - to);
    *at = '.';
    for (int left = decimals; left > 0; --left, fraction /= 10) at[left] = static_cast<char>('0' + fraction % 10);
    return static_cast<size_t>(at + 1 + decimals - to);
}

std::string format_money(Money money) {
    return format_scaled(money.amount_e4, 4, money.currency.digits());
}

std::string format_decimal(int64_t value_e6) {
    return format_scaled(value_e6, 6, 0);
}

Wide divide_half_even(Wide numerator, Wide denominator) {
    if (denominator < 0) {
        numerator = -numerator;
        denominator = -denominator;
    }
    Wide quotient = numerator / denominator;
    Wide rest = numerator % denominator;
    if (rest < 0) {  // floor, so that the rest is 0 … denominator - 1
        rest += denominator;
        --quotient;
    }
    const Wide other_side = denominator - rest;
    if (rest > other_side || (rest == other_side && (quotient & 1) != 0)) ++quotient;
    return quotient;
}

bool fits_int64(Wide value) {
    return value >= INT64_MIN && value <= INT64_MAX;
}

}  // namespace cartbell
