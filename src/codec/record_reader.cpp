#include "codec/record_reader.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cartbell::codec {

bool Reading::fail(const Node &at, std::string_view code, std::string message) const {
    if (errors.size() < limits.operation_errors)
        errors.push_back({std::string(code), pointer(at), std::move(message)});
    return false;
}

bool Reading::bad_type(const Node &node, Kind wanted) const {
    return fail(node, "bad_type",
                std::string(name_of(wanted)) + " is expected, not " + std::string(name_of(node.kind)));
}

void Reading::missing(const Node &object, std::string_view name) const {
    if (errors.size() >= limits.operation_errors) return;
    std::string at = pointer(object);
    append_pointer_token(at, name);
    errors.push_back({"missing_" + std::string(name), std::move(at), std::string(name) + " is missing"});
}

std::string Reading::hint(std::string_view name, std::span<const std::string_view> known) {
    const std::string nearest = nearest_name(name, known);
    return nearest.empty() ? std::string() : "; did you mean " + nearest + "?";
}

void Reading::unknown(const Node &member, std::span<const std::string_view> known) const {
    if (strictness == Strictness::trusted) {
        if (errors.size() < limits.operation_errors)  // before the search for the nearest name, which hostile
                                                      // input could repeat
            fail(member, "unknown_member", "no such member" + hint(member.key(), known));
    } else if (ignored.size() < limits.operation_errors) {
        ignored.push_back(pointer(member));
    }
}

bool Reading::unknown_source(const Node &at, std::string_view code) const {
    if (errors.size() >= limits.operation_errors) return false;
    std::vector<std::string_view> codes;
    for (const Source &each : settings.sources)
        codes.push_back(each.code);
    return fail(at, "unknown_source", "the settings have no such source" + hint(code, codes));
}

namespace {

// "A JSON string with more than 4 decimals is an error; a JSON number is rounded half even": browsers send
// 0.30000000000000004.
bool read_scaled(const Reading &reading, const Node &node, int scale, int64_t &number) {
    if (node.kind != Kind::string && node.kind != Kind::number)
        return reading.fail(node, "bad_type",
                            "a decimal is expected, not " + std::string(name_of(node.kind)));
    const auto excess = node.kind == Kind::string ? Excess::refuse : Excess::round_half_even;
    const Result<int64_t> parsed = parse_scaled(node.text(), scale, excess);
    if (!parsed.ok()) return reading.fail(node, parsed.error());
    number = *parsed;
    return true;
}

bool read_integer(const Reading &reading, const Node &node, int64_t &number) {
    if (!reading.expect(node, Kind::number)) return false;
    const Result<int64_t> parsed = parse_scaled(node.text(), 0, Excess::refuse);
    if (!parsed.ok()) {
        if (parsed.error().reason == "too_many_decimals")
            return reading.fail(node, "bad_type", "a whole number is expected");
        return reading.fail(node, parsed.error());
    }
    number = *parsed;
    return true;
}

// A custom money field may name its currency: "199.90 EUR".
bool read_money(const Reading &reading, const Node &node, Value &value) {
    if (node.kind != Kind::string || node.text().find(' ') == std::string_view::npos)
        return read_scaled(reading, node, 4, value.number);
    const Result<Money> money = parse_money(node.text(), Excess::refuse);
    if (!money.ok()) return reading.fail(node, money.error());
    value.number = money->amount_e4;
    value.currency = money->currency;
    return true;
}

bool read_list(const Reading &reading, const Node &node, std::string &joined) {
    if (!reading.expect(node, Kind::array)) return false;
    bool good = true;
    for (const Node &element : children(reading.tree, node)) {
        good = reading.expect(element, Kind::string) && good;
        joined += element.text();
        joined += '\0';
    }
    return good;
}

// A custom field that the settings do not declare.
bool read_undeclared(const Reading &reading, const Node &field, Object of, Value &value) {
    const bool keep = reading.settings.shop.keep_unknown_fields || reading.strictness == Strictness::journal;
    if (!is_field_code(field.key())) {
        return reading.fail(field, keep ? "bad_code" : "unknown_field",
                            "a field's code is a lower-case letter, then lower-case letters, digits and _");
    }
    if (!keep) {
        if (reading.errors.size() >= reading.limits.operation_errors) return false;
        std::vector<std::string_view> known;
        for (const FieldDefinition &definition : reading.settings.fields)
            if (definition.of == of) known.push_back(definition.code);
        return reading.fail(field, "unknown_field",
                            "the settings declare no such field" + Reading::hint(field.key(), known));
    }
    value.type = Type::json;
    append_compact(value.text, reading.tree, field, KeyOrder::canonical);
    return true;
}

bool read_custom(const Reading &reading, const Node &field, Object of, Value &value) {
    const FieldDefinition *definition = reading.settings.find_field(of, field.key());
    if (!definition) return read_undeclared(reading, field, of, value);
    if (field.kind == Kind::null) return true;
    if (reading.strictness != Strictness::journal) return read_value(reading, field, definition->type, value);
    // The field may have been declared, or with another type, after the entry was checked.
    std::vector<Note> dropped;
    const Reading quiet{reading.tree, reading.settings, reading.limits,
                        dropped,      reading.ignored,  reading.strictness};
    if (read_value(quiet, field, definition->type, value)) return true;
    value = Value{};
    value.type = Type::json;
    append_compact(value.text, reading.tree, field, KeyOrder::canonical);
    return true;
}

}  // namespace

