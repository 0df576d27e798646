// Calendar arithmetic, and times, dates and durations as text.
#include "base/instant.hpp"

namespace cartbell {
namespace {

constexpr int64_t days_in_cycle = 146'097;  // the Gregorian calendar repeats every 400 years

int64_t floor_divide(int64_t value, int64_t by) {
    const int64_t quotient = value / by;
    return quotient - (value % by < 0 ? 1 : 0);
}

bool is_leap(int32_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// `count` digits at `at` as a number, or -1. The caller knows that they lie inside the text.
int32_t digits(const char *at, int count) {
    int32_t value = 0;
    for (int index = 0; index < count; ++index) {
        const unsigned digit = static_cast<unsigned char>(at[index]) - unsigned{'0'};
        if (digit > 9) return -1;
        value = value * 10 + static_cast<int32_t>(digit);
    }
    return value;
}

char *put_digits(char *at, int64_t value, int count) {
    for (int index = count - 1; index >= 0; --index) {
        at[index] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
    return at + count;
}

// Four digits at least; instants near the ends of the type have up to six and a sign.
char *put_year(char *at, int64_t year) {
    if (year < 0) {
        *at++ = '-';
        year = -year;
    }
    return put_digits(at, year, year > 99'999 ? 6 : year > 9'999 ? 5 : 4);
}

Error not_a_time() {
    return failure(Code::invalid, "not_a_time",
                   "expected an RFC 3339 time such as 2026-11-20T10:15:00+01:00");
}
Error not_a_date() {
    return failure(Code::invalid, "not_a_date",
                   "expected a date such as 1990-05-14, or --05-14 without the year");
}

// The part after the seconds: fraction and zone. Leaves the cursor at the end.
struct Tail {
    int64_t fraction_us = 0;
    int64_t offset_us = 0;
    bool has_zone = false;
    bool good = false;
};

Tail parse_tail(const char *at, const char *end) {
    Tail tail;
    if (at != end && *at == '.') {
        const char *const begin = ++at;
        int64_t unit_us = second_us / 10;
        for (; at != end && *at >= '0' && *at <= '9'; ++at, unit_us /= 10)
            tail.fraction_us += (*at - '0') * unit_us;
        if (at == begin || at - begin > 9) return tail;
    }
    if (at == end) {
        tail.good = true;
        return tail;
    }
    tail.has_zone = true;
    if (*at == 'Z' || *at == 'z') {
        tail.good = at + 1 == end;
        return tail;
    }
    if ((*at != '+' && *at != '-') || end - at != 6 || at[3] != ':') return tail;
    const int32_t hours = digits(at + 1, 2);
    const int32_t minutes = digits(at + 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return tail;
    tail.offset_us = (hours * 60 + minutes) * 60 * second_us * (*at == '-' ? -1 : 1);
    tail.good = true;
    return tail;
}

}  // namespace

// Years are counted from March here, so that the leap day is the last day of its year and months follow 153
// days per five.
int64_t days_of(Date date) {
    const int64_t year = int64_t{date.year} - (date.month <= 2 ? 1 : 0);
    const int64_t cycle = floor_divide(year, 400);
    const int64_t year_of_cycle = year - cycle * 400;
    const int64_t month_from_march = (date.month + 9) % 12;
    const int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    const int64_t day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
    return cycle * days_in_cycle + day_of_cycle - 719'468;  // 719,468 days from 0000-03-01 to 1970-01-01
}

Date date_of_days(int64_t days) {
    const int64_t shifted = days + 719'468;
    const int64_t cycle = floor_divide(shifted, days_in_cycle);
    const int64_t day_of_cycle = shifted - cycle * days_in_cycle;
    const int64_t year_of_cycle =
        (day_of_cycle - day_of_cycle / 1'460 + day_of_cycle / 36'524 - day_of_cycle / 146'096) / 365;
    const int64_t day_of_year =
        day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    const int64_t month_from_march = (5 * day_of_year + 2) / 153;
    Date date;
    date.day = static_cast<int32_t>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    date.month = static_cast<int32_t>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    date.year = static_cast<int32_t>(year_of_cycle + cycle * 400 + (date.month <= 2 ? 1 : 0));
    return date;
}

int days_in_month(int32_t year, int32_t month) {
    if (month == 2) return is_leap(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

int weekday_of_days(int64_t days) {
    const int64_t from_monday = days + 3;  // 1970-01-01 was a Thursday
    return static_cast<int>(from_monday - floor_divide(from_monday, 7) * 7);
}

int64_t whole_days(int64_t time_us) {
    return floor_divide(time_us, day_us);
}

int64_t us_of_day(int64_t time_us) {
    const int64_t rest = time_us % day_us;
    return rest < 0 ? rest + day_us : rest;
}

bool valid(Date date) {  // year 0, the unknown one, is a leap year by the rule itself
    return date.year >= 0 && date.year <= 9999 && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
           date.day <= days_in_month(date.year, date.month);
}

int64_t pack(Date date) {
    return int64_t{date.year} * 10'000 + date.month * 100 + date.day;
}

Date unpack_date(int64_t packed) {
    return Date{static_cast<int32_t>(packed / 10'000), static_cast<int32_t>(packed / 100 % 100),
                static_cast<int32_t>(packed % 100)};
}

Result<Instant> parse_instant(std::string_view text) {
    // 0123456789012345678
    // 2026-11-20T09:15:00
    if (text.size() < 19 || text.size() > 35) return not_a_time();
    const char *const at = text.data();
    const Date date{digits(at, 4), digits(at + 5, 2), digits(at + 8, 2)};
    const int32_t hour = digits(at + 11, 2);
    const int32_t minute = digits(at + 14, 2);
    const int32_t second = digits(at + 17, 2);
    const bool marks = at[4] == '-' && at[7] == '-' && (at[10] == 'T' || at[10] == 't' || at[10] == ' ') &&
                       at[13] == ':' && at[16] == ':';
    if (!marks || !valid(date) || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
        second > 60) {
        return not_a_time();
    }
    const Tail tail = parse_tail(at + 19, at + text.size());
    if (!tail.good) return not_a_time();
    if (!tail.has_zone) {
        return failure(Code::invalid, "no_zone", "the time needs a zone: Z, or an offset such as +01:00");
    }
    const int64_t of_day_us = ((hour * 60 + minute) * 60 + second) * second_us;
    const Instant instant = days_of(date) * day_us + of_day_us - tail.offset_us + tail.fraction_us;
    // RFC 3339 §5.7: a leap second ends a UTC day. It is the first second of the next one here, as in POSIX
    // time.
    if (second == 60 && (instant - tail.fraction_us) % day_us != 0) return not_a_time();
    if (instant < least_instant || instant > greatest_instant) {
        return failure(Code::invalid, "out_of_range", "times must lie in the years 1970 to 2199");
    }
    return instant;
}

std::string format_instant(Instant instant) {
    const int64_t of_day_us = us_of_day(instant);
    const Date date = date_of_days(whole_days(instant));
    char text[40];
    char *at = put_year(text, date.year);
    *at++ = '-';
    at = put_digits(at, date.month, 2);
    *at++ = '-';
    at = put_digits(at, date.day, 2);
    *at++ = 'T';
    const int64_t seconds = of_day_us / second_us;
    at = put_digits(at, seconds / 3600, 2);
    *at++ = ':';
    at = put_digits(at, seconds / 60 % 60, 2);
    *at++ = ':';
    at = put_digits(at, seconds % 60, 2);
    if (const int64_t fraction_us = of_day_us % second_us; fraction_us != 0) {
        *at++ = '.';
        at = put_digits(at, fraction_us, 6);
        while (at[-1] == '0')
            --at;
    }
    *at++ = 'Z';
    return std::string(text, at);
}

Result<Date> parse_date(std::string_view text) {
    Date date;
    const char *const at = text.data();
    if (text.size() == 10 && at[4] == '-' && at[7] == '-') {
        date = Date{digits(at, 4), digits(at + 5, 2), digits(at + 8, 2)};
        if (date.year == 0) return not_a_date();  // 0 stands for "unknown" inside
    } else if (text.size() == 7 && at[0] == '-' && at[1] == '-' && at[4] == '-') {
        date = Date{0, digits(at + 2, 2), digits(at + 5, 2)};
    } else {
        return not_a_date();
    }
    if (!valid(date)) return not_a_date();
    return date;
}

std::string format_date(Date date) {
    char text[16];
    char *at = text;
    if (date.year == 0) {
        *at++ = '-';
    } else {
        at = put_year(at, date.year);
    }
    *at++ = '-';
    at = put_digits(at, date.month, 2);
    *at++ = '-';
    at = put_digits(at, date.day, 2);
    return std::string(text, at);
}

Result<int32_t> parse_clock(std::string_view text) {
    const char *const at = text.data();
    const bool with_seconds = text.size() == 8;
    if ((text.size() == 5 || with_seconds) && at[2] == ':' && (!with_seconds || at[5] == ':')) {
        const int32_t hour = digits(at, 2);
        const int32_t minute = digits(at + 3, 2);
        const int32_t second = with_seconds ? digits(at + 6, 2) : 0;
        if (hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59) {
            return (hour * 60 + minute) * 60 + second;
        }
    }
    return failure(Code::invalid, "not_a_clock", "expected a time of day such as 09:00");
}

namespace {
constexpr std::string_view unit_names[] = {"s", "m", "h", "d", "w", "mo", "y"};
}

Result<Duration> parse_duration(std::string_view text) {
    size_t length = 0;
    int64_t count = 0;
    while (length < text.size() && length < 18 && text[length] >= '0' && text[length] <= '9') {
        count = count * 10 + (text[length++] - '0');
    }
    const std::string_view unit = text.substr(length);
    for (size_t index = 0; length > 0 && index < std::size(unit_names); ++index) {
        if (unit == unit_names[index]) return Duration{count, static_cast<Duration::Unit>(index)};
    }
    return failure(Code::invalid, "not_a_duration",
                   "expected a whole number with one of the units s m h d w mo y, such as 90d");
}

std::string format_duration(Duration duration) {
    return std::to_string(duration.count) + std::string(unit_names[static_cast<size_t>(duration.unit)]);
}

}  // namespace cartbell
