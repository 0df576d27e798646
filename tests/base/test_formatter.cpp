#include <doctest/doctest.h>

#include "base/formatter.hpp"

using namespace cartbell;

TEST_CASE("neutral money carries its currency, neutral numbers no grouping") {
    const Formatter &formatter = neutral_formatter();
    CHECK(formatter.money({1'999'000, Currency::of("EUR")}, "lv") == "199.90 EUR");
    CHECK(formatter.money({1'999'000, Currency{}}, "") == "199.90");
    CHECK(formatter.money({12'340'000, Currency::of("JPY")}, "") == "1234 JPY");
    CHECK(formatter.number(1'234'500'000, "de") == "1234.5");
}

TEST_CASE("formats.md §3: percent is whole, toward zero") {
    CHECK(neutral_formatter().percent(12'900'000, "") == "12%");
    CHECK(neutral_formatter().percent(-12'900'000, "") == "-12%");
    CHECK(neutral_formatter().percent(-900'000, "") == "0%");
}

TEST_CASE("neutral dates and times") {
    const Formatter &formatter = neutral_formatter();
    const LocalTime local = *parse_instant("2026-11-20T09:05:59Z");
    CHECK(formatter.time(local, TimeFormat::date_short, "") == "2026-11-20");
    CHECK(formatter.time(local, TimeFormat::date_long, "") == "20 November 2026");
    CHECK(formatter.time(local, TimeFormat::time, "") == "09:05");
    CHECK(formatter.time(local, TimeFormat::weekday, "") == "Friday");
    CHECK(formatter.time(-1, TimeFormat::date_long, "") == "31 December 1969");
}
