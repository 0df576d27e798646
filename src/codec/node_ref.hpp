// A node together with its tree: for readers of several trees at once.
#pragma once

#include <string>
#include <string_view>

#include "codec/json_tree.hpp"

namespace cartbell::codec {

struct NodeRef {
    const Tree *tree = nullptr;
    const Node *node = nullptr;

    explicit operator bool() const { return node != nullptr; }
    bool is(Kind kind) const { return node && node->kind == kind; }
    bool scalar() const { return node && node->kind != Kind::object && node->kind != Kind::array; }
    // Not there, null or an empty text, which say the same in the documents of others.
    bool absent() const {
        return !node || node->kind == Kind::null || (node->kind == Kind::string && node->size == 0);
    }
    std::string_view key() const { return node->key(); }
    std::string_view text() const { return node->text(); }
    NodeRef find(std::string_view name) const {
        return node ? NodeRef{tree, tree->find(*node, name)} : NodeRef{};
    }
    uint32_t index() const { return tree->index_of(*node); }
    std::string pointer() const { return tree->pointer_to(index()); }
    Children elements() const { return children(*tree, *node); }
    NodeRef of(const Node &other) const { return {tree, &other}; }
};

}  // namespace cartbell::codec
