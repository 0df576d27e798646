#include "codec/event_definition_json.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cartbell::codec {
namespace {

const EventDefinition *built_in(std::string_view name) {
    for (const EventDefinition &event : built_in_events())
        if (event.name == name) return &event;
    return nullptr;
}

void read_field(const Reading &reading, const Node &node, std::vector<ContextField> &context) {
    constexpr std::array<std::string_view, 4> known{"code", "name", "type", "personal"};
    if (!reading.expect(node, Kind::object)) return;
    ContextField field;
    bool has_code = false, has_type = false;
    for (const Node &member : children(reading.tree, node)) {
        if (member.key() == "code") {
            has_code = true;
            if (!reading.expect(member, Kind::string)) continue;
            field.code = member.text();
            if (!is_field_code(field.code)) reading.fail(member, "bad_code", "a code here is [a-z][a-z0-9_]{0,63}");
        } else if (member.key() == "name") {
            if (reading.expect(member, Kind::string)) field.name = member.text();
        } else if (member.key() == "type") {
            has_type = true;
            if (const int type = one_of(reading, member, field_type_names); type >= 0) field.type = field_type(type);
        } else if (member.key() == "personal") {
            if (reading.expect(member, Kind::boolean)) field.personal = member.truth;
        } else {
            reading.unknown(member, known);
        }
    }
    if (!has_type) reading.missing(node, "type");
    if (!has_code) return reading.missing(node, "code");
    if (field.name.empty()) field.name = field.code;
    const auto same = std::find_if(context.begin(), context.end(), [&](const ContextField &other) { return other.code == field.code; });
    if (same != context.end()) {
        reading.fail(node, "duplicate", "the same code a second time");
        return;
    }
    context.push_back(std::move(field));
}

// What the shop says of an event that is always there.
void complete(const Reading &reading, const Node &node, const EventDefinition &own, EventDefinition &definition) {
    for (const ContextField &field : own.context) {
        const auto said = std::find_if(definition.context.begin(), definition.context.end(), [&](const ContextField &each) { return each.code == field.code; });
        if (said == definition.context.end())
            definition.context.push_back(field);
        else if (said->type != field.type)
            reading.fail(node, "bad_value", field.code + " of this event is of the type " + std::string(name_of_field_type(field.type)));
    }
}

}  // namespace

void read_event_definition(const Reading &reading, const Node &node, EventDefinition &definition) {
    constexpr std::array<std::string_view, 3> known{"name", "kind", "context"};
    const EventDefinition *own = nullptr;
    const Node *kind = nullptr;
    bool has_name = false;
    for (const Node &member : children(reading.tree, node)) {
        if (member.key() == "name") {
            has_name = true;
            if (!reading.expect(member, Kind::string)) continue;
            definition.name = member.text();
            own = built_in(definition.name);
            if (!is_event_name(definition.name))
                reading.fail(member, "bad_name", "an event's name is words of lower-case letters, digits and _, with dots between them, at most 64 characters");
            else if (is_domain_event(definition.name))
                reading.fail(member, "engine_event", "the engine makes events of this name itself");
        } else if (member.key() == "kind") {
            kind = &member;
            if (const int index = one_of(reading, member, event_kind_names); index >= 0) definition.kind = static_cast<EventKind>(index);
        } else if (member.key() == "context") {
            if (!reading.expect(member, Kind::array)) continue;
            for (const Node &field : children(reading.tree, member)) read_field(reading, field, definition.context);
        } else if (member.key() == "keep") {
            reading.fail(member, "not_yet", "this version keeps events for ever");
        } else {
            reading.unknown(member, known);
        }
    }
    if (!has_name) return reading.missing(node, "name");
    if (own == nullptr) {
        if (kind == nullptr) reading.missing(node, "kind");
        return;
    }
    if (kind == nullptr)
        definition.kind = own->kind;
    else if (definition.kind != own->kind)
        reading.fail(*kind, "bad_value", "this event is of the kind " + std::string(event_kind_names[static_cast<size_t>(own->kind)]));
    complete(reading, node, *own, definition);
}

void add_built_in_events(std::vector<EventDefinition> &events) {
    for (const EventDefinition &own : built_in_events())
        if (std::none_of(events.begin(), events.end(), [&](const EventDefinition &event) { return event.name == own.name; })) events.push_back(own);
}

void write_event_definition(JsonWriter &json, const EventDefinition &definition) {
    json.open('{').key("name").text(definition.name).key("kind").text(event_kind_names[static_cast<size_t>(definition.kind)]).key("context").open('[');
    for (const ContextField &field : definition.context) {
        json.open('{').key("code").text(field.code).key("name").text(field.name).key("type").text(name_of_field_type(field.type));
        json.key("personal").truth(field.personal).close('}');
    }
    json.close(']').close('}');
}

}  // namespace cartbell::codec
