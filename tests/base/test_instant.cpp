#include <doctest/doctest.h>

#include <string>

#include "base/instant.hpp"

using namespace cartbell;

namespace {

std::string reparsed(std::string_view text) {
    const auto result = parse_instant(text);
    return result ? format_instant(*result) : result.error().reason;
}

}  // namespace

TEST_CASE("times are RFC 3339 with a zone, answered in UTC") {
    CHECK(reparsed("2026-11-20T10:15:00+01:00") == "2026-11-20T09:15:00Z");
    CHECK(reparsed("2026-11-20T09:15:00Z") == "2026-11-20T09:15:00Z");
    CHECK(reparsed("2026-11-20t09:15:00z") == "2026-11-20T09:15:00Z");
    CHECK(reparsed("2026-11-20 09:15:00Z") == "2026-11-20T09:15:00Z");  // RFC 3339 §5.6, note
    CHECK(reparsed("2026-01-01T00:30:00+05:45") == "2025-12-31T18:45:00Z");
    CHECK(reparsed("2026-01-01T00:30:00-00:00") == "2026-01-01T00:30:00Z");
    CHECK(reparsed("2024-02-29T23:59:59Z") == "2024-02-29T23:59:59Z");
}

TEST_CASE("a fraction has up to nine digits and is truncated to microseconds") {
    CHECK(reparsed("2026-11-20T09:15:00.5Z") == "2026-11-20T09:15:00.5Z");
    CHECK(reparsed("2026-11-20T09:15:00.123456789Z") == "2026-11-20T09:15:00.123456Z");
    CHECK(reparsed("2026-11-20T09:15:00.000000999+01:00") == "2026-11-20T08:15:00Z");
    CHECK(reparsed("2026-11-20T09:15:00.1234567890Z") == "not_a_time");
    CHECK(reparsed("2026-11-20T09:15:00.Z") == "not_a_time");
}

TEST_CASE("a leap second is the first second of the next day, and exists only at the end of a UTC day") {
    CHECK(reparsed("2016-12-31T23:59:60Z") == "2017-01-01T00:00:00Z");
    CHECK(reparsed("2016-12-31T18:59:60.5-05:00") == "2017-01-01T00:00:00.5Z");
    CHECK(reparsed("2016-12-31T12:00:60Z") == "not_a_time");
    CHECK(reparsed("2016-12-31T23:59:61Z") == "not_a_time");
}

TEST_CASE("a time without a zone is an error of its own") {
    CHECK(reparsed("2026-11-20T09:15:00") == "no_zone");
    CHECK(reparsed("2026-11-20T09:15:00.25") == "no_zone");
}

TEST_CASE("formats.md §1: instants outside 1970-2199 are out of range") {
    CHECK(reparsed("1970-01-01T00:00:00Z") == "1970-01-01T00:00:00Z");
    CHECK(reparsed("1970-01-01T00:00:00+00:01") == "out_of_range");
    CHECK(reparsed("1969-12-31T23:59:59.999999Z") == "out_of_range");
    CHECK(reparsed("2199-12-31T23:59:59.999999Z") == "2199-12-31T23:59:59.999999Z");
    CHECK(reparsed("2200-01-01T00:00:00Z") == "out_of_range");
    CHECK(reparsed("0000-01-01T00:00:00Z") == "out_of_range");
    CHECK(*parse_instant("2199-12-31T23:59:59.999999Z") == greatest_instant);
    CHECK(*parse_instant("1970-01-01T00:00:00Z") == least_instant);
}

