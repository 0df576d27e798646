// Explanations mirror the predicate: every node is asked for itself, not only those that decide.
#include "segment/machine.hpp"

namespace cartbell::segment {
namespace {

class Explainer {
  public:
    Explainer(const Program &program, const Facts &facts, const World &world, size_t most_witnesses)
        : machine_(program, facts, world), most_witnesses_(most_witnesses) {}

    Explanation predicate(Index index);

  private:
    Explanation begin(Index origin) const;
    Explanation condition(Index index, const Row &row);
    Explanation measure(const Measure &measure, const Row *outer);
    Explanation comparison(const Predicate &predicate);
    Explanation value(const ValueSource &source, const Valued &value, const Trace &trace);
    void note_zone(Explanation &made);
    Explanation nested(const Predicate &predicate);

    Machine machine_;
    size_t most_witnesses_;
};

Explanation Explainer::begin(Index origin) const {
    const Origin &from = machine_.program().origins[origin];
    Explanation made;
    made.pointer = from.pointer;
    made.what = from.what;
    made.test = from.test;
    return made;
}

void set_verdict(Explanation &made, Verdict verdict) {
    made.holds = verdict.holds;
    made.next_change = verdict.next_change;
}

Explanation::Witness witness_of(const Trace::Witness &seen) {
    Explanation::Witness witness;
    const Row &row = seen.row;
    witness.at = seen.key.at;
    if (row.order) witness.order_id = row.order->id();
    switch (row.object) {
        case Object::line:
            witness.kind = "line";
            witness.row_id = row.record->text(line_field::line_id);
            break;
        case Object::payment:
            witness.kind = "payment";
            witness.row_id = row.record->text(payment_field::payment_id);
            break;
        case Object::history:
            witness.kind = "history";
            witness.row_id = std::to_string(seen.key.position);
            break;
        default:
            witness.kind = "order";
    }
    return witness;
}

// The rows that were measured and those that were left out.
void show_rows(Explanation &made, const Trace &trace) {
    made.rows_measured = trace.rows;
    made.truncated = trace.truncated;
    if (trace.has_chosen) made.witnesses.push_back(witness_of({trace.chosen, trace.chosen_key}));
    for (const Trace::Witness &seen : trace.witnesses)
        if (!trace.has_chosen) made.witnesses.push_back(witness_of(seen));
    if (trace.has_chosen) made.truncated = false;
    if (trace.no_rate > 0) made.left_out.push_back({"no_rate", trace.no_rate});
    if (trace.value_missing > 0) made.left_out.push_back({"value_missing", trace.value_missing});
}

// A test on the customer's zone that had to do with the shop's.
void Explainer::note_zone(Explanation &made) {
    if (machine_.zone_missing) made.notes.push_back("unknown_zone");
    machine_.zone_missing = false;
}

Explanation Explainer::predicate(Index index) {
    const Program &program = machine_.program();
    const Predicate &predicate = program.predicates[index];
    if (predicate.kind == Predicate::Kind::measure) {
        Explanation made = measure(program.measures[predicate.index], nullptr);
        const std::string aggregate = std::move(made.what);
        const Origin &from = program.origins[predicate.origin];
        made.what = from.what;
        made.test = "{\"" + aggregate + "\":" + made.test + "}";
        return made;
    }
    if (predicate.kind == Predicate::Kind::segment) return nested(predicate);
    if (predicate.kind == Predicate::Kind::comparison) return comparison(predicate);
    Explanation made = begin(predicate.origin);
    set_verdict(made, machine_.predicate(index));
    if (predicate.kind == Predicate::Kind::customer)
        made.children.push_back(condition(predicate.index, machine_.customer_row()));
    if (predicate.kind == Predicate::Kind::sample) {
        const std::string drawn_by = machine_.customer_row().customer->strongest().value;
        made.measured = Value::of_decimal(percent_e6(bucket(program.samples[predicate.index].salt, drawn_by)));
        made.measured_known = true;
    }
    for (Index i = 0; i < predicate.children.count; ++i)
        made.children.push_back(this->predicate(program.lists[predicate.children.first + i]));
    machine_.zone_missing = false;
    return made;
}

// The other segment's own explanation; its pointers are into its own definition.
Explanation Explainer::nested(const Predicate &predicate) {
    Explanation made = begin(predicate.origin);
    const Program &used = *machine_.program().segments[predicate.index];
    const Program *before = machine_.enter(used);
    made.children.push_back(this->predicate(used.root));
    machine_.leave(before);
    made.holds = made.children.back().holds;
    made.next_change = made.children.back().next_change;
    return made;
}

// Both values, with the rows that they come from.
Explanation Explainer::comparison(const Predicate &predicate) {
    Explanation made = begin(predicate.origin);
    const Program &program = machine_.program();
    const Comparison &compared = program.comparisons[predicate.index];
    Compared seen;
    seen.left_trace.most_witnesses = seen.right_trace.most_witnesses = most_witnesses_;
    machine_.zone_missing = false;
    set_verdict(made, machine_.comparison(compared, &seen));
    if (machine_.rate_missing) made.left_out.push_back({"no_rate", 1});
    note_zone(made);
    made.children.push_back(value(program.values[compared.left], seen.left, seen.left_trace));
    made.children.push_back(value(program.values[compared.right], seen.right, seen.right_trace));
    return made;
}

// `holds`: the value is there.
Explanation Explainer::value(const ValueSource &source, const Valued &value, const Trace &trace) {
    Explanation made = begin(source.origin);
    made.measured = value_of(value.scalar, trace.whole_number && !source.change.has_times && source.change.shift == Change::Shift::none);
    made.measured_known = made.holds = !made.measured.missing();
    made.next_change = value.next_change;
    show_rows(made, trace);
    return made;
}

Explanation Explainer::condition(Index index, const Row &row) {
    const Program &program = machine_.program();
    const Condition &condition = program.conditions[index];
    if (condition.kind == Condition::Kind::measure) {
        Explanation made = measure(program.measures[condition.index], &row);
        made.test = "{\"" + made.what + "\":" + made.test + "}";
        made.what = program.origins[condition.origin].what;
        return made;
    }
    Explanation made = begin(condition.origin);
    machine_.rate_missing = false;
    set_verdict(made, machine_.condition(index, row));
    if (condition.kind == Condition::Kind::test) {
        if (machine_.rate_missing) made.left_out.push_back({"no_rate", 1});
        note_zone(made);
        made.measured = machine_.value_at(program.row_tests[condition.index].path, row);
        made.measured_known = !made.measured.missing();
        return made;
    }
    for (Index i = 0; i < condition.children.count; ++i)
        made.children.push_back(this->condition(program.lists[condition.children.first + i], row));
    return made;
}

Explanation Explainer::measure(const Measure &measure, const Row *outer) {
    Explanation made = begin(measure.origin);
    Trace trace;
    trace.most_witnesses = most_witnesses_;
    machine_.rate_missing = machine_.zone_missing = false;
    set_verdict(made, machine_.measure(measure, outer, &trace));
    note_zone(made);
    trace.measured.text = trace.measured_text;
    if (!trace.has_chosen) made.measured = value_of(trace.measured, trace.whole_number);
    made.measured_known = !made.measured.missing();
    show_rows(made, trace);
    if (trace.has_chosen) made.children.push_back(condition(measure.row, trace.chosen));
    return made;
}

}  // namespace

Explanation explain(const Program &program, const Facts &facts, const World &world, size_t most_witnesses) {
    return Explainer(program, facts, world, most_witnesses).predicate(program.root);
}

}  // namespace cartbell::segment
