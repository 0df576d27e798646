// Conditions of one row (formats.md §2 "row").
#include <array>

#include "base/text.hpp"
#include "segment/compiler.hpp"

namespace cartbell::segment {

Index Compiler::add(Condition made, Node node, std::string_view what) {
    made.origin = origin(node, what);
    program_->conditions.push_back(made);
    return static_cast<Index>(program_->conditions.size() - 1);
}

Result<Index> Compiler::row(Node node, const Scope &scope) {
    if (at(node).kind != Tree::Kind::object) return wrong_kind(node, "an object of paths and tests");
    std::vector<Index> children;
    for (const Node member : tree_.children(node)) {
        CARTBELL_ASSIGN(const Index child, row_member(member, scope));
        children.push_back(child);
    }
    if (children.size() == 1) return children[0];
    Condition made;
    made.kind = Condition::Kind::all;
    made.children = list(children);
    return add(made, node, "all");
}

Result<Index> Compiler::row_member(Node member, const Scope &scope) {
    const std::string_view name = at(member).name;
    if (name == "all") return condition_list(Condition::Kind::all, member, scope);
    if (name == "any") return condition_list(Condition::Kind::any, member, scope);
    Condition made;
    if (name == "not") {
        CARTBELL_ASSIGN(const Index child, row(member, scope));
        made.kind = Condition::Kind::negation;
        made.children = list({child});
        return add(made, member, name);
    }
    const bool measured = name == "lines" || name == "payments" || name == "history";
    if (!measured || scope.object != Object::order) return path_test(member, scope);
    const RowsOf rows = name == "lines"      ? RowsOf::order_lines
                        : name == "payments" ? RowsOf::order_payments
                                             : RowsOf::order_history;
    made.kind = Condition::Kind::measure;
    CARTBELL_ASSIGN(made.index, measure(member, member, rows, scope.currency));
    return add(made, member, name);
}

Result<Index> Compiler::condition_list(Condition::Kind kind, Node items, const Scope &scope) {
    if (at(items).kind != Tree::Kind::array) return wrong_kind(items, "an array of rows");
    std::vector<Index> children;
    for (const Node item : tree_.children(items)) {
        CARTBELL_ASSIGN(const Index child, row(item, scope));
        children.push_back(child);
    }
    Condition made;
    made.kind = kind;
    made.children = list(children);
    return add(made, items, at(items).name);
}

Result<Path> Compiler::bind(Node where, std::string_view text, Object object) const {
    Result<Path> bound = bind_path(text, object, settings_);
    if (bound.ok()) return bound;
    Error error = bound.take_error();
    error.pointer = pointer_of(tree_, where);
    return error;
}

namespace {

// Fields that every row of their object has.
bool always_there(const Path &path) {
    if (path.object != path.start && path.object == Object::customer)
        return path.kind == Path::Kind::computed;
    switch (path.object) {
        case Object::order:
            return path.kind == Path::Kind::computed ||
                   (path.kind == Path::Kind::cell &&
                    (path.field == order_field::order_id || path.field == order_field::placed_at ||
                     path.field == order_field::updated_at || path.field == order_field::source ||
                     path.field == order_field::received_at));
        case Object::line:
            return path.kind == Path::Kind::cell && path.field == line_field::line_id;
        case Object::payment:
            return path.kind == Path::Kind::cell && path.field == payment_field::payment_id;
        case Object::customer:
            return (path.kind == Path::Kind::computed && path.field == customer_field::known) ||
                   (path.kind == Path::Kind::cell && path.field == customer_field::created_at);
        case Object::history:
            return path.kind == Path::Kind::computed && path.field != history_field::from &&
                   path.field != history_field::to;
        default:
            return false;
    }
}

}  // namespace

Result<Index> Compiler::path_test(Node member, const Scope &scope) {
    RowTest made;
    CARTBELL_ASSIGN(made.path, bind(member, at(member).name, scope.object));
    const Tested tested{made.path.type, &made.path, !always_there(made.path), scope.currency, false};
    CARTBELL_ASSIGN(made.test, test(member, tested, scope));
    Condition condition;
    condition.kind = Condition::Kind::test;
    condition.index = static_cast<Index>(program_->row_tests.size());
    program_->row_tests.push_back(std::move(made));
    const Index index = add(condition, member, at(member).name);
    append_compact(program_->origins.back().test, tree_, member);
    return index;
}

}  // namespace cartbell::segment
