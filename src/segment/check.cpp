// Tests of one value: constants, fields of the same row, times against now (formats.md §2 "test").
#include "segment/machine.hpp"

namespace cartbell::segment {
namespace {

Date date_of(const Scalar &scalar) {
    return unpack_date(static_cast<int64_t>(scalar.number));
}

Wide floor_e6(Wide number) {
    const Wide whole = number / decimal_unit_e6;
    return number % decimal_unit_e6 < 0 ? whole - 1 : whole;
}

}  // namespace

Verdict Machine::test(const Test &test, const Scalar &left, const Row *row) {
    rate_until_ = never;
    Verdict all = verdict_of(true);
    for (Index i = 0; i < test.checks.count; ++i) {
        const Verdict one = check(program_->checks[test.checks.first + i], test, left, row);
        if (!one.holds) {
            all = one;
            break;
        }
        all = sooner(true, all, one);
    }
    return {all.holds, std::min(all.next_change, rate_until_)};
}

Verdict Machine::check(const Check &check, const Test &test, const Scalar &left, const Row *row) {
    if (check.op == Op::exists) return verdict_of((left.type != Type::none) == check.expected);
    if (left.type == Type::none) return verdict_of(false);
    switch (check.op) {
        case Op::within_last:
        case Op::within_next:
        case Op::ago:
        case Op::ahead:
        case Op::days_ago:
        case Op::days_ahead:
        case Op::anniversary:
            return time_check(check, test, left);
        default:
            break;
    }
    if (left.type == Type::list) return verdict_of(compares_list(check, left, row));
    return verdict_of(compares(check, test, left, row));
}

// Equal to one of the operands. Not `known`: an operand is missing or has no rate.
bool Machine::is_among(const Check &check, const Test &test, const Scalar &left, const Row *row,
                       bool &known) {
    bool found = false;
    known = true;
    if (check.sorted) {
        Range rest = check.operands;
        while (rest.count > 0) {
            const Index half = rest.count / 2;
            const int order = left.text.compare(program_->operands[rest.first + half].text);
            if (order == 0) return left.type == Type::text;
            if (order > 0)
                rest = {rest.first + half + 1, rest.count - half - 1};
            else
                rest.count = half;
        }
        return false;
    }
    for (Index i = 0; i < check.operands.count && known; ++i) {
        Scalar right, own = left;
        known = operand(program_->operands[check.operands.first + i], test, left.type, row, right) &&
                same_currency(own, right.currency, row);
        found = found || (known && compare(own, right) == Ordering::equal);
    }
    return found;
}

bool Machine::compares(const Check &check, const Test &test, const Scalar &left, const Row *row) {
    bool known = true;
    if (check.op == Op::in) return is_among(check, test, left, row, known) && known;
    if (check.op == Op::not_in) return !is_among(check, test, left, row, known) && known;
    Scalar right, own = left;
    const Operand *operands = program_->operands.data() + check.operands.first;
    if (!operand(operands[0], test, left.type, row, right) || !same_currency(own, right.currency, row))
        return false;
    if (check.op == Op::between) {
        if (!satisfies(Op::ge, compare(own, right))) return false;
        own = left;
        return operand(operands[1], test, left.type, row, right) && same_currency(own, right.currency, row) &&
               satisfies(Op::le, compare(own, right));
    }
    if (check.op <= Op::ge) return satisfies(check.op, compare(own, right));
    if (left.type != Type::text || right.type != Type::text) return false;
    switch (check.op) {
        case Op::contains:
            return left.text.find(right.text) != std::string_view::npos;
        case Op::starts_with:
            return left.text.starts_with(right.text);
        case Op::ends_with:
            return left.text.ends_with(right.text);
        default:
            return false;
    }
}

// Against a list a constant means "has this element".
bool Machine::compares_list(const Check &check, const Scalar &left, const Row *row) {
    const Test no_zone{};
    size_t had = 0;
    for (Index i = 0; i < check.operands.count; ++i) {
        Scalar right;
        if (!operand(program_->operands[check.operands.first + i], no_zone, Type::text, row, right))
            return false;
        if (right.type != Type::text) continue;
        had +=
            check.op == Op::under ? is_under(left.text, i, right.text) : has_element(left.text, right.text);
    }
    switch (check.op) {
        case Op::eq:
        case Op::contains:
        case Op::in:
        case Op::any_of:
            return had > 0;
        case Op::ne:
        case Op::not_in:
        case Op::none_of:
            return had == 0;
        case Op::all_of:
        case Op::under:
            return had == check.operands.count;
        default:
            return false;
    }
}

// Converts at the day of the row's order; a row without order at today's, until the shop's next midnight.
bool Machine::same_currency(Scalar &left, Currency wanted, const Row *row) {
    if (left.type != Type::money || !wanted || left.currency == wanted) return true;
    const Zone &zone = *program_->shop_zone.zone;
    Instant at = world_.now;
    if (row && row->order) {
        const Value *placed_at = row->order->record.find(order_field::placed_at);
        if (placed_at) at = placed_at->number;
    } else {
        rate_until_ = std::min(rate_until_, flip_at(zone, local_day(zone, at) + 1));
    }
    int64_t converted = 0;
    if (left.divisor != 1 || !fits_int64(left.number) ||
        !world_.settings->convert(static_cast<int64_t>(left.number), left.currency, wanted,
                                  date_of_days(local_day(zone, at)), converted)) {
        rate_missing = true;
        return false;
    }
    left.number = converted;
    left.currency = wanted;
    return true;
}

bool Machine::operand(const Operand &operand, const Test &test, Type wanted, const Row *row, Scalar &out) {
    if (operand.field != no_index)
        return field_operand(program_->fields[operand.field], test, wanted, row, out);
    out.type = operand.type;
    out.currency = operand.currency;
    out.number = operand.number;
    out.divisor = 1;
    out.text = operand.text;
    if (wanted == Type::time &&
        out.type == Type::date)  // a date where a time is asked means its local midnight
        out = scalar_of_number(Type::time, midnight(zone_of(test.zone), days_of(date_of(out))));
    return true;
}

bool Machine::field_operand(const FieldOperand &field, const Test &test, Type wanted, const Row *row,
                            Scalar &out) {
    if (!row) return false;
    out = scalar_of(read(field.path, *row, operand_scratch_), operand_text_scratch_);
    if (out.type == Type::none || !change(field.change, test.zone, row, out)) return false;
    if (wanted == Type::time && out.type == Type::date) return to_midnight(test.zone, out);
    return true;
}

bool Machine::to_midnight(ZoneRef zone, Scalar &date) {
    if (date_of(date).year == 0) return false;
    date = scalar_of_number(Type::time, midnight(zone_of(zone), days_of(date_of(date))));
    return true;
}

// times, plus, minus; false where there is none of it, or no rate.
bool Machine::change(const Change &change, ZoneRef zone, const Row *row, Scalar &out) {
    using Shift = Change::Shift;
    if (out.type == Type::date) {
        if (change.shift == Shift::later) out.number = pack(add(date_of(out), change.duration));
        if (change.shift == Shift::earlier) out.number = pack(subtract(date_of(out), change.duration));
        return true;
    }
    if (out.type == Type::time) {
        const Instant at = static_cast<Instant>(out.number);
        if (change.shift == Shift::later) out.number = add(at, change.duration, zone_of(zone));
        if (change.shift == Shift::earlier) out.number = subtract(at, change.duration, zone_of(zone));
        return true;
    }
    if (change.shift == Shift::amount && !same_currency(out, change.currency, row)) return false;
    const bool number = out.type == Type::decimal || out.type == Type::money;
    if ((change.has_times || change.shift == Shift::amount) && !number) return false;  // json of another kind
    if (change.has_times) {
        // Beyond what 128 bits hold, far above any sum of amounts, a product stays at the end of the range.
        constexpr Wide most = Wide{1} << 120;
        const bool upward = (out.number < 0) == (change.times_e6 < 0);
        if (__builtin_mul_overflow(out.number, Wide{change.times_e6}, &out.number) || out.number > most || out.number < -most)
            out.number = upward ? most : -most;
        out.divisor = decimal_unit_e6;
    }
    if (change.shift == Shift::amount) out.number += change.amount * out.divisor;
    return true;
}

Verdict Machine::time_check(const Check &check, const Test &test, const Scalar &left) {
    const Zone &zone = zone_of(test.zone);
    const Instant now = world_.now;
    const bool is_date = left.type == Type::date;
    if (!is_date && left.type != Type::time) return verdict_of(false);
    const Date date = is_date ? date_of(left) : Date{};
    if (check.op == Op::anniversary)
        return anniversary_check(
            check, zone, is_date ? date : date_of_days(local_day(zone, static_cast<Instant>(left.number))));
    if (is_date && date.year == 0) return verdict_of(false);
    const Instant fact = is_date ? midnight(zone, days_of(date)) : static_cast<Instant>(left.number);
    if (check.op == Op::days_ago || check.op == Op::days_ahead)
        return days_check(check, zone, is_date ? days_of(date) : local_day(zone, fact));
    const bool backward = check.op == Op::within_next || check.op == Op::ahead;
    if (backward && fact <= now) return verdict_of(false);
    if (backward) {
        const Instant earlier = is_date ? midnight(zone, days_of(subtract(date, check.duration)))
                                        : subtract(fact, check.duration, zone);
        return ahead(fact, check.op == Op::within_next ? Op::le : check.relation, earlier, now);
    }
    const Instant later = is_date ? midnight(zone, days_of(add(date, check.duration)))
                                  : later_of(fact, check.duration, zone, now);
    return ago(fact, check.op == Op::within_last ? Op::lt : check.relation, later, now);
}

bool Machine::number_holds(Range checks, int64_t number) {
    const Scalar scalar = scalar_of_number(Type::decimal, Wide{number} * decimal_unit_e6);
    for (Index i = 0; i < checks.count; ++i)
        if (!compares(program_->checks[checks.first + i], Test{}, scalar, nullptr)) return false;
    return true;
}

// The next whole number above (below) at which a test against constants can have another outcome; never or
// no_instant if none.
int64_t Machine::next_above(Range checks, int64_t number) const {
    Wide next = never;
    for (Index i = 0; i < checks.count; ++i) {
        const Range operands = program_->checks[checks.first + i].operands;
        for (Index j = 0; j < operands.count; ++j) {
            const Wide constant = program_->operands[operands.first + j].number;
            const Wide floor = floor_e6(constant);
            for (const Wide candidate : {floor, floor + 1})
                if (candidate > number && candidate < next) next = candidate;
        }
    }
    return static_cast<int64_t>(next);
}

int64_t Machine::next_below(Range checks, int64_t number) const {
    Wide next = no_instant;
    for (Index i = 0; i < checks.count; ++i) {
        const Range operands = program_->checks[checks.first + i].operands;
        for (Index j = 0; j < operands.count; ++j) {
            const Wide constant = program_->operands[operands.first + j].number;
            const Wide ceiling = -floor_e6(-constant);
            for (const Wide candidate : {ceiling, ceiling - 1})
                if (candidate < number && candidate > next) next = candidate;
        }
    }
    return static_cast<int64_t>(next);
}

// The next number, going up or down, at which the checks come out otherwise than at `number`. After a while
// (long `in` lists) one at which they may.
int64_t Machine::next_flip(Range checks, int64_t number, bool holds, bool upward) {
    constexpr int most_steps = 16;
    int64_t next = number;
    for (int step = 0; step < most_steps; ++step) {
        next = upward ? next_above(checks, next) : next_below(checks, next);
        if (next == never || next < 0 || number_holds(checks, next) != holds) break;
    }
    return next;
}

// days_ago and days_ahead count local midnights; the one looks only at today and before, the other only at
// today and after.
Verdict Machine::days_check(const Check &check, const Zone &zone, int64_t day) {
    constexpr int64_t most_days = 10'000'000;  // beyond every instant there is
    const int64_t today = local_day(zone, world_.now);
    if (check.op == Op::days_ago) {
        const int64_t days = today - day;
        if (days < 0) return {false, flip_at(zone, day)};
        const bool holds = number_holds(check.inner, days);
        const int64_t next = next_flip(check.inner, days, holds, true);
        return {holds, next > most_days ? never : flip_at(zone, day + next)};
    }
    const int64_t days = day - today;
    if (days < 0) return verdict_of(false);
    const bool holds = number_holds(check.inner, days);
    const int64_t next = next_flip(check.inner, days, holds, false);
    if (next >= 0) return {holds, flip_at(zone, day - next)};
    return {holds, holds ? flip_at(zone, day + 1) : never};
}

Verdict Machine::anniversary_check(const Check &check, const Zone &zone, Date date) {
    const int64_t today = local_day(zone, world_.now);
    const Anniversary next = next_anniversary(date, today);
    const Instant over = flip_at(zone, next.day + 1);
    if (check.years.count > 0 && (next.years == 0 || !number_holds(check.years, next.years)))
        return {false, next.years == 0 ? never : over};
    const int64_t days = next.day - today;
    const bool holds = number_holds(check.inner, days);
    const int64_t lower = next_flip(check.inner, days, holds, false);
    return {holds, lower >= 0 ? flip_at(zone, next.day - lower) : over};
}

}  // namespace cartbell::segment
