// A JSON text as a flat list of nodes in document order, with everything our door asks about: raw number
// text, duplicate keys, U+0000, sizes, and a hash of the canonical text.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "base/status.hpp"

namespace cartbell::codec {

enum class Kind : uint8_t { object, array, string, number, boolean, null };
std::string_view name_of(Kind kind);  // "an object", for messages

// Borrows from the scanned bytes or, unescaped, from its tree.
struct Node {
    const char *begin;  // string: its text; number, boolean: the token; object, array: the text from bracket
                        // to bracket
    const char *key_begin;  // of an object's member
    uint32_t size;
    uint32_t key_size;
    uint32_t next;  // index of the first node that is not inside this one
    Kind kind;
    bool truth;

    std::string_view text() const { return {begin, size}; }
    std::string_view key() const { return {key_begin, key_size}; }
};

// What is wrong with well-formed JSON by formats.md §1; found while scanning, so that nobody has to look
// again.
struct Flaw {
    enum class What : uint8_t { duplicate_key, nul_character, text_too_large };
    What what = What::duplicate_key;
    uint32_t node = 0;
};

class Tree {
  public:
    std::span<const Node> nodes;  // [0] is the root
    std::vector<Flaw> flaws;
    uint64_t hash = 0;        // of the canonical text: equal for any order of keys, whitespace and escapes
    bool overflowed = false;  // more nodes than asked for: only the extent of the root can be trusted

    // The member of that name, or null.
    const Node *find(const Node &object, std::string_view name) const;
    uint32_t index_of(const Node &node) const { return static_cast<uint32_t>(&node - nodes.data()); }
    // Pointer of RFC 6901 from the root.
    std::string pointer_to(uint32_t node) const;

  private:
    friend class Scanner;
    std::unique_ptr<Node[]>
        room_;  // of the nodes; both rooms are as large as the text could need, so that nothing moves
    size_t room_size_ = 0;
    std::unique_ptr<char[]> unescaped_;  // texts with escapes
    size_t unescaped_size_ = 0;
};

// The children of an object or array: for (const Node &child : children(tree, node)).
struct Children {
    struct Iterator {
        const Node *base;
        const Node *at;
        const Node &operator*() const { return *at; }
        Iterator &operator++() {
            at = base + at->next;
            return *this;
        }
        bool operator!=(const Iterator &other) const { return at != other.at; }
    };
    const Node *base, *first, *last;
    Iterator begin() const { return {base, first}; }
    Iterator end() const { return {base, last}; }
};
inline Children children(const Tree &tree, const Node &node) {
    return {tree.nodes.data(), &node + 1, tree.nodes.data() + node.next};
}

// Whitespace-free text of one node. Canonical: keys sorted by their bytes; else in the order they have.
enum class KeyOrder : uint8_t { as_is, canonical };
void append_compact(std::string &out, const Tree &tree, const Node &node, KeyOrder order);

// "/" and the token, ~ and / escaped (RFC 6901 §3); names of more than 128 bytes are cut short with an
// ellipsis.
void append_pointer_token(std::string &pointer, std::string_view token);

// A whole text scanned at once, for definitions and settings; owns its bytes.
struct Document {
    std::unique_ptr<char[]> bytes;
    Tree tree;
    const Node &root() const { return tree.nodes.front(); }
};
// Errors: `syntax bad_utf8 too_deep too_large` with line and column, and the flaws `duplicate_key
// nul_character` with a pointer. `left_out` as in Scanner::read.
Result<Document> read_document(std::string_view text, size_t most_bytes, size_t most_depth,
                               std::string_view left_out = {});

}  // namespace cartbell::codec
