#include "model/customer_timeline.hpp"

#include <algorithm>

#include "model/claim.hpp"
#include "model/field.hpp"
#include "model/fold_parts.hpp"

namespace cartbell {
namespace {

FactView fact_of(const Entry &entry) { return {&entry, entry.stamp.occurred_at, 0}; }

bool is_kept_by_whole(FieldId) { return false; }

}  // namespace

CustomerTimeline::CustomerTimeline() : attributes_(not_of_a_profile, is_kept_by_whole) {}

void CustomerTimeline::note(const Entry &entry) {
    const FactView fact = fact_of(entry);
    const Operation &operation = *entry.operation;
    if (operation.type == OperationType::list) {
        FactKey key = key_among_equals(entry);
        const auto [newest, is_first] = listed_.try_emplace(operation.list.list, key);
        if (!is_first && newest->second < key) newest->second = std::move(key);
    }
    if (operation.type != OperationType::customer) return;
    attributes_.note(fact);
    profiles_.emplace(fact, &operation);
}

void CustomerTimeline::add_profile(const FactView &fact, Customer &customer) const {
    Record rest;
    if (attributes_.uncovered(fact, rest)) {
        merge_patch(customer.record, rest);
        return;
    }
    std::erase_if(customer.record.cells, [](const Record::Cell &cell) { return !not_of_a_profile(cell.field); });
    customer.record.customs.clear();
    auto next = profiles_.begin();
    for (; next != profiles_.end() && next->first < fact; ++next) apply_profile(customer, *next->second);
    apply_profile(customer, *fact.entry->operation);
    for (; next != profiles_.end(); ++next) apply_profile(customer, *next->second);
}

void CustomerTimeline::add(const Entry &entry, Customer &customer, Kinds covered) {
    if (applies_on_top(customer, entry)) {
        apply_on_top(customer, entry, covered);
        return note(entry);
    }
    const FactView fact = fact_of(entry);
    const Operation &operation = *entry.operation;
    if (operation.type == OperationType::customer) add_profile(fact, customer);
    if (operation.type == OperationType::consent) apply_consent(customer, entry);
    if (operation.type == OperationType::container) customer.has_containers = true;
    carry_identities(customer, fact, covered);
    if (operation.type == OperationType::list) {
        FactKey key = key_among_equals(entry);
        const auto newest = listed_.find(operation.list.list);
        if (newest == listed_.end() || newest->second < key) apply_list(customer, operation.list);
        if (customer.newest_list < key) customer.newest_list = std::move(key);
    }
    if (fact.above(customer.newest)) set_newest(customer, fact);
    customer.latest = std::max(customer.latest, entry.stamp.occurred_at);
    customer.entries.add(entry.stamp.position);
    note_created(customer, entry.stamp.occurred_at);
    note(entry);
}

}  // namespace cartbell
