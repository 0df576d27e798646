#include "segment/tree.hpp"

#include "base/text.hpp"

namespace cartbell::segment {

uint32_t Tree::count_children(uint32_t node) const {
    uint32_t count = 0;
    for ([[maybe_unused]] const uint32_t child : children(node))
        ++count;
    return count;
}

uint32_t Tree::find(uint32_t object, std::string_view name) const {
    if (nodes[object].kind != Kind::object) return 0;
    for (const uint32_t child : children(object))
        if (nodes[child].name == name) return child;
    return 0;
}

std::string pointer_of(const Tree &tree, uint32_t node) {
    std::vector<uint32_t> way;
    for (; node != 0; node = tree.nodes[node].parent)
        way.push_back(node);
    std::string pointer;
    for (auto at = way.rbegin(); at != way.rend(); ++at) {
        pointer += '/';
        const uint32_t parent = tree.nodes[*at].parent;
        if (tree.nodes[parent].kind == Tree::Kind::array) {
            uint32_t index = 0;
            for (const uint32_t child : tree.children(parent)) {
                if (child == *at) break;
                ++index;
            }
            pointer += std::to_string(index);
            continue;
        }
        for (const char letter : tree.nodes[*at].name) {  // RFC 6901 §3
            if (letter == '~')
                pointer += "~0";
            else if (letter == '/')
                pointer += "~1";
            else
                pointer += letter;
        }
    }
    return pointer;
}

// Depth is bounded where a tree is made (Limits::predicate_depth).
void append_compact(std::string &out, const Tree &tree, uint32_t node) {
    const Tree::Node &here = tree.nodes[node];
    switch (here.kind) {
        case Tree::Kind::null:
            out += "null";
            return;
        case Tree::Kind::boolean:
            out += here.truth ? "true" : "false";
            return;
        case Tree::Kind::number:
            out += here.text;
            return;
        case Tree::Kind::text:
            append_json_string(out, here.text);
            return;
        case Tree::Kind::array:
        case Tree::Kind::object:
            break;
    }
    const bool object = here.kind == Tree::Kind::object;
    out += object ? '{' : '[';
    bool first = true;
    for (const uint32_t child : tree.children(node)) {
        if (!first) out += ',';
        first = false;
        if (object) {
            append_json_string(out, tree.nodes[child].name);
            out += ':';
        }
        append_compact(out, tree, child);
    }
    out += object ? '}' : ']';
}

}  // namespace cartbell::segment
