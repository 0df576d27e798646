// Measures: which rows are in, what they come to, and when that can change (formats.md §2 "measure").
#include <algorithm>
#include <array>
#include <vector>

#include "segment/machine.hpp"

namespace cartbell::segment {
namespace {

// The k-th smallest of the instants offered; of more than it can remember, the smallest of all: sooner, never
// later.
class KthSmallest {
  public:
    void offer(Instant instant) {
        size_t at = kept_ < most ? kept_++ : most;
        if (at == most) {
            overflowed_ = true;
            if (instant >= kept_instants_[most - 1]) return;
            at = most - 1;
        }
        for (; at > 0 && kept_instants_[at - 1] > instant; --at)
            kept_instants_[at] = kept_instants_[at - 1];
        kept_instants_[at] = instant;
    }
    Instant get(int64_t k) const {  // k from 1; never when fewer were offered
        if (k <= static_cast<int64_t>(kept_)) return kept_instants_[static_cast<size_t>(k - 1)];
        return overflowed_ ? kept_instants_[0] : never;
    }

  private:
    static constexpr size_t most = 8;
    std::array<Instant, most> kept_instants_;  // the first kept_ are set
    size_t kept_ = 0;
    bool overflowed_ = false;
};

// When "at least k rows" can change. Reached, it lasts until the k-th longest of the rows in it ends; not
// reached, until so many more rows have changed as are wanting.
class ThresholdClock {
  public:
    void offer(Verdict row) {
        if (row.holds) {
            ++held_;
            lasting_ += row.next_change == never ? 1 : 0;
            soonest_end_ = std::min(soonest_end_, row.next_change);
            longest_.offer(-row.next_change);  // the largest are the smallest negated; `never` stays in range
        } else if (row.next_change != never) {
            waiting_.offer(row.next_change);
        }
    }
    Verdict reached(int64_t k) const {
        if (held_ < k) return {false, waiting_.get(k - held_)};
        const Instant negated = longest_.get(k);
        return {true, k <= 8 ? -negated : soonest_end_};
    }
    bool reached_for_good(int64_t k) const { return lasting_ >= k; }

  private:
    KthSmallest longest_, waiting_;
    int64_t held_ = 0, lasting_ = 0;
    Instant soonest_end_ = never;
};

// The values of `distinct` and `mode`.
struct Seen {
    Scalar value;
    std::string text;
    RowKey key;
};

bool value_before(const Seen &a, const Seen &b) {
    if (a.value.type != b.value.type) return a.value.type < b.value.type;
    if (a.value.number != b.value.number) return a.value.number < b.value.number;
    return a.text < b.text;
}

}  // namespace

// What value_measure gathers.
struct Machine::Collected {
    Wide sum = 0;
    int64_t values = 0;
    Scalar extreme;
    std::vector<Seen> seen;
    Instant next_change = never;
    int64_t no_rate = 0, value_missing = 0;

    void take(Aggregate aggregate, const Scalar &value, const RowKey &key) {
        ++values;
        switch (aggregate) {
            case Aggregate::distinct:
            case Aggregate::mode:
                seen.push_back({value, std::string(value.text), key});
                return;
            case Aggregate::sum:
            case Aggregate::avg:
                sum += value.number;
                return;
            default:
                break;
        }
        const Ordering wanted = aggregate == Aggregate::min ? Ordering::less : Ordering::greater;
        if (values == 1 || compare(value, extreme) == wanted) extreme = value;
    }

    // How many different values there are, and the most frequent one, of equals the newest.
    int64_t different(size_t &most_frequent) {
        std::sort(seen.begin(), seen.end(), [](const Seen &a, const Seen &b) {
            return value_before(a, b) || (!value_before(b, a) && a.key < b.key);
        });
        int64_t found = 0, most = 0, run = 0;
        most_frequent = 0;
        for (size_t i = 0; i < seen.size(); ++i) {
            const bool same = i > 0 && !value_before(seen[i - 1], seen[i]);
            run = same ? run + 1 : 1;
            found += same ? 0 : 1;
            if (run < most || (run == most && !(seen[most_frequent].key < seen[i].key))) continue;
            most = run;
            most_frequent = i;
        }
        return found;
    }

