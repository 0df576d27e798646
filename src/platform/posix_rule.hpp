// The yearly rule at the end of a zone file: a POSIX TZ string (RFC 9636 §3.3.1, with the hours of version
// 3).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cartbell {

// A day of every year, and the wall time at which the clock is changed on it.
struct YearlyMoment {
    enum class Kind : uint8_t {
        month_week_day,  // Mm.w.d: `weekday` (0 = Sunday) of week 1-4 of the month, 5 = the last one
        day_of_year,     // n: 0-365, 29 February counted
        day_of_365,      // Jn: 1-365, 29 February never counted
    };
    Kind kind = Kind::day_of_year;
    int32_t month = 0;
    int32_t week = 0;
    int32_t weekday = 0;
    int32_t day = 0;
    int32_t wall_seconds = 0;  // of the day; version 3 allows -167 to 167 hours
};

struct PosixRule {
    int32_t standard_seconds = 0;  // offsets, east of UTC is positive
    int32_t summer_seconds = 0;
    bool has_summer = false;
    YearlyMoment summer_begins;  // in standard time
    YearlyMoment summer_ends;    // in summer time

    struct Change {
        int64_t at_seconds;  // since 1970
        int32_t offset_seconds;
    };
    // The two changes of a year in order of time; only with summer time. Of two at one instant the beginning
    // of summer comes last, so that "always summer time", which ends and begins at new year, holds.
    std::array<Change, 2> changes_of(int32_t year) const;
};

// Nothing if the text is not such a rule.
std::optional<PosixRule> parse_posix_rule(std::string_view text);

}  // namespace cartbell
