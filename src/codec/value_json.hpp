// Typed values and records as JSON: money and decimals as exact decimal strings, times RFC 3339 UTC
// (formats.md §1 "Money", §5).
#pragma once

#include <string>

#include "codec/json_writer.hpp"
#include "model/field.hpp"
#include "model/settings.hpp"
#include "model/value.hpp"

namespace cartbell::codec {

// Appends one value; a missing one is null. Money of a currency of its own names it ("199.90 EUR"), else it
// has the digits of `object_currency`.
void append_value(std::string &out, const Value &value, Currency object_currency);

enum class Detail : uint8_t {
    sent,  // only what can be sent: as an operation it gives the same facts again
    all,   // also what the engine computes
};
// Writes the cells as members of the open object, dotted paths as nested objects.
void write_cells(JsonWriter &json, const Record &record, Object object, Currency currency, Detail detail);
// Writes "fields":{...} if there are custom fields. One that was kept as JSON before `settings` declared it
// is written as what it is declared to be.
void write_customs(JsonWriter &json, const Record &record, Object object, const Settings &settings,
                   Currency currency);

}  // namespace cartbell::codec