    // The aggregate's value; its text, if it has one, is that of `seen`.
    Scalar result(Aggregate aggregate, Type number) {
        Scalar missing;
        size_t most_frequent = 0;
        Scalar summed = scalar_of_number(number, sum);
        switch (aggregate) {
            case Aggregate::sum:
                return summed;
            case Aggregate::avg:
                summed.divisor = values;
                return values > 0 ? summed : missing;
            case Aggregate::distinct:
                return scalar_of_number(Type::decimal, Wide{different(most_frequent)} * decimal_unit_e6);
            case Aggregate::mode: {
                if (seen.empty()) return missing;
                different(most_frequent);
                Scalar value = seen[most_frequent].value;
                value.text = seen[most_frequent].text;
                return value;
            }
            default:
                return values > 0 ? extreme : missing;
        }
    }
};

bool Machine::is_purchase(size_t order) {
    if (order >= 64) return in_analytics(facts_.orders[order], *world_.settings);
    const uint64_t bit = uint64_t{1} << order;
    if (!(purchase_known_ & bit)) {
        purchase_known_ |= bit;
        if (in_analytics(facts_.orders[order], *world_.settings)) purchase_ |= bit;
    }
    return (purchase_ & bit) != 0;
}

template <typename Visit>
void Machine::each_row(const Measure &measure, const Row *outer, bool traced, Visit &&visit) {
    Row row = outer ? *outer : customer_row();
    row.object = measure.object;
    RowKey key;
    // Counting rows of all times asks for no time.
    const bool keyed =
        measure.period != no_index || measure.row != no_index || measure.aggregate != Aggregate::count;
    const auto order_time = [](const Order &order) {
        const Value *placed_at = order.record.find(order_field::placed_at);
        return placed_at ? placed_at->number : no_instant;
    };
    const Products *products = program_->uses_products ? facts_.products : nullptr;
    const auto each_line = [&]() {
        for (key.position = 0; key.position < row.order->lines.size(); ++key.position) {
            row.record = &row.order->lines[key.position];
            if (products != nullptr) row.product = products->find(row.record->text(line_field::product_id));
            if (!visit(row, key)) return false;
        }
        return true;
    };
    switch (measure.rows) {
        case RowsOf::order_lines:
            key.at = order_time(*row.order);
            key.order_id = row.order->id();
            each_line();
            return;
        case RowsOf::order_payments:
            for (key.position = 0; key.position < row.order->payments.size(); ++key.position) {
                row.record = &row.order->payments[key.position];
                const Value *at = row.record->find(payment_field::at);
                key.at = at ? at->number : no_instant;
                if (!visit(row, key)) return;
            }
            return;
        case RowsOf::order_history:
            for (key.position = 0; key.position < row.order->history.size(); ++key.position) {
                row.history = &row.order->history[key.position];
                key.at = row.history->at;
                if (!visit(row, key)) return;
            }
            return;
        default:
            break;
    }
    const bool purchases = measure.rows == RowsOf::purchases || measure.rows == RowsOf::bought;
    const bool lines = measure.rows == RowsOf::lines || measure.rows == RowsOf::bought;
    for (size_t i = 0; i < facts_.orders.size(); ++i) {
        if (purchases && !is_purchase(i)) continue;
        row.order = &facts_.orders[i];
        if (keyed || traced) {
            key.at = order_time(*row.order);
            key.order_id = row.order->id();
        }
        if (!(lines ? each_line() : visit(row, key))) return;
    }
}

void Machine::between_bounds(const Period &period, Instant &from, Instant &until) {
    const Test zoned{{}, period.zone};
    Scalar bound;
    operand(period.from, zoned, Type::time, nullptr, bound);
    from = static_cast<Instant>(bound.number);
    operand(period.to, zoned, Type::time, nullptr, bound);
    until = static_cast<Instant>(bound.number);
}

// The period of a measure, resolved for this evaluation. Lines of one order share their time, and so the
// answer.
struct Machine::PeriodNow {
    const Period *period = nullptr;
    const Zone *zone = nullptr;
    Instant from = no_instant, until = never;  // of between and since
    Instant next_change = never;               // when `from` can become another
    Instant asked_at = no_instant;
    Verdict answer;
};

Verdict Machine::in_period_now(PeriodNow &now, Instant fact) const {
    if (fact == no_instant) return verdict_of(false);
    if (fact == now.asked_at) return now.answer;
    now.asked_at = fact;
    if (now.period->kind != Period::Kind::between && now.period->kind != Period::Kind::since)
        now.answer = in_period(*now.period, fact, *now.zone, world_.now);
    else if (fact < now.from || fact >= now.until)
        now.answer = verdict_of(false);
    else
        now.answer =
            verdict_of(Span{fact, never}, world_.now);  // a fact dated after now counts from its own instant
    now.answer.next_change = std::min(now.answer.next_change, now.next_change);
    return now.answer;
}

// Whether a row is left by `period` and `where`.
Verdict Machine::member(const Measure &measure, const Row &row, const RowKey &key, PeriodNow &now) {
    Verdict verdict = verdict_of(true);
    if (now.period) {
        verdict = in_period_now(now, key.at);
        if (!verdict.holds && verdict.next_change == never) return verdict;
    }
    if (measure.where == no_index) return verdict;
    return both(verdict, condition(measure.where, row));
}

// Visits the rows with whether each is in, for as long as the visitor returns true.
template <typename Visit>
void Machine::each_member(const Measure &measure, const Row *outer, Trace *trace, Visit &&visit) {
    PeriodNow now;
    if (measure.period != no_index) {
        now.period = &program_->periods[measure.period];
        if (now.period->kind == Period::Kind::between)
            between_bounds(*now.period, now.from, now.until);
        else if (now.period->kind == Period::Kind::since)
            now.from = since_bound(*now.period, now.next_change);
        else
            now.zone = &zone_of(now.period->zone);
    }
    each_row(measure, outer, trace != nullptr, [&](const Row &row, const RowKey &key) {
        rate_missing = false;
        const Verdict in = member(measure, row, key, now);
        if (trace && !in.holds && rate_missing) ++trace->no_rate;  // a test without a rate is false
        return visit(row, key, in);
    });
}

Verdict Machine::measure(const Measure &measure, const Row *outer, Trace *trace) {
    switch (measure.aggregate) {
        case Aggregate::count:
        case Aggregate::every:
        case Aggregate::none:
            return count_measure(measure, outer, trace);
        case Aggregate::first:
        case Aggregate::last:
            return choice_measure(measure, outer, trace);
        default:
            return value_measure(measure, outer, trace);
    }
}

// count, and every and none as counts of the rows that speak against them.
Verdict Machine::count_measure(const Measure &measure, const Row *outer, Trace *trace) {
    ThresholdClock clock;
    int64_t count = 0, against = 0;
    Instant soonest = never;
    each_member(measure, outer, trace, [&](const Row &row, const RowKey &key, Verdict in) {
        if (in.holds) {
            ++count;
            if (trace) trace->add(row, key);
        }
        if (measure.row != no_index && (in.holds || in.next_change != never)) {
            const Verdict fits = condition(measure.row, row);
            in = both(in, measure.aggregate == Aggregate::every ? negation_of(fits) : fits);
            against += in.holds ? 1 : 0;
        }
        soonest = std::min(soonest, in.next_change);
        clock.offer(in);
        return trace || !measure.is_threshold || !clock.reached_for_good(measure.threshold);
    });
    if (trace) {
        const int64_t number = measure.aggregate == Aggregate::count ? count : against;
        trace->measured = scalar_of_number(Type::decimal, Wide{number} * decimal_unit_e6);
        trace->whole_number = true;
    }
    if (measure.is_threshold) {
        const Verdict reached = clock.reached(measure.threshold);
        return measure.threshold_reached ? reached : negation_of(reached);
    }
    const Scalar number = scalar_of_number(Type::decimal, Wide{count} * decimal_unit_e6);
    return {test(measure.test, number, nullptr).holds, soonest};
}

// The row that first or last chooses: only it, and rows that could take its place, can change the choice.
struct Machine::Choice {
    bool found = false;
    RowKey key;
    Row row;
    Instant next_change = never;
};

Machine::Choice Machine::choose(const Measure &measure, const Row *outer, Trace *trace) {
    const bool last = measure.aggregate == Aggregate::last;
    Choice best;
    Instant best_until = never, others = never;
    each_member(measure, outer, trace, [&](const Row &row, const RowKey &key, Verdict in) {
        if (trace && in.holds) trace->add(row, key);
        if (best.found && (last ? key < best.key : key > best.key)) return true;
        if (!in.holds) {
            others = std::min(others, in.next_change);
            return true;
        }
        best.found = true;
        best.key = key;
        best.row = row;
        best_until = in.next_change;
        return true;
    });
    best.next_change = std::min(best_until, others);
    if (trace && best.found) {
        trace->has_chosen = true;
        trace->chosen = best.row;
        trace->chosen_key = best.key;
    }
    return best;
}

Verdict Machine::choice_measure(const Measure &measure, const Row *outer, Trace *trace) {
    const Choice best = choose(measure, outer, trace);
    if (!best.found) return {false, best.next_change};
    const Verdict fits = condition(measure.row, best.row);
    return {fits.holds, std::min(fits.next_change, best.next_change)};
}

// The value of sum ... mode; its text is that of `all`.
Scalar Machine::collect(const Measure &measure, const Row *outer, Trace *trace, Collected &all) {
    const bool listed = measure.aggregate == Aggregate::distinct || measure.aggregate == Aggregate::mode;
    each_member(measure, outer, trace, [&](const Row &row, const RowKey &key, Verdict in) {
        all.next_change = std::min(all.next_change, in.next_change);
        if (!in.holds) return true;
        Scalar value = scalar_at(measure.of, row);
        const bool json_of_no_use = measure.of.type == Type::json &&
                                    (listed ? value.type == Type::json : value.type != Type::decimal);
        if (value.type == Type::none || json_of_no_use) {  // left out of a sum or average
            ++all.value_missing;
        } else if (!same_currency(value, measure.currency, &row)) {
            ++all.no_rate;
        } else {
            if (trace) trace->add(row, key);
            all.take(measure.aggregate, value, key);
        }
        return true;
    });
    const bool money = measure.of.type == Type::money && measure.aggregate != Aggregate::distinct;
    Scalar result = all.result(measure.aggregate, money ? Type::money : Type::decimal);
    if (money) result.currency = measure.currency;
    if (trace) {
        trace->measured = result;
        trace->measured_text = result.text;
        trace->measured.text = trace->measured_text;
        trace->whole_number = measure.aggregate == Aggregate::distinct ||
                              (measure.of.type == Type::integer && measure.aggregate != Aggregate::avg);
        trace->no_rate += all.no_rate;
        trace->value_missing += all.value_missing;
    }
    return result;
}

Verdict Machine::value_measure(const Measure &measure, const Row *outer, Trace *trace) {
    Collected all;
    const Scalar result = collect(measure, outer, trace, all);
    const Verdict verdict = test(measure.test, result, nullptr);
    return {verdict.holds, std::min(verdict.next_change, all.next_change)};
}

// An average is rounded here, as a value it is no fraction (formats.md §2: "4 decimals (money) or 6, half even").
void Machine::measured_value(const Measure &measure, Valued &out, Trace *trace) {
    if (measure.aggregate == Aggregate::count) return counted_value(measure, out, trace);
    if (measure.aggregate == Aggregate::first || measure.aggregate == Aggregate::last) return chosen_value(measure, out, trace);
    Collected all;
    Scalar result = collect(measure, nullptr, trace, all);
    if (result.divisor != 1) {
        result.number = divide_half_even(result.number, result.divisor);
        result.divisor = 1;
    }
    out.take(result);
    out.next_change = all.next_change;
}

void Machine::counted_value(const Measure &measure, Valued &out, Trace *trace) {
    int64_t count = 0;
    each_member(measure, nullptr, trace, [&](const Row &row, const RowKey &key, Verdict in) {
        count += in.holds ? 1 : 0;
        if (trace && in.holds) trace->add(row, key);
        out.next_change = std::min(out.next_change, in.next_change);
        return true;
    });
    if (trace) trace->whole_number = true;
    out.take(scalar_of_number(Type::decimal, Wide{count} * decimal_unit_e6));
}

void Machine::chosen_value(const Measure &measure, Valued &out, Trace *trace) {
    const Choice best = choose(measure, nullptr, trace);
    out.next_change = best.next_change;
    if (!best.found) return;
    out.of_row = true;
    out.row = best.row;
    out.take(scalar_at(measure.of, best.row));
    if (trace) trace->whole_number = measure.of.type == Type::integer;
}

}  // namespace cartbell::segment
