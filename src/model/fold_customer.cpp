#include <algorithm>

#include "model/fact_view.hpp"
#include "model/field.hpp"
#include "model/fold.hpp"

namespace cartbell {
namespace {

FactView fact_of(const Entry &entry) {
    return {&entry, entry.stamp.occurred_at, 0};
}

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

// "of several, the one of the newest entry (by key) that carried it" (formats.md §5 "Customer")
void apply_identities(Customer &customer, const Operation &operation) {
    const std::vector<Identity> &sent = operation.customer;
    for (size_t i = 0; i < sent.size(); ++i) {
        const auto at = std::lower_bound(customer.identities.begin(), customer.identities.end(), sent[i]);
        if (at == customer.identities.end() || *at != sent[i]) customer.identities.insert(at, sent[i]);
        const bool first_of_kind =
            std::none_of(sent.begin(), sent.begin() + static_cast<std::ptrdiff_t>(i),
                         [&](const Identity &earlier) { return earlier.kind == sent[i].kind; });
        if (first_of_kind) customer.record.set(field_of(sent[i].kind), Value::of_text(sent[i].value));
    }
}

void apply_fact(Customer &customer, const Entry &entry) {
    const Operation &operation = *entry.operation;
    if (operation.type == OperationType::customer) apply_profile(customer, operation);
    if (operation.type == OperationType::list) apply_list(customer, operation.list);
    apply_identities(customer, operation);
    add_position(customer.entries, entry.stamp.position);
    const Value *created_at = customer.record.find(customer_field::created_at);
    if (!created_at || created_at->number > entry.stamp.occurred_at)
        customer.record.set(customer_field::created_at, Value::of_time(entry.stamp.occurred_at));
}

}  // namespace

bool applies_on_top(const Customer &customer, const Entry &entry) {
    return customer.entries.empty() || fact_of(entry).above(customer.newest);
}

void apply_on_top(Customer &customer, const Entry &entry) {
    apply_fact(customer, entry);
    fact_of(entry).store(customer.newest);
}

bool apply_out_of_order(Customer &customer, const Entry &entry) {
    const Operation &operation = *entry.operation;
    if (operation.type != OperationType::order || customer.entries.empty()) return false;
    for (size_t i = 0; i < operation.customer.size(); ++i) {
        const Identity &sent = operation.customer[i];
        if (i > 0 && operation.customer[i - 1].kind == sent.kind) return false;
        if (customer.record.text(field_of(sent.kind)) != sent.value) return false;
        if (!std::binary_search(customer.identities.begin(), customer.identities.end(), sent)) return false;
    }
    apply_fact(customer, entry);
    return true;
}

Customer fold_customer(std::span<const Entry> entries) {
    std::vector<FactView> facts;
    for (const Entry *entry : distinct_entries(entries))
        facts.push_back(fact_of(*entry));
    std::sort(facts.begin(), facts.end());
    Customer customer;
    for (const FactView &fact : facts)
        apply_fact(customer, *fact.entry);
    if (!facts.empty()) facts.back().store(customer.newest);
    return customer;
}

bool same_facts(const Customer &before, const Customer &after) {
    return before.record == after.record && before.identities == after.identities && before.lists == after.lists;
}

}  // namespace cartbell
