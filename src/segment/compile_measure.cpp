// Measures, aggregates and periods (formats.md §2 "measure", "AGGREGATE", "period").
#include <array>

#include "base/text.hpp"
#include "segment/compiler.hpp"

namespace cartbell::segment {
namespace {

constexpr std::array<std::string_view, 11> aggregate_names{
    "count", "sum", "avg", "min", "max", "distinct", "mode", "first", "last", "every", "none"};
constexpr std::array<std::string_view, 14> measure_members{"where", "period", "currency", "count",    "sum",
                                                           "avg",   "min",    "max",      "distinct", "mode",
                                                           "first", "last",   "every",    "none"};

Object object_of(RowsOf rows) {
    switch (rows) {
        case RowsOf::orders:
        case RowsOf::purchases:
            return Object::order;
        case RowsOf::order_payments:
            return Object::payment;
        case RowsOf::order_history:
            return Object::history;
        default:
            return Object::line;
    }
}

bool can_sum(Type type) {
    return type == Type::integer || type == Type::decimal || type == Type::money || type == Type::json;
}

Aggregate aggregate_of(std::string_view name) {
    size_t found = 0;
    while (aggregate_names[found] != name)
        ++found;
    return static_cast<Aggregate>(found);
}

// The text after the amount of "199.90 EUR".
std::string_view currency_text(std::string_view constant) {
    const size_t space = constant.rfind(' ');
    return space == std::string_view::npos ? std::string_view{} : constant.substr(space + 1);
}

}  // namespace

Result<Index> Compiler::measure(Node node, Node from, RowsOf rows, Currency outer_currency, const Currency *as_value) {
    if (at(node).kind != Tree::Kind::object) return wrong_kind(node, "an object");
    Measure made;
    made.rows = rows;
    made.object = object_of(rows);
    Node where = 0, period_node = 0, aggregate_node = 0;
    Currency said;
    for (const Node member : tree_.children(node)) {
        const std::string_view name = at(member).name;
        if (name == "where")
            where = member;
        else if (name == "period")
            period_node = member;
        else if (name == "currency") {
            CARTBELL_ASSIGN(said, currency(member));
        } else {
            bool known = false;
            for (const std::string_view aggregate_name : aggregate_names)
                known = known || aggregate_name == name;
            if (!known) return unknown(member, "member", name, measure_members, "unknown_member");
            if (aggregate_node) return fail(member, "bad_type", "a measure has one aggregate at most");
            aggregate_node = member;
        }
    }
    const Scope scope{made.object, said ? said : outer_currency};
    if (where) {
        CARTBELL_ASSIGN(made.where, row(where, scope));
    }
    if (period_node) {
        CARTBELL_ASSIGN(made.period, period(period_node));
    }
    made.origin = origin(from, "measure");
    if (as_value && !aggregate_node)
        return fail(node, "bad_type", "a value needs an aggregate, as \"count\":true or \"sum\":{\"of\":path}");
    if (aggregate_node) {
        CARTBELL_TRY(as_value ? untested_aggregate(aggregate_node, made, scope, *as_value)
                              : aggregate(aggregate_node, made, scope, said));
        Origin &explained = program_->origins[made.origin];
        explained.what = at(aggregate_node).name;
        append_compact(explained.test, tree_, aggregate_node);
    } else {
        program_->origins[made.origin].what = "count";
        program_->origins[made.origin].test = "{\"ge\":1}";
        made.is_threshold = true;
        made.threshold = 1;
    }
    program_->measures.push_back(made);
    return static_cast<Index>(program_->measures.size() - 1);
}

Status Compiler::aggregate(Node member, Measure &measure, const Scope &scope, Currency said) {
    measure.aggregate = aggregate_of(at(member).name);
    switch (measure.aggregate) {
        case Aggregate::count: {
            CARTBELL_ASSIGN(measure.test,
                            test(member, Tested{Type::integer, nullptr, false, {}, false}, scope));
            recognise_threshold(measure);
            return {};
        }
        case Aggregate::every:
        case Aggregate::none:
            measure.is_threshold = true;
            measure.threshold_reached = false;
            measure.threshold = 1;
            [[fallthrough]];
        case Aggregate::first:
        case Aggregate::last: {
            CARTBELL_ASSIGN(measure.row, row(member, scope));
            return {};
        }
        default:
            return value_aggregate(member, measure, scope, said);
    }
}

// What sum ... last are of: a path whose type they go with.
Status Compiler::aggregated_path(Node of, Measure &measure, const Scope &scope) {
    if (at(of).kind != Tree::Kind::text) return wrong_kind(of, "a path");
    CARTBELL_ASSIGN(measure.of, bind(of, at(of).text, scope.object));
    const Type type = measure.of.type;
    const bool sums = measure.aggregate == Aggregate::sum || measure.aggregate == Aggregate::avg;
    const bool extreme = measure.aggregate == Aggregate::min || measure.aggregate == Aggregate::max;
    if (sums && !can_sum(type)) return fail(of, "bad_type", "\"" + at(of).text + "\" has no sum");
    if (extreme && !can_sum(type) && type != Type::time && type != Type::date)
        return fail(of, "bad_type", "\"" + at(of).text + "\" has no least or greatest value");
    if (!sums && !extreme && type == Type::list)
        return fail(of, "bad_type", "\"" + at(of).text + "\" is a list");
    return {};
}

// Of a value: "count":true, or {"of":path} without a test. Amounts of several rows come in `currency`; of a chosen row in their own.
Status Compiler::untested_aggregate(Node member, Measure &measure, const Scope &scope, Currency currency) {
    measure.aggregate = aggregate_of(at(member).name);
    if (measure.aggregate == Aggregate::count) {
        if (at(member).kind == Tree::Kind::boolean && at(member).truth) return {};
        return wrong_kind(member, "true: the count itself is the value");
    }
    if (measure.aggregate == Aggregate::every || measure.aggregate == Aggregate::none)
        return fail(member, "bad_type", "\"" + at(member).name + "\" is no value");
    CARTBELL_TRY(only_members(member, {"of"}));
    const Node of = tree_.find(member, "of");
    if (!of) return wrong_kind(member, "{\"of\":path}");
    CARTBELL_TRY(aggregated_path(of, measure, scope));
    const bool chosen = measure.aggregate == Aggregate::first || measure.aggregate == Aggregate::last;
    if (measure.of.type == Type::money && !chosen) measure.currency = currency;
    return {};
}

Status Compiler::value_aggregate(Node member, Measure &measure, const Scope &scope, Currency said) {
    CARTBELL_TRY(only_members(member, {"of", "is"}));
    const Node of = tree_.find(member, "of"), is = tree_.find(member, "is");
    if (!of || !is) return fail(member, "bad_type", "expected {\"of\":path,\"is\":test}");
    CARTBELL_TRY(aggregated_path(of, measure, scope));
    const Type type = measure.of.type;
    const bool summed_or_extreme = measure.aggregate >= Aggregate::sum && measure.aggregate <= Aggregate::max;
    Tested tested{type, nullptr, measure.aggregate != Aggregate::sum, scope.currency, true};
    if (measure.aggregate == Aggregate::distinct)
        tested = Tested{Type::integer, nullptr, false, {}, false};
    else if (type == Type::json && summed_or_extreme)
        tested.type = Type::decimal;
    if (type == Type::money) {
        // "A constant without currency is in the test's currency, else the measure's, else the shop's, and so
        // is a sum."
        measure.currency = scope.currency;
        const Node tests = tree_.find(is, "currency");
        if (tests) {
            CARTBELL_ASSIGN(measure.currency, currency(tests));
        } else if (!said) {
            CARTBELL_ASSIGN(measure.currency, currency_of_constants(is, scope.currency));
        }
        tested.currency = measure.currency;
    }
    if (measure.aggregate == Aggregate::mode && (type == Type::text || type == Type::json))
        tested.path = &measure.of;
    CARTBELL_ASSIGN(measure.test, test(is, tested, Scope{scope.object, measure.currency}));
    return {};
}

// A sum whose constants all name one currency, and nothing else does, is in that one.
Result<Currency> Compiler::currency_of_constants(Node test, Currency fallback) const {
    std::string_view named;
    for (Node node = test; node < at(test).next; ++node) {
        if (at(node).kind != Tree::Kind::text) continue;
        const std::string_view text = currency_text(at(node).text);
        if (text.empty()) continue;
        if (!named.empty() && named != text)
            return fail(node, "bad_constant", "constants of two currencies; say the measure's \"currency\"");
        named = text;
    }
    const Currency found = Currency::of(named);
    return found ? found : fallback;
}

// A count that is only held against one number: "at least k", or its negation.
void Compiler::recognise_threshold(Measure &measure) {
    if (measure.test.checks.count != 1) return;
    const Check &check = program_->checks[measure.test.checks.first];
    if (check.op > Op::ge || check.operands.count != 1) return;
    const Wide constant = program_->operands[check.operands.first].number;
    if (constant < 0 || constant > Wide{1'000'000'000} * decimal_unit_e6) return;
    const int64_t below = static_cast<int64_t>(constant / decimal_unit_e6);
    const int64_t up = below + (constant % decimal_unit_e6 != 0 ? 1 : 0);  // rounded up
    switch (check.op) {
        case Op::ge:
        case Op::lt:
            measure.threshold = up;
            break;
        case Op::gt:
        case Op::le:
            measure.threshold = below + 1;
            break;
        default:  // eq and ne: only "none at all"
            if (constant != 0) return;
            measure.threshold = 1;
    }
    measure.is_threshold = measure.threshold > 0;
    measure.threshold_reached = check.op == Op::ge || check.op == Op::gt || check.op == Op::ne;
}

Result<Index> Compiler::period(Node node) {
    CARTBELL_TRY(
        only_members(node, {"past", "past_days", "older_than", "between", "since", "calendar", "zone"}));
    Period made;
    made.zone = program_->shop_zone;
    Node kind = 0;
    for (const Node member : tree_.children(node)) {
        if (at(member).name == "zone") {
            CARTBELL_ASSIGN(made.zone, zone(member));
        } else {
            if (kind)
                return fail(member, "bad_type",
                            "a period is one of past, past_days, older_than, between, since, calendar");
            kind = member;
        }
    }
    if (!kind) return wrong_kind(node, "one of past, past_days, older_than, between, since, calendar");
    CARTBELL_TRY(period_member(kind, made));
    program_->periods.push_back(made);
    return static_cast<Index>(program_->periods.size() - 1);
}

Status Compiler::period_member(Node member, Period &period) {
    const std::string_view name = at(member).name;
    if (name == "since") {
        period.kind = Period::Kind::since;
        CARTBELL_ASSIGN(period.value, since(member, period.zone));
        return {};
    }
    if (name == "calendar") return calendar(member, period);
    if (name == "past" || name == "older_than") {
        period.kind = name == "past" ? Period::Kind::past : Period::Kind::older_than;
        CARTBELL_ASSIGN(period.duration, duration(member, Type::time));
        return {};
    }
    if (name == "past_days") {
        constexpr int64_t most_days = 100'000;
        period.kind = Period::Kind::past_days;
        const auto days = at(member).kind == Tree::Kind::number
                              ? parse_scaled(at(member).text, 0, Excess::refuse)
                              : Result<int64_t>(wrong_kind(member, "a number"));
        if (!days.ok() || *days < 1 || *days > most_days)
            return fail(member, "bad_constant", "expected a whole number of days, 1 to 100000");
        period.days = *days;
        return {};
    }
    period.kind = Period::Kind::between;
    if (at(member).kind != Tree::Kind::array || tree_.count_children(member) != 2)
        return wrong_kind(member, "[from, to]");
    const Node first = member + 1, second = at(first).next;
    CARTBELL_ASSIGN(period.from, time_constant(first, false));
    CARTBELL_ASSIGN(period.to, time_constant(second, false));
    to_instant(period.from, period.zone);
    to_instant(period.to, period.zone);
    return {};
}

Status Compiler::calendar(Node member, Period &period) {
    struct Named {
        std::string_view name;
        Period::Kind kind;
        Period::Step step;
    };
    using Kind = Period::Kind;
    using Step = Period::Step;
    constexpr std::array<Named, 10> named{{{"today", Kind::this_one, Step::day},
                                           {"yesterday", Kind::previous_one, Step::day},
                                           {"this_week", Kind::this_one, Step::week},
                                           {"previous_week", Kind::previous_one, Step::week},
                                           {"this_month", Kind::this_one, Step::month},
                                           {"previous_month", Kind::previous_one, Step::month},
                                           {"this_quarter", Kind::this_one, Step::quarter},
                                           {"previous_quarter", Kind::previous_one, Step::quarter},
                                           {"this_year", Kind::this_one, Step::year},
                                           {"previous_year", Kind::previous_one, Step::year}}};
    if (at(member).kind != Tree::Kind::text) return wrong_kind(member, "the name of a calendar period");
    std::vector<std::string_view> names;
    for (const Named &one : named) {
        names.push_back(one.name);
        if (one.name != at(member).text) continue;
        period.kind = one.kind;
        period.step = one.step;
        return {};
    }
    return unknown(member, "calendar period", at(member).text, names, "unknown_code");
}

}  // namespace cartbell::segment
