#include "codec/mapped_value.hpp"

#include "codec/json_writer.hpp"

namespace cartbell::codec {

MappedValue::MappedValue() = default;
MappedValue::MappedValue(Kind is, std::string says, NodeRef source)
    : kind(is), text(std::move(says)), from(source) {}
MappedValue::MappedValue(const MappedValue &) = default;
MappedValue::MappedValue(MappedValue &&) noexcept = default;
MappedValue &MappedValue::operator=(const MappedValue &) = default;
MappedValue &MappedValue::operator=(MappedValue &&) noexcept = default;
MappedValue::~MappedValue() = default;

MappedValue MappedValue::of_scalar(NodeRef scalar) {
    if (scalar.absent()) return {};
    const Kind kind = scalar.is(codec::Kind::string)   ? Kind::text
                      : scalar.is(codec::Kind::number) ? Kind::number
                                                       : Kind::boolean;
    return {kind, std::string(scalar.text()), scalar};
}

MappedValue MappedValue::list() {
    return {Kind::list, {}};
}

MappedValue MappedValue::object() {
    return {Kind::object, {}};
}

const MappedValue *MappedValue::find(std::string_view name) const {
    for (size_t at = 0; at < names.size(); ++at)
        if (names[at] == name) return &items[at];
    return nullptr;
}

void MappedValue::put(std::string_view name, MappedValue value) {
    if (value.missing()) return;
    for (size_t at = 0; at < names.size(); ++at) {
        if (names[at] != name) continue;
        items[at] = std::move(value);
        return;
    }
    names.emplace_back(name);
    items.push_back(std::move(value));
}

void append_mapped(std::string &out, const MappedValue &value) {
    JsonWriter json(out);
    switch (value.kind) {
        case MappedValue::Kind::missing:
            json.raw("null");
            return;
        case MappedValue::Kind::text:
            json.text(value.text);
            return;
        case MappedValue::Kind::number:
        case MappedValue::Kind::boolean:
        case MappedValue::Kind::json:
            json.raw(value.text);
            return;
        case MappedValue::Kind::list:
            json.open('[');
            for (const MappedValue &item : value.items)
                append_mapped(json.value(), item);
            json.close(']');
            return;
        case MappedValue::Kind::object:
            json.open('{');
            for (size_t at = 0; at < value.items.size(); ++at)
                append_mapped(json.key(value.names[at]).value(), value.items[at]);
            json.close('}');
            return;
    }
}

}  // namespace cartbell::codec
