#include "codec/predicate_json.hpp"

#include "codec/json_tree.hpp"

namespace cartbell::codec {
namespace {

segment::Tree::Kind kind_of(Kind kind) {
    switch (kind) {
        case Kind::object:
            return segment::Tree::Kind::object;
        case Kind::array:
            return segment::Tree::Kind::array;
        case Kind::string:
            return segment::Tree::Kind::text;
        case Kind::number:
            return segment::Tree::Kind::number;
        case Kind::boolean:
            return segment::Tree::Kind::boolean;
        case Kind::null:
            break;
    }
    return segment::Tree::Kind::null;
}

}  // namespace

Result<segment::Tree> parse_predicate(std::string_view json, const Limits &limits) {
    CARTBELL_ASSIGN(const Document document,
                    read_document(json, limits.predicate_bytes, limits.predicate_depth));
    const auto &nodes = document.tree.nodes;
    if (nodes.size() > limits.predicate_nodes)
        return failure(Code::limit, "too_large",
                       "a predicate has at most " + std::to_string(limits.predicate_nodes) + " values");
    segment::Tree tree;
    tree.nodes.resize(nodes.size());
    uint32_t parent = 0;
    for (uint32_t i = 0; i < nodes.size(); ++i) {
        while (i != 0 && i >= nodes[parent].next)
            parent = tree.nodes[parent].parent;
        segment::Tree::Node &node = tree.nodes[i];
        node.kind = kind_of(nodes[i].kind);
        node.truth = nodes[i].kind == Kind::boolean && nodes[i].truth;  // of others it is not set
        node.parent = parent;
        node.next = nodes[i].next;
        node.name = nodes[i].key();
        if (node.kind == segment::Tree::Kind::text || node.kind == segment::Tree::Kind::number)
            node.text = nodes[i].text();
        if (node.kind == segment::Tree::Kind::array || node.kind == segment::Tree::Kind::object) parent = i;
    }
    return tree;
}

}  // namespace cartbell::codec
