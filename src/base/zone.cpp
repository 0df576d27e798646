// Durations and dates in a zone (formats.md, head).
#include "base/zone.hpp"

#include "base/decimal.hpp"

namespace cartbell {
namespace {

class UtcZone final : public Zone {
  public:
    constexpr ~UtcZone() override {}
    int32_t offset_seconds_at(Instant) const override { return 0; }
    Instant instant_of(LocalTime local) const override { return local; }
    std::string_view name() const override { return "UTC"; }
};

constexpr UtcZone utc_zone;

Instant saturated(Wide instant) {
    if (instant >= never) return never;
    if (instant <= no_instant) return no_instant + 1;
    return static_cast<Instant>(instant);
}

// The months of a calendar step; the year's range keeps them far from overflow.
constexpr int64_t most_months = 12 * 1'000'000;
int64_t months_of(Duration duration) {
    const int64_t count = duration.count < -most_months  ? -most_months
                          : duration.count > most_months ? most_months
                                                         : duration.count;
    return duration.unit == Duration::Unit::year ? count * 12 : count;
}

bool is_calendar(Duration duration) {
    return duration.unit == Duration::Unit::month || duration.unit == Duration::Unit::year;
}

Wide exact_us(Duration duration) {
    constexpr int64_t unit_us[] = {second_us, 60 * second_us, 3600 * second_us, day_us, 7 * day_us};
    return Wide{duration.count} * unit_us[static_cast<size_t>(duration.unit)];
}

// The same day some months later or earlier, clamped to that month's last day.
Date step_months(Date date, int64_t months) {
    const int64_t from_year_zero = int64_t{date.year} * 12 + (date.month - 1) + months;
    const int64_t year = from_year_zero / 12 - (from_year_zero % 12 < 0 ? 1 : 0);
    Date stepped;
    stepped.year = static_cast<int32_t>(year);
    stepped.month = static_cast<int32_t>(from_year_zero - year * 12) + 1;
    const int last = days_in_month(stepped.year, stepped.month);
    stepped.day = date.day < last ? date.day : last;
    return stepped;
}

Instant move(Instant instant, Duration duration, const Zone &zone, int sign) {
    if (instant == never || instant == no_instant || duration.count == 0) return instant;
    if (!is_calendar(duration)) return saturated(Wide{instant} + sign * exact_us(duration));
    const LocalTime local = local_of(zone, instant);
    const Date stepped = step_months(date_of_days(whole_days(local)), sign * months_of(duration));
    const Wide moved = Wide{days_of(stepped)} * day_us + us_of_day(local);
    const Instant bounded = saturated(moved);
    // At the far ends of the type a zone's offset could overflow, and means nothing anyway.
    if (bounded > never - day_us || bounded < no_instant + day_us)
        return bounded < 0 ? no_instant + 1 : never;
    return zone.instant_of(bounded);
}

Date bounded_date(Date date) {
    if (date.year > 9999) return Date{9999, 12, 31};
    if (date.year < 1) return Date{1, 1, 1};
    return date;
}

// Without a year the days go round: 31 December and one day is 1 January of the unknown year.
Date move(Date date, Duration duration, int sign) {
    Date moved = date;
    if (is_calendar(duration)) {
        moved = step_months(date, sign * months_of(duration));
    } else if (duration.unit == Duration::Unit::day || duration.unit == Duration::Unit::week) {
        constexpr int64_t most_days = 10'000 * 366;
        const int64_t count = duration.count < -most_days  ? -most_days
                              : duration.count > most_days ? most_days
                                                           : duration.count;
        moved = date_of_days(days_of(date) + sign * count * (duration.unit == Duration::Unit::week ? 7 : 1));
    }
    if (date.year != 0) return bounded_date(moved);
    moved.year = 0;
    return moved;
}

}  // namespace

const Zone &utc() {
    return utc_zone;
}

Date date_at(const Zone &zone, Instant instant) {
    return date_of_days(whole_days(local_of(zone, instant)));
}

Instant midnight_of(const Zone &zone, Date date) {
    return zone.instant_of(days_of(date) * day_us);
}

Instant add(Instant instant, Duration duration, const Zone &zone) {
    return move(instant, duration, zone, 1);
}
Instant subtract(Instant instant, Duration duration, const Zone &zone) {
    return move(instant, duration, zone, -1);
}
Date add(Date date, Duration duration) {
    return move(date, duration, 1);
}
Date subtract(Date date, Duration duration) {
    return move(date, duration, -1);
}

}  // namespace cartbell