TEST_CASE("what is no time is refused") {
    for (const char *text : {"",
                             "2026-11-20",
                             "2026-11-20T09:15Z",
                             "2026-13-20T09:15:00Z",
                             "2026-02-29T09:15:00Z",
                             "2026-11-31T09:15:00Z",
                             "2026-11-20T24:00:00Z",
                             "2026-11-20T09:60:00Z",
                             "2026-11-20T09:15:00+24:00",
                             "2026-11-20T09:15:00+01:60",
                             "2026-11-20T09:15:00+0100",
                             "2026-11-20T09:15:00+01",
                             "2026-11-20T09:15:00Zx",
                             "2026/11/20T09:15:00Z",
                             "2026-11-20X09:15:00Z",
                             "20261120T091500Z",
                             "+026-11-20T09:15:00Z",
                             "2026-11-20T09:15:0 Z",
                             "2026-00-20T09:15:00Z",
                             "2026-11-00T09:15:00Z",
                             "1763630100",
                             "2026-11-20T09:15:00 Z"}) {
        CAPTURE(text);
        CHECK(reparsed(text) == "not_a_time");
    }
    CHECK(reparsed(std::string(100'000, '2')) == "not_a_time");
    CHECK(reparsed(std::string_view("2026-11-20T09:15:00Z\0", 21)) == "not_a_time");
}

TEST_CASE("every instant can be written, even those no operation may carry") {
    CHECK(format_instant(0) == "1970-01-01T00:00:00Z");
    CHECK(format_instant(-1) == "1969-12-31T23:59:59.999999Z");
    CHECK(format_instant(120) == "1970-01-01T00:00:00.00012Z");
    CHECK(format_instant(never) == "294247-01-10T04:00:54.775807Z");
    CHECK(format_instant(no_instant) == "-290308-12-21T19:59:05.224192Z");
}

TEST_CASE("days and dates are each other's inverse over 1,000 years, and weekdays go round") {
    Date date{1600, 1, 1};
    int weekday = weekday_of_days(days_of(date));
    CHECK(weekday == 5);  // a Saturday
    for (int64_t days = days_of(date); date.year < 2600; ++days) {
        REQUIRE(date_of_days(days) == date);
        REQUIRE(days_of(date) == days);
        REQUIRE(weekday_of_days(days) == weekday);
        weekday = (weekday + 1) % 7;
        if (++date.day > days_in_month(date.year, date.month)) {
            date.day = 1;
            if (++date.month > 12) date.month = 1, ++date.year;
        }
    }
    CHECK(days_of({1970, 1, 1}) == 0);
    CHECK(weekday_of_days(0) == 3);  // a Thursday
    CHECK(days_of({0, 3, 1}) == -719'468);
}

TEST_CASE("leap years follow the Gregorian rule") {
    CHECK(days_in_month(2000, 2) == 29);
    CHECK(days_in_month(1900, 2) == 28);
    CHECK(days_in_month(2024, 2) == 29);
    CHECK(days_in_month(2100, 2) == 28);
}

TEST_CASE("dates are \"1990-05-14\", or \"--05-14\" when the year is unknown") {
    CHECK(*parse_date("1990-05-14") == Date{1990, 5, 14});
    CHECK(*parse_date("--05-14") == Date{0, 5, 14});
    CHECK(*parse_date("--02-29") == Date{0, 2, 29});
    CHECK(format_date({1990, 5, 14}) == "1990-05-14");
    CHECK(format_date({0, 5, 14}) == "--05-14");
    CHECK(format_date({33, 1, 2}) == "0033-01-02");
    for (const char *text :
         {"", "1990-5-14", "1990-02-30", "1990-13-01", "1990-00-01", "1990-01-00", "0000-05-14", "--02-30",
          "--13-01", "-05-14", "---05-14", "1990-05-14Z", "19900514", "1990-05-1x", "--0514x"}) {
        CAPTURE(text);
        const auto result = parse_date(text);
        REQUIRE(!result.ok());
        CHECK(result.error().reason == "not_a_date");
    }
}

TEST_CASE("packed dates sort like dates and unpack to themselves") {
    for (const Date date : {Date{1990, 5, 14}, Date{0, 2, 29}, Date{9999, 12, 31}})
        CHECK(unpack_date(pack(date)) == date);
    CHECK(pack({1990, 12, 31}) < pack({1991, 1, 1}));
    CHECK(pack({1990, 1, 31}) < pack({1990, 2, 1}));
}

TEST_CASE("times of day") {
    CHECK(*parse_clock("09:00") == 9 * 3600);
    CHECK(*parse_clock("23:59:59") == 86'399);
    for (const char *text :
         {"", "9:00", "24:00", "09:60", "09:00:60", "09-00", "09:00:", "09:00Z", "0900", "09:0a"}) {
        CAPTURE(text);
        REQUIRE(!parse_clock(text).ok());
        CHECK(parse_clock(text).error().reason == "not_a_clock");
    }
}

TEST_CASE("durations are one whole number and one unit, s m h d w mo y") {
    using Unit = Duration::Unit;
    CHECK(*parse_duration("90d") == Duration{90, Unit::day});
    CHECK(*parse_duration("1mo") == Duration{1, Unit::month});
    CHECK(*parse_duration("5m") == Duration{5, Unit::minute});
    CHECK(*parse_duration("0s") == Duration{0, Unit::second});
    for (const char *text : {"30s", "5m", "24h", "90d", "2w", "1mo", "3y"})
        CHECK(format_duration(*parse_duration(text)) == text);
    for (const char *text : {"", "d", "90", "-1d", "+1d", "1.5d", "1 d", "1D", "1d12h", "1min", "1month",
                             "1mo ", "1e3d", "1000000000000000000d"}) {
        CAPTURE(text);
        REQUIRE(!parse_duration(text).ok());
        CHECK(parse_duration(text).error().reason == "not_a_duration");
    }
}
