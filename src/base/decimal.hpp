// Exact numbers: money in ten-thousandths of a unit, decimals in millionths (formats.md §1 "Money").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.hpp"

namespace cartbell {

inline constexpr int64_t money_unit_e4 = 10'000;
inline constexpr int64_t decimal_unit_e6 = 1'000'000;

// A currency's code as a number; value 0 is "none said".
struct Currency {
    uint32_t packed = 0;

    static Currency of(std::string_view code);  // "EUR"; none if it is not three upper-case letters
    // The same, and none if ISO 4217 has it neither now nor had it lately: for what comes in. What is stored has been asked.
    static Currency listed(std::string_view code);
    std::string text() const;                   // "EUR", or "" of none
    int digits() const;                         // decimals customary in ISO 4217: JPY 0, EUR 2, KWD 3
    explicit operator bool() const { return packed != 0; }
    friend bool operator==(Currency, Currency) = default;
};

struct Money {
    int64_t amount_e4 = 0;
    Currency currency;
    friend bool operator==(const Money &, const Money &) = default;
};

enum class Excess { refuse, round_half_even };  // what to do with more decimals than fit

// Decimal text ("-12.5", ".5" and "1e2" as JSON numbers may say) scaled by 10^scale. Errors: `not_a_number`, `too_many_decimals`, `out_of_range`.
Result<int64_t> parse_scaled(std::string_view text, int scale, Excess excess);
// "199.90" or "199.90 EUR". Errors as parse_scaled, and `unknown_currency`.
Result<Money> parse_money(std::string_view text, Excess excess);

std::string format_scaled(int64_t value, int scale, int least_decimals);  // at least so many decimals, else no trailing zeros
inline constexpr size_t most_scaled_bytes = 24;
size_t write_scaled(int64_t value, int scale, int least_decimals, char *to);  // the same into room for most_scaled_bytes; how many were used
std::string format_money(Money money);           // amount only, the currency's digits, more only if they are not zero: "199.90"
std::string format_decimal(int64_t value_e6);    // without trailing zeros: "2.5"

// numerator / denominator, half to even; denominator != 0.
__extension__ typedef __int128 Wide;
Wide divide_half_even(Wide numerator, Wide denominator);
bool fits_int64(Wide value);

}  // namespace cartbell
