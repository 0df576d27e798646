#include "engine/owned_rows.hpp"

#include "base/hash.hpp"
#include "engine/answers.hpp"

namespace cartbell::engine {
namespace {

bool is_internal(const cartbell_table &table, size_t column) {
    const std::string_view name = table.columns[column].name;
    return static_cast<int32_t>(column) == table.owner_column || name == "customer_id" || name == "position" || name == "positions";
}

void append_row(std::string &out, const cartbell_table &table, std::span<const store::Cell> row) {
    out += '{';
    for (size_t column = 0; column < row.size(); ++column) {
        if (is_internal(table, column)) continue;
        const std::string_view name = table.columns[column].name;
        const store::Cell &cell = row[column];
        switch (cell.type) {
            case CARTBELL_CELL_INTEGER: add_number(out, name, cell.integer); break;
            case CARTBELL_CELL_TEXT: add_text(out, name, store::text_of(cell)); break;
            case CARTBELL_CELL_BYTES: add_text(out, name, hex(store::text_of(cell))); break;
            default: add_json(out, name, "null");
        }
    }
    out += '}';
}

}  // namespace

Told told_as(store::Table table, const cartbell_table &declared) {
    switch (table) {
        case store::identity:
        case store::customer: return Told::customer;
        case store::orders: return Told::orders;
        case store::message: return Told::messages;
        case store::event: return Told::events;
        case store::container: return Told::containers;
        case store::journal:
        case store::claim:
        case store::merge_entry:
        case store::older_entries: return Told::entries;
        case store::order_owner:
        case store::container_item:
        case store::lease: return Told::elsewhere;
        default: return declared.owner_column >= 0 ? Told::rows : Told::nothing;
    }
}

Status append_owned_rows(std::string &out, store::Transaction &transaction, store::Table table, const cartbell_table &declared, int64_t customer_id,
                         size_t most_bytes) {
    const store::Cell owner = store::integer_cell(customer_id);
    store::ScanRange range;
    range.table = table;
    // A customer's rows lie together where the key begins with the owner; elsewhere the whole table is read.
    if (declared.owner_column == 0) range.lower = range.upper = {&owner, 1};
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    out += '[';
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) break;
        for (size_t at = 0; at < rows.size(); at += cursor.width()) {
            const auto row = rows.subspan(at, cursor.width());
            const store::Cell &whose = row[static_cast<size_t>(declared.owner_column)];
            if (store::is_null(whose) || whose.integer != customer_id) continue;
            if (out.back() != '[') out += ',';
            append_row(out, declared, row);
            CARTBELL_TRY(within_export(out, most_bytes));
        }
    }
    out += ']';
    return {};
}

}  // namespace cartbell::engine
