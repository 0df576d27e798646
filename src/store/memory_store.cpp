// The memory store: what store.h means, written as plainly as possible. Tests hold every other store against it.
#include <algorithm>
#include <cstring>
#include <mutex>
#include <new>

#include "store/cells.hpp"
#include "store/memory_tree.hpp"
#include "store/store.hpp"

namespace cartbell::store {
namespace {

// Cells as bytes that memcmp orders as store.h orders cells: null below everything, integers numerically, text and bytes bytewise.
// No cell's bytes are a prefix of another's, and each begins with a byte below 0xff.
void append_ordered(std::string &key, const Cell &cell) {
    if (cell.type == CARTBELL_CELL_NULL) {
        key.push_back('\0');
    } else if (cell.type == CARTBELL_CELL_INTEGER) {
        key.push_back('\1');
        const uint64_t bits = static_cast<uint64_t>(cell.integer) ^ (uint64_t{1} << 63);
        char bytes[8];
        for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(bits >> (56 - 8 * i));
        key.append(bytes, sizeof bytes);
    } else {
        key.push_back('\2');
        std::string_view rest(static_cast<const char *>(cell.data), cell.size);
        for (size_t zero; (zero = rest.find('\0')) != std::string_view::npos; rest.remove_prefix(zero + 1)) key.append(rest.substr(0, zero + 1)) += '\xff';
        key.append(rest).append(2, '\0');
    }
}

std::string ordered(const Cell *cells, size_t count) {
    std::string key;
    for (size_t i = 0; i < count; ++i) append_ordered(key, cells[i]);
    return key;
}

std::string index_key(const cartbell_table &table, const cartbell_index &index, const Cell *row) {
    std::string key;
    for (size_t i = 0; i < index.column_count; ++i) append_ordered(key, row[index.columns[i]]);
    for (size_t i = 0; i < table.key_count; ++i) append_ordered(key, row[i]);
    return key;
}

std::shared_ptr<const MemoryRow> copy_row(const Cell *cells, size_t count) {
    const auto has_bytes = [](const Cell &cell) { return cell.type == CARTBELL_CELL_TEXT || cell.type == CARTBELL_CELL_BYTES; };
    size_t size = 0;
    for (size_t i = 0; i < count; ++i) size += has_bytes(cells[i]) ? cells[i].size : 0;
    auto memory = std::make_unique_for_overwrite<Cell[]>(count + (size + sizeof(Cell) - 1) / sizeof(Cell));
    auto *bytes = reinterpret_cast<char *>(memory.get() + count);
    for (size_t i = 0; i < count; ++i) {
        Cell &cell = memory[i] = cells[i];
        if (!has_bytes(cell)) continue;
        if (cell.size) std::memcpy(bytes, cell.data, cell.size);
        cell.data = bytes;
        bytes += cell.size;
    }
    return std::make_shared<const MemoryRow>(MemoryRow{count, std::move(memory)});
}

void give(const MemoryRow &row, uint64_t columns, Cell *out) {
    for (size_t i = 0; i < row.count; ++i)
        out[i] = columns >> i & 1 ? row.memory[i] : null_cell();
}

// Of one table: rows by key, then rows by each index.
using Orders = std::vector<MemoryTree>;

struct MemoryStore {
    const cartbell_schema *schema = nullptr;
    bool read_only = false;
    std::mutex mutex;  // guards the members below
    std::vector<Orders> committed;
    bool writing = false;
    uint64_t next_priority = 0;  // of the one writer
    uint64_t next_writer = 0;
};

struct MemoryTransaction {
    MemoryStore *store = nullptr;
    bool writes = false;
    std::vector<Orders> tables;
    MemoryTree given;  // keeps the rows of the last get
    uint64_t writer = 0;

    const cartbell_table &declared(uint32_t table) const { return store->schema->tables[table]; }

    // splitmix64 of a counter: nobody who chooses keys chooses the tree's shape.
    uint64_t priority() {
        uint64_t z = store->next_priority += 0x9e3779b97f4a7c15u;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        return z ^ z >> 31;
    }

    // A copy of a tree as it is now: what is written from here on leaves it alone.
    MemoryTree snapshot(const MemoryTree &tree) {
        if (writes) writer = ++store->next_writer;
        return tree;
    }

