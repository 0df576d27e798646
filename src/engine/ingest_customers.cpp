// Ingest: the customers that a unit touches.
#include <algorithm>

#include "base/hash.hpp"
#include "engine/ingest.hpp"
#include "engine/mailing_run.hpp"
#include "engine/merged_messages.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {

// The identities that the new operations carry, then the states of the customers that they lead to: one get each.
Status Ingest::load_customers(std::span<const Arrival> arrivals) {
    std::vector<const Identity *> identities;
    for (const Arrival &arrival : arrivals) {
        if (!arrival.is_new()) continue;
        const Operation &operation = arrival.parsed->operation;
        for (const Identity &identity : operation.customer) identities.push_back(&identity);
        if (!operation.event.session.value.empty()) identities.push_back(&operation.event.session);
        if (is_merge(operation.type)) identities.insert(identities.end(), {&operation.merge.from, &operation.merge.into});
    }
    CARTBELL_TRY(identities_.load(std::move(identities)));
    std::vector<Node *> stored;
    customers_.reserve(arrivals.size());
    for (const Arrival &arrival : arrivals) {
        const Operation &operation = arrival.parsed->operation;
        const Identity *const known = known_by(operation);
        if (!arrival.is_new() || known == nullptr) continue;
        const Instant about = operation.occurred_at == no_instant ? now_ : operation.occurred_at;
        CARTBELL_ASSIGN(Node *const root, root_of(*known, about));
        if (root->has_customer()) stored.push_back(root);
    }
    std::sort(stored.begin(), stored.end(), [](const Node *a, const Node *b) { return a->customer_id < b->customer_id; });
    stored.erase(std::unique(stored.begin(), stored.end()), stored.end());
    if (stored.empty()) return {};
    Rows keys;
    for (const Node *root : stored) keys.integer(root->customer_id);
    Found found;
    using namespace store::customer_column;
    CARTBELL_TRY(get(transaction_, store::customer, count_, keys, found, store::mask({customer_id, state})));
    for (size_t row = 0; row < stored.size(); ++row) {
        if (!found.has(row)) return failure(Code::corrupt, "lost_customer", "an identity names a customer that is not stored");
        CARTBELL_TRY(load_state(customers_[stored[row]], stored[row]->customer_id, store::text_of(found.cell(row, state))));
    }
    return {};
}

Status Ingest::load_state(CustomerSlot &slot, int64_t customer_id, std::string_view state) {
    slot.stored = true;
    CARTBELL_TRY(decode(state, slot.state));
    slot.stored_older = slot.state.entries.older;
    slot.facts = kept_.customers.take(std::to_string(customer_id), slot.state.entries.size());
    return {};
}

Ingest::CustomerSlot *Ingest::known_slot(Node &root) {
    const auto known = customers_.find(&root);
    return known == customers_.end() ? nullptr : &known->second;
}

Result<Ingest::CustomerSlot *> Ingest::customer_slot(Node &root) {
    const auto [at, is_new] = customers_.try_emplace(&root);
    CustomerSlot &slot = at->second;
    if (!is_new) return &slot;
    if (root.has_customer()) {
        const store::Cell key = store::integer_cell(root.customer_id);
        Found found;
        using namespace store::customer_column;
        CARTBELL_TRY(get(transaction_, store::customer, count_, {&key, 1}, found, store::mask({customer_id, state})));
        if (!found.has(0)) return failure(Code::corrupt, "lost_customer", "an identity names a customer that is not stored");
        CARTBELL_TRY(load_state(slot, root.customer_id, store::text_of(found.cell(0, state))));
        return &slot;
    }
    slot.state = new_customer(*root.identity);
    if (root.customer_id == 0) give_id(root);
    return &slot;
}

// architecture.md §4 "Ids": the partition in the high bits, a serial below.
void Ingest::give_id(Node &root) {
    const Sha256 hash = sha256(identity_text(*root.identity));
    const int64_t partition = (int64_t{hash[0]} << 2) | (hash[1] >> 6);
    root.customer_id = (partition << 53) | ++unit_.counters[Counter::customer_serial];
    root.changed = true;
}

Result<Ingest::Node *> Ingest::root_of(const Identity &known_by, Instant at) {
    CARTBELL_ASSIGN(Node *const node, identities_.find(known_by));
    return identities_.resolve(*node, at);
}

