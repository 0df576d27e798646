#include "codec/value_json.hpp"

#include "base/instant.hpp"
#include "model/json_value.hpp"

namespace cartbell::codec {

void append_value(std::string &out, const Value &value, Currency object_currency) {
    JsonWriter json(out);
    switch (value.type) {
        case Type::none:
            json.raw("null");
            return;
        case Type::text:
            json.text(value.text);
            return;
        case Type::integer:
            json.number(value.number);
            return;
        case Type::decimal:
            json.text(format_decimal(value.number));
            return;
        case Type::money: {
            const bool own = static_cast<bool>(value.currency);
            std::string text = format_money({value.number, own ? value.currency : object_currency});
            if (own) text += " " + value.currency.text();
            json.text(text);
            return;
        }
        case Type::boolean:
            json.truth(value.number != 0);
            return;
        case Type::time:
            json.text(format_instant(value.number));
            return;
        case Type::date:
            json.text(format_date(unpack_date(value.number)));
            return;
        case Type::list:
            json.open('[');
            for (const std::string_view element : list_elements(value))
                json.text(element);
            json.close(']');
            return;
        case Type::json:
            json.raw(value.text);
            return;
    }
}

void write_cells(JsonWriter &json, const Record &record, Object object, Currency currency, Detail detail) {
    const std::span<const Field> fields = system_fields(object);
    std::string_view open;  // the dotted prefix whose objects are open: "delivery.address."
    for (const Record::Cell &cell : record.cells) {
        const Field &field = fields[cell.field];
        if (cell.value.missing() || (field.computed && detail == Detail::sent)) continue;
        // Fields of one object stand together in formats.md §5, so each object is opened once.
        while (!field.path.starts_with(open)) {
            json.close('}');
            const size_t dot = open.substr(0, open.size() - 1).rfind('.');
            open = dot == std::string_view::npos ? std::string_view() : open.substr(0, dot + 1);
        }
        size_t dot = 0;
        while ((dot = field.path.find('.', open.size())) != std::string_view::npos) {
            json.key(field.path.substr(open.size(), dot - open.size())).open('{');
            open = field.path.substr(0, dot + 1);
        }
        json.key(field.path.substr(open.size()));
        append_value(json.value(), cell.value, currency);
    }
    for (const char c : open)
        if (c == '.') json.close('}');
}

void write_customs(JsonWriter &json, const Record &record, Object object, const Settings &settings,
                   Currency currency) {
    if (record.customs.empty()) return;
    json.key("fields").open('{');
    Value typed;
    for (const Record::Custom &custom : record.customs) {
        json.key(custom.code);
        const FieldDefinition *field =
            custom.value.type == Type::json ? settings.find_field(object, custom.code) : nullptr;
        const bool declared = field && typed_json(custom.value.text, field->type, typed);
        append_value(json.value(), declared ? typed : custom.value, currency);
    }
    json.close('}');
}

}  // namespace cartbell::codec
