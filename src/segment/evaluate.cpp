// Predicates and the conditions of a row. Recursion is bounded where programs are compiled
// (Limits::segment_expanded_depth).
#include <algorithm>

#include "segment/machine.hpp"

namespace cartbell::segment {

Verdict evaluate(const Program &program, const Facts &facts, const World &world) {
    Machine machine(program, facts, world);
    return machine.predicate(program.root);
}

Row Machine::customer_row() const {
    Row row;
    row.object = Object::customer;
    row.customer = facts_.customer;
    row.settings = world_.settings;
    return row;
}

Verdict Machine::predicate(Index index) {
    const Predicate &predicate = program_->predicates[index];
    switch (predicate.kind) {
        case Predicate::Kind::constant:
            return verdict_of(predicate.truth);
        case Predicate::Kind::all:
            return all_of(predicate.children);
        case Predicate::Kind::any:
            return any_of(predicate.children);
        case Predicate::Kind::negation:
            return negation_of(this->predicate(program_->lists[predicate.children.first]));
        case Predicate::Kind::at_least:
            return at_least(predicate);
        case Predicate::Kind::customer:
            return condition(predicate.index, customer_row());
        case Predicate::Kind::measure:
            return measure(program_->measures[predicate.index], nullptr, nullptr);
        case Predicate::Kind::sample: {
            const Sample &sample = program_->samples[predicate.index];
            return verdict_of(sample.has(bucket(sample.salt, facts_.customer->strongest().value)));
        }
        case Predicate::Kind::static_list: {
            const std::vector<std::string> &lists = facts_.customer->lists;
            return verdict_of(std::binary_search(lists.begin(), lists.end(), program_->static_lists[predicate.index]));
        }
        case Predicate::Kind::comparison:
            return comparison(program_->comparisons[predicate.index], nullptr);
        case Predicate::Kind::segment:
            break;
    }
    return nested(*program_->segments[predicate.index]);
}

Verdict Machine::nested(const Program &program) {
    const Program *before = enter(program);
    const Verdict verdict = predicate(program.root);
    leave(before);
    return verdict;
}

// The first false one decides, and for as long as it is false.
Verdict Machine::all_of(Range children) {
    Verdict all = verdict_of(true);
    for (Index i = 0; i < children.count; ++i) {
        const Verdict one = predicate(program_->lists[children.first + i]);
        if (!one.holds) return one;
        all = sooner(true, all, one);
    }
    return all;
}

Verdict Machine::any_of(Range children) {
    Verdict any = verdict_of(false);
    for (Index i = 0; i < children.count; ++i) {
        const Verdict one = predicate(program_->lists[children.first + i]);
        if (one.holds) return one;
        any = sooner(false, any, one);
    }
    return any;
}

Verdict Machine::at_least(const Predicate &predicate) {
    int64_t held = 0;
    Verdict all = verdict_of(false);
    for (Index i = 0; i < predicate.children.count; ++i) {
        const Verdict one = this->predicate(program_->lists[predicate.children.first + i]);
        held += one.holds ? 1 : 0;
        all = sooner(false, all, one);
    }
    return {held >= predicate.least, all.next_change};
}

Verdict Machine::condition(Index index, const Row &row) {
    const Condition &condition = program_->conditions[index];
    switch (condition.kind) {
        case Condition::Kind::test:
            return row_test(program_->row_tests[condition.index], row);
        case Condition::Kind::all:
            return all_rows_of(condition.children, row);
        case Condition::Kind::any:
            return any_row_of(condition.children, row);
        case Condition::Kind::negation:
            return negation_of(this->condition(program_->lists[condition.children.first], row));
        case Condition::Kind::measure:
            break;
    }
    return measure(program_->measures[condition.index], &row, nullptr);
}

Verdict Machine::all_rows_of(Range children, const Row &row) {
    Verdict all = verdict_of(true);
    for (Index i = 0; i < children.count; ++i) {
        const Verdict one = condition(program_->lists[children.first + i], row);
        if (!one.holds) return one;
        all = sooner(true, all, one);
    }
    return all;
}

Verdict Machine::any_row_of(Range children, const Row &row) {
    Verdict any = verdict_of(false);
    for (Index i = 0; i < children.count; ++i) {
        const Verdict one = condition(program_->lists[children.first + i], row);
        if (one.holds) return one;
        any = sooner(false, any, one);
    }
    return any;
}

Verdict Machine::row_test(const RowTest &test, const Row &row) {
    return this->test(test.test, scalar_at(test.path, row), &row);
}

// As read() says, but a status code, asked for more than anything else, is not copied.
Scalar Machine::scalar_at(const Path &path, const Row &row) {
    if (path.kind != Path::Kind::status_code || path.object != Object::order || !row.order)
        return scalar_of(read(path, row, scratch_), text_scratch_);
    Scalar scalar;
    scalar.text = row.order->status[static_cast<size_t>(path.set)].code;
    if (!scalar.text.empty()) scalar.type = Type::text;
    return scalar;
}

const Zone &Machine::zone_of(ZoneRef zone) {
    if (!zone.of_customer) return *zone.zone;
    if (!customer_zone_asked_) {
        customer_zone_asked_ = true;
        const std::string_view name =
            facts_.customer ? facts_.customer->record.text(customer_field::time_zone) : std::string_view{};
        if (!name.empty() && world_.zones) customer_zone_ = world_.zones->find(name);
    }
    if (customer_zone_) return *customer_zone_;
    zone_missing = true;
    return *zone.zone;
}

// The beginning of a later local day; always after now, so that whoever waits for it moves on.
Instant Machine::flip_at(const Zone &zone, int64_t day) const {
    const Instant begins = midnight(zone, day);
    return begins > world_.now ? begins : world_.now + 1;
}

}  // namespace cartbell::segment
