#include "codec/mapping_evaluator.hpp"

#include <algorithm>

#include "codec/mapping_check.hpp"
#include "codec/mapping_conversion.hpp"

namespace cartbell::codec {
namespace {

constexpr size_t most_depth = 200;  // of parts that use parts

struct Deeper {
    explicit Deeper(size_t &depth) : depth_(depth) { ++depth_; }
    ~Deeper() { --depth_; }
    Deeper(const Deeper &) = delete;
    Deeper &operator=(const Deeper &) = delete;
    size_t &depth_;
};

}  // namespace

const MappingEvaluator::Word MappingEvaluator::words[] = {
    {"$text", &MappingEvaluator::text_word},       {"$money", &MappingEvaluator::money_word},
    {"$decimal", &MappingEvaluator::decimal_word}, {"$whole", &MappingEvaluator::whole_word},
    {"$time", &MappingEvaluator::time_word},       {"$code", &MappingEvaluator::code_word},
    {"$json", &MappingEvaluator::json_word},       {"$word", &MappingEvaluator::word_word},
    {"$need", &MappingEvaluator::need_word},       {"$list", &MappingEvaluator::list_word},
    {"$each", &MappingEvaluator::each_word},       {"$last", &MappingEvaluator::last_word},
    {"$split", &MappingEvaluator::split_word},     {"$join", &MappingEvaluator::join_word},
    {"$sum", &MappingEvaluator::sum_word},         {"$minus", &MappingEvaluator::minus_word},
    {"$times", &MappingEvaluator::times_word},     {"$divide", &MappingEvaluator::divide_word},
    {"$max", &MappingEvaluator::max_word},         {"$if", &MappingEvaluator::if_word},
    {"$in", &MappingEvaluator::in_word},           {"$merge", &MappingEvaluator::merge_word},
    {"$fields", &MappingEvaluator::fields_word},   {"$use", &MappingEvaluator::use_word},
};

Status MappingEvaluator::step() {
    constexpr size_t steps_of_a_value = 16;  // as many members looked at take as long
    return count(steps_of_a_value);
}

Status MappingEvaluator::count(size_t steps) {
    steps_ += steps;
    if (steps_ <= limits_.mapping_steps) return {};
    return failure(Code::limit, "mapping_steps",
                   "the document asks for more than " + std::to_string(limits_.mapping_steps) + " steps");
}

Result<FoundNodes> MappingEvaluator::find(std::string_view path, const MappingScope &scope,
                                          OnMismatch on_mismatch) {
    CARTBELL_ASSIGN(FoundNodes found, find_nodes(path, scope, on_mismatch, limits_.mapping_steps));
    CARTBELL_TRY(count(found.visited));
    return found;
}

Result<MappedValue> MappingEvaluator::value(NodeRef expression, const MappingScope &scope) {
    CARTBELL_TRY(step());
    const Deeper deeper(depth_);
    if (depth_ > most_depth)
        return failure(Code::limit, "too_deep", "the mapping table: its parts use each other without end");
    switch (expression.node->kind) {
        case Kind::null:
            return MappedValue();
        case Kind::number:
        case Kind::boolean: {
            MappedValue constant = MappedValue::of_scalar(expression);
            constant.from = {};
            return constant;
        }
        case Kind::string:
            return path(expression.text(), scope);
        case Kind::array: {
            for (const Node &choice : expression.elements()) {
                CARTBELL_ASSIGN(MappedValue found, value(expression.of(choice), scope));
                if (!found.missing()) return found;
            }
            return MappedValue();
        }
        case Kind::object:
            break;
    }
    return mapping_word(expression).empty() ? made_object(expression, scope) : worked_out(expression, scope);
}

Result<MappedValue> MappingEvaluator::path(std::string_view text, const MappingScope &scope) {
    if (text.starts_with('=')) return MappedValue(MappedValue::Kind::text, std::string(text.substr(1)));
    if (text == "@index") return MappedValue(MappedValue::Kind::number, std::to_string(scope.position));
    CARTBELL_ASSIGN(const FoundNodes found, find(text, scope, OnMismatch::refuse));
    if (found.many && !found.there) return MappedValue();
    MappedValue list = MappedValue::list();
    for (const NodeRef node : found.nodes) {
        if (!node.scalar()) {
            return failure(Code::invalid, "bad_type",
                           std::string(last_name(text)) + " is no text, number or boolean", node.pointer());
        }
        marks_.scalar(node);
        MappedValue scalar = MappedValue::of_scalar(node);
        if (!found.many) return scalar;
        if (!scalar.missing()) list.items.push_back(std::move(scalar));
    }
    return found.many ? list : MappedValue();
}

Result<MappedValue> MappingEvaluator::made_object(NodeRef node, const MappingScope &scope) {
    MappedValue object = MappedValue::object();
    for (const Node &member : node.elements()) {
        CARTBELL_ASSIGN(MappedValue made, value(node.of(member), scope));
        object.put(member.key(), std::move(made));
    }
    if (object.items.empty()) return MappedValue();
    return object;
}

Result<MappedValue> MappingEvaluator::worked_out(NodeRef node, const MappingScope &scope) {
    const std::string_view name = mapping_word(node);
    for (const Word &word : words)
        if (word.name == name) return (this->*word.method)(node, node.find(name), scope);
    return failure(Code::invalid, "bad_table", "the mapping table: no such word", node.pointer());
}

Result<FoundNodes> MappingEvaluator::first_found(NodeRef paths, const MappingScope &scope) {
    if (paths.is(Kind::string)) return find(paths.text(), scope, OnMismatch::refuse);
    for (const Node &one : paths.elements()) {
        CARTBELL_ASSIGN(FoundNodes found, find(one.text(), scope, OnMismatch::skip));
        const bool null = !found.nodes.empty() && found.nodes.front().is(Kind::null);
        if (found.there && (found.many || !null)) return found;
    }
    return FoundNodes();
}

Result<bool> MappingEvaluator::holds(NodeRef condition, const MappingScope &scope) {
    for (const Node &member : condition.elements()) {
        CARTBELL_ASSIGN(const bool holds_here, one_condition(condition.of(member), scope));
        if (!holds_here) return false;
    }
    return true;
}

Result<bool> MappingEvaluator::one_condition(NodeRef member, const MappingScope &scope) {
    CARTBELL_TRY(step());
    const Deeper deeper(depth_);
    if (depth_ > most_depth)
        return failure(Code::limit, "too_deep", "the mapping table: its parts use each other without end");
    const std::string_view name = member.key();
    if (name == "not") {
        CARTBELL_ASSIGN(const bool inner, holds(member, scope));
        return !inner;
    }
    if (name == "all" || name == "any") {
        for (const Node &one : member.elements()) {
            CARTBELL_ASSIGN(const bool inner, holds(member.of(one), scope));
            if (inner == (name == "any")) return inner;
        }
        return name == "all";
    }
    if (name == "every") return every(member, scope);
    Tested tested;
    for (std::string_view rest = name; !rest.empty() && !tested.present;) {
        const size_t bar = std::min(rest.find('|'), rest.size());
        CARTBELL_ASSIGN(const FoundNodes found, find(rest.substr(0, bar), scope, OnMismatch::skip));
        rest.remove_prefix(std::min(bar + 1, rest.size()));
        if (found.nodes.empty()) continue;
        const NodeRef node = found.nodes.front();
        tested = {true, !node.absent(), node.scalar(), node.scalar() ? node.text() : std::string_view()};
        if (node.scalar()) marks_.scalar(node);
    }
    return passes(tested, member, scope);
}

// [list, test]: there is an element, and each passes.
Result<bool> MappingEvaluator::every(NodeRef node, const MappingScope &scope) {
    const NodeRef expression = node.of(*node.elements().begin());
    const NodeRef test =
        expression.tree ? NodeRef{node.tree, node.tree->nodes.data() + expression.node->next} : NodeRef{};
    CARTBELL_ASSIGN(const MappedValue list, value(expression, scope));
    if (list.kind != MappedValue::Kind::list || list.items.empty()) return false;
    for (const MappedValue &item : list.items) {
        const Tested tested{true, true, item.scalar(),
                            item.scalar() ? std::string_view(item.text) : std::string_view()};
        CARTBELL_ASSIGN(const bool good, passes(tested, test, scope));
        if (!good) return false;
    }
    return true;
}

Result<bool> MappingEvaluator::passes(const Tested &tested, NodeRef test, const MappingScope &scope) {
    const bool comparable = tested.present && tested.scalar;
    if (test.scalar()) return comparable && tested.text == test.text();
    if (test.is(Kind::array)) {
        for (const Node &one : test.elements())
            if (comparable && tested.text == one.text()) return true;
        return false;
    }
    for (const Node &child : test.elements()) {
        const NodeRef member = test.of(child);
        bool good = false;
        if (member.key() == "exists") {
            good = tested.present == member.node->truth;
        } else if (member.key() == "named") {
            good = tested.named == member.node->truth;
        } else if (member.key() == "starts_with") {
            good = comparable && tested.text.starts_with(member.text());
        } else if (member.key() == "same") {
            CARTBELL_ASSIGN(const MappedValue other, value(member, scope));
            good = comparable && other.scalar() && tested.text == other.text;
        } else {
            CARTBELL_ASSIGN(const bool inner, passes(tested, member, scope));
            good = !inner;
        }
        if (!good) return false;
    }
    return true;
}

}  // namespace cartbell::codec
