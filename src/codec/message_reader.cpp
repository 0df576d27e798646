#include "codec/message_reader.hpp"

#include "codec/order_reader.hpp"

namespace cartbell::codec {
namespace {

bool read_said(const Reading &reading, const Node &member, FieldId field, Value &value) {
    if (field == message_field::channel || field == message_field::category) {
        value.type = Type::text;
        if (field == message_field::channel)
            read_code_of(reading, member, reading.settings.channels, "channel", value.text);
        else
            read_code_of(reading, member, reading.settings.categories, "category", value.text);
        return true;  // what is wrong with it is noted
    }
    if (!read_value(reading, member, system_fields(Object::message)[field].type, value)) return false;
    return value.type != Type::integer || value.number >= 0 || reading.fail(member, "out_of_range", "a number of times is not negative");
}

std::vector<std::string_view> sendable_names() {
    std::vector<std::string_view> names;
    for (const Field &field : system_fields(Object::message))
        if (!field.computed) names.push_back(field.path);
    return names;
}

}  // namespace

void read_message(const Reading &reading, const Node &node, MessagePatch &patch) {
    if (!reading.expect(node, Kind::object)) return;
    bool has_id = false;
    for (const Node &member : children(reading.tree, node)) {
        const std::optional<FieldId> field = find_field(Object::message, member.key());
        if (!field) {
            reading.unknown(member, sendable_names());
        } else if (*field == message_field::message_id) {
            if (member.kind == Kind::null) continue;
            has_id = true;
            read_id(reading, member, reading.limits.identity_bytes, patch.message_id);
        } else if (system_fields(Object::message)[*field].computed) {
            reading.fail(member, "computed", "is computed and cannot be sent");
        } else {
            Value value;  // null clears
            if (member.kind == Kind::null || read_said(reading, member, *field, value)) patch.attributes.set(*field, std::move(value));
        }
    }
    if (!has_id) reading.missing(node, "message_id");
}

void check_brought_over(const Reading &reading, const Node &root, bool backfill) {
    if (reading.strictness == Strictness::journal) return;
    const Node *source = reading.tree.find(root, "source"), *said = reading.tree.find(root, "backfill");
    if (reading.strictness == Strictness::public_source)
        reading.fail(source != nullptr ? *source : root, "trusted_only", "only a trusted source brings over the sends of an earlier system");
    if (!backfill)
        reading.fail(said != nullptr ? *said : root, "backfill_only", "a send of an earlier system is a backfill: it says \"backfill\":true");
}

}  // namespace cartbell::codec
