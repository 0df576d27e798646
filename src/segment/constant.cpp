// Constants: typed once, exactly, against what they are compared with (formats.md head, "Money", "Rules").
#include "base/text.hpp"
#include "segment/compiler.hpp"
#include "segment/span.hpp"

namespace cartbell::segment {

Result<Operand> Compiler::constant(Node node, const Tested &tested) const {
    const Tree::Node &written = at(node);
    Operand made;
    switch (tested.type) {
        case Type::integer:
        case Type::decimal:
            return number_constant(node);
        case Type::money: {
            CARTBELL_ASSIGN(made, money_constant(node, tested.currency));
            if (tested.fixed_currency && made.currency != tested.currency)
                return fail(
                    node, "bad_constant",
                    "the amount is in " + tested.currency.text() + "; say the measure's \"currency\"");
            return made;
        }
        case Type::time:
            return time_constant(node, false);
        case Type::date:
            return time_constant(node, true);
        case Type::boolean:
            if (written.kind != Tree::Kind::boolean)
                return fail(node, "bad_constant", "expected true or false");
            made.type = Type::boolean;
            made.number = written.truth ? 1 : 0;
            return made;
        case Type::json:
            if (written.kind == Tree::Kind::number) return number_constant(node);
            if (written.kind == Tree::Kind::boolean) {
                made.type = Type::boolean;
                made.number = written.truth ? 1 : 0;
                return made;
            }
            break;
        default:
            break;
    }
    if (written.kind != Tree::Kind::text) return fail(node, "bad_constant", "expected a text");
    CARTBELL_TRY(check_code(node, tested));
    made.type = Type::text;
    made.text = written.text;
    return made;
}

Result<Operand> Compiler::number_constant(Node node) const {
    const Tree::Node &written = at(node);
    if (written.kind != Tree::Kind::number && written.kind != Tree::Kind::text)
        return fail(node, "bad_constant", "expected a number");
    Operand made;
    made.type = Type::decimal;
    auto scaled = parse_scaled(written.text, 6, Excess::refuse);
    if (scaled.ok()) {
        made.number = *scaled;
        return made;
    }
    auto whole =
        parse_scaled(written.text, 0, Excess::refuse);  // an integer field holds more than millionths can
    if (!whole.ok()) return fail(node, "bad_constant", "expected a number with at most 6 decimals");
    made.number = Wide{*whole} * decimal_unit_e6;
    return made;
}

Result<Operand> Compiler::money_constant(Node node, Currency fallback) const {
    const Tree::Node &written = at(node);
    const bool number = written.kind == Tree::Kind::number;
    if (!number && written.kind != Tree::Kind::text) return fail(node, "bad_constant", "expected an amount");
    const auto money = parse_money(written.text, number ? Excess::round_half_even : Excess::refuse);
    if (!money.ok())
        return fail(node, "bad_constant", "expected an amount such as \"199.90\" or \"199.90 EUR\"");
    Operand made;
    made.type = Type::money;
    made.number = money->amount_e4;
    made.currency = money->currency ? money->currency : fallback;
    return made;
}

Result<Operand> Compiler::time_constant(Node node, bool date_only) const {
    const Tree::Node &written = at(node);
    Operand made;
    if (written.kind == Tree::Kind::text) {
        if (const auto date = parse_date(written.text); date.ok()) {
            made.type = Type::date;
            made.number = pack(*date);
            if (date_only || date->year != 0) return made;
            return fail(node, "bad_constant", "a date without year is no time");
        }
        if (const auto instant = parse_instant(written.text); instant.ok() && !date_only) {
            made.type = Type::time;
            made.number = *instant;
            return made;
        }
    }
    return fail(
        node, "bad_constant",
        date_only ? "expected a date such as \"1990-05-14\"" : "expected a time with a zone, or a date");
}

// A date where a time is asked means its local midnight; with the customer's zone only evaluation knows
// which.
void Compiler::to_instant(Operand &constant, const ZoneRef &zone) const {
    if (constant.type != Type::date || zone.of_customer) return;
    constant.number = midnight(*zone.zone, days_of(unpack_date(static_cast<int64_t>(constant.number))));
    constant.type = Type::time;
}

// "Unknown codes are errors with the nearest name": of statuses, status sets and sources.
Status Compiler::check_code(Node node, const Tested &tested) const {
    if (!tested.path || tested.fragment) return {};
    const Path &path = *tested.path;
    const std::string_view code = at(node).text;
    std::vector<std::string_view> known;
    const bool of_history = path.object == Object::history && path.kind == Path::Kind::computed;
    if (path.kind == Path::Kind::status_code || path.kind == Path::Kind::status_previous) {
        for (const StatusDefinition &status : settings_.statuses)
            if (status.set == path.set) known.push_back(status.code);
    } else if (of_history && path.field == history_field::set) {
        known.assign(status_set_names.begin(), status_set_names.end());
    } else if (of_history && (path.field == history_field::from || path.field == history_field::to)) {
        for (const StatusDefinition &status : settings_.statuses)
            known.push_back(status.code);
    } else if ((of_history && path.field == history_field::source) ||
               (path.object == Object::order && path.kind == Path::Kind::cell &&
                path.field == order_field::source)) {
        for (const cartbell::Source &source : settings_.sources)
            known.push_back(source.code);
    } else {
        return {};
    }
    for (const std::string_view one : known)
        if (one == code) return {};
    return unknown(node, "code", code, known, "unknown_code");
}

Result<Currency> Compiler::currency(Node node) const {
    const Currency found = at(node).kind == Tree::Kind::text ? Currency::listed(at(node).text) : Currency{};
    if (!found) return fail(node, "bad_constant", "expected a currency code such as \"EUR\"");
    return found;
}

Result<ZoneRef> Compiler::zone(Node node) {
    if (at(node).kind != Tree::Kind::text) return wrong_kind(node, "\"shop\", \"customer\" or an IANA zone");
    ZoneRef found = program_->shop_zone;
    if (at(node).text == "shop") return found;
    if (at(node).text == "customer") {
        found.of_customer = true;
        return found;
    }
    if (const Zone *named = zones_.find(at(node).text))
        found.zone = named;
    else
        warn(node, "unknown_zone", "unknown zone \"" + at(node).text + "\": the shop's is used");
    return found;
}

}  // namespace cartbell::segment
