#include "conformance/values.hpp"

#include "conformance/failure.hpp"
#include "conformance/rules.hpp"

namespace cartbell::conformance {
namespace {

constexpr size_t most_shown = 48;  // bytes of a cell

Value value_of(const cartbell_cell &cell) {
    if (cell.type < CARTBELL_CELL_NULL || cell.type > CARTBELL_CELL_BYTES)
        fail("a cell came with the type " + std::to_string(cell.type), rules::types);
    if (cell.reserved != 0) fail("a cell came with reserved = " + std::to_string(cell.reserved), rules::reserved);
    Value value;
    value.type = cell.type;
    if (cell.type == CARTBELL_CELL_INTEGER) value.integer = cell.integer;
    if (cell.type == CARTBELL_CELL_TEXT || cell.type == CARTBELL_CELL_BYTES) {
        if (cell.size && !cell.data) fail("a cell of " + std::to_string(cell.size) + " bytes came with data = NULL", rules::empty);
        if (cell.size) value.bytes.assign(static_cast<const char *>(cell.data), cell.size);
    }
    return value;
}

void append_cells(std::vector<cartbell_cell> &cells, const Row &row) {
    for (const Value &value : row) cells.push_back({value.type, 0, value.integer, value.bytes.data(), value.bytes.size()});
}

std::string shown(const Value &value) {
    if (value.type == CARTBELL_CELL_NULL) return "null";
    if (value.type == CARTBELL_CELL_INTEGER) return std::to_string(value.integer);
    std::string out = value.type == CARTBELL_CELL_BYTES ? "bytes \"" : "\"";
    for (size_t i = 0; i < value.bytes.size() && i < most_shown; ++i) {
        auto byte = static_cast<unsigned char>(value.bytes[i]);
        static constexpr char digits[] = "0123456789abcdef";
        if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\')
            out += static_cast<char>(byte);
        else
            out += std::string("\\x") + digits[byte >> 4] + digits[byte & 15];
    }
    out += '"';
    if (value.bytes.size() > most_shown) out += "... (" + std::to_string(value.bytes.size()) + " bytes)";
    return out;
}

}  // namespace

bool operator<(const Value &a, const Value &b) {
    if (a.type == CARTBELL_CELL_NULL || b.type == CARTBELL_CELL_NULL)
        return a.type == CARTBELL_CELL_NULL && b.type != CARTBELL_CELL_NULL;
    return a.type == CARTBELL_CELL_INTEGER ? a.integer < b.integer : a.bytes < b.bytes;
}

Value blob(std::string bytes) {
    Value value(std::move(bytes));
    value.type = CARTBELL_CELL_BYTES;
    return value;
}

std::vector<cartbell_cell> cells_of(const Row &row) {
    std::vector<cartbell_cell> cells;
    append_cells(cells, row);
    return cells;
}

std::vector<cartbell_cell> cells_of(const Rows &rows) {
    std::vector<cartbell_cell> cells;
    for (const Row &row : rows) append_cells(cells, row);
    return cells;
}

Row row_of(const cartbell_cell *cells, size_t count) {
    Row row;
    for (size_t i = 0; i < count; ++i) row.push_back(value_of(cells[i]));
    return row;
}

std::string shown(const Row &row) {
    if (row.empty()) return "nothing";
    std::string out = "(";
    for (size_t i = 0; i < row.size(); ++i) out += (i ? ", " : "") + shown(row[i]);
    return out + ")";
}

std::string difference(const Rows &given, const Rows &wanted) {
    size_t at = 0;
    while (at < given.size() && at < wanted.size() && given[at] == wanted[at]) ++at;
    std::string out = "wanted " + std::to_string(wanted.size()) + " rows, given " + std::to_string(given.size());
    if (at < wanted.size()) out += "; row " + std::to_string(at) + " should be " + shown(wanted[at]);
    if (at < given.size()) out += (at < wanted.size() ? " and is " : "; too many from ") + shown(given[at]);
    if (at < wanted.size() && at >= given.size()) out += " and is not there";
    return out;
}

}  // namespace cartbell::conformance
