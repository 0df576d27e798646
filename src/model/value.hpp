// One typed value of an attribute, and a Record of them. The same cells serve fold, digest, predicates and templates.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.hpp"
#include "base/instant.hpp"

namespace cartbell {

enum class Type : uint8_t {
    none,     // missing
    text,
    integer,  // number
    decimal,  // number in millionths
    money,    // number in ten-thousandths; currency, or none = the currency of the object it belongs to
    boolean,  // number 0 or 1
    time,     // number: Instant
    date,     // number: pack(Date)
    list,     // text: each element followed by one NUL (no string holds U+0000), so "a\0b\0"
    json,     // text: canonical JSON of an undeclared custom field (`unknown_fields: keep`)
};

struct Value {
    int64_t number = 0;
    std::string text;
    Currency currency;
    Type type = Type::none;  // the last: a Cell puts its field into the padding behind it

    bool missing() const { return type == Type::none; }
    friend bool operator==(const Value &, const Value &) = default;

    static Value of_text(std::string_view text);
    static Value of_integer(int64_t number);
    static Value of_decimal(int64_t number_e6);
    static Value of_money(int64_t amount_e4, Currency currency = {});
    static Value of_boolean(bool truth);
    static Value of_time(Instant instant);   // no_instant gives a missing value
    static Value of_date(Date date);
    static Value of_list(const std::vector<std::string> &elements);
};

std::vector<std::string_view> list_elements(const Value &list);

using FieldId = uint16_t;  // index into system_fields(object), see field.hpp

// The attributes of one object. Both vectors are sorted (by field, by code) and hold no missing values,
// except in a *patch*, where a missing value means "cleared" (JSON null); one of the code "" clears all custom fields.
struct Record {
    struct Cell {
        [[no_unique_address]] Value value;  // thousands of cells are made for a batch: none is wider than need be
        FieldId field = 0;
        friend bool operator==(const Cell &, const Cell &) = default;
    };
    struct Custom {
        std::string code;
        Value value;
        friend bool operator==(const Custom &, const Custom &) = default;
    };
    std::vector<Cell> cells;
    std::vector<Custom> customs;

    const Value *find(FieldId field) const;             // null if absent
    const Value *find_custom(std::string_view code) const;
    std::string_view text(FieldId field) const;         // "" if absent
    void set(FieldId field, Value value);               // keeps the order; replaces
    void set_custom(std::string_view code, Value value);
    void erase(FieldId field);
    friend bool operator==(const Record &, const Record &) = default;
};

// RFC 7396 over records: present values replace, missing values clear, two json objects merge at every depth.
// Returns whether anything changed.
bool merge_patch(Record &target, const Record &patch);

}  // namespace cartbell
