// Comparisons and values (formats.md §2 "compare", "value", "since").
#include <array>

#include "base/text.hpp"
#include "segment/compiler.hpp"

namespace cartbell::segment {
namespace {

constexpr std::array<std::string_view, 6> relations{"eq", "ne", "lt", "le", "gt", "ge"};  // in the order of Op
constexpr std::array<std::string_view, 8> value_members{"orders", "purchases", "lines", "bought", "customer", "times", "plus", "minus"};
constexpr std::array<std::string_view, 7> later_members{"container", "events", "messages", "instances", "this", "item", "seen"};

// What can be compared with what: numbers, texts, booleans, amounts, times and dates; undeclared fields with everything.
enum class Family : uint8_t { text, number, money, boolean, time, any };

Family family_of(Type type) {
    switch (type) {
        case Type::integer:
        case Type::decimal:
            return Family::number;
        case Type::money:
            return Family::money;
        case Type::boolean:
            return Family::boolean;
        case Type::time:
        case Type::date:
            return Family::time;
        case Type::json:
            return Family::any;
        default:
            return Family::text;
    }
}

bool has_order(Type type) {
    const Family family = family_of(type);
    return family != Family::text && family != Family::boolean;
}

Type type_of(const Measure &measure) {
    switch (measure.aggregate) {
        case Aggregate::count:
        case Aggregate::distinct:
            return Type::integer;
        case Aggregate::mode:
        case Aggregate::first:
        case Aggregate::last:
            return measure.of.type;
        default:
            return measure.of.type == Type::json ? Type::decimal : measure.of.type;
    }
}

}  // namespace

Result<Index> Compiler::comparison(Node node, Node member) {
    if (at(member).kind != Tree::Kind::array || tree_.count_children(member) != 3)
        return wrong_kind(member, "[value, \"eq|ne|lt|le|gt|ge\", value]");
    const Node left = member + 1, relation = at(left).next, right = at(relation).next;
    Comparison made;
    if (at(relation).kind != Tree::Kind::text) return wrong_kind(relation, "an operator");
    size_t op = 0;
    while (op < relations.size() && relations[op] != at(relation).text)
        ++op;
    if (op == relations.size()) return unknown(relation, "operator", at(relation).text, relations, "unknown_member");
    made.op = static_cast<Op>(op);
    const bool left_constant = at(left).kind != Tree::Kind::object, right_constant = at(right).kind != Tree::Kind::object;
    if (left_constant && right_constant) return fail(right, "bad_type", "one of the two must be no constant");

    CARTBELL_ASSIGN(const Currency left_says, currency_said(left));
    CARTBELL_ASSIGN(const Currency right_says, currency_said(right));
    made.currency = left_says ? left_says : right_says ? right_says : settings_.shop.currency;
    const ZoneRef &zone = program_->shop_zone;
    if (!left_constant) {
        CARTBELL_ASSIGN(made.left, value(left, made.currency, zone));
    }
    if (!right_constant) {
        CARTBELL_ASSIGN(made.right, value(right, made.currency, zone));
    }
    if (left_constant) {
        const ValueSource like = program_->values[made.right];
        CARTBELL_ASSIGN(made.left, constant_value(left, like, made.currency, zone));
    }
    if (right_constant) {
        const ValueSource like = program_->values[made.left];
        CARTBELL_ASSIGN(made.right, constant_value(right, like, made.currency, zone));
    }
    const Type left_type = program_->values[made.left].type, right_type = program_->values[made.right].type;
    const Family left_family = family_of(left_type), right_family = family_of(right_type);
    if (left_family != right_family && left_family != Family::any && right_family != Family::any)
        return fail(right, "bad_type", "cannot be compared with the first value: they are of different kinds");
    if (left_family == Family::money && left_says && right_says && left_says != right_says)
        return fail(right, "bad_constant", "amounts in two currencies; say one of them");
    if (made.op != Op::eq && made.op != Op::ne && !(has_order(left_type) && has_order(right_type)))
        return fail(relation, "bad_type", "\"" + at(relation).text + "\" goes with numbers, amounts and times only");

    Predicate compared;
    compared.kind = Predicate::Kind::comparison;
    compared.index = static_cast<Index>(program_->comparisons.size());
    program_->comparisons.push_back(made);
    const Index added = add(compared, node, "compare");
    append_compact(program_->origins.back().test, tree_, member);
    return added;
}

// The currency that a value says: the measure's, or that of an amount in it.
Result<Currency> Compiler::currency_said(Node value) const {
    const auto of_amount = [&](Node written) {
        const auto money = at(written).kind == Tree::Kind::text ? parse_money(at(written).text, Excess::refuse) : Result<Money>(Money{});
        return money.ok() ? money->currency : Currency{};
    };
    if (at(value).kind != Tree::Kind::object) return of_amount(value);
    Currency said;
    for (const Node member : tree_.children(value)) {
        Currency found;
        if (at(member).name == "plus" || at(member).name == "minus") {
            found = of_amount(member);
        } else if (const Node named = at(member).kind == Tree::Kind::object ? tree_.find(member, "currency") : 0) {
            CARTBELL_ASSIGN(found, currency(named));
        }
        if (said && found && said != found) return fail(member, "bad_constant", "amounts in two currencies; say one of them");
        if (found) said = found;
    }
    return said;
}

Result<Index> Compiler::value(Node node, Currency currency, const ZoneRef &zone) {
    Node source = 0;
    for (const Node member : tree_.children(node)) {
        const std::string_view name = at(member).name;
        for (const std::string_view later : later_members)
            if (later == name) return not_yet(member, name);
        bool known = false;
        for (const std::string_view one : value_members)
            known = known || one == name;
        if (!known) return unknown(member, "member", name, value_members, "unknown_member");
        if (name == "times" || name == "plus" || name == "minus") continue;
        if (source) return fail(member, "bad_type", "a value has one source");
        source = member;
    }
    if (!source) return wrong_kind(node, "one of orders, purchases, lines, bought, customer");
    ValueSource made;
    made.zone = zone;
    made.origin = origin(node, at(source).name);
    CARTBELL_TRY(value_of(source, made, currency));
    CARTBELL_ASSIGN(made.change, change(node, made.type, currency));
    append_compact(program_->origins[made.origin].test, tree_, node);
    program_->values.push_back(std::move(made));
    return static_cast<Index>(program_->values.size() - 1);
}

Status Compiler::value_of(Node source, ValueSource &value, Currency currency) {
    if (at(source).name == "customer") {
        if (at(source).kind != Tree::Kind::text) return wrong_kind(source, "a path");
        value.kind = ValueSource::Kind::customer;
        CARTBELL_ASSIGN(value.path, bind(source, at(source).text, Object::customer));
        value.type = value.path.type;
        if (value.type == Type::list) return fail(source, "bad_type", "\"" + at(source).text + "\" is a list");
        return {};
    }
    value.kind = ValueSource::Kind::measure;
    for (const RowSource &rows : row_sources) {
        if (rows.name != at(source).name) continue;
        CARTBELL_ASSIGN(value.measure, measure(source, source, rows.rows, settings_.shop.currency, &currency));
    }
    value.type = type_of(program_->measures[value.measure]);
    return {};
}

// The path whose codes a constant must be one of; null where the value is none of its values.
const Path *Compiler::path_of(const ValueSource &value) const {
    if (value.kind == ValueSource::Kind::customer) return &value.path;
    if (value.kind != ValueSource::Kind::measure) return nullptr;
    const Measure &measure = program_->measures[value.measure];
    return measure.aggregate >= Aggregate::mode ? &measure.of : nullptr;
}

Result<Index> Compiler::constant_value(Node node, const ValueSource &like, Currency currency, const ZoneRef &zone) {
    if (at(node).kind == Tree::Kind::null) return fail(node, "bad_constant", "null is no value");
    if (at(node).kind == Tree::Kind::array) return wrong_kind(node, "a value");
    ValueSource made;
    made.zone = zone;
    made.type = like.type;
    Tested tested{like.type, path_of(like), false, currency, false};
    CARTBELL_ASSIGN(made.constant, constant(node, tested));
    if (like.type == Type::time) to_instant(made.constant, zone);
    if (made.constant.type == Type::text && like.type == Type::json) made.type = Type::text;
    if (made.constant.type == Type::boolean) made.type = Type::boolean;
    made.origin = origin(node, "constant");
    append_compact(program_->origins[made.origin].test, tree_, node);
    program_->values.push_back(std::move(made));
    return static_cast<Index>(program_->values.size() - 1);
}

// A time or a date; "start" is that of an instance.
Result<Index> Compiler::since(Node node, const ZoneRef &zone) {
    if (at(node).kind == Tree::Kind::text && at(node).text == "start") return not_yet(node, "start");
    if (at(node).kind != Tree::Kind::object) {
        ValueSource like;
        like.type = Type::time;
        return constant_value(node, like, settings_.shop.currency, zone);
    }
    CARTBELL_ASSIGN(const Index made, value(node, settings_.shop.currency, zone));
    const Type type = program_->values[made].type;
    if (type != Type::time && type != Type::date) return fail(node, "bad_type", "a period begins at a time or a date");
    return made;
}

}  // namespace cartbell::segment
