#include "codec/order_reader.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "codec/order_members.hpp"

namespace cartbell::codec {
namespace {

// One object whose members are cells of one record.
struct Target {
    Object object;
    std::span<const Field> fields;
    Nulls nulls;
    Record &record;
};

Target target_of(Object object, Nulls nulls, Record &record) {
    return {object, system_fields(object), nulls, record};
}

void computed(const Reading &reading, const Node &member) {
    reading.fail(member, "computed", "is computed and cannot be sent");
}

// The texts that are not free: "event source code; ISO 4217, one per order" (formats.md §5).
bool is_code(Object object, FieldId field) {
    if (object == Object::product) return field == product_field::currency;
    return object == Object::order && (field == order_field::currency || field == order_field::source);
}

// A cell that is no plain text. An amount is in the one currency of its order or product: a text with a
// currency is no amount here.
bool read_special(const Reading &reading, const Node &member, FieldId field, Type type, Object object,
                  Value &value) {
    if (type == Type::money && member.kind == Kind::string &&
        member.text().find(' ') != std::string_view::npos)
        return reading.fail(member, "not_a_number",
                            "an amount without currency is expected; the " +
                                std::string(object == Object::product ? "product" : "order") + " has the currency");
    if (!read_value(reading, member, type, value)) return false;
    if (!is_code(object, field) || reading.strictness == Strictness::journal) return true;
    if (object == Object::order && field == order_field::source)
        return reading.settings.find_source(member.text()) || reading.unknown_source(member, member.text());
    return Currency::listed(member.text()) ||
           reading.fail(member, "unknown_currency", "an ISO 4217 code is expected");
}

void read_cell(const Reading &reading, const Node &member, FieldId field, const Target &target) {
    if (member.kind == Kind::null) {
        if (target.nulls == Nulls::clear) target.record.cells.emplace_back().field = field;
        return;
    }
    Record::Cell &cell = target.record.cells.emplace_back();
    cell.field = field;
    const Type type = target.fields[field].type;
    if (type == Type::text && member.kind == Kind::string && !is_code(target.object, field)) {
        cell.value.type = Type::text;  // most cells are plain texts
        cell.value.text.assign(member.begin, member.size);
        return;
    }
    if (!read_special(reading, member, field, type, target.object, cell.value))
        target.record.cells.pop_back();
}

// An object of cells inside an order: delivery, its address, payment. Null clears all of them (RFC 7396).
template <typename Table>
void read_cells(const Reading &reading, const Node &object, const Table &table, const Target &target) {
    if (object.kind == Kind::null) {
        for (const Role &role : table.roles()) {
            if (role.what == Role::cell) target.record.cells.emplace_back().field = role.field;
            if (role.what == Role::address) read_cells(reading, object, address_table, target);
        }
        return;
    }
    if (!reading.expect(object, Kind::object)) return;
    for (const Node &member : children(reading.tree, object)) {
        const Role *role = table.find(member.key());
        if (!role)
            reading.unknown(member, table.names());
        else if (role->what == Role::address)
            read_cells(reading, member, address_table, target);
        else
            read_cell(reading, member, role->field, target);
    }
}

// ---- statuses

constexpr std::array<std::string_view, 2> status_names{"code", "at"};

void read_status_code(const Reading &reading, const Node &node, StatusSet set, StatusChange &change) {
    if (node.kind == Kind::null) {
        change.said = true;
        change.code.clear();
        return;
    }
    if (!reading.expect(node, Kind::string)) return;
    if (reading.strictness != Strictness::journal && !reading.settings.find_status(set, node.text())) {
        if (reading.errors.size() >= reading.limits.operation_errors) return;
        std::vector<std::string_view> known;
        for (const StatusDefinition &status : reading.settings.statuses)
            if (status.set == set) known.push_back(status.code);
        reading.fail(node, "unknown_status",
                     "the settings have no such status of this set" + Reading::hint(node.text(), known));
        return;
    }
    change.said = true;
    change.code = node.text();
}

// "Each status set may carry its own time": "paid" or {"code":"paid","at":"…"}.
void read_status_set(const Reading &reading, const Node &node, StatusSet set, StatusChange &change) {
    if (node.kind != Kind::object) return read_status_code(reading, node, set, change);
    bool has_code = false;
    for (const Node &member : children(reading.tree, node)) {
        if (member.key() == "code") {
            has_code = true;
            read_status_code(reading, member, set, change);
        } else if (member.key() == "at") {
            if (member.kind == Kind::null) continue;
            Value at;
            if (read_value(reading, member, Type::time, at)) change.at = at.number;
        } else if (member.key() == "name" || member.key() == "previous") {
            computed(reading, member);
        } else {
            reading.unknown(member, status_names);
        }
    }
    if (!has_code) reading.missing(node, "code");
}

void read_status(const Reading &reading, const Node &node, std::array<StatusChange, 3> &status) {
    if (node.kind == Kind::null) {
        for (StatusChange &change : status)
            change.said = true;
        return;
    }
    if (!reading.expect(node, Kind::object)) return;
    for (const Node &member : children(reading.tree, node)) {
        const auto name = std::find(status_set_names.begin(), status_set_names.end(), member.key());
        if (name == status_set_names.end()) {
            reading.unknown(member, status_set_names);
            continue;
        }
        const auto set = static_cast<size_t>(name - status_set_names.begin());
        read_status_set(reading, member, static_cast<StatusSet>(set), status[set]);
    }
}

// ---- lines and payments

struct ListKind {
    Object object;
    FieldId id_field;
    std::string_view id_name;
    size_t most;
};

const Role *find_element_member(Object object, std::string_view name) {
    return object == Object::line ? line_table.find(name) : payment_table.find(name);
}

std::span<const std::string_view> element_names(Object object) {
    if (object == Object::line) return line_table.names();
    return payment_table.names();
}

// One line or payment. `removes` is null in a composition, where `remove` makes no sense. Returns whether the
// element has an id.
bool read_element(const Reading &reading, const Node &node, const ListKind &kind, const Target &target,
                  std::string &id, bool *removes) {
    bool has_id = false;
    const Node *other = nullptr;  // a member beside the id and `remove`
    for (const Node &member : children(reading.tree, node)) {
        const Role *role = find_element_member(kind.object, member.key());
        if (!role || (role->what == Role::remove && !removes)) {
            reading.unknown(member, element_names(kind.object));
            continue;
        }
        switch (role->what) {
            case Role::id:
                if (member.kind == Kind::null) break;
                has_id = true;
                read_id(reading, member, reading.limits.identity_bytes, id);
                break;
            case Role::remove:
                if (member.kind != Kind::null && reading.expect(member, Kind::boolean))
                    *removes = member.truth;
                break;
            case Role::fields:
                other = &member;
                read_customs(reading, member, kind.object, target.nulls, target.record);
                break;
            default:
                other = &member;
                read_cell(reading, member, role->field, target);
        }
    }
    if (removes && *removes && other)
        reading.fail(*other, "remove_with_content",
                     "an element that is removed has no other members than its id");
    return has_id;
}

// "`lines` replaces the composition": null is an empty one. An id that is not sent is the position, from 1.
void read_composition(const Reading &reading, const Node &list, const ListKind &kind, ListPatch &patch) {
    patch.replaces = true;
    if (list.kind == Kind::null || !reading.expect(list, Kind::array)) return;
    constexpr size_t few = 16;  // so many ids are compared one by one
    std::unordered_set<std::string_view>
        ids;  // of the others; into the records, which stay where they are: room was made
    size_t position = 0;
    for (const Node &child : children(reading.tree, list)) {
        if (position++ == 0) {
            size_t count = 0;
            for ([[maybe_unused]] const Node &each : children(reading.tree, list))
                ++count;
            if (count > kind.most) {
                reading.fail(list, "too_many", "more than " + std::to_string(kind.most) + " elements");
                return;
            }
            patch.composition.reserve(count);
        }
        if (!reading.expect(child, Kind::object)) continue;
        Record &record = patch.composition.emplace_back();
        record.cells.reserve(
            std::min<size_t>(child.next - reading.tree.index_of(child), system_fields(kind.object).size()));
        record.cells.push_back({Value::of_text({}), kind.id_field});  // the least field: first in its place
        std::string id;
        if (!read_element(reading, child, kind, target_of(kind.object, Nulls::drop, record), id, nullptr))
            id = std::to_string(position);
        record.cells.front().value.text = std::move(id);
        sort_cells(record);
        const std::string_view kept = record.text(kind.id_field);
        bool twice = false;
        for (size_t i = 0; i + 1 < std::min(patch.composition.size(), few + 1) && !twice; ++i)
            twice = patch.composition[i].text(kind.id_field) == kept;
        if (patch.composition.size() > few) twice = !ids.insert(kept).second || twice;
        if (twice && !kept.empty())
            reading.fail(child, "duplicate_" + std::string(kind.id_name),
                         "two elements have the same " + std::string(kind.id_name));
    }
}

void read_changes(const Reading &reading, const Node &list, const ListKind &kind, ListPatch &patch) {
    if (list.kind == Kind::null || !reading.expect(list, Kind::array)) return;
    for (const Node &child : children(reading.tree, list)) {
        if (patch.changes.size() >= kind.most) {
            reading.fail(list, "too_many", "more than " + std::to_string(kind.most) + " elements");
            return;
        }
        if (!reading.expect(child, Kind::object)) continue;
        ListPatch::Change &change = patch.changes.emplace_back();
        const Target target = target_of(kind.object, Nulls::clear, change.patch);
        if (!read_element(reading, child, kind, target, change.id, &change.remove))
            reading.missing(child, kind.id_name);
        sort_cells(change.patch);
    }
}

}  // namespace

bool read_id(const Reading &reading, const Node &node, size_t most_bytes, std::string &id) {
    if (!reading.expect(node, Kind::string)) return false;
    if (node.size == 0) return reading.fail(node, "empty", "is empty");
    if (node.size > most_bytes)
        return reading.fail(node, "too_large", "is longer than " + std::to_string(most_bytes) + " bytes");
    id.assign(node.begin, node.size);
    return true;
}

void read_order(const Reading &reading, const Node &order, OrderPatch &patch) {
    if (!reading.expect(order, Kind::object)) return;
    const ListKind lines{Object::line, line_field::line_id, "line_id", reading.limits.order_lines};
    const ListKind payments{Object::payment, payment_field::payment_id, "payment_id",
                            reading.limits.order_payments};
    const Target target = target_of(Object::order, Nulls::clear, patch.attributes);
    target.record.cells.reserve(std::min<size_t>(order.next - reading.tree.index_of(order), 20));
    bool has_id = false;
    for (const Node &member : children(reading.tree, order)) {
        const Role *role = order_table.find(member.key());
        if (!role) {
            reading.unknown(member, order_table.names());
            continue;
        }
        switch (role->what) {
            case Role::id:
                if (member.kind == Kind::null) break;
                has_id = true;
                read_id(reading, member, reading.limits.identity_bytes, patch.order_id);
                break;
            case Role::computed:
                computed(reading, member);
                break;
            case Role::delivery:
                read_cells(reading, member, delivery_table, target);
                break;
            case Role::payment:
                read_cells(reading, member, order_payment_table, target);
                break;
            case Role::status:
                read_status(reading, member, patch.status);
                break;
            case Role::lines:
                read_composition(reading, member, lines, patch.lines);
                break;
            case Role::line_changes:
                read_changes(reading, member, lines, patch.lines);
                break;
            case Role::payments:
                read_composition(reading, member, payments, patch.payments);
                break;
            case Role::payment_changes:
                read_changes(reading, member, payments, patch.payments);
                break;
            case Role::fields:
                read_customs(reading, member, Object::order, Nulls::clear, patch.attributes);
                break;
            default:
                read_cell(reading, member, role->field, target);
        }
    }
    if (!has_id) reading.missing(order, "order_id");
    sort_cells(patch.attributes);
}

void read_profile(const Reading &reading, const Node &profile, CustomerPatch &patch) {
    if (!reading.expect(profile, Kind::object)) return;
    const Target target = target_of(Object::customer, Nulls::clear, patch.profile);
    for (const Node &member : children(reading.tree, profile)) {
        const Role *role = profile_table.find(member.key());
        if (!role)
            reading.unknown(member, profile_table.names());
        else if (role->what == Role::identity)
            reading.fail(member, "identity_in_profile", "identities are members of `customer`");
        else if (role->what == Role::computed)
            computed(reading, member);
        else if (role->what == Role::fields)
            read_customs(reading, member, Object::customer, Nulls::clear, patch.profile);
        else
            read_cell(reading, member, role->field, target);
    }
    sort_cells(patch.profile);
}

void read_product(const Reading &reading, const Node &product, ProductPatch &patch) {
    if (!reading.expect(product, Kind::object)) return;
    const Target target = target_of(Object::product, Nulls::clear, patch.attributes);
    bool has_id = false;
    for (const Node &member : children(reading.tree, product)) {
        const Role *role = product_table.find(member.key());
        if (!role) {
            reading.unknown(member, product_table.names());
        } else if (role->what == Role::id) {
            if (member.kind == Kind::null) continue;
            has_id = true;
            read_id(reading, member, reading.limits.identity_bytes, patch.product_id);
        } else if (role->what == Role::computed) {
            computed(reading, member);
        } else if (role->what == Role::fields) {
            read_customs(reading, member, Object::product, Nulls::clear, patch.attributes);
        } else {
            read_cell(reading, member, role->field, target);
        }
    }
    if (!has_id) reading.missing(product, "product_id");
    sort_cells(patch.attributes);
}

std::vector<KnownPath> known_paths(Object object) {
    std::vector<KnownPath> paths;
    const auto add = [&paths](const auto &members, const std::string &prefix) {
        for (const Member<Role> &member : members)
            if (member.role.what <= Role::computed || member.role.what == Role::id ||
                member.role.what == Role::identity)
                paths.push_back({prefix + std::string(member.name), member.role.field});
    };
    switch (object) {
        case Object::order:
            add(order_members, "");
            add(delivery_members, "delivery.");
            add(address_members, "delivery.address.");
            add(order_payment_members, "payment.");
            break;
        case Object::line:
            add(line_members, "");
            break;
        case Object::payment:
            add(payment_members, "");
            break;
        case Object::customer:
            add(profile_members, "");
            break;
        case Object::product:
            add(product_members, "");
            break;
        case Object::item:
            add(item_members, "");
            break;
        default:
            break;
    }
    return paths;
}

}  // namespace cartbell::codec
