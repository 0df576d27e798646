// Two values held against each other, and the value that a period begins at (formats.md §2 "compare", "value", "since").
#include "segment/machine.hpp"

namespace cartbell::segment {

// The value before times, plus and minus.
void Machine::source_value(const ValueSource &source, Valued &out, Trace *trace) {
    switch (source.kind) {
        case ValueSource::Kind::constant: {
            Scalar constant = scalar_of_number(source.constant.type, source.constant.number);
            constant.currency = source.constant.currency;
            constant.text = source.constant.text;
            return out.take(constant);
        }
        case ValueSource::Kind::customer:
            return out.take(scalar_at(source.path, customer_row()));
        case ValueSource::Kind::measure:
            break;
    }
    measured_value(program_->measures[source.measure], out, trace);
}

// Amounts in one currency, dates beside times as their local midnights, times, plus and minus done; false if something of it is missing.
bool Machine::bring_together(const Comparison &comparison, Valued &left, Valued &right) {
    const ValueSource *sources[2] = {&program_->values[comparison.left], &program_->values[comparison.right]};
    Valued *values[2] = {&left, &right};
    const bool amounts = left.scalar.type == Type::money && right.scalar.type == Type::money;
    bool converted = amounts && left.scalar.currency != right.scalar.currency;
    for (const ValueSource *source : sources) converted = converted || (amounts && source->change.shift == Change::Shift::amount);
    for (int side = 0; side < 2; ++side) {
        Scalar &scalar = values[side]->scalar;
        const Row *row = values[side]->of_row ? &values[side]->row : nullptr;
        if (scalar.type == Type::none) return false;
        if (converted && !same_currency(scalar, comparison.currency, row)) return false;
        if (!change(sources[side]->change, sources[side]->zone, row, scalar)) return false;
    }
    for (int side = 0; side < 2; ++side)
        if (values[side]->scalar.type == Type::date && values[1 - side]->scalar.type == Type::time &&
            !to_midnight(sources[side]->zone, values[side]->scalar))
            return false;
    return true;
}

Verdict Machine::comparison(const Comparison &comparison, Compared *seen) {
    Compared own;
    Compared &both = seen ? *seen : own;
    source_value(program_->values[comparison.left], both.left, seen ? &seen->left_trace : nullptr);
    source_value(program_->values[comparison.right], both.right, seen ? &seen->right_trace : nullptr);
    const Instant next_change = std::min(both.left.next_change, both.right.next_change);
    rate_until_ = never;  // measuring asked for rates of its own
    rate_missing = false;
    const bool there = bring_together(comparison, both.left, both.right);
    Scalar left = both.left.scalar, right = both.right.scalar;
    if (left.divisor == right.divisor) left.divisor = right.divisor = 1;  // so that large multiples stay in range
    const bool ordered = comparison.op == Op::eq || comparison.op == Op::ne || left.type != Type::text;  // undeclared texts have no order
    const bool holds = there && ordered && satisfies(comparison.op, compare(left, right));
    return {holds, std::min(next_change, rate_until_)};
}

// The first instant that is later than the period's beginning; `never` if there is none. `next_change`: when it can become another.
// It is the customer's, not a row's: a measure inside many rows asks for it once.
Instant Machine::since_bound(const Period &period, Instant &next_change) {
    for (const Beginning &known : beginnings_) {
        if (known.program != program_ || known.value != period.value) continue;
        next_change = known.next_change;
        return known.from;
    }
    const ValueSource &source = program_->values[period.value];
    Valued value;
    source_value(source, value, nullptr);
    next_change = value.next_change;
    Instant from = never;
    if (value.scalar.type != Type::none && change(source.change, source.zone, nullptr, value.scalar) &&
        (value.scalar.type != Type::date || to_midnight(source.zone, value.scalar)) && value.scalar.type == Type::time)
        from = static_cast<Instant>(value.scalar.number) + 1;
    beginnings_.push_back({program_, period.value, from, next_change});
    return from;
}

}  // namespace cartbell::segment
