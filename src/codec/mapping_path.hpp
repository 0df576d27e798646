// Paths of the mapping table into a foreign document, and which of its values were read.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "codec/node_ref.hpp"

namespace cartbell::codec {

// Where a path begins: `node`, `outer` one level up (^), `document` the whole document ($).
struct MappingScope {
    NodeRef node;
    NodeRef document;
    const MappingScope *outer = nullptr;
    size_t position = 0;  // of the thing in its document: @index
};

struct FoundNodes {
    std::vector<NodeRef> nodes;  // without those that are not there; of a plain path at most one
    bool many = false;           // the path has a *
    bool there = false;          // a plain path: the member exists, even as null; with *: the first list does
    size_t visited = 0;          // members and elements that were looked at
};

enum class OnMismatch : uint8_t { refuse, skip };  // a list where an object is needed, and so on

// `member.0.*.member`, `.`, `^.member`, `$.member`. `most`: members and elements to be looked at.
// Errors: `bad_type` with the pointer of what is of the wrong kind; `mapping_steps` (limit).
Result<FoundNodes> find_nodes(std::string_view path, const MappingScope &scope, OnMismatch on_mismatch,
                              size_t most);

// "total_price" of "^.total_price": for messages.
std::string_view last_name(std::string_view path);

// The values of one document that something was made of.
class ReadMarks {
  public:
    explicit ReadMarks(const Tree &tree) : tree_(&tree), read_(tree.nodes.size()) {}
    void scalar(NodeRef node) {
        if (node.node && node.tree == tree_) read_[node.index()] = true;
    }
    void whole(NodeRef node);
    // Pointers of what was not read and says something, each as high up as possible: at most `most` of them.
    // count: receives how many there are.
    std::vector<std::string> unread(size_t most, size_t &count) const;

  private:
    const Tree *tree_;
    std::vector<bool> read_;
};

}  // namespace cartbell::codec
