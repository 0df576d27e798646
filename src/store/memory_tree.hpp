// An ordered map whose copies share what is the same: a snapshot is a copy of one pointer. A change copies the nodes on its way once for each
// writer, who then changes its own in place.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "cartbell/sys/store.h"

namespace cartbell::store {

// One stored row: its cells, and behind them in the same memory the bytes that they point to.
struct MemoryRow {
    size_t count = 0;
    std::unique_ptr<cartbell_cell[]> memory;
    std::span<const cartbell_cell> cells() const { return {memory.get(), count}; }
};

class MemoryTree {
  public:
    struct Entry {
        std::string key;
        std::shared_ptr<const MemoryRow> row;
        uint64_t priority;
    };

    const MemoryRow *find(std::string_view key) const;
    // The row takes the place of an equal key's. `priority` of a new entry is any number that the keys' author cannot choose. `writer`: whose
    // change it is. Another number than at the last copy of this tree: what a copy shares must not change under it.
    void put(std::string key, std::shared_ptr<const MemoryRow> row, uint64_t priority, uint64_t writer);
    void erase(std::string_view key, uint64_t writer);

    // The first entry whose key is >= (or > if `open`) `key`, the last whose key is <= (or <); null if there is none.
    const Entry *first_from(std::string_view key, bool open) const;
    const Entry *last_to(std::string_view key, bool open) const;
    const Entry *last() const;

  private:
    struct Node;
    using Link = std::shared_ptr<Node>;
    struct Node {
        std::shared_ptr<const Entry> entry;
        Link left, right;
        uint64_t writer;
    };

    static Node &own(Link &tree, uint64_t writer);
    static void split(Link tree, std::string_view key, Link &below, Link &above, uint64_t writer);
    static Link join(Link below, Link above, uint64_t writer);

    static const Entry *entry_of(const Node *at, std::string_view key);  // at or below `at`; null if there is none

    Link root_;
};

}  // namespace cartbell::store
