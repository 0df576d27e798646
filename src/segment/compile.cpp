// Predicates (formats.md §2 "p"): one predicate key and its companions.
#include <algorithm>
#include <array>

#include "model/outline.hpp"
#include "segment/compiler.hpp"

namespace cartbell::segment {
namespace {

// Every key of the grammar; those that are not compiled here wait for what they look at.
constexpr std::array<std::string_view, 24> predicate_keys{
    "all",    "any",     "not",       "at_least", "customer", "orders",    "purchases", "lines",
    "bought", "segment", "sample",    "list",     "compare",   "container", "events",   "messages",
    "instances", "consent", "steps",  "order",    "line",      "event",    "item",      "seen"};
constexpr size_t keys_here = 13;

bool is_key(std::string_view name) {
    return name == "product" ||
           std::find(predicate_keys.begin(), predicate_keys.end(), name) != predicate_keys.end();
}

bool is_key_here(std::string_view name) {
    return std::find(predicate_keys.begin(), predicate_keys.begin() + keys_here, name) !=
           predicate_keys.begin() + keys_here;
}

std::optional<OutlineUse> outlines_read(const Program &program) {
    OutlineUse all;
    bool suffice = true;
    const auto add = [&](const std::optional<OutlineUse> &one) {
        if (one) all.add(*one);
        suffice &= one.has_value();
    };
    for (const RowTest &test : program.row_tests) add(in_outline(test.path));
    for (const FieldOperand &field : program.fields) add(in_outline(field.path));
    for (const ValueSource &value : program.values)
        if (value.kind == ValueSource::Kind::customer) add(in_outline(value.path));
    for (const Measure &measure : program.measures) {
        add(in_outline(measure.of));
        suffice &= measure.rows == RowsOf::orders || measure.rows == RowsOf::purchases;
        all.statuses |= measure.rows == RowsOf::purchases;
    }
    for (const auto &segment : program.segments) add(segment->outlines);
    return suffice ? std::optional(all) : std::nullopt;
}

bool reads_products(const Program &program) {
    const auto of_product = [](const Path &path) { return path.object == Object::product; };
    for (const RowTest &test : program.row_tests)
        if (of_product(test.path)) return true;
    for (const FieldOperand &field : program.fields)
        if (of_product(field.path)) return true;
    for (const Measure &measure : program.measures)
        if (of_product(measure.of)) return true;
    for (const auto &segment : program.segments)
        if (segment->uses_products) return true;
    return false;
}

}  // namespace

const std::optional<OutlineUse> &outlines_used(const Program &program) { return program.outlines; }
bool uses_products(const Program &program) { return program.uses_products; }

Result<Compiled> compile(const Tree &tree, const Settings &settings, const Zones &zones, const Limits &limits,
                         const FindSegment &find) {
    return Compiler(tree, settings, zones, limits, find).compile();
}

Result<Compiled> Compiler::compile() {
    CARTBELL_ASSIGN(program_->root, predicate(0));
    Program &program = *program_;
    program.expanded_nodes = program.predicates.size() + program.conditions.size();
    std::vector<size_t> depths(tree_.nodes.size(), 1);
    for (size_t i = 1; i < depths.size(); ++i)
        depths[i] = depths[tree_.nodes[i].parent] + 1;
    program.expanded_depth = *std::max_element(depths.begin(), depths.end());
    for (const Predicate &one : program.predicates)
        if (one.kind == Predicate::Kind::segment)
            program.expanded_nodes += program.segments[one.index]->expanded_nodes;
    size_t deepest = 0;
    for (const auto &used : program.segments)
        deepest = std::max(deepest, used->expanded_depth);
    program.expanded_depth += deepest;
    // Segment inside segment at any depth, but never a stack or a time without bound.
    if (program.expanded_nodes > limits_.segment_expanded_nodes)
        return failure(Code::limit, "too_large", "with the segments it uses the predicate is too large");
    if (program.expanded_depth > limits_.segment_expanded_depth)
        return failure(Code::limit, "too_deep", "segments are nested too deeply");
    program.outlines = outlines_read(program);
    program.uses_products = reads_products(program);
    return Compiled{program_, std::move(warnings_)};
}

Index Compiler::add(Predicate made, Node node, std::string_view what) {
    made.origin = origin(node, what);
    program_->predicates.push_back(made);
    return static_cast<Index>(program_->predicates.size() - 1);
}

Result<Index> Compiler::predicate(Node node) {
    if (at(node).kind == Tree::Kind::boolean) {
        Predicate made;
        made.truth = at(node).truth;
        return add(made, node, made.truth ? "true" : "false");
    }
    if (at(node).kind != Tree::Kind::object) return wrong_kind(node, "true, false or an object");
    Node key = 0;
    for (const Node member : tree_.children(node)) {
        if (!is_key(at(member).name)) continue;
        if (key)
            return fail(member, "bad_type", "a predicate has one predicate key; put several into \"all\"");
        key = member;
    }
    if (!key) {
        if (tree_.count_children(node) == 0) return wrong_kind(node, "a predicate key");
        const Node first = node + 1;
        return unknown(first, "predicate", at(first).name, predicate_keys, "unknown_member");
    }
    const std::string_view name = at(key).name;
    if (!is_key_here(name)) return not_yet(key, name);
    if (name == "at_least")
        CARTBELL_TRY(only_members(node, {"at_least", "of"}));
    else
        CARTBELL_TRY(only_members(node, {name}));
    return predicate_member(node, key);
}

Result<Index> Compiler::predicate_member(Node node, Node member) {
    const std::string_view name = at(member).name;
    Predicate made;
    if (name == "all") return list_predicate(Predicate::Kind::all, node, member);
    if (name == "any") return list_predicate(Predicate::Kind::any, node, member);
    if (name == "at_least") return at_least_predicate(node, member, tree_.find(node, "of"));
    if (name == "segment") return segment_predicate(node, member);
    if (name == "sample") return sample_predicate(node, member);
    if (name == "list") return static_list_predicate(node, member);
    if (name == "compare") return comparison(node, member);
    if (name == "not") {
        CARTBELL_ASSIGN(const Index child, predicate(member));
        made.kind = Predicate::Kind::negation;
        made.children = list({child});
        return add(made, node, name);
    }
    if (name == "customer") {
        made.kind = Predicate::Kind::customer;
        CARTBELL_ASSIGN(made.index, row(member, Scope{Object::customer, settings_.shop.currency}));
        return add(made, node, name);
    }
    for (const RowSource &source : row_sources) {
        if (source.name != name) continue;
        made.kind = Predicate::Kind::measure;
        CARTBELL_ASSIGN(made.index, measure(member, node, source.rows, settings_.shop.currency));
        return add(made, node, name);
    }
    return not_yet(member, name);
}

Result<Index> Compiler::static_list_predicate(Node node, Node code) {
    if (at(code).kind != Tree::Kind::text) return wrong_kind(code, "a list's code");
    if (!settings_.find_list(at(code).text)) {
        std::vector<std::string_view> known;
        for (const ListDefinition &list : settings_.lists) known.push_back(list.code);
        return unknown(code, "list", at(code).text, known, "unknown_code");
    }
    Predicate made;
    made.kind = Predicate::Kind::static_list;
    made.index = static_cast<Index>(program_->static_lists.size());
    program_->static_lists.push_back(at(code).text);
    const Index added = add(made, node, "list");
    append_compact(program_->origins.back().test, tree_, code);
    return added;
}

// {"percent":10 or [10,20],"salt":"x"}. Without a salt of its own every sample would draw the same customers.
Result<Index> Compiler::sample_predicate(Node node, Node member) {
    CARTBELL_TRY(only_members(member, {"percent", "salt"}));
    const Node percent = tree_.find(member, "percent"), salt = tree_.find(member, "salt");
    if (!percent || !salt || at(salt).kind != Tree::Kind::text)
        return wrong_kind(member, "{\"percent\":10 or [10,20],\"salt\":text}");
    const auto bound = [&](Node written, int64_t &out_e6) -> Status {
        const auto scaled = at(written).kind == Tree::Kind::number ? parse_scaled(at(written).text, 6, Excess::refuse)
                                                                   : Result<int64_t>(wrong_kind(written, "a number"));
        if (!scaled.ok() || *scaled < 0 || *scaled > 100'000'000)
            return fail(written, "bad_constant", "expected a percentage from 0 to 100 with at most 6 decimals");
        out_e6 = *scaled;
        return {};
    };
    Sample made;
    made.salt = at(salt).text;
    if (at(percent).kind == Tree::Kind::array) {
        if (tree_.count_children(percent) != 2) return wrong_kind(percent, "[from, to]");
        int64_t *into[] = {&made.from_e6, &made.to_e6};
        size_t i = 0;
        for (const Node one : tree_.children(percent)) CARTBELL_TRY(bound(one, *into[i++]));
        if (made.from_e6 > made.to_e6) return fail(percent, "bad_constant", "the first percentage is above the second");
    } else {
        CARTBELL_TRY(bound(percent, made.to_e6));
    }
    Predicate one;
    one.kind = Predicate::Kind::sample;
    one.index = static_cast<Index>(program_->samples.size());
    program_->samples.push_back(std::move(made));
    const Index added = add(one, node, "sample");
    append_compact(program_->origins.back().test, tree_, member);
    return added;
}

Result<Index> Compiler::list_predicate(Predicate::Kind kind, Node node, Node items) {
    if (at(items).kind != Tree::Kind::array) return wrong_kind(items, "an array of predicates");
    std::vector<Index> children;
    for (const Node item : tree_.children(items)) {
        CARTBELL_ASSIGN(const Index child, predicate(item));
        children.push_back(child);
    }
    Predicate made;
    made.kind = kind;
    made.children = list(children);
    return add(made, node, at(items).name);
}

Result<Index> Compiler::at_least_predicate(Node node, Node least, Node of) {
    const auto count = at(least).kind == Tree::Kind::number ? parse_scaled(at(least).text, 0, Excess::refuse)
                                                            : Result<int64_t>(wrong_kind(least, "a number"));
    if (!count.ok() || *count < 0) return fail(least, "bad_constant", "expected a whole number from 0");
    if (!of) return fail(node, "bad_type", "\"at_least\" needs \"of\":[predicates]");
    CARTBELL_ASSIGN(const Index made, list_predicate(Predicate::Kind::at_least, node, of));
    program_->predicates[made].least = *count;
    program_->origins[program_->predicates[made].origin].what = "at_least";
    return made;
}

Result<Index> Compiler::segment_predicate(Node node, Node code) {
    if (at(code).kind != Tree::Kind::text) return wrong_kind(code, "a segment's code");
    std::shared_ptr<const Program> used = find_ ? find_(at(code).text) : nullptr;
    if (!used) return fail(code, "unknown_segment", "unknown segment \"" + at(code).text + "\"");
    Predicate made;
    made.kind = Predicate::Kind::segment;
    made.index = static_cast<Index>(program_->segments.size());
    program_->segments.push_back(std::move(used));
    const Index added = add(made, node, "segment");
    program_->origins.back().test = at(code).text;
    return added;
}

std::vector<std::string> segments_used(const Tree &tree) {
    std::vector<std::string> codes;
    std::vector<uint32_t> open{0};  // predicates not looked at yet
    while (!open.empty()) {
        const uint32_t node = open.back();
        open.pop_back();
        if (node >= tree.nodes.size() || tree.nodes[node].kind != Tree::Kind::object) continue;
        for (const uint32_t member : tree.children(node)) {
            const Tree::Node &at = tree.nodes[member];
            if (at.name == "segment" && at.kind == Tree::Kind::text) codes.push_back(at.text);
            if (at.name == "not") open.push_back(member);
            if (at.kind != Tree::Kind::array || (at.name != "all" && at.name != "any" && at.name != "of"))
                continue;
            for (const uint32_t child : tree.children(member))
                open.push_back(child);
        }
    }
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    return codes;
}

}  // namespace cartbell::segment
