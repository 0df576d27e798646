#include "segment/span.hpp"

namespace cartbell::segment {
namespace {

Instant after(Instant instant) {
    return instant == never ? never : instant + 1;
}

// More than any step of that unit can be, zone changes included; saturated.
int64_t at_most_us(Duration duration) {
    constexpr int64_t most_days[] = {0, 0, 0, 1, 7, 31, 366};
    const int64_t days = most_days[static_cast<size_t>(duration.unit)];
    const Wide us = Wide{duration.count} * days * day_us + 2 * day_us;
    return us > never / 2 ? never / 2 : static_cast<int64_t>(us);
}

// The first day of the calendar step that the day is in, and of the one after it.
int64_t step_begin(Period::Step step, int64_t day) {
    const Date date = date_of_days(day);
    switch (step) {
        case Period::Step::day:
            return day;
        case Period::Step::week:
            return day - weekday_of_days(day);  // weeks begin on Monday
        case Period::Step::month:
            return days_of({date.year, date.month, 1});
        case Period::Step::quarter:
            return days_of({date.year, (date.month - 1) / 3 * 3 + 1, 1});
        case Period::Step::year:
            break;
    }
    return days_of({date.year, 1, 1});
}

int64_t step_end(Period::Step step, int64_t day) {
    constexpr int64_t into_the_next[] = {1, 7, 31, 92, 366};
    const int64_t begin = step_begin(step, day);
    return step_begin(step, begin + into_the_next[static_cast<size_t>(step)]);
}

// Rows of longer ago cannot be in the period any more: the usual case, decided without the zone.
bool long_past(Instant fact, int64_t most_days, Instant now) {
    return (now - fact) / day_us > most_days + 2;
}

Verdict in_calendar(const Period &period, Instant fact, const Zone &zone, Instant now) {
    if (long_past(fact, 2 * 366, now)) return {false, never};
    const int64_t day = local_day(zone, fact);
    const int64_t end = step_end(period.step, day);
    const Instant ended = midnight(zone, end);
    if (period.kind == Period::Kind::this_one) return verdict_of(Span{fact, ended}, now);
    return verdict_of(Span{std::max(fact, ended), midnight(zone, step_end(period.step, end))}, now);
}

}  // namespace

int64_t local_day(const Zone &zone, Instant instant) {
    const int64_t day = days_of(date_at(zone, instant));
    return midnight(zone, day + 1) <= instant ? day + 1 : day;
}

Instant midnight(const Zone &zone, int64_t day) {
    return zone.instant_of(day * day_us);
}

Verdict ago(Instant fact, Op relation, Instant fact_later, Instant now) {
    switch (relation) {
        case Op::ge:
            return verdict_of(Span{fact_later, never}, now);
        case Op::gt:
            return verdict_of(Span{after(fact_later), never}, now);
        case Op::lt:
            return verdict_of(Span{fact, fact_later}, now);
        case Op::le:
            return verdict_of(Span{fact, after(fact_later)}, now);
        case Op::eq:
            return verdict_of(Span{fact_later, after(fact_later)}, now);
        default:
            break;  // ne
    }
    return either(verdict_of(Span{fact, fact_later}, now), verdict_of(Span{after(fact_later), never}, now));
}

Verdict ahead(Instant fact, Op relation, Instant fact_earlier, Instant now) {
    const Instant past_it = std::min(after(fact_earlier), fact);
    switch (relation) {
        case Op::le:
            return verdict_of(Span{fact_earlier, fact}, now);
        case Op::lt:
            return verdict_of(Span{past_it, fact}, now);
        case Op::ge:
            return verdict_of(Span{no_instant, past_it}, now);
        case Op::gt:
            return verdict_of(Span{no_instant, fact_earlier}, now);
        case Op::eq:
            return verdict_of(Span{fact_earlier, past_it}, now);
        default:
            break;  // ne
    }
    return either(verdict_of(Span{no_instant, fact_earlier}, now), verdict_of(Span{past_it, fact}, now));
}

Instant later_of(Instant fact, Duration duration, const Zone &zone, Instant now) {
    constexpr int64_t small = 1'000'000;  // of which no sum overflows
    constexpr int64_t exact_us[] = {second_us, 60 * second_us, 3600 * second_us, day_us, 7 * day_us};
    if (duration.unit < Duration::Unit::month) {
        if (duration.count < small)
            return fact + duration.count * exact_us[static_cast<size_t>(duration.unit)];
    } else if (fact < now) {
        const int64_t most = at_most_us(duration);
        if (now - fact > most) return fact + most;
    }
    return add(fact, duration, zone);
}

Verdict in_period(const Period &period, Instant fact, const Zone &zone, Instant now) {
    switch (period.kind) {
        case Period::Kind::past:
            return verdict_of(Span{fact, later_of(fact, period.duration, zone, now)}, now);
        case Period::Kind::older_than:
            return verdict_of(Span{later_of(fact, period.duration, zone, now), never}, now);
        case Period::Kind::past_days:  // today and the n-1 local days before
            if (long_past(fact, period.days, now)) return {false, never};
            return verdict_of(Span{fact, midnight(zone, local_day(zone, fact) + period.days)}, now);
        default:
            break;
    }
    return in_calendar(period, fact, zone, now);
}

Anniversary next_anniversary(Date date, int64_t today) {
    const int64_t own_day = date.year == 0 ? no_instant : days_of(date);
    int32_t year = date_of_days(today).year;
    if (date.year != 0 && year <= date.year) year = date.year + 1;
    for (;; ++year) {
        const int32_t day = std::min(date.day, days_in_month(year, date.month));
        const int64_t found = days_of({year, date.month, day});
        if (found >= today && found > own_day) return {found, date.year == 0 ? 0 : int64_t{year} - date.year};
    }
}

}  // namespace cartbell::segment
