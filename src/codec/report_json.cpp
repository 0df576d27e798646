#include "codec/report_json.hpp"

#include <array>

#include "base/text.hpp"
#include "codec/json_tree.hpp"

namespace cartbell::codec {
namespace {

struct Member {
    std::string_view name;
    std::string MessageReport::*target;
    bool required;
};
constexpr std::array members{
    Member{"message_id", &MessageReport::message_id, true}, Member{"outcome", &MessageReport::outcome, true},
    Member{"provider_id", &MessageReport::provider_id, false}, Member{"reason", &MessageReport::reason, false},
    Member{"worker", &MessageReport::worker, false},
};
constexpr std::array<std::string_view, 4> outcomes{"handed_over", "delivered", "bounced", "failed"};

Error at(const Tree &tree, const Node &node, std::string_view reason, std::string message) {
    return failure(Code::invalid, reason, std::move(message), tree.pointer_to(tree.index_of(node)));
}

Result<MessageReport> read_report(const Tree &tree, const Node &object) {
    if (object.kind != Kind::object) return at(tree, object, "bad_type", "a report is an object, not " + std::string(name_of(object.kind)));
    MessageReport report;
    for (const Node &node : children(tree, object)) {
        const Member *known = nullptr;
        for (const Member &member : members)
            if (member.name == node.key()) known = &member;
        if (known == nullptr) return at(tree, node, "unknown_member", "a report has message_id, outcome, provider_id, reason, worker");
        if (node.kind == Kind::null && !known->required) continue;
        if (node.kind != Kind::string) return at(tree, node, "bad_type", "this is a string");
        report.*known->target = node.text();
    }
    for (const Member &member : members)
        if (member.required && (report.*member.target).empty())
            return at(tree, object, "missing_member", "a report needs " + std::string(member.name));
    bool known_outcome = false;
    for (const std::string_view outcome : outcomes) known_outcome |= outcome == report.outcome;
    if (!known_outcome)
        return at(tree, *tree.find(object, "outcome"), "unknown_code", "an outcome is handed_over, delivered, bounced or failed");
    return report;
}

}  // namespace

Result<std::vector<MessageReport>> read_reports(std::string_view json, const Limits &limits) {
    CARTBELL_ASSIGN(const Document document, read_document(json, limits.batch_bytes, limits.json_depth));
    const Tree &tree = document.tree;
    const Node &root = document.root();
    std::vector<MessageReport> reports;
    if (root.kind != Kind::array) {
        CARTBELL_ASSIGN(MessageReport report, read_report(tree, root));
        reports.push_back(std::move(report));
        return reports;
    }
    for (const Node &node : children(tree, root)) {
        if (reports.size() == limits.page_rows) return failure(Code::limit, "too_many", "too many reports in one call");
        CARTBELL_ASSIGN(MessageReport report, read_report(tree, node));
        reports.push_back(std::move(report));
    }
    return reports;
}

Result<std::string> reports_on(std::string_view json, const std::function<bool(std::string_view message_id)> &kept) {
    CARTBELL_ASSIGN(const Document document, read_document(json, library_limits.batch_bytes, library_limits.json_depth));
    const Tree &tree = document.tree;
    std::string out = "[";
    const auto add = [&](const Node &report) {
        const Node *id = tree.find(report, "message_id");
        if (id == nullptr || !kept(id->text())) return;
        if (out.size() > 1) out += ',';
        append_compact(out, tree, report, KeyOrder::as_is);
    };
    if (document.root().kind == Kind::array) {
        for (const Node &report : children(tree, document.root())) add(report);
    } else {
        add(document.root());
    }
    return out += ']';
}

}  // namespace cartbell::codec
