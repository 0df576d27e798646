#include "codec/message_json.hpp"

#include "codec/value_json.hpp"
#include "model/field.hpp"

namespace cartbell::codec {

void append_old_message(std::string &out, const OldMessage &message) {
    const Record record = record_of(message);
    const OldMessage::Fact *naming = message.naming();
    JsonWriter json(out);
    const auto write = [&](FieldId field) {
        const Value *value = record.find(field);
        json.key(system_fields(Object::message)[field].path);
        append_value(json.value(), value != nullptr ? *value : Value{}, {});
    };
    json.open('{');
    for (const FieldId field : {message_field::message_id, message_field::source, message_field::key}) write(field);
    json.key("customer");
    append_value(json.value(), naming != nullptr ? Value::of_text(identity_text(*naming->customer)) : Value{}, {});
    for (const FieldId field : {message_field::channel, message_field::category, message_field::template_code, message_field::state,
                                message_field::reason, message_field::planned_at})
        write(field);
    json.key("due_at");
    append_value(json.value(), {}, {});
    json.key("attempts").number(0);
    for (const std::string_view name : {"provider_id", "parts"}) {
        json.key(name);
        append_value(json.value(), {}, {});
    }
    for (const FieldId field : {message_field::mailing, message_field::campaign, message_field::step, message_field::variant, message_field::address,
                                message_field::subject, message_field::at})
        write(field);
    for (FieldId field = message_field::handed_over_at; field < message_field::count_; ++field) write(field);
    json.close('}');
}

}  // namespace cartbell::codec
