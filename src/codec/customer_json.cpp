#include "codec/customer_json.hpp"

#include "base/instant.hpp"

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

namespace {

void write_fact(JsonWriter &json, const ConsentFact &fact) {
    json.key("granted").truth(fact.granted).key("at").text(format_instant(fact.key.at));
    if (fact.expires_at != no_instant) json.key("expires_at").text(format_instant(fact.expires_at));
    if (!fact.proof.empty()) json.key("proof").text(fact.proof);
    json.key("source").text(fact.key.source);
}

void write_consented(JsonWriter &json, std::string_view channel, std::string_view category) {
    if (!channel.empty()) json.key("channel").text(channel);
    json.key("category").text(category);
}

}  // namespace

void append_standing(std::string &out, const Customer &customer, std::string_view channel, std::string_view category, Instant at) {
    const Consent *consent = find_consent(customer.consents, channel, category);
    const ConsentFact *newest = consent == nullptr ? nullptr : consent->newest_at(at);
    const Standing standing = standing_of(newest, at);
    JsonWriter json(out);
    write_consented(json.open('{'), channel, category);
    json.key("at").text(format_instant(at)).key("is");
    if (standing == Standing::unknown)
        json.text("unknown");
    else
        json.truth(standing == Standing::granted);
    if (newest != nullptr) {
        write_fact(json.key("fact").open('{'), *newest);
        json.close('}');
    }
    json.key("forgotten").truth(newest == nullptr && consent != nullptr && consent->older > 0).close('}');
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
        json.close(']').key("consents").open('[');
        for (const Consent &consent : customer.consents) {
            write_consented(json.open('{'), consent.channel, consent.category);
            write_fact(json, consent.facts.back());
            json.close('}');
        }
        json.close(']').key("version").number(customer.version());
    }
    json.close('}');
}

}  // namespace cartbell::codec
