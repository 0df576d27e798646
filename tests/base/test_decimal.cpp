#include <doctest/doctest.h>

#include <string>

#include "base/decimal.hpp"

using namespace cartbell;

namespace {

// The value, or the reason of the error.
std::string parsed(std::string_view text, int scale, Excess excess) {
    const auto result = parse_scaled(text, scale, excess);
    return result ? std::to_string(*result) : result.error().reason;
}
std::string strict(std::string_view text) {
    return parsed(text, 4, Excess::refuse);
}
std::string rounded(std::string_view text) {
    return parsed(text, 4, Excess::round_half_even);
}

}  // namespace

TEST_CASE("money text becomes ten-thousandths") {
    CHECK(strict("199.90") == "1999000");
    CHECK(strict("0") == "0");
    CHECK(strict("-12.5") == "-125000");
    CHECK(strict("-0.0001") == "-1");
    CHECK(strict("-0") == "0");
    CHECK(strict(".5") == "5000");
    CHECK(strict("007.10") == "71000");
    CHECK(strict("1e2") == "1000000");
    CHECK(strict("1.5E+1") == "150000");
    CHECK(strict("15e-1") == "15000");
    CHECK(parsed("2.5", 6, Excess::refuse) == "2500000");
}

TEST_CASE("formats.md §1: a string with more than 4 decimals is an error") {
    CHECK(strict("1.2345") == "12345");
    CHECK(strict("1.23456") == "too_many_decimals");
    CHECK(strict("1.00000") == "too_many_decimals");
    CHECK(strict("1e-5") == "too_many_decimals");
    CHECK(strict("0.30000000000000004") == "too_many_decimals");
    CHECK(parsed("0.1234567", 6, Excess::refuse) == "too_many_decimals");
}

TEST_CASE("formats.md §1: a number is rounded half even (browsers send 0.30000000000000004)") {
    CHECK(rounded("0.30000000000000004") == "3000");
    CHECK(rounded("1.00005") == "10000");
    CHECK(rounded("1.00015") == "10002");
    CHECK(rounded("1.000050") == "10000");
    CHECK(rounded("1.0000500000000000000000000000000001") == "10001");
    CHECK(rounded("-1.00015") == "-10002");
    CHECK(rounded("-1.00005") == "-10000");
    CHECK(rounded("0.00005") == "0");
    CHECK(rounded("0.00015") == "2");
    CHECK(rounded("0.000051") == "1");
    CHECK(rounded("0.000009") == "0");
    CHECK(rounded("5e-5") == "0");
    CHECK(rounded("6e-5") == "1");
    CHECK(rounded("9e-400") == "0");
    CHECK(rounded("0.99995") == "10000");
}

TEST_CASE("a range of 64 bits, the same on both sides") {
    CHECK(strict("922337203685477.5807") == "9223372036854775807");
    CHECK(strict("-922337203685477.5807") == "-9223372036854775807");
    CHECK(strict("922337203685477.5808") == "out_of_range");
    CHECK(strict("-922337203685477.5808") == "out_of_range");
    CHECK(rounded("922337203685477.58074") == "9223372036854775807");
    CHECK(rounded("922337203685477.58076") == "out_of_range");
    CHECK(strict("1000000000000000000") == "out_of_range");
    CHECK(strict("1e15") == "out_of_range");
    CHECK(strict("1e14") == "1000000000000000000");
    CHECK(strict("1e999999999999999999999999") == "out_of_range");
    CHECK(strict("0e999999999999999999999999") == "0");
    CHECK(rounded("1e-999999999999999999999999") == "0");
    CHECK(strict(std::string(5000, '0') + "7") == "70000");
    CHECK(strict(std::string(5000, '9')) == "out_of_range");
    CHECK(rounded("0." + std::string(5000, '0') + "7") == "0");
}

TEST_CASE("what is no number is refused") {
    for (const char *text : {"",   "-",  ".",   "-.",    "1.",  "+1",   " 1",  "1 ",       "1,5",   "1.2.3",
                             "e5", "1e", "1e+", "1e5.0", "--1", "0x10", "NaN", "Infinity", "1_000", "١"}) {
        CAPTURE(text);
        CHECK(strict(text) == "not_a_number");
        CHECK(rounded(text) == "not_a_number");
    }
    CHECK(strict(std::string_view("1\0", 2)) == "not_a_number");
}

TEST_CASE("the short and the long way of parsing agree") {
    // An exponent of zero takes the long way.
    for (const char *text :
         {"0", "1", "-1", "0.1", "99.9999", "-99999999999999.9999", "123456789012345678", "0.0001", "00.5"}) {
        CAPTURE(text);
        CHECK(strict(text) == strict(std::string(text) + "e0"));
        CHECK(strict(text) == rounded(std::string(text) + "e0"));
    }
}

TEST_CASE("money constants name their currency or leave it to the shop") {
    const auto with = parse_money("199.90 EUR", Excess::refuse);
    REQUIRE(with);
    CHECK(*with == Money{1'999'000, Currency::of("EUR")});
    const auto without = parse_money("199.90", Excess::refuse);
    REQUIRE(without);
    CHECK(!without->currency);
    CHECK(parse_money("1 eur", Excess::refuse).error().reason == "unknown_currency");
    CHECK(parse_money("1 ", Excess::refuse).error().reason == "unknown_currency");
    CHECK(parse_money("1  EUR", Excess::refuse).error().reason == "unknown_currency");
    CHECK(parse_money("1 EURO", Excess::refuse).error().reason == "unknown_currency");
    CHECK(parse_money(" EUR", Excess::refuse).error().reason == "not_a_number");
    CHECK(parse_money("1.23456 EUR", Excess::refuse).error().reason == "too_many_decimals");
}

