// The words of the mapping language, in the order of docs/mapping.md.
#include <algorithm>

#include "base/text.hpp"
#include "codec/mapping_conversion.hpp"
#include "codec/mapping_evaluator.hpp"

namespace cartbell::codec {
namespace {

using Kind_ = MappedValue::Kind;

std::string_view text_beside(NodeRef node, std::string_view name, std::string_view otherwise) {
    const NodeRef found = node.find(name);
    return found ? found.text() : otherwise;
}

// The names of what an expression may be read from: of its paths that are alternatives, each one's last step.
void names_of_expression(NodeRef expression, std::vector<std::string> &names) {
    if (expression.is(Kind::string)) {
        names.emplace_back(last_name(expression.text()));
    } else if (expression.is(Kind::array)) {
        for (const Node &choice : expression.elements())
            names_of_expression(expression.of(choice), names);
    } else if (expression.is(Kind::object)) {
        for (const Node &member : expression.elements())
            return names_of_expression(expression.of(member), names);
    }
}

MappedValue text_value(std::string text, NodeRef from = {}) {
    return text.empty() ? MappedValue() : MappedValue(Kind_::text, std::move(text), from);
}

}  // namespace

Result<MappedValue> MappingEvaluator::scalar_of(NodeRef operand, const MappingScope &scope) {
    CARTBELL_ASSIGN(MappedValue made, value(operand, scope));
    if (made.missing() || made.scalar()) return made;
    return mapping_error("bad_type", made, "is no text, number or boolean");
}

Result<std::vector<MappedValue>> MappingEvaluator::operands(NodeRef list, const MappingScope &scope) {
    std::vector<MappedValue> made;
    for (const Node &one : list.elements()) {
        CARTBELL_ASSIGN(MappedValue item, value(list.of(one), scope));
        made.push_back(std::move(item));
    }
    return made;
}

Result<MappedValue> MappingEvaluator::text_word(NodeRef, NodeRef operand, const MappingScope &scope) {
    CARTBELL_ASSIGN(MappedValue made, value(operand, scope));
    if (made.missing()) return made;
    if (made.scalar()) return text_value(std::move(made.text), made.from);
    std::string json;
    append_mapped(json, made);
    return text_value(std::move(json), made.from);
}

Result<MappedValue> MappingEvaluator::money_word(NodeRef node, NodeRef operand, const MappingScope &scope) {
    CARTBELL_ASSIGN(const MappedValue made, scalar_of(operand, scope));
    MappedValue currency;
    if (const NodeRef said = node.find("currency")) {
        CARTBELL_ASSIGN(currency, scalar_of(said, scope));
    }
    return made.missing() ? Result<MappedValue>(made) : money_of(made, currency);
}

Result<MappedValue> MappingEvaluator::decimal_word(NodeRef, NodeRef operand, const MappingScope &scope) {
    CARTBELL_ASSIGN(const MappedValue made, scalar_of(operand, scope));
    return made.missing() ? Result<MappedValue>(made) : decimal_of(made);
}

Result<MappedValue> MappingEvaluator::whole_word(NodeRef, NodeRef operand, const MappingScope &scope) {
    CARTBELL_ASSIGN(const MappedValue made, scalar_of(operand, scope));
    return made.missing() ? Result<MappedValue>(made) : whole_of(made);
}

Result<MappedValue> MappingEvaluator::time_word(NodeRef node, NodeRef operand, const MappingScope &scope) {
    CARTBELL_ASSIGN(const MappedValue made, scalar_of(operand, scope));
    if (made.missing()) return made;
    return time_of(made, text_beside(node, "zone", ""), text_beside(node, "unit", ""));
}

Result<MappedValue> MappingEvaluator::code_word(NodeRef, NodeRef operand, const MappingScope &scope) {
    CARTBELL_ASSIGN(MappedValue made, scalar_of(operand, scope));
    if (made.missing()) return made;
    std::string code = code_of_name(made.text);
    field_names_.emplace(code, made.text);
    return text_value(std::move(code), made.from);
}

Result<MappedValue> MappingEvaluator::json_word(NodeRef, NodeRef operand, const MappingScope &scope) {
    CARTBELL_ASSIGN(const FoundNodes found, first_found(operand, scope));
    if (found.nodes.empty() || found.nodes.front().is(Kind::null)) return MappedValue();
    const NodeRef node = found.nodes.front();
    marks_.whole(node);
    if (node.scalar()) return MappedValue::of_scalar(node);
    MappedValue made(Kind_::json, {}, node);
    append_compact(made.text, *node.tree, *node.node, KeyOrder::as_is);
    return made;
}

Result<MappedValue> MappingEvaluator::word_word(NodeRef node, NodeRef operand, const MappingScope &scope) {
    CARTBELL_ASSIGN(const MappedValue made, scalar_of(operand, scope));
    if (made.missing()) return made;
    const NodeRef of = node.find("of");
    for (const Node &child : of.elements()) {
        if (of.is(Kind::object) && child.key() == made.text)
            return text_value(std::string(child.text()), made.from);
        if (of.is(Kind::array) && child.text() == made.text) return made;
    }
    if (const NodeRef otherwise = node.find("else")) return value(otherwise, scope);
    return mapping_error("unknown_word", made, "is no word that is known here");
}

Result<MappedValue> MappingEvaluator::need_word(NodeRef, NodeRef operand, const MappingScope &scope) {
    CARTBELL_ASSIGN(MappedValue made, value(operand, scope));
    if (!made.missing()) return made;
    std::vector<std::string> names;
    names_of_expression(operand, names);
    std::string told;
    for (const std::string &name : names)
        told += (told.empty() ? "" : " or ") + name;
    if (names.empty()) names.emplace_back("value");
    const MappingScope *where = &scope;  // of what is not there, the object that should have it
    while (!where->node && where->outer)
        where = where->outer;
    return failure(Code::invalid, "missing_" + code_of_name(names.front()),
                   (told.empty() ? "a value" : told) + " is missing",
                   where->node ? where->node.pointer() : std::string());
}

Result<MappedValue> MappingEvaluator::list_word(NodeRef, NodeRef operand, const MappingScope &scope) {
    MappedValue list = MappedValue::list();
    CARTBELL_ASSIGN(std::vector<MappedValue> made, operands(operand, scope));
    for (MappedValue &item : made)
        if (!item.missing()) list.items.push_back(std::move(item));
    if (list.items.empty()) return MappedValue();
    return list;
}

Result<MappedValue> MappingEvaluator::each_word(NodeRef node, NodeRef operand, const MappingScope &scope) {
    CARTBELL_ASSIGN(const FoundNodes found, first_found(operand, scope));
    if (!found.there) return MappedValue();
    const NodeRef condition = node.find("if"), make = node.find("make");
    MappedValue list = MappedValue::list();
    for (const NodeRef element : found.nodes) {
        CARTBELL_TRY(step());
        const MappingScope inside{element, scope.document, &scope, scope.position};
        if (condition) {
            CARTBELL_ASSIGN(const bool wanted, holds(condition, inside));
            if (!wanted) continue;
        }
        CARTBELL_ASSIGN(MappedValue made, make ? value(make, inside) : path(".", inside));
        if (!made.missing()) list.items.push_back(std::move(made));
    }
    return list;
}

Result<MappedValue> MappingEvaluator::last_word(NodeRef, NodeRef operand, const MappingScope &scope) {
    CARTBELL_ASSIGN(MappedValue list, value(operand, scope));
    if (list.kind != Kind_::list) return list;
    return list.items.empty() ? MappedValue() : std::move(list.items.back());
}

Result<MappedValue> MappingEvaluator::split_word(NodeRef node, NodeRef operand, const MappingScope &scope) {
    CARTBELL_ASSIGN(const MappedValue made, scalar_of(operand, scope));
    const std::string_view at = text_beside(node, "at", ",");
    MappedValue list = MappedValue::list();
    for (std::string_view rest = made.text; !rest.empty();) {
        const size_t end = at.empty() ? rest.size() : std::min(rest.find(at), rest.size());
        const std::string_view part = trim_ascii(rest.substr(0, end));
        if (!part.empty()) list.items.push_back(text_value(std::string(part), made.from));
        rest.remove_prefix(std::min(end + at.size(), rest.size()));
    }
    if (list.items.empty()) return MappedValue();
    return list;
}

Result<MappedValue> MappingEvaluator::join_word(NodeRef node, NodeRef operand, const MappingScope &scope) {
    const std::string_view with = text_beside(node, "with", "");
    const NodeRef all = node.find("all");
    std::string text;
    bool first = true;
    CARTBELL_ASSIGN(const std::vector<MappedValue> made, operands(operand, scope));
    for (const MappedValue &part : made) {
        if (part.missing() && all && all.node->truth) return MappedValue();
        const std::vector<MappedValue> one =
            part.kind == Kind_::list ? part.items : std::vector<MappedValue>{part};
        for (const MappedValue &item : one) {
            if (item.missing()) continue;
            if (!item.scalar()) return mapping_error("bad_type", item, "is no text, number or boolean");
            if (!first) text += with;
            text += item.text;
            first = false;
        }
    }
    return text_value(std::move(text));
}

// Combines the operands' numbers from left to right; missing ones are left out, nothing of nothing is
// missing.
template <typename Combine>
Result<MappedValue> MappingEvaluator::folded(NodeRef operand, const MappingScope &scope, Combine combine) {
    std::vector<MappedValue> made;
    if (operand.is(Kind::array)) {
        CARTBELL_ASSIGN(made, operands(operand, scope));
    } else {
        CARTBELL_ASSIGN(MappedValue one, value(operand, scope));
        made.push_back(std::move(one));
    }
    Wide total = 0;
    bool said = false, first = true;
    MappedValue about;
    for (const MappedValue &each : made) {
        if (each.missing()) continue;
        const bool is_list = each.kind == Kind_::list;
        said = true;
        for (size_t at = 0; at < (is_list ? each.items.size() : 1); ++at) {
            const MappedValue &item = is_list ? each.items[at] : each;
            CARTBELL_ASSIGN(const int64_t number, number_e6(item));
            total = first ? Wide{number} : combine(total, Wide{number});
            about = item;
            if (!fits_int64(total))
                return mapping_error("out_of_range", item, "makes an amount that is too large");
            first = false;
        }
    }
    return said ? number_of_e6(total, about) : Result<MappedValue>(MappedValue());
}

Result<MappedValue> MappingEvaluator::sum_word(NodeRef, NodeRef operand, const MappingScope &scope) {
    return folded(operand, scope, [](Wide total, Wide more) { return total + more; });
}

Result<MappedValue> MappingEvaluator::max_word(NodeRef, NodeRef operand, const MappingScope &scope) {
    return folded(operand, scope, [](Wide total, Wide other) { return std::max(total, other); });
}

// Of these the first must be there: nothing less something is nothing.
Result<MappedValue> MappingEvaluator::minus_word(NodeRef, NodeRef operand, const MappingScope &scope) {
    CARTBELL_ASSIGN(const MappedValue first, value(operand.of(*operand.elements().begin()), scope));
    if (first.missing()) return first;
    return folded(operand, scope, [](Wide total, Wide less) { return total - less; });
}

Result<MappedValue> MappingEvaluator::times_word(NodeRef, NodeRef operand, const MappingScope &scope) {
    CARTBELL_ASSIGN(const std::vector<MappedValue> made, operands(operand, scope));
    Wide product = decimal_unit_e6;
    for (const MappedValue &factor : made) {
        if (factor.missing()) return MappedValue();
        CARTBELL_ASSIGN(const int64_t number, number_e6(factor));
        product = divide_half_even(product * number, decimal_unit_e6);
        if (!fits_int64(product))
            return mapping_error("out_of_range", factor, "makes an amount that is too large");
    }
    return number_of_e6(product, made.front());
}

Result<MappedValue> MappingEvaluator::divide_word(NodeRef, NodeRef operand, const MappingScope &scope) {
    CARTBELL_ASSIGN(const std::vector<MappedValue> made, operands(operand, scope));
    Wide quotient = 0;
    for (size_t at = 0; at < made.size(); ++at) {
        if (made[at].missing()) return MappedValue();
        CARTBELL_ASSIGN(const int64_t number, number_e6(made[at]));
        if (at > 0 && number == 0) return MappedValue();
        quotient = at == 0 ? Wide{number} : divide_half_even(quotient * decimal_unit_e6, number);
        if (!fits_int64(quotient))
            return mapping_error("out_of_range", made[at], "makes an amount that is too large");
    }
    return number_of_e6(quotient, made.front());
}

Result<MappedValue> MappingEvaluator::if_word(NodeRef node, NodeRef operand, const MappingScope &scope) {
    CARTBELL_ASSIGN(const bool so, holds(operand, scope));
    const NodeRef branch = node.find(so ? "then" : "else");
    return branch ? value(branch, scope) : Result<MappedValue>(MappedValue());
}

Result<MappedValue> MappingEvaluator::in_word(NodeRef node, NodeRef operand, const MappingScope &scope) {
    CARTBELL_ASSIGN(const FoundNodes found, first_found(operand, scope));
    const NodeRef make = node.find("make");
    if (found.nodes.empty() || found.nodes.front().is(Kind::null)) return MappedValue();
    const MappingScope inside{found.nodes.front(), scope.document, &scope, scope.position};
    return value(make, inside);
}

Result<MappedValue> MappingEvaluator::merge_word(NodeRef, NodeRef operand, const MappingScope &scope) {
    MappedValue merged = MappedValue::object();
    CARTBELL_ASSIGN(std::vector<MappedValue> made, operands(operand, scope));
    for (MappedValue &one : made) {
        if (one.missing()) continue;
        if (one.kind != Kind_::object) return mapping_error("bad_type", one, "is no object");
        for (size_t at = 0; at < one.items.size(); ++at)
            merged.put(one.names[at], std::move(one.items[at]));
    }
    if (merged.items.empty()) return MappedValue();
    return merged;
}

Status MappingEvaluator::add_field(MappedValue &fields, std::map<std::string, int> &next,
                                   const std::string &name, MappedValue made) {
    if (made.missing()) return {};
    if (fields.items.size() >= limits_.custom_fields)
        return failure(Code::limit, "custom_fields",
                       "the object has more than " + std::to_string(limits_.custom_fields) + " custom fields",
                       made.from ? made.from.pointer() : std::string());
    const std::string base = code_of_name(name);
    std::string code = base;
    for (int &number = next[base]; fields.find(code); code = base + "_" + std::to_string(number))
        number = std::max(number, 1) + 1;
    field_names_.emplace(code, name);
    fields.put(code, std::move(made));
    return {};
}

Result<MappedValue> MappingEvaluator::fields_word(NodeRef node, NodeRef operand, const MappingScope &scope) {
    MappedValue fields = MappedValue::object();
    std::map<std::string, int> next;  // of a code that was taken: the last number
    for (const Node &child : operand.elements()) {
        CARTBELL_ASSIGN(MappedValue made, value(operand.of(child), scope));
        CARTBELL_TRY(add_field(fields, next, std::string(child.key()), std::move(made)));
    }
    const NodeRef pairs = node.find("pairs"), name = node.find("name"), said = node.find("value"),
                  condition = node.find("if");
    if (pairs) {
        CARTBELL_ASSIGN(const FoundNodes found, first_found(pairs, scope));
        for (const NodeRef pair : found.nodes) {
            CARTBELL_TRY(step());
            const MappingScope inside{pair, scope.document, &scope, scope.position};
            if (condition) {
                CARTBELL_ASSIGN(const bool wanted, holds(condition, inside));
                if (!wanted) continue;
            }
            CARTBELL_ASSIGN(const MappedValue called, scalar_of(name, inside));
            CARTBELL_ASSIGN(MappedValue made, value(said, inside));
            if (!called.missing()) CARTBELL_TRY(add_field(fields, next, called.text, std::move(made)));
        }
    }
    if (fields.items.empty()) return MappedValue();
    return fields;
}

Result<MappedValue> MappingEvaluator::use_word(NodeRef, NodeRef operand, const MappingScope &scope) {
    const NodeRef part = format_.part(operand.text());
    if (part) return value(part, scope);
    return failure(Code::invalid, "bad_table", "the mapping table: no such part", operand.pointer());
}

}  // namespace cartbell::codec