    void erase(uint32_t table, const std::string &key) {
        const cartbell_table &of = declared(table);
        Orders &orders = tables[table];
        const MemoryRow *old = orders[0].find(key);
        if (!old) return;
        for (size_t i = 0; i < of.index_count; ++i) orders[i + 1].erase(index_key(of, of.indexes[i], old->memory.get()), writer);
        orders[0].erase(key, writer);
    }

    void write(uint32_t table, std::string key, const Cell *cells) {
        const cartbell_table &of = declared(table);
        Orders &orders = tables[table];
        const MemoryRow *old = of.index_count != 0 ? orders[0].find(key) : nullptr;
        auto row = copy_row(cells, of.column_count);
        for (size_t i = 0; i < of.index_count; ++i) {
            std::string now = index_key(of, of.indexes[i], cells);
            if (old) {
                const std::string before = index_key(of, of.indexes[i], old->memory.get());
                if (before != now) orders[i + 1].erase(before, writer);
            }
            orders[i + 1].put(std::move(now), row, priority(), writer);
        }
        orders[0].put(std::move(key), std::move(row), priority(), writer);
    }
};

// Rows whose ordered bytes lie in [low, high).
struct MemoryCursor {
    MemoryTree rows;
    std::string low, high;
    bool bounded = false;  // there is a high
    bool descending = false;
    uint64_t columns = 0;
    uint64_t left = 0;
    const MemoryTree::Entry *last = nullptr;

    const MemoryTree::Entry *step() const {
        if (descending) {
            if (!last) return bounded ? rows.last_to(high, true) : rows.last();
            return rows.last_to(last->key, true);
        }
        return last ? rows.first_from(last->key, true) : rows.first_from(low, false);
    }

