#include "codec/container_reader.hpp"

#include <algorithm>

#include "codec/order_members.hpp"
#include "codec/order_reader.hpp"

namespace cartbell::codec {
namespace {

size_t text_bytes(const Record &item) {
    size_t bytes = 0;
    for (const Record::Cell &cell : item.cells) bytes += cell.value.text.size();
    for (const Record::Custom &custom : item.customs) bytes += custom.code.size() + custom.value.text.size();
    return bytes;
}

void read_item_member(const Reading &reading, const Node &member, Record &item) {
    const Role *role = item_table.find(member.key());
    if (role == nullptr) return reading.unknown(member, item_table.names());
    if (role->what == Role::computed) {
        reading.fail(member, "computed", "is computed and cannot be sent");
        return;
    }
    if (member.kind == Kind::null) return;
    if (role->what == Role::fields) return read_customs(reading, member, Object::item, Nulls::drop, item);
    Value value;
    if (role->what == Role::id) {
        if (!read_id(reading, member, reading.limits.identity_bytes, value.text)) return;
        value.type = Type::text;
    } else if (!read_value(reading, member, system_fields(Object::item)[role->field].type, value)) {
        return;
    }
    item.set(role->field, std::move(value));
}

// How many pieces it may be of: "set" and "replace" may say that there are none.
void check_quantity(const Reading &reading, const Node &node, ContainerAct act, const Record &item) {
    const Value *said = item.find(item_field::quantity);
    if (said == nullptr) return;
    const bool none_possible = act == ContainerAct::set || act == ContainerAct::replace;
    if (said->number < 0 || (said->number == 0 && !none_possible))
        reading.fail(*reading.tree.find(node, "quantity"), "out_of_range", none_possible ? "a quantity is not negative" : "a quantity is greater than 0");
}

void read_item(const Reading &reading, const Node &node, ContainerAct act, ContainerChange &change) {
    if (!reading.expect(node, Kind::object)) return;
    Record &item = change.items.emplace_back();
    for (const Node &member : children(reading.tree, node)) read_item_member(reading, member, item);
    const Node *id = reading.tree.find(node, "product_id");
    if (id == nullptr || id->kind == Kind::null) reading.missing(node, "product_id");
    check_quantity(reading, node, act, item);
    if (text_bytes(item) > reading.limits.container_item_bytes)
        reading.fail(node, "too_large", "the texts of a product are longer than " + std::to_string(reading.limits.container_item_bytes) + " bytes");
}

const Node *said_member(const Reading &reading, const Node &object, std::string_view name) {
    const Node *node = reading.tree.find(object, name);
    return node != nullptr && node->kind != Kind::null ? node : nullptr;
}

}  // namespace

void read_container(const Reading &reading, const Node &node, ContainerChange &change) {
    read_code_of(reading, node, reading.settings.containers, "container", change.container);
}

void read_container_act(const Reading &reading, const Node &node, ContainerAct act, ContainerChange &change) {
    change.act = act;
    change.items.clear();
    if (act == ContainerAct::clear) {
        if (reading.expect(node, Kind::boolean) && !node.truth) reading.fail(node, "bad_value", "is true, or is not said");
    } else if (act != ContainerAct::replace) {
        read_item(reading, node, act, change);
    } else if (reading.expect(node, Kind::array)) {
        for (const Node &item : children(reading.tree, node)) {
            if (change.items.size() == reading.limits.container_items) {
                reading.fail(node, "too_many", "more than " + std::to_string(reading.limits.container_items) + " products");
                return;
            }
            read_item(reading, item, act, change);
        }
    }
}

void check_container(const Reading &reading, const Node &root) {
    const Node *first = nullptr;
    for (const std::string_view name : container_act_names) {
        const Node *said = said_member(reading, root, name);
        if (said == nullptr) continue;
        if (first != nullptr) reading.fail(*said, "one_change", "an operation changes a container in one way");
        first = said;
    }
    if (first == nullptr) reading.fail(root, "missing_change", "one of add, remove, set, replace and clear is missing");
}

std::optional<ContainerAct> container_act_of(std::string_view event_name) {
    if (event_name == "container.item_added") return ContainerAct::add;
    if (event_name == "container.item_removed") return ContainerAct::remove;
    if (event_name == "container.changed") return ContainerAct::set;
    if (event_name == "container.cleared") return ContainerAct::clear;
    return std::nullopt;
}

void read_container_event(const Reading &reading, const Node &root, ContainerAct act, ContainerChange &change) {
    change.container = "cart";
    change.act = act;
    const Node *context = said_member(reading, root, "context");
    if (context != nullptr && !reading.expect(*context, Kind::object)) return;
    if (context != nullptr)
        if (const Node *code = said_member(reading, *context, "container")) read_container(reading, *code, change);
    if (act == ContainerAct::clear) return;
    if (context == nullptr) return reading.missing(root, "context");
    Record &item = change.items.emplace_back();
    for (const Node &member : children(reading.tree, *context))
        if (member.key() != "container") read_item_member(reading, member, item);
    if (said_member(reading, *context, "product_id") == nullptr) reading.missing(*context, "product_id");
    check_quantity(reading, *context, act, item);
    if (text_bytes(item) > reading.limits.container_item_bytes)
        reading.fail(*context, "too_large", "the texts of a product are longer than " + std::to_string(reading.limits.container_item_bytes) + " bytes");
}

}  // namespace cartbell::codec
