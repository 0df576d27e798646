// The C++ face of a table of store functions: RAII transactions and cursors over cells. No other door to a store exists.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "cartbell/sys/store.h"
#include "store/schema.hpp"

namespace cartbell::store {

using Cell = cartbell_cell;

inline Cell null_cell() { return Cell{CARTBELL_CELL_NULL, 0, 0, nullptr, 0}; }
inline Cell integer_cell(int64_t value) { return Cell{CARTBELL_CELL_INTEGER, 0, value, nullptr, 0}; }
inline Cell text_cell(std::string_view value) { return Cell{CARTBELL_CELL_TEXT, 0, 0, value.data(), value.size()}; }
inline Cell bytes_cell(std::string_view value) { return Cell{CARTBELL_CELL_BYTES, 0, 0, value.data(), value.size()}; }
inline std::string_view text_of(const Cell &cell) { return {static_cast<const char *>(cell.data), cell.size}; }  // "" of null
inline bool is_null(const Cell &cell) { return cell.type == CARTBELL_CELL_NULL; }

inline constexpr uint64_t all_columns = ~uint64_t{0};
constexpr uint64_t mask(std::initializer_list<int> columns) {
    uint64_t bits = 0;
    for (int column : columns) bits |= uint64_t{1} << column;
    return bits;
}

// Bounds of a scan; see cartbell_scan. The cells' memory is the caller's and must outlive the scan call only.
struct ScanRange {
    Table table = meta;
    int index = -1;
    std::span<const Cell> lower{}, upper{};
    bool lower_open = false, upper_open = false;
    bool descending = false;
    bool claim = false;
    uint64_t columns = all_columns;
    uint64_t limit = 0;
};

class Cursor {  // rows are valid until the next call of next()
  public:
    Cursor() = default;
    ~Cursor();
    Cursor(Cursor &&) noexcept;
    Cursor &operator=(Cursor &&) noexcept;
    // At most a block of rows; empty at the end. Each row is `width()` cells, back to back.
    Result<std::span<const Cell>> next();
    size_t width() const { return width_; }

  private:
    friend class Transaction;
    const cartbell_store_functions *functions_ = nullptr;
    void *cursor_ = nullptr;
    void *store_ = nullptr;
    size_t width_ = 0;
    std::vector<Cell> rows_;
};

// Rolls back when destroyed without commit. One thread at a time. After a failed call only destruction is left: a commit is refused.
class Transaction {
  public:
    Transaction() = default;
    ~Transaction();
    Transaction(Transaction &&) noexcept;
    Transaction &operator=(Transaction &&) noexcept;

    // `keys`: key_count cells per key, back to back. `rows` and `found` are resized. Row cells stay valid until the next get on this transaction.
    Status get(Table table, std::span<const Cell> keys, uint64_t columns, std::vector<Cell> &rows, std::vector<uint8_t> &found);
    Status insert(Table table, std::span<const Cell> rows, std::vector<uint8_t> &existed);
    Status put(Table table, std::span<const Cell> rows);
    Status remove(Table table, std::span<const Cell> keys);
    Result<Cursor> scan(const ScanRange &range);
    Status commit();

  private:
    friend class Store;
    Status usable() const;
    Status finished(int32_t status, const char *doing);
    const cartbell_store_functions *functions_ = nullptr;
    void *store_ = nullptr;
    void *transaction_ = nullptr;
    bool spoiled_ = false;  // a call failed: nothing may be committed any more
};

// Owns an opened store. Thread rules of store.h.
class Store {
  public:
    // `functions` and `store` as store.h says; takes over `store` (closes it, also when opening fails).
    static Result<Store> open(const cartbell_store_functions *functions, void *store, bool read_only);
    Store(Store &&) noexcept;
    Store &operator=(Store &&) noexcept;
    ~Store();

    Result<Transaction> begin_read();
    Result<Transaction> begin_write();
    Result<bool> maintain();  // true: more to do

  private:
    Store() = default;
    Result<Transaction> begin(int32_t mode);
    const cartbell_store_functions *functions_ = nullptr;
    void *store_ = nullptr;
};

// The built-in stores: a table of functions and an object for Store::open.
const cartbell_store_functions *sqlite_store_functions();
void *new_sqlite_store(std::string_view path);   // ":memory:" is refused: use the memory store
const cartbell_store_functions *memory_store_functions();
void *new_memory_store();

}  // namespace cartbell::store
