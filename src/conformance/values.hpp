// Cells that own their bytes, and rows of them, so that checks can write down what they expect.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cartbell/sys/store.h"

namespace cartbell::conformance {

struct Value {
    int32_t type = CARTBELL_CELL_NULL;
    int64_t integer = 0;
    std::string bytes;

    Value() = default;
    Value(int64_t number) : type(CARTBELL_CELL_INTEGER), integer(number) {}
    Value(int number) : Value(int64_t{number}) {}
    Value(const char *text) : type(CARTBELL_CELL_TEXT), bytes(text) {}
    Value(std::string text) : type(CARTBELL_CELL_TEXT), bytes(std::move(text)) {}
    friend bool operator==(const Value &, const Value &) = default;
};
bool operator<(const Value &a, const Value &b);  // the order of store.h
Value blob(std::string bytes);
inline const Value null;

using Row = std::vector<Value>;
using Rows = std::vector<Row>;

std::vector<cartbell_cell> cells_of(const Row &row);  // of rows that live on
std::vector<cartbell_cell> cells_of(const Rows &rows);
Row row_of(const cartbell_cell *cells, size_t count);  // fails the check if they are no cells of store.h

std::string shown(const Row &row);  // for messages; long cells are cut
// Where two lists of rows first differ, in words.
std::string difference(const Rows &given, const Rows &wanted);

}  // namespace cartbell::conformance
