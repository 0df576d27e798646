#include "codec/mapping_path.hpp"

#include <algorithm>
#include <charconv>

namespace cartbell::codec {
namespace {

Error wrong_kind(NodeRef node, std::string_view wanted) {
    const std::string_view key = node.key();
    return failure(Code::invalid, "bad_type",
                   (key.empty() ? "an element" : std::string(key)) + " is not " + std::string(wanted),
                   node.pointer());
}

std::string_view take_step(std::string_view &path) {
    const size_t dot = std::min(path.find('.'), path.size());
    const std::string_view step = path.substr(0, dot);
    path.remove_prefix(std::min(dot + 1, path.size()));
    return step;
}

bool is_position(std::string_view step, size_t &position) {
    const auto [end, failed] = std::from_chars(step.data(), step.data() + step.size(), position);
    return failed == std::errc() && end == step.data() + step.size();
}

class Search {
  public:
    Search(FoundNodes &found, OnMismatch on_mismatch, size_t most)
        : found_(found), on_mismatch_(on_mismatch), most_(most) {}

    Status step(std::string_view name) {
        std::vector<NodeRef> next;
        size_t position = 0;
        const bool at_position = is_position(name, position);
        for (const NodeRef node : found_.nodes) {
            if (node.is(Kind::null)) continue;
            const bool fits =
                at_position ? node.is(Kind::array) || node.is(Kind::object) : node.is(Kind::object);
            if (!fits) {
                if (on_mismatch_ == OnMismatch::refuse)
                    return wrong_kind(node, at_position ? "an array" : "an object");
                continue;
            }
            if (const NodeRef child = node.is(Kind::object) ? member(node, name) : element(node, position))
                next.push_back(child);
            CARTBELL_TRY(within_limit());
        }
        found_.nodes = std::move(next);
        return {};
    }

    Status every() {
        std::vector<NodeRef> next;
        for (const NodeRef node : found_.nodes) {
            if (node.is(Kind::null)) continue;
            if (!node.is(Kind::array)) {
                if (on_mismatch_ == OnMismatch::refuse) return wrong_kind(node, "an array");
                continue;
            }
            for (const Node &child : node.elements()) {
                next.push_back(node.of(child));
                ++found_.visited;
            }
            CARTBELL_TRY(within_limit());
        }
        found_.nodes = std::move(next);
        return {};
    }

  private:
    NodeRef member(NodeRef object, std::string_view name) {
        for (const Node &child : object.elements()) {
            ++found_.visited;
            if (child.key() == name) return object.of(child);
        }
        return {};
    }

    NodeRef element(NodeRef list, size_t position) {
        for (const Node &child : list.elements()) {
            ++found_.visited;
            if (position-- == 0) return list.of(child);
        }
        return {};
    }

    Status within_limit() const {
        if (found_.visited <= most_) return {};
        return failure(Code::limit, "mapping_steps", "the document asks for too many steps");
    }

    FoundNodes &found_;
    OnMismatch on_mismatch_;
    size_t most_;
};

}  // namespace

Result<FoundNodes> find_nodes(std::string_view path, const MappingScope &scope, OnMismatch on_mismatch,
                              size_t most) {
    FoundNodes found;
    const MappingScope *from = &scope;
    NodeRef start = scope.node;
    if (path == "$" || path.starts_with("$.")) {
        start = scope.document;
        take_step(path);
    }
    while (path == "^" || path.starts_with("^.")) {
        from = from && from->outer ? from->outer : nullptr;
        start = from ? from->node : NodeRef{};
        take_step(path);
    }
    if (path == ".") path = {};
    if (!start) return found;
    found.nodes.push_back(start);
    Search search(found, on_mismatch, most);
    while (!path.empty()) {
        const std::string_view step = take_step(path);
        if (step != "*") {
            CARTBELL_TRY(search.step(step));
            continue;
        }
        if (!found.many) found.there = !found.nodes.empty() && found.nodes.front().is(Kind::array);
        found.many = true;
        CARTBELL_TRY(search.every());
    }
    if (!found.many) found.there = !found.nodes.empty();
    return found;
}

std::string_view last_name(std::string_view path) {
    const size_t dot = path.rfind('.');
    return dot == std::string_view::npos || dot + 1 == path.size() ? path : path.substr(dot + 1);
}

void ReadMarks::whole(NodeRef node) {
    if (!node.node || node.tree != tree_) return;
    for (uint32_t at = node.index(); at < node.node->next; ++at)
        read_[at] = true;
}

std::vector<std::string> ReadMarks::unread(size_t most, size_t &count) const {
    const std::span<const Node> nodes = tree_->nodes;
    // Of each node, whether something in it was read, and whether it says anything; children come after their
    // parents.
    std::vector<bool> touched(read_), says(nodes.size());
    std::vector<uint32_t> parents(nodes.size()), open;
    for (uint32_t at = 0; at < nodes.size(); ++at) {
        while (!open.empty() && nodes[open.back()].next <= at)
            open.pop_back();
        parents[at] = open.empty() ? at : open.back();
        const bool holder = nodes[at].kind == Kind::object || nodes[at].kind == Kind::array;
        says[at] = !holder && !NodeRef{tree_, &nodes[at]}.absent();
        if (holder) open.push_back(at);
    }
    for (uint32_t at = static_cast<uint32_t>(nodes.size()); at-- > 1;) {
        if (touched[at]) touched[parents[at]] = true;
        if (says[at]) says[parents[at]] = true;
    }
    std::vector<std::string> pointers;
    count = 0;
    for (uint32_t at = 0; at < nodes.size();) {
        const bool lost = says[at] && !touched[at];
        if (lost && ++count <= most) pointers.push_back(tree_->pointer_to(at));
        at = lost || !says[at] ? nodes[at].next : at + 1;
    }
    return pointers;
}

}  // namespace cartbell::codec
