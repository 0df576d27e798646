// A predicate as written: JSON values in document order, numbers with their own text, every node with its way
// to the root. The codec makes one under limits; all grammar is the compiler's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cartbell::segment {

struct Tree {
    enum class Kind : uint8_t { null, boolean, number, text, array, object };

    struct Node {
        Kind kind = Kind::null;
        bool truth = false;   // of a boolean
        uint32_t parent = 0;  // the root is its own
        uint32_t next = 0;    // the first node that is not inside this one
        std::string name;     // of an object's member
        std::string text;     // of a text, unescaped; of a number, as written
    };

    std::vector<Node> nodes;  // [0] is the root; children follow their parent

    // The children of an object or array: for (uint32_t child : tree.children(node)).
    struct Children {
        const Tree *tree;
        uint32_t first, last;
        struct Iterator {
            const Tree *tree;
            uint32_t at;
            uint32_t operator*() const { return at; }
            Iterator &operator++() {
                at = tree->nodes[at].next;
                return *this;
            }
            bool operator!=(const Iterator &other) const { return at != other.at; }
        };
        Iterator begin() const { return {tree, first}; }
        Iterator end() const { return {tree, last}; }
    };
    Children children(uint32_t node) const { return {this, node + 1, nodes[node].next}; }
    uint32_t count_children(uint32_t node) const;
    // The member of that name, or 0 (the root is nobody's member).
    uint32_t find(uint32_t object, std::string_view name) const;
};

std::string pointer_of(const Tree &tree, uint32_t node);  // RFC 6901; "" of the root
void append_compact(std::string &out, const Tree &tree,
                    uint32_t node);  // JSON without whitespace, members in their order

}  // namespace cartbell::segment