Status Ingest::fold_into_customer(const Entry &entry, codec::OperationResult &result) {
    CARTBELL_ASSIGN(Node *const root, root_of(entry.operation->customer.front(), entry.stamp.occurred_at));
    CARTBELL_ASSIGN(CustomerSlot *const slot, customer_slot(*root));
    const bool is_of_another = entry.operation->type == OperationType::order || entry.operation->type == OperationType::message;
    if (!is_of_another && !applies_on_top(slot->state, entry)) result.outcome = codec::Outcome::late;
    CARTBELL_TRY(fold_into_customer(*root, *slot, entry));
    if (!is_of_another) result.version = slot->state.version();
    return {};
}

Status Ingest::fold_into_customer(const Node &root, CustomerSlot &slot, const Entry &entry) {
    slot.changed = true;
    CARTBELL_ASSIGN(const Kinds covered, covered_by_events(root, slot.state, entry));
    const bool on_top = applies_on_top(slot.state, entry);
    if (!on_top && !slot.facts) {
        if (apply_out_of_order(slot.state, entry)) return {};
        CARTBELL_ASSIGN(std::deque<LoadedEntry> loaded, load_entries(entries_of_customer(root.customer_id), slot.state.entries));
        slot.facts = std::make_unique<CustomerFacts>(std::move(loaded));
    }
    if (slot.facts)
        slot.facts->add(entry, slot.state, covered);
    else
        apply_on_top(slot.state, entry, covered);
    return {};
}

Status Ingest::refold(Node &root, CustomerSlot &slot, const std::vector<Entry> &entries) {
    const bool has_events = slot.state.has_events;
    slot.state = fold_customer(*root.identity, entries);
    slot.changed = true;
    return has_events ? note_events(root, slot.state) : Status{};
}

Status Ingest::write_customers() {
    std::vector<std::pair<Node *, CustomerSlot *>> changed, gone;
    for (auto &[root, slot] : customers_) {
        if (!slot.changed) continue;
        const bool is_gone = slot.state.is_nobody();
        root->changed |= root->state.vacant != is_gone;
        root->state.vacant = is_gone;
        unit_.counters[Counter::customers] += static_cast<int64_t>(!is_gone) - static_cast<int64_t>(slot.stored);
        if (!is_gone)
            changed.emplace_back(root, &slot);
        else if (slot.stored)
            gone.emplace_back(root, &slot);
    }
    const auto by_id = [](const auto &a, const auto &b) { return a.first->customer_id < b.first->customer_id; };
    std::sort(changed.begin(), changed.end(), by_id);
    std::sort(gone.begin(), gone.end(), by_id);
    Rows rows, keys;
    std::string bytes;
    for (const auto &[root, slot] : changed) {
        Customer &customer = slot->state;
        if (customer.entries.older < slot->stored_older) older_.drop(entries_of_customer(root->customer_id), slot->stored_older);
        older_.shorten(entries_of_customer(root->customer_id), customer.entries);
        const Value *created = customer.record.find(customer_field::created_at);
        rows.integer(root->customer_id);
        for (const FieldId field : {customer_field::external_id, customer_field::email, customer_field::phone})
            rows.text_or_null(customer.record.text(field));
        rows.add(created != nullptr ? store::integer_cell(created->number) : store::null_cell());
        bytes.clear();
        encode(customer, bytes);
        rows.bytes(bytes);
    }
    if (!rows.empty()) CARTBELL_TRY(transaction_.put(store::customer, rows));
    for (const auto &[root, slot] : gone) {
        keys.integer(root->customer_id);
        older_.drop(entries_of_customer(root->customer_id), slot->stored_older);
    }
    if (!keys.empty()) CARTBELL_TRY(transaction_.remove(store::customer, keys));
    std::vector<Heir> heirs;
    for (const auto &[root, slot] : gone) {
        const Node *heir = slot->moved_to;
        for (const CustomerSlot *next = known_slot(*slot->moved_to); next->state.is_nobody(); next = known_slot(*next->moved_to)) heir = next->moved_to;
        CARTBELL_TRY(move_messages(unit_, root->customer_id, heir->customer_id));
        heirs.push_back({root->customer_id, heir->customer_id});
    }
    return heirs.empty() ? Status{} : follow_in_mailings(transaction_, heirs);
}

}  // namespace cartbell::engine
