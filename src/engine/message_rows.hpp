// Rows of the table `message` on their way back into the store.
#pragma once

#include <initializer_list>
#include <span>
#include <utility>

#include "engine/rows.hpp"

namespace cartbell::engine {

// Appends a copy of the row with some cells, by column, changed.
inline void add_changed(Rows &rows, std::span<const store::Cell> row, std::initializer_list<std::pair<int, store::Cell>> changes) {
    for (int i = 0; i < store::message_column::count_; ++i) {
        store::Cell cell = row[static_cast<size_t>(i)];
        for (const auto &[which, value] : changes)
            if (which == i) cell = value;
        if (cell.type == CARTBELL_CELL_TEXT)
            rows.text(store::text_of(cell));
        else
            rows.add(cell);
    }
}

}  // namespace cartbell::engine