TEST_CASE("a currency that comes in is one of ISO 4217, in use or withdrawn lately") {
    for (const char *code : {"AED", "EUR", "USD", "XCG", "XXX", "ZWG", "DEM", "FRF", "HRK", "BGN", "ZWR"}) {
        CAPTURE(code);
        CHECK(Currency::listed(code) == Currency::of(code));
        CHECK(Currency::listed(code).text() == code);
    }
    for (const char *code : {"ZZZ", "AAA", "EUA", "eur", "EURO", "EU", ""}) {
        CAPTURE(code);
        CHECK(!Currency::listed(code));
    }
    size_t known = 0;
    std::string code = "AAA";
    for (code[0] = 'A'; code[0] <= 'Z'; ++code[0])
        for (code[1] = 'A'; code[1] <= 'Z'; ++code[1])
            for (code[2] = 'A'; code[2] <= 'Z'; ++code[2])
                known += static_cast<bool>(Currency::listed(code));
    CHECK(known == 246);
    CHECK(parse_money("5 ZZZ", Excess::refuse).error().reason == "unknown_currency");
}

TEST_CASE("currencies know their ISO 4217 decimals") {
    CHECK(Currency::of("EUR").digits() == 2);
    CHECK(Currency::of("JPY").digits() == 0);
    CHECK(Currency::of("XPF").digits() == 0);
    CHECK(Currency::of("KWD").digits() == 3);
    CHECK(Currency::of("CLF").digits() == 4);
    CHECK(Currency{}.digits() == 2);
    CHECK(Currency::of("EUR").text() == "EUR");
    CHECK(Currency{}.text().empty());
    CHECK(!Currency::of("EU"));
    CHECK(!Currency::of("E1R"));
}

TEST_CASE("formats.md §3: money with its currency's digits, more only if they are not zero") {
    CHECK(format_money({1'999'000, Currency::of("EUR")}) == "199.90");
    CHECK(format_money({1'999'000, Currency{}}) == "199.90");
    CHECK(format_money({1'999'050, Currency::of("EUR")}) == "199.905");
    CHECK(format_money({10'000, Currency::of("JPY")}) == "1");
    CHECK(format_money({15'000, Currency::of("JPY")}) == "1.5");
    CHECK(format_money({15'000, Currency::of("KWD")}) == "1.500");
    CHECK(format_money({-50, Currency::of("EUR")}) == "-0.005");
    CHECK(format_money({0, Currency::of("EUR")}) == "0.00");
}

TEST_CASE("formats.md §3: decimals without trailing zeros") {
    CHECK(format_decimal(2'500'000) == "2.5");
    CHECK(format_decimal(2'000'000) == "2");
    CHECK(format_decimal(-1) == "-0.000001");
    CHECK(format_decimal(0) == "0");
    CHECK(format_decimal(INT64_MAX) == "9223372036854.775807");
    CHECK(format_decimal(INT64_MIN) == "-9223372036854.775808");
    CHECK(format_scaled(12'300, 0, 0) == "12300");
}

namespace {

// Digits first, then the point, then the zeros that may go.
std::string plainly(int64_t value, int scale, int least_decimals) {
    std::string digits = std::to_string(value < 0 ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value));
    const auto behind = static_cast<size_t>(scale);
    if (digits.size() <= behind) digits.insert(0, behind + 1 - digits.size(), '0');
    std::string fraction = digits.substr(digits.size() - behind);
    digits.resize(digits.size() - behind);
    while (fraction.size() > static_cast<size_t>(least_decimals) && fraction.back() == '0') fraction.pop_back();
    return (value < 0 ? "-" : "") + digits + (fraction.empty() ? "" : "." + fraction);
}

}  // namespace

TEST_CASE("what is formatted parses back to itself") {
    uint64_t state = 1;
    for (int round = 0; round < 2000; ++round) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        const int64_t value = static_cast<int64_t>(state >> (1 + state % 60));
        CHECK(strict(format_scaled(value, 4, 2)) == std::to_string(value));
        CHECK(strict(format_scaled(-value, 4, 0)) == std::to_string(-value));
        const int scale = round % 7, least = round % 5;
        CHECK(format_scaled(value, scale, least) == plainly(value, scale, least));
        CHECK(format_scaled(-value, scale, least) == plainly(-value, scale, least));
    }
}

TEST_CASE("division goes half to even on both sides of zero") {
    const auto divide = [](int64_t a, int64_t b) { return static_cast<int64_t>(divide_half_even(a, b)); };
    CHECK(divide(5, 2) == 2);
    CHECK(divide(7, 2) == 4);
    CHECK(divide(-5, 2) == -2);
    CHECK(divide(-7, 2) == -4);
    CHECK(divide(5, -2) == -2);
    CHECK(divide(-7, -2) == 4);
    CHECK(divide(8, 3) == 3);
    CHECK(divide(7, 3) == 2);
    CHECK(divide(-8, 3) == -3);
    CHECK(divide(0, 7) == 0);
    CHECK(static_cast<int64_t>(divide_half_even(Wide{INT64_MAX} * 1'000'000, 1'000'000)) == INT64_MAX);
    CHECK(fits_int64(INT64_MAX));
    CHECK(fits_int64(INT64_MIN));
    CHECK(!fits_int64(Wide{INT64_MAX} + 1));
    CHECK(!fits_int64(Wide{INT64_MIN} - 1));
}
