#include "codec/event_json.hpp"

#include "codec/customer_json.hpp"
#include "codec/value_json.hpp"
#include "model/json_value.hpp"

namespace cartbell::codec {

void append_event(std::string &out, const Event &event, const Settings &settings) {
    const EventDefinition *definition = settings.find_event(event.name);
    JsonWriter json(out);
    json.open('{').key("event_id").text(event.key.id).key("name").text(event.name);
    json.key("kind").text(event_kind_names[static_cast<size_t>(event.kind)]);
    json.key("occurred_at").text(format_instant(event.key.at)).key("received_at").text(format_instant(event.received_at));
    json.key("source").text(event.key.source);
    if (!event.session_id.empty()) json.key("session_id").text(event.session_id);
    if (!event.customer.empty()) {
        json.key("customer");
        append_identities(json.value(), event.customer);
    }
    json.key("context").open('{');
    Value typed;
    for (const Record::Custom &custom : event.context.customs) {
        json.key(custom.code);
        const ContextField *field = custom.value.type == Type::json && definition != nullptr ? definition->find(custom.code) : nullptr;
        const bool declared = field != nullptr && typed_json(custom.value.text, field->type, typed);
        append_value(json.value(), declared ? typed : custom.value, settings.shop.currency);
    }
    json.close('}').close('}');
}

}  // namespace cartbell::codec
