// Instants, civil dates, durations. An Instant is microseconds since 1970-01-01T00:00:00Z.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/status.hpp"

namespace cartbell {

using Instant = int64_t;
inline constexpr Instant never = std::numeric_limits<int64_t>::max();        // as a "next change": none
inline constexpr Instant no_instant = std::numeric_limits<int64_t>::min();   // as a value: missing
inline constexpr int64_t second_us = 1'000'000;
inline constexpr int64_t day_us = 86'400 * second_us;
inline constexpr Instant least_instant = 0;                                  // formats.md §1: 1970-2199
inline constexpr Instant greatest_instant = 7'258'118'400'000'000 - 1;       // the last microsecond of 2199

// A day of the proleptic Gregorian calendar; year 0 means "year unknown" (formats.md: "--05-14").
struct Date {
    int32_t year = 0;
    int32_t month = 1;  // 1-12
    int32_t day = 1;    // 1-31
    friend bool operator==(const Date &, const Date &) = default;
    friend auto operator<=>(const Date &, const Date &) = default;
};

int64_t days_of(Date date);            // days since 1970-01-01
Date date_of_days(int64_t days);
int days_in_month(int32_t year, int32_t month);
int weekday_of_days(int64_t days);     // 0 = Monday
bool valid(Date date);                 // year 0 allowed with 29 February
int64_t pack(Date date);               // one integer in date order: year * 10000 + month * 100 + day
Date unpack_date(int64_t packed);

// Instants and wall times alike: whole days since 1970-01-01, and the microseconds of the day that are left (never negative).
int64_t whole_days(int64_t time_us);
int64_t us_of_day(int64_t time_us);

// Local wall time as microseconds since 1970-01-01T00:00:00 of that wall clock.
using LocalTime = int64_t;

Result<Instant> parse_instant(std::string_view text);   // RFC 3339 with a zone, up to 9 fraction digits (truncated to µs). Errors: `not_a_time`, `no_zone`, `out_of_range`
std::string format_instant(Instant instant);            // RFC 3339 UTC; fraction only if not zero: "2026-11-20T09:15:00Z"
Result<Date> parse_date(std::string_view text);         // "1990-05-14" or "--05-14". Error: `not_a_date`
std::string format_date(Date date);
Result<int32_t> parse_clock(std::string_view text);     // "09:00" or "09:00:30" -> seconds of the day

struct Duration {
    enum class Unit : uint8_t { second, minute, hour, day, week, month, year };
    int64_t count = 0;
    Unit unit = Unit::second;
    friend bool operator==(const Duration &, const Duration &) = default;
};
Result<Duration> parse_duration(std::string_view text);  // "90d": one whole number, one of s m h d w mo y. Error: `not_a_duration`
std::string format_duration(Duration duration);

}  // namespace cartbell