    bool inside(const std::string &key) const { return key >= low && (!bounded || key < high); }
};

int32_t open_memory(void *self, const cartbell_schema *schema, int32_t read_only) {
    return guard_store([&] {
        auto &store = *static_cast<MemoryStore *>(self);
        if (store.schema) return CARTBELL_MISUSE;
        store.schema = schema;
        store.read_only = read_only != 0;
        store.committed.resize(schema->table_count);
        for (size_t i = 0; i < schema->table_count; ++i)
            store.committed[i].resize(1 + schema->tables[i].index_count);
        return CARTBELL_OK;
    });
}

void close_memory(void *self) { delete static_cast<MemoryStore *>(self); }

int32_t begin_memory(void *self, int32_t mode, void **out) {
    return guard_store([&] {
        auto &store = *static_cast<MemoryStore *>(self);
        bool writes = mode == CARTBELL_STORE_WRITE;
        if (writes && store.read_only) return CARTBELL_READ_ONLY;
        auto transaction = std::make_unique<MemoryTransaction>();
        std::lock_guard lock(store.mutex);
        if (writes && store.writing) return CARTBELL_BUSY;
        transaction->store = &store;
        transaction->writes = writes;
        transaction->tables = store.committed;
        if (writes) {
            store.writing = true;
            transaction->writer = ++store.next_writer;
        }
        *out = transaction.release();
        return CARTBELL_OK;
    });
}

int32_t commit_memory(void *self) {
    std::unique_ptr<MemoryTransaction> transaction(static_cast<MemoryTransaction *>(self));
    if (!transaction->writes) return CARTBELL_OK;
    std::lock_guard lock(transaction->store->mutex);
    transaction->store->committed.swap(transaction->tables);
    transaction->store->writing = false;
    return CARTBELL_OK;
}

void rollback_memory(void *self) {
    std::unique_ptr<MemoryTransaction> transaction(static_cast<MemoryTransaction *>(self));
    if (!transaction->writes) return;
    std::lock_guard lock(transaction->store->mutex);
    transaction->store->writing = false;
}

int32_t get_memory(void *self, uint32_t table, const Cell *keys, size_t count, uint64_t columns, Cell *rows,
                   uint8_t *found) {
    return guard_store([&] {
        auto &transaction = *static_cast<MemoryTransaction *>(self);
        const cartbell_table &of = transaction.declared(table);
        transaction.given = transaction.snapshot(transaction.tables[table][0]);
        for (size_t i = 0; i < count; ++i) {
            const MemoryRow *row = transaction.given.find(ordered(keys + i * of.key_count, of.key_count));
            found[i] = row != nullptr;
            Cell *out = rows + i * of.column_count;
            if (row)
                give(*row, columns, out);
            else
                std::fill(out, out + of.column_count, null_cell());
        }
        return CARTBELL_OK;
    });
}

int32_t insert_memory(void *self, uint32_t table, const Cell *rows, size_t count, uint8_t *existed) {
    return guard_store([&] {
        auto &transaction = *static_cast<MemoryTransaction *>(self);
        if (!transaction.writes) return CARTBELL_READ_ONLY;
        const cartbell_table &of = transaction.declared(table);
        for (size_t i = 0; i < count; ++i) {
            const Cell *row = rows + i * of.column_count;
            std::string key = ordered(row, of.key_count);
            existed[i] = transaction.tables[table][0].find(key) != nullptr;
            if (!existed[i]) transaction.write(table, std::move(key), row);
        }
        return CARTBELL_OK;
    });
}

int32_t put_memory(void *self, uint32_t table, const Cell *rows, size_t count) {
    return guard_store([&] {
        auto &transaction = *static_cast<MemoryTransaction *>(self);
        if (!transaction.writes) return CARTBELL_READ_ONLY;
        const cartbell_table &of = transaction.declared(table);
        for (size_t i = 0; i < count; ++i) {
            const Cell *row = rows + i * of.column_count;
            transaction.write(table, ordered(row, of.key_count), row);
        }
        return CARTBELL_OK;
    });
}

int32_t remove_memory(void *self, uint32_t table, const Cell *keys, size_t count) {
    return guard_store([&] {
        auto &transaction = *static_cast<MemoryTransaction *>(self);
        if (!transaction.writes) return CARTBELL_READ_ONLY;
        const cartbell_table &of = transaction.declared(table);
        for (size_t i = 0; i < count; ++i)
            transaction.erase(table, ordered(keys + i * of.key_count, of.key_count));
        return CARTBELL_OK;
    });
}

int32_t scan_memory(void *self, const cartbell_scan *scan, void **out) {
    return guard_store([&] {
        auto &transaction = *static_cast<MemoryTransaction *>(self);
        if (scan->claim && !transaction.writes) return CARTBELL_MISUSE;
        auto cursor = std::make_unique<MemoryCursor>();
        cursor->rows = transaction.snapshot(transaction.tables[scan->table][static_cast<size_t>(scan->index + 1)]);
        // 0xff stands above the first byte of every cell: prefix + 0xff is above every row that begins with the prefix.
        cursor->low = ordered(scan->lower, scan->lower_count);
        if (scan->lower_count && scan->lower_open) cursor->low.push_back('\xff');
        cursor->high = ordered(scan->upper, scan->upper_count);
        if (!scan->upper_open) cursor->high.push_back('\xff');
        cursor->bounded = scan->upper_count > 0;
        cursor->descending = scan->descending != 0;
        cursor->columns = scan->column_mask;
        cursor->left = scan->limit ? scan->limit : UINT64_MAX;
        *out = cursor.release();
        return CARTBELL_OK;
    });
}

int32_t next_memory(void *self, Cell *rows, size_t most, size_t *count) {
    return guard_store([&] {
        auto &cursor = *static_cast<MemoryCursor *>(self);
        *count = 0;
        while (*count < most && cursor.left > 0) {
            const MemoryTree::Entry *entry = cursor.step();
            if (!entry || !cursor.inside(entry->key)) {
                cursor.left = 0;
                break;
            }
            give(*entry->row, cursor.columns, rows + *count * entry->row->count);
            cursor.last = entry;
            --cursor.left;
            ++*count;
        }
        return CARTBELL_OK;
    });
}

void end_scan_memory(void *self) { delete static_cast<MemoryCursor *>(self); }

constexpr cartbell_store_functions functions = {
    sizeof(cartbell_store_functions),
    CARTBELL_STORE_VERSION,
    open_memory,
    close_memory,
    begin_memory,
    commit_memory,
    rollback_memory,
    get_memory,
    insert_memory,
    put_memory,
    remove_memory,
    scan_memory,
    next_memory,
    end_scan_memory,
    nullptr,
    nullptr,
};

}  // namespace

const cartbell_store_functions *memory_store_functions() { return &functions; }
void *new_memory_store() { return new (std::nothrow) MemoryStore; }

}  // namespace cartbell::store
