#include "codec/customer_json.hpp"

namespace cartbell::codec {

void append_identities(std::string &out, std::span<const Identity> identities) {
    JsonWriter json(out);
    json.open('{');
    for (size_t i = 0; i < identities.size(); ++i) {
        if (i > 0 && identities[i].kind == identities[i - 1].kind) continue;
        json.key(name_of(identities[i].kind)).text(identities[i].value);
    }
    json.close('}');
}

void append_customer(std::string &out, const Customer &customer, const Settings &settings, Detail detail) {
    // The record keeps the newest identity of each kind among its cells.
    Record named, profile;
    for (const Record::Cell &cell : customer.record.cells)
        (is_identity_field(cell.field) ? named : profile).cells.push_back(cell);
    JsonWriter json(out);
    json.open('{').key("customer").open('{');
    write_cells(json, named, Object::customer, settings.shop.currency, detail);
    json.close('}').key("profile").open('{');
    if (detail == Detail::all) {
        const bool known = named.find(customer_field::external_id) || named.find(customer_field::email) ||
                           named.find(customer_field::phone);
        profile.set(customer_field::known, Value::of_boolean(known));
    }
    write_cells(json, profile, Object::customer, settings.shop.currency, detail);
    write_customs(json, customer.record, Object::customer, settings, settings.shop.currency);
    json.close('}');
    if (detail == Detail::all) {
        json.key("identities").open('[');
        for (const Identity &identity : customer.identities)
            append_identities(json.value(), {&identity, 1});
        json.close(']').key("lists").open('[');
        for (const std::string &list : customer.lists) json.text(list);
        json.close(']').key("version").number(customer.version());
    }
    json.close('}');
}

}  // namespace cartbell::codec
