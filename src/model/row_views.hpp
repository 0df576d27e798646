// Rows as they lie in stored bytes, for who looks at some cells of each: nothing is copied.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "model/value.hpp"

namespace cartbell {

// A Value whose text is borrowed.
struct ValueView {
    Type type = Type::none;
    Currency currency;
    int64_t number = 0;
    std::string_view text;

    ValueView() = default;
    ValueView(const Value &value) : type(value.type), currency(value.currency), number(value.number), text(value.text) {}
};

struct CellView {
    FieldId field;
    ValueView value;
};

// Custom fields are left out.
struct RowView {
    size_t index = 0;
    std::span<const CellView> cells;  // rising by field

    const ValueView *find(FieldId field) const {  // null if absent
        for (const CellView &cell : cells)
            if (cell.field >= field) return cell.field == field ? &cell.value : nullptr;
        return nullptr;
    }
};

// The rows of one object, with memory to use again. Not copied: rows point into it.
class RowViews {
  public:
    RowViews() = default;
    RowViews(RowViews &&) = default;
    RowViews &operator=(RowViews &&) = default;

    size_t size() const { return rows_.size(); }
    const RowView &operator[](size_t index) const { return rows_[index]; }

    void clear() {
        rows_.clear();
        used_ = 0;
    }
    // The next row's cells, to be filled before anything else is called; they hold anything.
    std::span<CellView> add(size_t count) {
        if (cells_.size() - used_ < count) cells_.resize(2 * (used_ + count));
        const std::span<CellView> row{cells_.data() + used_, count};
        rows_.push_back({rows_.size(), row});
        used_ += count;
        return row;
    }
    // When all rows are there: only now what they say stays where it is.
    void close() {
        const CellView *at = cells_.data();
        for (RowView &row : rows_) {
            row.cells = {at, row.cells.size()};
            at += row.cells.size();
        }
    }

  private:
    std::vector<CellView> cells_;  // more than are used
    std::vector<RowView> rows_;
    size_t used_ = 0;
};

}  // namespace cartbell
