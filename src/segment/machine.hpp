// The row machine: one program over one customer's rows at one instant. Internal to the module.
#pragma once

#include <string>
#include <vector>

#include "segment/program.hpp"
#include "segment/scalar.hpp"
#include "segment/segment.hpp"
#include "segment/span.hpp"

namespace cartbell::segment {

// The place of a row in time: its own time, equal times by order id, then by position.
struct RowKey {
    Instant at = no_instant;
    std::string_view order_id;
    uint32_t position = 0;
    friend auto operator<=>(const RowKey &, const RowKey &) = default;
};

// What a measure found, for explanations.
struct Trace {
    size_t most_witnesses = 0;
    Scalar measured;
    std::string measured_text;  // what `measured.text` points to
    bool whole_number = false;
    int64_t rows = 0;
    int64_t no_rate = 0, value_missing = 0;
    bool truncated = false;
    struct Witness {
        Row row;
        RowKey key;
    };
    std::vector<Witness> witnesses;
    bool has_chosen = false;  // of first, last
    Row chosen;
    RowKey chosen_key;

    void add(const Row &row, const RowKey &key) {
        ++rows;
        truncated = witnesses.size() == most_witnesses;
        if (!truncated) witnesses.push_back({row, key});
    }
};

// A value as a comparison sees it: missing, or with times, plus and minus done.
struct Valued {
    Scalar scalar;
    std::string text;  // what `scalar.text` points to, while this stays where it is
    Instant next_change = never;
    bool of_row = false;  // first, last: of `row`, at whose day money is converted
    Row row;

    void take(const Scalar &value) {
        text = value.text;
        scalar = value;
        scalar.text = text;
    }
};

// Both sides of a comparison, for explanations.
struct Compared {
    Valued left, right;
    Trace left_trace, right_trace;
};

class Machine {
  public:
    Machine(const Program &program, const Facts &facts, const World &world)
        : program_(&program), facts_(facts), world_(world) {}

    Verdict predicate(Index index);
    Verdict condition(Index index, const Row &row);
    Verdict measure(const Measure &measure, const Row *outer, Trace *trace);
    Verdict comparison(const Comparison &comparison, Compared *seen);
    Verdict row_test(const RowTest &test, const Row &row);
    Row customer_row() const;
    const Value &value_at(const Path &path, const Row &row) { return read(path, row, scratch_); }

    // A nested segment is evaluated by the same machine.
    const Program &program() const { return *program_; }
    const Program *enter(const Program &program) {
        const Program *before = program_;
        program_ = &program;
        return before;
    }
    void leave(const Program *before) { program_ = before; }

    // Set by tests and measures, for explanations; the caller clears them.
    bool rate_missing = false;
    bool zone_missing = false;

  private:
    struct Collected;

    Verdict all_of(Range children);
    Verdict any_of(Range children);
    Verdict at_least(const Predicate &predicate);
    Verdict nested(const Program &program);
    Verdict all_rows_of(Range children, const Row &row);
    Verdict any_row_of(Range children, const Row &row);

    Scalar scalar_at(const Path &path, const Row &row);
    Verdict test(const Test &test, const Scalar &left, const Row *row);
    Verdict check(const Check &check, const Test &test, const Scalar &left, const Row *row);
    bool compares(const Check &check, const Test &test, const Scalar &left, const Row *row);
    bool compares_list(const Check &check, const Scalar &left, const Row *row);
    bool is_among(const Check &check, const Test &test, const Scalar &left, const Row *row, bool &known);
    Verdict time_check(const Check &check, const Test &test, const Scalar &left);
    Verdict days_check(const Check &check, const Zone &zone, int64_t day);
    Verdict anniversary_check(const Check &check, const Zone &zone, Date date);
    bool number_holds(Range checks, int64_t number);
    int64_t next_above(Range checks, int64_t number) const;
    int64_t next_below(Range checks, int64_t number) const;
    int64_t next_flip(Range checks, int64_t number, bool holds, bool upward);
    bool operand(const Operand &operand, const Test &test, Type wanted, const Row *row, Scalar &out);
    bool field_operand(const FieldOperand &field, const Test &test, Type wanted, const Row *row, Scalar &out);
    bool change(const Change &change, ZoneRef zone, const Row *row, Scalar &out);
    bool to_midnight(ZoneRef zone, Scalar &date);
    bool same_currency(Scalar &left, Currency wanted, const Row *row);

    void source_value(const ValueSource &source, Valued &out, Trace *trace);
    void measured_value(const Measure &measure, Valued &out, Trace *trace);
    void counted_value(const Measure &measure, Valued &out, Trace *trace);
    void chosen_value(const Measure &measure, Valued &out, Trace *trace);
    bool bring_together(const Comparison &comparison, Valued &left, Valued &right);
    Instant since_bound(const Period &period, Instant &next_change);

    template <typename Visit>
    void each_row(const Measure &measure, const Row *outer, bool traced, Visit &&visit);
    struct PeriodNow;
    Verdict in_period_now(PeriodNow &now, Instant fact) const;
    Verdict member(const Measure &measure, const Row &row, const RowKey &key, PeriodNow &now);
    Verdict count_measure(const Measure &measure, const Row *outer, Trace *trace);
    Verdict choice_measure(const Measure &measure, const Row *outer, Trace *trace);
    Verdict value_measure(const Measure &measure, const Row *outer, Trace *trace);
    struct Choice;
    Choice choose(const Measure &measure, const Row *outer, Trace *trace);
    Scalar collect(const Measure &measure, const Row *outer, Trace *trace, Collected &all);
    void between_bounds(const Period &period, Instant &from, Instant &until);
    template <typename Visit>
    void each_member(const Measure &measure, const Row *outer, Trace *trace, Visit &&visit);
    bool is_purchase(size_t order);

    const Zone &zone_of(ZoneRef zone);
    Instant flip_at(const Zone &zone, int64_t day) const;

    struct Beginning {  // of a period that begins at a value
        const Program *program;
        Index value;
        Instant from, next_change;
    };

    const Program *program_;
    const Facts &facts_;
    std::vector<Beginning> beginnings_;
    const World &world_;
    Value scratch_, operand_scratch_;
    std::string text_scratch_, operand_text_scratch_;
    const Zone *customer_zone_ = nullptr;
    bool customer_zone_asked_ = false;
    uint64_t purchase_known_ = 0, purchase_ = 0;  // of the first 64 orders
    Instant rate_until_ = never;                  // when a rate of today could become another one
};

}  // namespace cartbell::segment
