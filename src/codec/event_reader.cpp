#include "codec/event_reader.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "codec/container_reader.hpp"

namespace cartbell::codec {
namespace {

EventKind kind_of(const Operation &operation, bool names_somebody) {
    if (!operation.event.session_id.empty()) return EventKind::web;
    return names_somebody ? EventKind::customer : EventKind::system;
}

void keep_as_json(const Reading &reading, const Node &member, Value &value) {
    value = Value{};
    value.type = Type::json;
    append_compact(value.text, reading.tree, member, KeyOrder::canonical);
}

bool read_context_value(const Reading &reading, const Node &member, const ContextField *field, Value &value) {
    if (field == nullptr) {
        keep_as_json(reading, member, value);
        return true;
    }
    return read_value(reading, member, field->type, value);
}

void read_context(const Reading &reading, const Node &node, const EventDefinition *definition, Record &context) {
    if (node.kind == Kind::null || !reading.expect(node, Kind::object)) return;
    size_t count = 0;
    for (const Node &member : children(reading.tree, node)) {
        if (++count > reading.limits.custom_fields) {
            reading.fail(node, "too_many", "more than " + std::to_string(reading.limits.custom_fields) + " members of a context");
            return;
        }
        if (!is_field_code(member.key())) {
            if (reading.strictness == Strictness::trusted)
                reading.fail(member, "bad_code", "a name in a context is a lower-case letter, then lower-case letters, digits and _");
            else
                reading.unknown(member, {});
            continue;
        }
        if (member.kind == Kind::null) continue;
        Record::Custom &custom = context.customs.emplace_back();
        custom.code = member.key();
        if (!read_context_value(reading, member, definition != nullptr ? definition->find(custom.code) : nullptr, custom.value))
            context.customs.pop_back();
    }
    std::sort(context.customs.begin(), context.customs.end(), [](const auto &a, const auto &b) { return a.code < b.code; });
}

}  // namespace

void read_event_name(const Reading &reading, const Node &node, SentEvent &event) {
    if (!reading.expect(node, Kind::string)) return;
    event.name = node.text();
    if (reading.strictness == Strictness::journal || reading.settings.find_event(event.name) != nullptr) return;
    if (!is_event_name(event.name)) {
        reading.fail(node, "bad_name", "an event's name is words of lower-case letters, digits and _, with dots between them, at most 64 characters");
    } else if (container_act_of(event.name)) {
        return;  // is read as the operation that makes it
    } else if (is_domain_event(event.name)) {
        reading.fail(node, "engine_event", "the engine makes events of this name itself, of the operations that cause them");
    } else if (!reading.settings.shop.keep_unknown_events) {
        std::vector<std::string_view> known;
        for (const EventDefinition &definition : reading.settings.events) known.push_back(definition.name);
        reading.fail(node, "unknown_event", "the shop has no such event" + Reading::hint(event.name, known));
    }
}

void finish_event(const Reading &reading, bool names_somebody, Operation &operation) {
    const Node &root = reading.tree.nodes.front();
    SentEvent &event = operation.event;
    const EventDefinition *definition = reading.settings.find_event(event.name);
    event.kind = definition != nullptr ? definition->kind : kind_of(operation, names_somebody);
    if (!event.session_id.empty()) event.session = session_identity(operation.source, event.session_id);
    if (event.kind == EventKind::system && names_somebody)
        reading.fail(*reading.tree.find(root, "customer"), "no_customer", "a system event concerns no single customer");
    if (event.kind == EventKind::system && !event.session_id.empty())
        reading.fail(*reading.tree.find(root, "session_id"), "no_customer", "a system event concerns no single customer, and has no session");
    if (event.kind != EventKind::system && !names_somebody && event.session_id.empty()) reading.missing(root, "customer");
    if (const Node *context = reading.tree.find(root, "context")) read_context(reading, *context, definition, event.context);
}

}  // namespace cartbell::codec
