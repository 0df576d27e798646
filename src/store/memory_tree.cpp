#include "store/memory_tree.hpp"

#include <utility>

// A treap: ordered by key, a heap by priority. With priorities that nobody chooses its depth is logarithmic, so recursion is shallow.
namespace cartbell::store {

// The node as the writer's own: nodes that it made since the tree was last copied are nobody else's.
MemoryTree::Node &MemoryTree::own(Link &tree, uint64_t writer) {
    if (tree->writer != writer) tree = std::make_shared<Node>(Node{tree->entry, tree->left, tree->right, writer});
    return *tree;
}

void MemoryTree::split(Link tree, std::string_view key, Link &below, Link &above, uint64_t writer) {
    if (!tree) return;
    Node &top = own(tree, writer);
    if (top.entry->key < key) {
        split(std::exchange(top.right, nullptr), key, top.right, above, writer);
        below = std::move(tree);
    } else {
        split(std::exchange(top.left, nullptr), key, below, top.left, writer);
        above = std::move(tree);
    }
}

MemoryTree::Link MemoryTree::join(Link below, Link above, uint64_t writer) {
    if (!below) return above;
    if (!above) return below;
    if (below->entry->priority > above->entry->priority) {
        Node &top = own(below, writer);
        top.right = join(std::move(top.right), std::move(above), writer);
        return below;
    }
    Node &top = own(above, writer);
    top.left = join(std::move(below), std::move(top.left), writer);
    return above;
}

const MemoryTree::Entry *MemoryTree::entry_of(const Node *at, std::string_view key) {
    while (at) {
        int order = key.compare(at->entry->key);
        if (order == 0) return at->entry.get();
        at = order < 0 ? at->left.get() : at->right.get();
    }
    return nullptr;
}

const MemoryRow *MemoryTree::find(std::string_view key) const {
    const Entry *entry = entry_of(root_.get(), key);
    return entry ? entry->row.get() : nullptr;
}

void MemoryTree::put(std::string key, std::shared_ptr<const MemoryRow> row, uint64_t priority, uint64_t writer) {
    Link *place = &root_;
    bool known = false;  // the key lies at `place` or below it
    while (*place) {
        if (!known && (*place)->entry->priority < priority && !(known = entry_of(place->get(), key))) break;
        Node &here = own(*place, writer);
        const int order = key.compare(here.entry->key);
        if (order == 0) {
            here.entry = std::make_shared<const Entry>(Entry{std::move(key), std::move(row), here.entry->priority});
            return;
        }
        place = order < 0 ? &here.left : &here.right;
    }
    auto entry = std::make_shared<const Entry>(Entry{std::move(key), std::move(row), priority});
    auto node = std::make_shared<Node>(Node{entry, nullptr, nullptr, writer});
    split(std::move(*place), entry->key, node->left, node->right, writer);
    *place = std::move(node);
}

void MemoryTree::erase(std::string_view key, uint64_t writer) {
    if (!entry_of(root_.get(), key)) return;
    Link *place = &root_;
    for (;;) {
        const int order = key.compare((*place)->entry->key);
        if (order == 0) break;
        Node &here = own(*place, writer);
        place = order < 0 ? &here.left : &here.right;
    }
    *place = join((*place)->left, (*place)->right, writer);
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
