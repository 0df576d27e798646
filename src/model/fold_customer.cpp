#include <algorithm>

#include "model/claim.hpp"
#include "model/field.hpp"
#include "model/fold_parts.hpp"

namespace cartbell {
namespace {

FactView fact_of(const Entry &entry) {
    return {&entry, entry.stamp.occurred_at, 0};
}

// "of several, the one of the newest entry (by key) that carried it" (formats.md §5 "Customer")
void apply_identities(Customer &customer, const Operation &operation) {
    const std::vector<Identity> &sent = operation.customer;
    if (!sent.empty()) add_sorted(customer.named_by, sent.front());
    for (const Identity &identity : sent) add_sorted(customer.identities, identity);
    each_identity_in_force(sent, [&](const Identity &identity) { customer.record.set(field_of(identity.kind), Value::of_text(identity.value)); });
}

// All that an entry says but of lists.
void apply_fact(Customer &customer, const Entry &entry) {
    const Operation &operation = *entry.operation;
    if (operation.type == OperationType::customer) apply_profile(customer, operation);
    if (operation.type == OperationType::consent) apply_consent(customer, entry);
    apply_identities(customer, operation);
    customer.latest = customer.entries.empty() ? entry.stamp.occurred_at : std::max(customer.latest, entry.stamp.occurred_at);
    customer.entries.add(entry.stamp.position);
    note_created(customer, entry.stamp.occurred_at);
}

bool is_late_consent(const Customer &customer, const Entry &entry) {
    const ConsentChange &said = entry.operation->consent;
    const Consent *known = find_consent(customer.consents, said.channel, said.category);
    return known != nullptr && key_among_equals(entry) < known->facts.back().key;
}

// No profile, no list, and identities that are those in force, so that it does not matter which of two entries is newer.
bool changes_nothing_late(const Customer &customer, const Operation &operation) {
    if (operation.type == OperationType::customer || operation.type == OperationType::list) return false;
    for (size_t i = 0; i < operation.customer.size(); ++i) {
        const Identity &sent = operation.customer[i];
        if (i > 0 && operation.customer[i - 1].kind == sent.kind) return false;
        if (customer.record.text(field_of(sent.kind)) != sent.value) return false;
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
    }
    return customer_field::external_id;
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

void note_created(Customer &customer, Instant at) {
    const Value *created_at = customer.record.find(customer_field::created_at);
    if (!created_at || created_at->number > at) customer.record.set(customer_field::created_at, Value::of_time(at));
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

void apply_on_top(Customer &customer, const Entry &entry) {
    apply_fact(customer, entry);
    fact_of(entry).store(customer.newest);
    if (entry.operation->type != OperationType::list) return;
    apply_list(customer, entry.operation->list);
    customer.newest_list = key_among_equals(entry);
}

bool apply_out_of_order(Customer &customer, const Entry &entry) {
    if (!changes_nothing_late(customer, *entry.operation)) return false;
    apply_fact(customer, entry);
    const FactView fact = fact_of(entry);
    if (fact.above(customer.newest)) fact.store(customer.newest);  // a late consent may be a newer fact of the customer
    return true;
}

Customer fold_customer(const Identity &root, std::span<const Entry> entries) {
    std::vector<FactView> facts;
    std::vector<std::pair<FactKey, const ListChange *>> lists;
    for (const Entry *entry : distinct_entries(entries)) {
        facts.push_back(fact_of(*entry));
        if (entry->operation->type == OperationType::list) lists.emplace_back(key_among_equals(*entry), &entry->operation->list);
    }
    std::sort(facts.begin(), facts.end());
    std::sort(lists.begin(), lists.end());
    Customer customer = new_customer(root);
    for (const FactView &fact : facts)
        apply_fact(customer, *fact.entry);
    if (!facts.empty()) facts.back().store(customer.newest);
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
