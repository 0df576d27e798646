// A dotted path of formats.md §0 "Paths", bound once to an object, then read from rows without text.
#pragma once

#include <string>
#include <string_view>

#include "base/status.hpp"
#include "model/customer.hpp"
#include "model/order.hpp"
#include "model/product.hpp"
#include "model/settings.hpp"

namespace cartbell {

// A row of some object and what it can reach. Unused members stay null. Borrowed; nothing is owned.
struct Row {
    Object object = Object::order;
    const Customer *customer = nullptr;
    const Order *order = nullptr;
    const Record *record = nullptr;  // line or payment
    const HistoryRow *history = nullptr;
    const Product *product = nullptr;  // of a line: null if the catalogue does not have it
    const Settings *settings = nullptr;
};

struct Path {
    enum class Kind : uint8_t {
        cell,      // a system field held in the record
        custom,    // fields.<code>
        element,   // category.0
        computed,  // in_analytics, line_count, quantity, known, available, ...: field says which
        status_code,
        status_at,
        status_previous,
        status_name,      // set says which
        reached,          // reached.<set>.<code>
    };
    Object start = Object::order;  // the row's object
    Object object = Object::order;  // the object the value is of (line → order.…, product.…, every row → customer.…)
    Kind kind = Kind::cell;
    Type type = Type::none;  // what a present value has; json for an undeclared kept custom field
    FieldId field = 0;
    StatusSet set = StatusSet::general;
    uint32_t element = 0;
    bool element_of_custom = false;  // the list is fields.<code>, else a system field
    std::string code;                // custom field or status code
    std::string text;                // the path as written
};

// From a line `order.…` and `product.…`, from a history row `order.…`, from every row `customer.…`; one such
// step, not two. `lines`, `payments` and `fields` themselves are no values. An undeclared custom field is
// known only under `unknown_fields: keep`; its type is json and its value the canonical JSON text. Errors:
// `unknown_path` with the nearest known name in the message.
Result<Path> bind_path(std::string_view text, Object start, const Settings &settings);

// The value of a path in a row: borrowed where it is stored, else computed into `scratch`. Missing values
// have type none. A money value has its currency filled in (its own, else its order's or product's, else the shop's).
const Value &read(const Path &path, const Row &row, Value &scratch);

}  // namespace cartbell
