#include "store/memory_tree.hpp"

#include <utility>

// A treap: ordered by key, a heap by priority. With priorities that nobody chooses its depth is logarithmic, so recursion is shallow.
namespace cartbell::store {

MemoryTree::Link MemoryTree::node(const std::shared_ptr<const Entry> &entry, Link left, Link right) {
    return std::make_shared<const Node>(Node{entry, std::move(left), std::move(right)});
}

void MemoryTree::split(const Link &tree, std::string_view key, Link &below, Link &above) {
    if (!tree) return;
    if (tree->entry->key < key) {
        Link middle;
        split(tree->right, key, middle, above);
        below = node(tree->entry, tree->left, std::move(middle));
    } else {
        Link middle;
        split(tree->left, key, below, middle);
        above = node(tree->entry, std::move(middle), tree->right);
    }
}

MemoryTree::Link MemoryTree::join(const Link &below, const Link &above) {
    if (!below) return above;
    if (!above) return below;
    if (below->entry->priority > above->entry->priority)
        return node(below->entry, below->left, join(below->right, above));
    return node(above->entry, join(below, above->left), above->right);
}

MemoryTree::Link MemoryTree::replace(const Link &tree, const std::shared_ptr<const Entry> &entry) {
    int order = entry->key.compare(tree->entry->key);
    if (order == 0) return node(entry, tree->left, tree->right);
    if (order < 0) return node(tree->entry, replace(tree->left, entry), tree->right);
    return node(tree->entry, tree->left, replace(tree->right, entry));
}

MemoryTree::Link MemoryTree::insert(const Link &tree, const std::shared_ptr<const Entry> &entry) {
    if (!tree) return node(entry, nullptr, nullptr);
    if (entry->priority > tree->entry->priority) {
        Link below, above;
        split(tree, entry->key, below, above);
        return node(entry, std::move(below), std::move(above));
    }
    if (entry->key < tree->entry->key) return node(tree->entry, insert(tree->left, entry), tree->right);
    return node(tree->entry, tree->left, insert(tree->right, entry));
}

MemoryTree::Link MemoryTree::erase(const Link &tree, std::string_view key) {
    int order = key.compare(tree->entry->key);
    if (order == 0) return join(tree->left, tree->right);
    if (order < 0) return node(tree->entry, erase(tree->left, key), tree->right);
    return node(tree->entry, tree->left, erase(tree->right, key));
}

const MemoryTree::Entry *MemoryTree::entry_of(std::string_view key) const {
    const Node *at = root_.get();
    while (at) {
        int order = key.compare(at->entry->key);
        if (order == 0) return at->entry.get();
        at = order < 0 ? at->left.get() : at->right.get();
    }
    return nullptr;
}

const MemoryRow *MemoryTree::find(std::string_view key) const {
    const Entry *entry = entry_of(key);
    return entry ? entry->row.get() : nullptr;
}

MemoryTree MemoryTree::with(std::string_view key, std::shared_ptr<const MemoryRow> row, uint64_t priority) const {
    const Entry *old = entry_of(key);
    auto entry = std::make_shared<const Entry>(Entry{std::string(key), std::move(row), old ? old->priority : priority});
    return MemoryTree(old ? replace(root_, entry) : insert(root_, entry));
}

MemoryTree MemoryTree::without(std::string_view key) const {
    return entry_of(key) ? MemoryTree(erase(root_, key)) : *this;
}

const MemoryTree::Entry *MemoryTree::first_from(std::string_view key, bool open) const {
    const Entry *best = nullptr;
    const Node *at = root_.get();
    while (at) {
        int order = key.compare(at->entry->key);
        if (order < 0 || (order == 0 && !open)) {
            best = at->entry.get();
            at = at->left.get();
        } else {
            at = at->right.get();
        }
    }
    return best;
}

const MemoryTree::Entry *MemoryTree::last_to(std::string_view key, bool open) const {
    const Entry *best = nullptr;
    const Node *at = root_.get();
    while (at) {
        int order = key.compare(at->entry->key);
        if (order > 0 || (order == 0 && !open)) {
            best = at->entry.get();
            at = at->right.get();
        } else {
            at = at->left.get();
        }
    }
    return best;
}

const MemoryTree::Entry *MemoryTree::last() const {
    const Entry *best = nullptr;
    for (const Node *at = root_.get(); at; at = at->right.get()) best = at->entry.get();
    return best;
}

}  // namespace cartbell::store
