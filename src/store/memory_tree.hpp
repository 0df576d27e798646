// An ordered map that is never changed: a change gives a new map that shares what is the same. So a snapshot is a copy of one pointer.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cartbell/sys/store.h"

namespace cartbell::store {

// One stored row; its cells point into `bytes`.
struct MemoryRow {
    std::vector<cartbell_cell> cells;
    std::string bytes;
};

class MemoryTree {
  public:
    struct Entry {
        std::string key;
        std::shared_ptr<const MemoryRow> row;
        uint64_t priority;
    };

    const MemoryRow *find(std::string_view key) const;
    // The row takes the place of an equal key's. `priority` of a new entry is any number that the keys' author cannot choose.
    MemoryTree with(std::string_view key, std::shared_ptr<const MemoryRow> row, uint64_t priority) const;
    MemoryTree without(std::string_view key) const;

    // The first entry whose key is >= (or > if `open`) `key`, the last whose key is <= (or <); null if there is none.
    const Entry *first_from(std::string_view key, bool open) const;
    const Entry *last_to(std::string_view key, bool open) const;
    const Entry *last() const;

  private:
    struct Node;
    using Link = std::shared_ptr<const Node>;
    struct Node {
        std::shared_ptr<const Entry> entry;
        Link left, right;
    };
    explicit MemoryTree(Link root) : root_(std::move(root)) {}

    static Link node(const std::shared_ptr<const Entry> &entry, Link left, Link right);
    static void split(const Link &tree, std::string_view key, Link &below, Link &above);
    static Link join(const Link &below, const Link &above);
    static Link replace(const Link &tree, const std::shared_ptr<const Entry> &entry);
    static Link insert(const Link &tree, const std::shared_ptr<const Entry> &entry);
    static Link erase(const Link &tree, std::string_view key);

    const Entry *entry_of(std::string_view key) const;

    Link root_;

  public:
    MemoryTree() = default;
};

}  // namespace cartbell::store
