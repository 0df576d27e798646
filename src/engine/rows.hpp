// Rows on their way into the store: cells with the memory behind them.
#pragma once

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "store/store.hpp"

namespace cartbell::engine {

// Texts that live until the arena is cleared or goes; one allocation for many small ones.
class Arena {
  public:
    // The memory stays for the next texts.
    void clear() {
        block_ = 0;
        left_ = 0;
    }
    std::string_view keep(std::string_view text) {
        if (text.size() > left_) grow(text.size());
        if (!text.empty()) std::memcpy(at_, text.data(), text.size());
        const std::string_view kept{at_, text.size()};
        at_ += text.size();
        left_ -= text.size();
        return kept;
    }

  private:
    struct Block {
        std::unique_ptr<char[]> bytes;
        size_t size;
    };
    void grow(size_t least) {
        while (block_ < blocks_.size() && blocks_[block_].size < least) ++block_;
        if (block_ == blocks_.size()) {
            const size_t size = least > block_bytes ? least : block_bytes;
            blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
        }
        at_ = blocks_[block_].bytes.get();
        left_ = blocks_[block_++].size;
    }
    static constexpr size_t block_bytes = 64u << 10;
    std::vector<Block> blocks_;
    size_t block_ = 0;  // the next to use
    char *at_ = nullptr;
    size_t left_ = 0;
};

// Cells of rows or of keys, back to back. `text` and `bytes` copy; `lend_...` borrow memory that outlives the write.
class Rows {
  public:
    Rows &integer(int64_t value) { return add(store::integer_cell(value)); }
    Rows &text(std::string_view value) { return add(store::text_cell(arena_.keep(value))); }
    Rows &text_or_null(std::string_view value) { return value.empty() ? null() : text(value); }
    Rows &bytes(std::string_view value) { return add(store::bytes_cell(arena_.keep(value))); }
    Rows &lend_text(std::string_view value) { return add(store::text_cell(value)); }
    Rows &lend_bytes(std::string_view value) { return add(store::bytes_cell(value)); }
    Rows &null() { return add(store::null_cell()); }
    Rows &add(const store::Cell &cell) {
        if (count_ == cells_.size()) cells_.resize(std::max<size_t>(16, 2 * count_));
        cells_[count_++] = cell;
        return *this;
    }
    bool empty() const { return count_ == 0; }
    void clear() {
        count_ = 0;
        arena_.clear();
    }
    std::span<const store::Cell> cells() const { return {cells_.data(), count_}; }
    operator std::span<const store::Cell>() const { return cells(); }

  private:
    Arena arena_;
    std::vector<store::Cell> cells_;  // with room for more: adding one is no call
    size_t count_ = 0;
};

// Appends a copy of a row with some cells, by column, changed.
inline void add_changed(Rows &rows, std::span<const store::Cell> row, std::initializer_list<std::pair<int, store::Cell>> changes) {
    for (size_t i = 0; i < row.size(); ++i) {
        store::Cell cell = row[i];
        for (const auto &[which, value] : changes)
            if (static_cast<size_t>(which) == i) cell = value;
        if (cell.type == CARTBELL_CELL_TEXT)
            rows.text(store::text_of(cell));
        else
            rows.add(cell);
    }
}

// Every row of a scan. `take` gives a Result<bool>, whether to go on, and asks the transaction nothing.
template <typename Take>
Status each_row(store::Transaction &transaction, const store::ScanRange &range, Take &&take) {
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return {};
        for (size_t at = 0; at < rows.size(); at += cursor.width()) {
            CARTBELL_ASSIGN(const bool goes_on, take(rows.subspan(at, cursor.width())));
            if (!goes_on) return {};
        }
    }
}

// The answer of one batched get: rows of `width` cells by the position of their key. Valid until the transaction's next get.
struct Found {
    std::vector<store::Cell> cells;
    std::vector<uint8_t> there;
    size_t width = 0;

    bool has(size_t row) const { return there[row] != 0; }
    const store::Cell &cell(size_t row, int column) const { return cells[row * width + static_cast<size_t>(column)]; }
};

inline Status get(store::Transaction &transaction, store::Table table, size_t width, std::span<const store::Cell> keys,
                  Found &found, uint64_t columns = store::all_columns) {
    found.width = width;
    return transaction.get(table, keys, columns, found.cells, found.there);
}

}  // namespace cartbell::engine