bool read_value(const Reading &reading, const Node &node, Type type, Value &value) {
    value.type = type;
    switch (type) {
        case Type::text:
            if (!reading.expect(node, Kind::string)) return false;
            value.text.assign(node.begin, node.size);
            return true;
        case Type::integer:
            return read_integer(reading, node, value.number);
        case Type::decimal:
            return read_scaled(reading, node, 6, value.number);
        case Type::money:
            return read_money(reading, node, value);
        case Type::boolean:
            if (!reading.expect(node, Kind::boolean)) return false;
            value.number = node.truth ? 1 : 0;
            return true;
        case Type::time: {
            if (!reading.expect(node, Kind::string)) return false;
            const Result<Instant> instant = parse_instant(node.text());
            if (!instant.ok()) return reading.fail(node, instant.error());
            value.number = *instant;
            return true;
        }
        case Type::date: {
            if (!reading.expect(node, Kind::string)) return false;
            const Result<Date> date = parse_date(node.text());
            if (!date.ok()) return reading.fail(node, date.error());
            value.number = pack(*date);
            return true;
        }
        case Type::list:
            return read_list(reading, node, value.text);
        case Type::json:
        case Type::none:
            break;
    }
    return reading.fail(node, "bad_type", "not a type that can be sent");
}

int one_of(const Reading &reading, const Node &node, std::span<const std::string_view> names) {
    if (!reading.expect(node, Kind::string)) return -1;
    const auto found = std::find(names.begin(), names.end(), node.text());
    if (found != names.end()) return static_cast<int>(found - names.begin());
    std::string message = "one of";
    for (const std::string_view name : names) message += " " + std::string(name);
    reading.fail(node, "bad_value", message + " is expected");
    return -1;
}

void read_customs(const Reading &reading, const Node &fields, Object of, Nulls nulls, Record &record) {
    if (fields.kind == Kind::null) {
        if (nulls == Nulls::clear)
            record.customs.emplace_back();  // no code and no value: all custom fields are cleared
        return;
    }
    if (!reading.expect(fields, Kind::object)) return;
    record.customs.reserve(
        std::min<size_t>(fields.next - reading.tree.index_of(fields) - 1, reading.limits.custom_fields));
    size_t count = 0;
    for (const Node &field : children(reading.tree, fields)) {
        if (++count > reading.limits.custom_fields) {
            reading.fail(fields, "too_many",
                         "more than " + std::to_string(reading.limits.custom_fields) + " custom fields");
            return;
        }
        if (field.kind == Kind::null && nulls == Nulls::drop) continue;
        Record::Custom &custom = record.customs.emplace_back();
        custom.code = field.key();
        if (!read_custom(reading, field, of, custom.value))
            record.customs.pop_back();
        else if (field.kind == Kind::null)
            custom.value = Value{};
    }
    std::sort(record.customs.begin(), record.customs.end(),
              [](const Record::Custom &a, const Record::Custom &b) { return a.code < b.code; });
}

void sort_cells(Record &record) {
    // Senders mostly keep the order of formats.md, and cells are large: so insertion, which moves only what
    // is out of place.
    std::vector<Record::Cell> &cells = record.cells;
    for (size_t i = 1; i < cells.size(); ++i) {
        if (cells[i - 1].field < cells[i].field) continue;
        const auto end = cells.begin() + static_cast<std::ptrdiff_t>(i);
        const auto place =
            std::upper_bound(cells.begin(), end, cells[i].field,
                             [](FieldId field, const Record::Cell &cell) { return field < cell.field; });
        std::rotate(place, end, end + 1);
    }
}

}  // namespace cartbell::codec
