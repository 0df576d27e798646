#include <algorithm>

#include "model/claim.hpp"
#include "model/field.hpp"
#include "model/fold_parts.hpp"

namespace cartbell {
namespace {

FactView fact_of(const Entry &entry) {
    return {&entry, entry.stamp.occurred_at, 0};
}

Carrier &carrier_of(Customer &customer, IdentityKind kind) { return customer.carriers[static_cast<size_t>(kind)]; }

bool in_force(const Customer &customer, const Identity &identity) { return customer.record.text(field_of(identity.kind)) == identity.value; }

// What the newest entry carried, as the newest one is about to be another, which carries the kinds of `but`.
void leave_newest(Customer &customer, Kinds but) {
    for (size_t kind = 0; kind < sent_identity_kinds; ++kind) {
        Carrier &carrier = customer.carriers[kind];
        if (carrier.newest != Carrier::Newest::at_newest || (but & bit(static_cast<IdentityKind>(kind)))) continue;
        carrier.newest = Carrier::Newest::at_key;
        carrier.key = customer.newest;
    }
}

void know(Customer &customer, const std::vector<Identity> &sent) {
    if (!sent.empty()) add_sorted(customer.named_by, sent.front());
    for (const Identity &identity : sent) add_sorted(customer.identities, identity);
}

// Whether a fact of this trust prevails over the events that carried an identity of the kind.
bool above_events(const Carrier &carrier, uint8_t trust, bool is_covered) {
    return carrier.events == 0 || carrier.events < trust + 1 || (carrier.events == trust + 1 && !is_covered);
}

// carry_identities() and set_newest() of a fact above all others.
void carry_on_top(Customer &customer, const FactView &fact, Kinds covered) {
    const std::vector<Identity> &sent = fact.entry->operation->customer;
    know(customer, sent);
    Kinds carried = 0;
    each_identity_in_force(sent, [&](const Identity &identity) {
        Carrier &carrier = carrier_of(customer, identity.kind);
        carried |= bit(identity.kind);
        if (above_events(carrier, fact.entry->stamp.trust, covered & bit(identity.kind)))
            customer.record.set(field_of(identity.kind), Value::of_text(identity.value));
    });
    leave_newest(customer, carried);
    fact.store(customer.newest);
    for (size_t kind = 0; kind < sent_identity_kinds; ++kind)
        if (carried & bit(static_cast<IdentityKind>(kind))) customer.carriers[kind].newest = Carrier::Newest::at_newest;
}

// All that an entry says but of lists and identities.
void apply_fact(Customer &customer, const Entry &entry) {
    const Operation &operation = *entry.operation;
    if (operation.type == OperationType::customer) apply_profile(customer, operation);
    if (operation.type == OperationType::consent) apply_consent(customer, entry);
    if (operation.type == OperationType::container) customer.has_containers = true;
    customer.latest = customer.entries.empty() ? entry.stamp.occurred_at : std::max(customer.latest, entry.stamp.occurred_at);
    customer.entries.add(entry.stamp.position);
    note_created(customer, entry.stamp.occurred_at);
}

bool is_late_consent(const Customer &customer, const Entry &entry) {
    const ConsentChange &said = entry.operation->consent;
    const Consent *known = find_consent(customer.consents, said.channel, said.category);
    return known != nullptr && key_among_equals(entry) < known->facts.back().key;
}

// No profile, and identities that are those in force, so that it does not matter which of two entries is newer.
bool changes_nothing_late(const Customer &customer, const Operation &operation) {
    const bool may_change_nothing = operation.type == OperationType::order || operation.type == OperationType::identify ||
                                    operation.type == OperationType::consent || operation.type == OperationType::container;
    if (!may_change_nothing) return false;
    for (size_t i = 0; i < operation.customer.size(); ++i) {
        const Identity &sent = operation.customer[i];
        if (i > 0 && operation.customer[i - 1].kind == sent.kind) return false;
        if (!in_force(customer, sent)) return false;
        if (!std::binary_search(customer.identities.begin(), customer.identities.end(), sent)) return false;
    }
    return true;
}

}  // namespace

FieldId field_of(IdentityKind kind) {
    switch (kind) {
        case IdentityKind::external_id: return customer_field::external_id;
        case IdentityKind::email: return customer_field::email;
        case IdentityKind::phone: return customer_field::phone;
        case IdentityKind::device_id: return customer_field::device_id;
        case IdentityKind::anonymous_id: return customer_field::anonymous_id;
        case IdentityKind::session: break;  // no field: nobody is called by it
    }
    return customer_field::external_id;
}

// "of several, the one of the newest entry (by key) that carried it" (formats.md §5 "Customer")
void carry_identities(Customer &customer, const FactView &fact, Kinds covered) {
    const std::vector<Identity> &sent = fact.entry->operation->customer;
    know(customer, sent);
    each_identity_in_force(sent, [&](const Identity &identity) {
        Carrier &carrier = carrier_of(customer, identity.kind);
        if (const FactKey *newest = customer.carried_at(identity.kind); newest != nullptr && !fact.above(*newest)) return;
        carrier.newest = Carrier::Newest::at_key;
        fact.store(carrier.key);
        if (above_events(carrier, fact.entry->stamp.trust, covered & bit(identity.kind)))
            customer.record.set(field_of(identity.kind), Value::of_text(identity.value));
    });
}

void set_newest(Customer &customer, const FactView &fact) {
    leave_newest(customer, 0);
    fact.store(customer.newest);
}

Kinds asks_events(const Customer &customer, const Entry &entry) {
    Kinds asks = 0;
    if (!customer.has_events) return asks;
    const FactView fact = fact_of(entry);
    each_identity_in_force(entry.operation->customer, [&](const Identity &identity) {
        if (in_force(customer, identity) || customer.carriers[static_cast<size_t>(identity.kind)].events != entry.stamp.trust + 1) return;
        const FactKey *newest = customer.carried_at(identity.kind);
        if (newest == nullptr || fact.above(*newest)) asks |= bit(identity.kind);
    });
    return asks;
}

bool note_event(Customer &customer, const Entry &event, Kinds covered) {
    bool is_new = !customer.has_events;
    customer.has_events = true;
    const FactView fact = fact_of(event);
    const size_t known = customer.identities.size();
    for (const Identity &identity : event.operation->customer) add_sorted(customer.identities, identity);
    is_new |= customer.identities.size() != known;
    is_new |= note_created(customer, event.stamp.occurred_at);
    const auto rank = static_cast<uint8_t>(event.stamp.trust + 1);
    each_identity_in_force(event.operation->customer, [&](const Identity &identity) {
        Carrier &carrier = carrier_of(customer, identity.kind);
        const FactKey *newest = customer.carried_at(identity.kind);
        const bool prevails = (newest == nullptr || fact.above(*newest)) && above_events(carrier, event.stamp.trust, covered & bit(identity.kind));
        if (prevails && !in_force(customer, identity)) {
            customer.record.set(field_of(identity.kind), Value::of_text(identity.value));
            is_new = true;
        }
        if (carrier.events < rank) {
            carrier.events = rank;
            is_new = true;
        }
    });
    return is_new;
}

bool not_of_a_profile(FieldId field) {
    return is_identity_field(field) || system_fields(Object::customer)[field].computed;
}

void apply_profile(Customer &customer, const Operation &operation) {
    Record &record = customer.record;
    if (operation.whole) {
        std::erase_if(record.cells, [](const Record::Cell &cell) { return !not_of_a_profile(cell.field); });
        record.customs.clear();
    }
    Record spare;
    merge_patch(record, patch_without(operation.profile.profile, spare, not_of_a_profile));
}

void apply_list(Customer &customer, const ListChange &change) {
    const auto at = std::lower_bound(customer.lists.begin(), customer.lists.end(), change.list);
    const bool is_member = at != customer.lists.end() && *at == change.list;
    if (change.member && !is_member) customer.lists.insert(at, change.list);
    if (!change.member && is_member) customer.lists.erase(at);
}

void apply_consent(Customer &customer, const Entry &entry) {
    const ConsentChange &said = entry.operation->consent;
    add_consent(customer.consents, said.channel, said.category, {key_among_equals(entry), said.granted, said.expires_at, said.proof});
}

void add_sorted(std::vector<Identity> &identities, const Identity &identity) {
    const auto at = std::lower_bound(identities.begin(), identities.end(), identity);
    if (at == identities.end() || *at != identity) identities.insert(at, identity);
}

bool note_created(Customer &customer, Instant at) {
    const Value *created_at = customer.record.find(customer_field::created_at);
    if (created_at && created_at->number <= at) return false;
    customer.record.set(customer_field::created_at, Value::of_time(at));
    return true;
}

Customer new_customer(const Identity &root) {
    Customer customer;
    customer.root = root;
    customer.identities.push_back(root);
    customer.record.set(field_of(root.kind), Value::of_text(root.value));  // until an entry carries one of this kind
    return customer;
}

bool applies_on_top(const Customer &customer, const Entry &entry) {
    if (customer.entries.empty()) return true;
    if (entry.operation->type == OperationType::list && key_among_equals(entry) < customer.newest_list) return false;
    if (entry.operation->type == OperationType::consent && is_late_consent(customer, entry)) return false;
    return fact_of(entry).above(customer.newest);
}

void apply_on_top(Customer &customer, const Entry &entry, Kinds covered) {
    apply_fact(customer, entry);
    carry_on_top(customer, fact_of(entry), covered);
    if (entry.operation->type != OperationType::list) return;
    apply_list(customer, entry.operation->list);
    customer.newest_list = key_among_equals(entry);
}

bool apply_out_of_order(Customer &customer, const Entry &entry) {
    if (!changes_nothing_late(customer, *entry.operation)) return false;
    apply_fact(customer, entry);
    const FactView fact = fact_of(entry);
    carry_identities(customer, fact, 0);  // those in force
    if (fact.above(customer.newest)) set_newest(customer, fact);  // a late consent may be a newer fact of the customer
    return true;
}

Customer fold_customer(const Identity &root, std::span<const Entry> entries) {
    std::vector<FactView> facts, events;
    std::vector<std::pair<FactKey, const ListChange *>> lists;
    for (const Entry *entry : distinct_entries(entries)) {
        const bool is_event = entry->operation->type == OperationType::event;
        (is_event ? events : facts).push_back(fact_of(*entry));
        if (entry->operation->type == OperationType::list) lists.emplace_back(key_among_equals(*entry), &entry->operation->list);
    }
    std::sort(facts.begin(), facts.end());
    std::sort(lists.begin(), lists.end());
    Customer customer = new_customer(root);
    for (const FactView &fact : facts) {
        apply_fact(customer, *fact.entry);
        carry_on_top(customer, fact, 0);
    }
    std::sort(events.begin(), events.end());
    for (const FactView &event : events)
        note_event(customer, *event.entry, 0);  // each is above those before it
    for (const auto &[key, list] : lists)
        apply_list(customer, *list);
    if (!lists.empty()) customer.newest_list = lists.back().first;
    return customer;
}

bool same_facts(const Customer &before, const Customer &after) {
    return before.record == after.record && before.identities == after.identities && before.lists == after.lists &&
           before.consents == after.consents;
}

}  // namespace cartbell
