#include "engine/erased_rows.hpp"

#include "engine/rows.hpp"

namespace cartbell::engine {
namespace {

constexpr uint64_t rows_at_once = 4096;

// True: there may be more.
Result<bool> remove_some(store::Transaction &transaction, store::Table table, const cartbell_table &declared, int64_t customer_id) {
    const store::Cell owner = store::integer_cell(customer_id);
    store::ScanRange range;
    range.table = table;
    range.lower = range.upper = {&owner, 1};
    range.columns = (uint64_t{1} << declared.key_count) - 1;
    range.limit = rows_at_once;
    Rows keys;
    size_t count = 0;
    {
        CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
        for (;;) {
            CARTBELL_ASSIGN(const auto rows, cursor.next());
            if (rows.empty()) break;
            for (size_t at = 0; at < rows.size(); at += cursor.width(), ++count) {
                for (size_t column = 0; column < declared.key_count; ++column) {
                    const store::Cell &cell = rows[at + column];
                    if (cell.type == CARTBELL_CELL_TEXT)
                        keys.text(store::text_of(cell));
                    else if (cell.type == CARTBELL_CELL_BYTES)
                        keys.bytes(store::text_of(cell));
                    else
                        keys.add(cell);
                }
            }
        }
    }
    if (count != 0) CARTBELL_TRY(transaction.remove(table, keys));
    return count == rows_at_once;
}

}  // namespace

Erased erased_as(store::Table table, const cartbell_table &declared) {
    switch (table) {
        case store::journal:
        case store::operation:
        case store::identity:
        case store::claim:
        case store::order_owner:
        case store::old_message_owner:
        case store::lease:
        case store::merge_entry: return Erased::by_name;
        default: break;
    }
    if (declared.owner_column == 0) return Erased::by_owner;
    if (declared.owner_column > 0) return Erased::unknown;
    for (size_t column = 0; column < declared.column_count; ++column)
        if (declared.columns[column].flags & CARTBELL_COLUMN_PERSONAL) return Erased::unknown;
    return Erased::nothing;
}

Status remove_owned_rows(store::Transaction &transaction, int64_t customer_id) {
    const cartbell_schema &schema = store::schema();
    for (size_t table = 0; table < schema.table_count; ++table) {
        const auto which = static_cast<store::Table>(table);
        if (erased_as(which, schema.tables[table]) != Erased::by_owner) continue;
        for (bool more = true; more;) {
            CARTBELL_ASSIGN(more, remove_some(transaction, which, schema.tables[table], customer_id));
        }
    }
    return {};
}

}  // namespace cartbell::engine
