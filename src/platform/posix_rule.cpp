#include "platform/posix_rule.hpp"

#include <utility>

#include "base/instant.hpp"

namespace cartbell {
namespace {

// Reads a rule from left to right; every step says whether it found what it wanted.
class Cursor {
  public:
    explicit Cursor(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }
    bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }
    bool take(char c) {
        if (!next_is(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    // A name of letters, or anything between < and >. At least three characters.
    bool take_name() {
        const bool quoted = take('<');
        size_t length = 0;
        while (length < rest_.size() && (quoted ? rest_[length] != '>' : is_letter(rest_[length])))
            ++length;
        if (length < 3) return false;
        rest_.remove_prefix(length);
        return !quoted || take('>');
    }

    bool take_number(int32_t least, int32_t greatest, int32_t &value) {
        size_t length = 0;
        int32_t number = 0;
        while (length < rest_.size() && rest_[length] >= '0' && rest_[length] <= '9') {
            number = number * 10 + (rest_[length++] - '0');
            if (number > greatest) return false;
        }
        if (length == 0 || number < least) return false;
        rest_.remove_prefix(length);
        value = number;
        return true;
    }

    // [+-]hh[:mm[:ss]]
    bool take_time(int32_t most_hours, int32_t &seconds) {
        const bool negative = take('-');
        if (!negative) take('+');
        int32_t hours = 0, minutes = 0, rest = 0;
        if (!take_number(0, most_hours, hours)) return false;
        if (take(':')) {
            if (!take_number(0, 59, minutes)) return false;
            if (take(':') && !take_number(0, 59, rest)) return false;
        }
        seconds = (hours * 60 + minutes) * 60 + rest;
        if (negative) seconds = -seconds;
        return true;
    }

    // ,date[/time]
    bool take_moment(YearlyMoment &moment) {
        if (!take(',')) return false;
        if (take('M')) {
            moment.kind = YearlyMoment::Kind::month_week_day;
            if (!take_number(1, 12, moment.month) || !take('.') || !take_number(1, 5, moment.week) ||
                !take('.') || !take_number(0, 6, moment.weekday)) {
                return false;
            }
        } else if (take('J')) {
            moment.kind = YearlyMoment::Kind::day_of_365;
            if (!take_number(1, 365, moment.day)) return false;
        } else {
            moment.kind = YearlyMoment::Kind::day_of_year;
            if (!take_number(0, 365, moment.day)) return false;
        }
        moment.wall_seconds = 2 * 3600;  // the default of POSIX
        return !take('/') || take_time(167, moment.wall_seconds);
    }

  private:
    static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
    std::string_view rest_;
};

int64_t days_of_moment(const YearlyMoment &moment, int32_t year) {
    switch (moment.kind) {
        case YearlyMoment::Kind::day_of_year:
            return days_of({year, 1, 1}) + moment.day;
        case YearlyMoment::Kind::day_of_365: {
            const bool after_leap_day = moment.day >= 60 && days_in_month(year, 2) == 29;
            return days_of({year, 1, 1}) + moment.day - (after_leap_day ? 0 : 1);
        }
        case YearlyMoment::Kind::month_week_day:
            break;
    }
    const int64_t first = days_of({year, moment.month, 1});
    const int weekday_of_first = (weekday_of_days(first) + 1) % 7;  // from 0 = Sunday
    int day = (moment.weekday - weekday_of_first + 7) % 7 + (moment.week - 1) * 7;
    if (day >= days_in_month(year, moment.month)) day -= 7;  // week 5 is the last one
    return first + day;
}

}  // namespace

std::array<PosixRule::Change, 2> PosixRule::changes_of(int32_t year) const {
    const auto at = [year](const YearlyMoment &moment, int32_t offset_seconds) {
        return days_of_moment(moment, year) * 86'400 + moment.wall_seconds - offset_seconds;
    };
    const Change begin{at(summer_begins, standard_seconds), summer_seconds};
    const Change end{at(summer_ends, summer_seconds), standard_seconds};
    if (begin.at_seconds < end.at_seconds) return {begin, end};
    return {end, begin};
}

std::optional<PosixRule> parse_posix_rule(std::string_view text) {
    Cursor cursor(text);
    PosixRule rule;
    // POSIX counts offsets west of Greenwich.
    if (!cursor.take_name() || !cursor.take_time(24, rule.standard_seconds)) return std::nullopt;
    rule.standard_seconds = -rule.standard_seconds;
    if (cursor.at_end()) return rule;

    rule.has_summer = true;
    rule.summer_seconds = rule.standard_seconds + 3600;
    if (!cursor.take_name()) return std::nullopt;
    if (!cursor.next_is(',')) {
        if (!cursor.take_time(24, rule.summer_seconds)) return std::nullopt;
        rule.summer_seconds = -rule.summer_seconds;
    }
    if (!cursor.take_moment(rule.summer_begins) || !cursor.take_moment(rule.summer_ends) ||
        !cursor.at_end()) {
        return std::nullopt;
    }
    return rule;
}

}  // namespace cartbell
