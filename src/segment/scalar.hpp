// Values as tests compare them: one number per family, exact.
#pragma once

#include <string>
#include <string_view>

#include "model/value.hpp"
#include "segment/program.hpp"

namespace cartbell::segment {

inline Scalar scalar_of_number(Type type, Wide number) {
    Scalar scalar;
    scalar.type = type;
    scalar.number = number;
    return scalar;
}

// A JSON value of an undeclared custom field: its own kind says what it is. Objects, null and numbers beyond
// our range stay `json`, which only `exists` speaks of. A text with escapes and the elements of an array are
// written into `scratch`.
Scalar scalar_of_json(std::string_view json, std::string &scratch);

// Borrows the value's text, or `scratch`. Integers become millionths.
inline Scalar scalar_of(const Value &value, std::string &scratch) {
    Scalar scalar;
    scalar.type = value.type;
    scalar.currency = value.currency;
    scalar.number = value.number;
    if (value.type == Type::integer) {
        scalar.type = Type::decimal;
        scalar.number *= decimal_unit_e6;
    } else if (value.type == Type::text || value.type == Type::list) {
        scalar.text = value.text;
    } else if (value.type == Type::json) {
        return scalar_of_json(value.text, scratch);
    }
    return scalar;
}

enum class Ordering : uint8_t { less, equal, greater, unordered, differs };

// Both present, money in one currency. `differs`: of different kinds. `unordered`: not equal and neither
// before the other (booleans, lists, a date without year against another day).
Ordering compare(const Scalar &a, const Scalar &b);
// Whether the ordering satisfies eq ... ge; false for kinds that have no order.
bool satisfies(Op op, Ordering ordering);

bool has_element(std::string_view list, std::string_view element);
bool is_under(std::string_view list, size_t position,
              std::string_view element);  // element `position` of the list is that text

// As explanations show it; an average is rounded half even to the unit of its kind.
Value value_of(const Scalar &scalar, bool whole_number);

}  // namespace cartbell::segment
