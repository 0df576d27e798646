// Tests and operands (formats.md §2 "test", "operand"): operators against types, constants converted once.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "segment/compiler.hpp"

namespace cartbell::segment {
namespace {

// Kinds of types, as bits of the operators that go with them.
enum : uint8_t {
    is_text = 1,
    is_number = 2,
    is_boolean = 4,
    is_time = 8,
    is_list = 16,
    is_json = 32,
    anything = 63
};

uint8_t kind_of(Type type) {
    switch (type) {
        case Type::text:
            return is_text;
        case Type::integer:
        case Type::decimal:
        case Type::money:
            return is_number;
        case Type::boolean:
            return is_boolean;
        case Type::time:
        case Type::date:
            return is_time;
        case Type::list:
            return is_list;
        case Type::json:
            return is_json;
        case Type::none:
            break;
    }
    return 0;
}

struct Operator {
    std::string_view name;
    Op op;
    uint8_t kinds;
};
constexpr uint8_t ordered = is_number | is_time | is_json;
constexpr std::array<Operator, 26> operators{{
    {"eq", Op::eq, anything},
    {"ne", Op::ne, anything},
    {"lt", Op::lt, ordered},
    {"le", Op::le, ordered},
    {"gt", Op::gt, ordered},
    {"ge", Op::ge, ordered},
    {"between", Op::between, ordered},
    {"in", Op::in, anything},
    {"not_in", Op::not_in, anything},
    {"exists", Op::exists, anything},
    {"contains", Op::contains, is_text | is_list | is_json},
    {"starts_with", Op::starts_with, is_text | is_json},
    {"ends_with", Op::ends_with, is_text | is_json},
    {"any_of", Op::any_of, is_list | is_json},
    {"all_of", Op::all_of, is_list | is_json},
    {"none_of", Op::none_of, is_list | is_json},
    {"under", Op::under, is_list | is_json},
    {"before", Op::lt, is_time},
    {"after", Op::gt, is_time},
    {"within_last", Op::within_last, is_time},
    {"within_next", Op::within_next, is_time},
    {"ago", Op::ago, is_time},
    {"ahead", Op::ahead, is_time},
    {"days_ago", Op::days_ago, is_time},
    {"days_ahead", Op::days_ahead, is_time},
    {"anniversary", Op::anniversary, is_time},
}};

const Operator *find_operator(std::string_view name) {
    for (const Operator &one : operators)
        if (one.name == name) return &one;
    return nullptr;
}

std::vector<std::string_view> test_members() {
    std::vector<std::string_view> names{"zone", "currency", "fold"};
    for (const Operator &one : operators)
        names.push_back(one.name);
    return names;
}

std::string_view name_of(Type type) {
    constexpr std::array<std::string_view, 10> names{
        "nothing",   "a text", "an integer", "a decimal", "an amount of money",
        "a boolean", "a time", "a date",     "a list",    "an undeclared field"};
    return names[static_cast<size_t>(type)];
}

bool takes_list(Op op) {
    return op == Op::between || op == Op::in || op == Op::not_in || op == Op::any_of || op == Op::all_of ||
           op == Op::none_of || op == Op::under;
}

constexpr Index long_list = 8;

}  // namespace

Result<Test> Compiler::test(Node node, const Tested &tested, const Scope &scope) {
    Test made;
    made.zone = program_->shop_zone;
    std::vector<Check> found;
    if (at(node).kind != Tree::Kind::object) {  // a constant: eq, and against a list "has this element"
        Check equal;
        CARTBELL_TRY(add_operands(node, tested, scope, made, equal));
        found.push_back(equal);
        made.checks = checks(found);
        return made;
    }
    Tested typed = tested;
    for (const Node member : tree_.children(node)) {
        if (at(member).name == "zone") {
            CARTBELL_ASSIGN(made.zone, zone(member));
        } else if (at(member).name == "currency") {
            if (tested.type != Type::money)
                return fail(member, "bad_type", "only an amount of money is in a currency");
            CARTBELL_ASSIGN(typed.currency, currency(member));
        } else if (at(member).name == "fold") {
            return not_yet(member, "fold");
        }
    }
    for (const Node member : tree_.children(node))
        CARTBELL_TRY(check(member, typed, scope, made, found));
    if (found.empty()) return wrong_kind(node, "an operator");
    made.checks = checks(found);
    return made;
}

Status Compiler::check(Node member, const Tested &tested, const Scope &scope, Test &test,
                       std::vector<Check> &found) {
    const std::string_view name = at(member).name;
    if (name == "zone" || name == "currency") return {};
    const Operator *known = find_operator(name);
    if (!known) return unknown(member, "operator", name, test_members(), "unknown_member");
    if (!(known->kinds & kind_of(tested.type)))
        return fail(member, "bad_type",
                    "\"" + std::string(name) + "\" does not go with " + std::string(name_of(tested.type)));
    Check made;
    made.op = known->op;
    warn_if_missing(member, made.op, tested);
    if (made.op == Op::exists) {
        if (at(member).kind != Tree::Kind::boolean)
            return fail(member, "bad_constant", "expected true or false");
        made.expected = at(member).truth;
        found.push_back(made);
        return {};
    }
    if (made.op >= Op::within_last) return time_checks(member, made.op, tested, test, found);
    CARTBELL_TRY(add_operands(member, tested, scope, test, made));
    if (tested.type == Type::json && (known->kinds & is_number) && !(known->kinds & is_text))
        for (Index i = 0; i < made.operands.count; ++i)
            if (const Operand &one = program_->operands[made.operands.first + i];
                one.field == no_index && one.type != Type::decimal)
                return fail(member, "bad_constant", "of an undeclared field only numbers have an order");
    found.push_back(made);
    return {};
}

void Compiler::warn_if_missing(Node member, Op op, const Tested &tested) {
    if (!tested.may_be_missing || (op != Op::ne && op != Op::not_in && op != Op::none_of)) return;
    warn(member, "may_be_missing",
         "\"" + at(member).name +
             "\" is false where the value is missing; add {\"exists\":false} by \"any\" if those are meant "
             "too");
}

Status Compiler::add_operands(Node node, const Tested &whole, const Scope &scope, const Test &test,
                              Check &check) {
    std::vector<Operand> made;
    Tested tested = whole;
    tested.fragment = check.op == Op::contains || check.op == Op::starts_with || check.op == Op::ends_with;
    if (takes_list(check.op)) {
        if (at(node).kind != Tree::Kind::array) return wrong_kind(node, "an array");
        for (const Node item : tree_.children(node)) {
            CARTBELL_ASSIGN(Operand one, operand(item, tested, scope, test));
            made.push_back(std::move(one));
        }
        if (check.op == Op::between && made.size() != 2) return wrong_kind(node, "[least, greatest]");
        if (check.op == Op::under && made.empty()) return wrong_kind(node, "at least one element");
    } else {
        CARTBELL_ASSIGN(Operand one, operand(node, tested, scope, test));
        made.push_back(std::move(one));
    }
    const bool searched = (check.op == Op::in || check.op == Op::not_in) && tested.type == Type::text &&
                          made.size() > long_list;
    if (searched &&
        std::all_of(made.begin(), made.end(), [](const Operand &one) { return one.field == no_index; })) {
        std::sort(made.begin(), made.end(),
                  [](const Operand &a, const Operand &b) { return a.text < b.text; });
        check.sorted = true;
    }
    check.operands = {static_cast<Index>(program_->operands.size()), static_cast<Index>(made.size())};
    for (Operand &one : made)
        program_->operands.push_back(std::move(one));
    return {};
}

Result<Operand> Compiler::operand(Node node, const Tested &tested, const Scope &scope, const Test &test) {
    if (at(node).kind == Tree::Kind::null)
        return fail(node, "bad_constant", "null is no value; use {\"exists\":false}");
    if (at(node).kind != Tree::Kind::object) {
        CARTBELL_ASSIGN(Operand made, constant(node, tested));
        if (tested.type == Type::time) to_instant(made, test.zone);
        return made;
    }
    if (const Node instance = tree_.find(node, "this")) return not_yet(instance, "this");
    CARTBELL_TRY(only_members(node, {"field", "times", "plus", "minus"}));
    if (!tested.path || tested.fixed_currency)
        return fail(node, "bad_type", "there is no row whose field could be meant");
    Operand made;
    CARTBELL_ASSIGN(made.field, field_operand(node, tested, scope));
    return made;
}

Result<Index> Compiler::field_operand(Node node, const Tested &tested, const Scope &scope) {
    const Node field = tree_.find(node, "field");
    if (!field || at(field).kind != Tree::Kind::text)
        return fail(node, "bad_type", "expected {\"field\":path}");
    FieldOperand made;
    CARTBELL_ASSIGN(made.path, bind(field, at(field).text, scope.object));
    const Type wanted = tested.type == Type::list ? Type::text : tested.type;
    const bool same = made.path.type == wanted || made.path.type == Type::json || wanted == Type::json ||
                      (wanted == Type::time && made.path.type == Type::date) ||
                      (wanted == Type::integer && made.path.type == Type::decimal) ||
                      (wanted == Type::decimal && made.path.type == Type::integer);
    if (!same || made.path.type == Type::list)
        return fail(field, "bad_type",
                    "\"" + at(field).text + "\" is " + std::string(name_of(made.path.type)) + ", not " +
                        std::string(name_of(wanted)));
    CARTBELL_ASSIGN(made.change, change(node, made.path.type, tested.currency));
    program_->fields.push_back(std::move(made));
    return static_cast<Index>(program_->fields.size() - 1);
}

// times, plus and minus of what is of this type; `currency`: of an amount that says none.
Result<Change> Compiler::change(Node node, Type type, Currency currency) {
    const Node times = tree_.find(node, "times"), plus = tree_.find(node, "plus"), minus = tree_.find(node, "minus");
    Change made;
    if (times) {
        constexpr int64_t most = 1'000'000'000;  // so that exact products stay in range
        if (!(kind_of(type) & (is_number | is_json))) return fail(times, "bad_type", "only a number has a multiple");
        CARTBELL_ASSIGN(const Operand factor, number_constant(times));
        if (factor.number > Wide{most} * decimal_unit_e6 || factor.number < -Wide{most} * decimal_unit_e6)
            return fail(times, "bad_constant", "expected a number up to 1000000000");
        made.has_times = true;
        made.times_e6 = static_cast<int64_t>(factor.number);
    }
    if (plus && minus) return fail(minus, "bad_type", "either \"plus\" or \"minus\"");
    if (plus || minus) CARTBELL_TRY(shift(plus ? plus : minus, minus != 0, type, currency, made));
    return made;
}

Status Compiler::shift(Node node, bool minus, Type type, Currency currency, Change &change) {
    using Shift = Change::Shift;
    if (at(node).kind == Tree::Kind::object) return not_yet(node, "a computed value here");
    const uint8_t kind = kind_of(type);
    if (kind == is_time) {
        CARTBELL_ASSIGN(change.duration, duration(node, type));
        change.shift = minus ? Shift::earlier : Shift::later;
        return {};
    }
    if (!(kind & (is_number | is_json)))
        return fail(node, "bad_type", "nothing can be added to " + std::string(name_of(type)));
    Operand amount;
    if (type == Type::money) {
        CARTBELL_ASSIGN(amount, money_constant(node, currency));
    } else {
        CARTBELL_ASSIGN(amount, number_constant(node));
    }
    change.shift = Shift::amount;
    change.amount = minus ? -amount.number : amount.number;
    change.currency = amount.currency;
    return {};
}

Result<Duration> Compiler::duration(Node node, Type of) const {
    if (at(node).kind != Tree::Kind::text) return wrong_kind(node, "a duration such as \"30d\"");
    const auto parsed = parse_duration(at(node).text);
    if (!parsed.ok()) return fail(node, "bad_constant", "expected a whole number and one of s m h d w mo y");
    if (of == Type::date && parsed->unit < Duration::Unit::day)
        return fail(node, "bad_constant", "a date moves by d, w, mo or y");
    return *parsed;
}

Status Compiler::time_checks(Node member, Op op, const Tested &tested, const Test &,
                             std::vector<Check> &found) {
    if (op == Op::ago || op == Op::ahead) return elapsed_checks(member, op, tested, found);
    Check made;
    made.op = op;
    if (op == Op::within_last || op == Op::within_next) {
        CARTBELL_ASSIGN(made.duration, duration(member, tested.type));
    } else if (op == Op::anniversary) {
        CARTBELL_TRY(anniversary(member, made));
    } else {
        CARTBELL_ASSIGN(made.inner, day_number_checks(member));
    }
    found.push_back(made);
    return {};
}

// {"ago":{"gt":"1mo"}}: each member is a check of its own; between is both of its bounds.
Status Compiler::elapsed_checks(Node member, Op op, const Tested &tested, std::vector<Check> &found) {
    if (at(member).kind != Tree::Kind::object || tree_.count_children(member) == 0)
        return wrong_kind(member, "{operator: duration}");
    for (const Node relation : tree_.children(member)) {
        const Operator *known = find_operator(at(relation).name);
        constexpr std::array<std::string_view, 7> names{"eq", "ne", "lt", "le", "gt", "ge", "between"};
        if (!known || known->op > Op::between || known->name == "before" || known->name == "after")
            return unknown(relation, "operator", at(relation).name, names, "unknown_member");
        Check made;
        made.op = op;
        made.relation = known->op;
        if (known->op != Op::between) {
            CARTBELL_ASSIGN(made.duration, duration(relation, tested.type));
            found.push_back(made);
            continue;
        }
        if (at(relation).kind != Tree::Kind::array || tree_.count_children(relation) != 2)
            return wrong_kind(relation, "[least, greatest]");
        Op bound = Op::ge;
        for (const Node item : tree_.children(relation)) {
            made.relation = bound;
            CARTBELL_ASSIGN(made.duration, duration(item, tested.type));
            found.push_back(made);
            bound = Op::le;
        }
    }
    return {};
}

// A test of a number of days (or years): constants only, so that the day of the next change is known.
Result<Range> Compiler::day_number_checks(Node node) {
    const Tested days{Type::integer, nullptr, false, {}, false};
    if (at(node).kind == Tree::Kind::object) {
        if (tree_.count_children(node) == 0) return wrong_kind(node, "a test of a number");
        for (const Node member : tree_.children(node)) {
            constexpr std::array<std::string_view, 9> names{"eq", "ne",      "lt", "le",    "gt",
                                                            "ge", "between", "in", "not_in"};
            if (std::find(names.begin(), names.end(), at(member).name) == names.end())
                return unknown(member, "operator", at(member).name, names, "unknown_member");
        }
    }
    CARTBELL_ASSIGN(const Test made, test(node, days, Scope{}));
    return made.checks;
}

Status Compiler::anniversary(Node node, Check &check) {
    CARTBELL_TRY(only_members(node, {"days_ahead", "years"}));
    const Node days = tree_.find(node, "days_ahead"), years = tree_.find(node, "years");
    if (!days && !years) return wrong_kind(node, "\"days_ahead\" or \"years\"");
    if (days) {
        CARTBELL_ASSIGN(check.inner, day_number_checks(days));
    }
    if (years) {
        CARTBELL_ASSIGN(check.years, day_number_checks(years));
    }
    return {};
}

}  // namespace cartbell::segment
