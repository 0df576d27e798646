// Ingest: containers. Their facts are among the customer's entries; what is folded of them lies in rows of its own (docs/decisions/0007).
#include <algorithm>

#include "engine/ingest.hpp"
#include "model/field.hpp"

namespace cartbell::engine {

// The containers that the new operations name, of customers that have some: one get.
Status Ingest::load_containers(std::span<const Arrival> arrivals) {
    if (unit_.counters[Counter::containers] == 0) return {};
    std::vector<std::pair<Node *, std::string_view>> wanted;
    for (const Arrival &arrival : arrivals) {
        const Operation &operation = arrival.parsed->operation;
        if (!arrival.is_new() || operation.customer.empty()) continue;
        const bool is_container = operation.type == OperationType::container;
        if (!is_container && operation.type != OperationType::order) continue;
        const Instant about = operation.occurred_at == no_instant ? now_ : operation.occurred_at;
        CARTBELL_ASSIGN(Node *const root, root_of(operation.customer.front(), about));
        const CustomerSlot *const slot = known_slot(*root);
        if (slot == nullptr || !slot->state.has_containers) continue;
        wanted.emplace_back(root, is_container ? std::string_view(operation.container.container) : cart_code);
    }
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    if (wanted.empty()) return {};
    Rows keys;
    for (const auto &[root, code] : wanted) keys.integer(root->customer_id).text(code);
    Found found;
    using namespace store::container_column;
    CARTBELL_TRY(get(transaction_, store::container, count_, keys, found));
    for (size_t row = 0; row < wanted.size(); ++row) {
        ContainerSlot &slot = containers_[{wanted[row].first, std::string(wanted[row].second)}];
        slot.state.code = wanted[row].second;
        if (!found.has(row)) continue;
        CARTBELL_ASSIGN(slot.state, container_of_row({&found.cell(row, 0), static_cast<size_t>(count_)}));
        note_stored(slot);
    }
    return {};
}

void Ingest::note_stored(ContainerSlot &slot) {
    slot.stored = true;
    for (const Record &item : slot.state.items) slot.stored_products.emplace(item.text(item_field::product_id));
}

Result<Ingest::ContainerSlot *> Ingest::container_slot(Node &root, std::string_view code) {
    const auto [at, is_new] = containers_.try_emplace({&root, std::string(code)});
    ContainerSlot &slot = at->second;
    if (!is_new) return &slot;
    slot.state.code = code;
    const CustomerSlot *const customer = known_slot(root);
    if (customer == nullptr || !customer->stored) return &slot;
    Rows key;
    key.integer(root.customer_id).lend_text(code);
    Found found;
    using namespace store::container_column;
    CARTBELL_TRY(get(transaction_, store::container, count_, key, found));
    if (!found.has(0)) return &slot;
    CARTBELL_ASSIGN(slot.state, container_of_row({&found.cell(0, 0), static_cast<size_t>(count_)}));
    note_stored(slot);
    return &slot;
}

// What it was before this operation, for what it says has changed.
void Ingest::remember(Node &root, ContainerSlot &slot) {
    slot.changed = true;
    const auto is_same = [&](const Touched &touched) { return touched.slot == &slot; };
    if (std::none_of(touched_containers_.begin(), touched_containers_.end(), is_same)) touched_containers_.push_back({&root, &slot, slot.state});
}

void Ingest::hold(ContainerSlot &slot, Container state) {
    unit_.counters[Counter::containers] += (state.facts > 0) - (slot.state.facts > 0);
    slot.state = std::move(state);
}

// Before the entry is folded into its customer.
Result<bool> Ingest::is_first_of_customer(const Entry &entry) {
    CARTBELL_ASSIGN(Node *const root, root_of(entry.operation->customer.front(), entry.stamp.occurred_at));
    CARTBELL_ASSIGN(const CustomerSlot *const slot, customer_slot(*root));
    return slot->state.entries.empty() || slot->state.latest < entry.stamp.occurred_at;
}

// `above_all`: no entry of the customer's is of its instant or later.
Status Ingest::take_container(const Entry &entry, bool above_all, codec::OperationResult &result) {
    std::vector<Step> way;
    CARTBELL_ASSIGN(Node *const known, identities_.find(entry.operation->customer.front()));
    CARTBELL_ASSIGN(Node *const root, identities_.resolve(*known, entry.stamp.occurred_at, &way));
    CARTBELL_ASSIGN(ContainerSlot *const slot, container_slot(*root, entry.operation->container.container));
    ContainerFacts facts(reader_, with_.zones);
    CARTBELL_ASSIGN(const ContainerFact fact, facts.fact_of(entry, slot->state.code, joins_after(way, entry.stamp.occurred_at)));
    const bool is_late = slot->state.facts > 0 && fact.key < slot->state.newest;
    result.outcome = is_late ? codec::Outcome::late : codec::Outcome::accepted;
    if (!is_late && fact.joins.empty() && (slot->state.facts > 0 || above_all)) {
        remember(*root, *slot);
        Container state = slot->state;
        apply_on_top(state, fact);
        hold(*slot, std::move(state));
    } else {
        CARTBELL_TRY(refold_container(*root, *slot));
    }
    result.version = slot->state.facts;
    return {};
}

// The order's entry is folded into its customer already, not into the order.
Status Ingest::empty_cart(const Entry &entry) {
    std::vector<Step> way;
    CARTBELL_ASSIGN(Node *const known, identities_.find(entry.operation->customer.front()));
    CARTBELL_ASSIGN(Node *const root, identities_.resolve(*known, entry.stamp.occurred_at, &way));
    CARTBELL_ASSIGN(const CustomerSlot *const customer, customer_slot(*root));
    if (!customer->state.has_containers) return {};
    CARTBELL_ASSIGN(ContainerSlot *const cart, container_slot(*root, cart_code));
    if (cart->state.facts == 0) return {};
    ContainerFacts facts(reader_, with_.zones);
    CARTBELL_ASSIGN(const ContainerFact fact, facts.fact_of(entry, cart->state.code, joins_after(way, entry.stamp.occurred_at)));

    const OrderSlot &slot = orders_[entry.operation->order.order_id];
    bool is_only = true;
    CARTBELL_ASSIGN(const std::deque<LoadedEntry> loaded,
                    load_entries(entries_of_order(slot.stored_owner, entry.operation->order.order_id), slot.state.entries));
    for (const Entry &other : entries_of(loaded)) {
        CARTBELL_ASSIGN(const std::string *const code, facts.code_of(other));
        if (code == nullptr || other.operation->customer.empty()) continue;
        CARTBELL_ASSIGN(const Node *const theirs, root_of(other.operation->customer.front(), other.stamp.occurred_at));
        if (theirs != root) continue;
        if (key_among_equals(other) < fact.key) return {};  // that one empties it
        is_only = false;
    }
    if (!is_only || !fact.joins.empty() || fact.key < cart->state.newest) return refold_container(*root, *cart);
    remember(*root, *cart);
    apply_on_top(cart->state, fact);
    return {};
}

// Before anything of them changes hands: their containers are folded anew once all of that is done.
Status Ingest::mark_containers(const std::vector<Node *> &roots) {
    if (unit_.counters[Counter::containers] == 0) return {};
    for (Node *root : roots) {
        if (!root->has_customer() && known_slot(*root) == nullptr) continue;
        CARTBELL_ASSIGN(const CustomerSlot *const slot, customer_slot(*root));
        if (slot->state.has_containers) stale_containers_.push_back(root);
    }
    return {};
}

Status Ingest::refold_marked_containers() {
    std::vector<Node *> roots;
    roots.swap(stale_containers_);
    std::sort(roots.begin(), roots.end(), [](const Node *a, const Node *b) { return *a->identity < *b->identity; });
    roots.erase(std::unique(roots.begin(), roots.end()), roots.end());
    for (Node *root : roots) CARTBELL_TRY(refold_containers(*root));
    return {};
}

// The facts among all entries that are the customer's now; of one container, or of all (null).
Status Ingest::gather_containers(Node &root, const std::string *code, ContainerFacts &facts) {
    CARTBELL_ASSIGN(CustomerSlot *const customer, customer_slot(root));
    if (!customer->facts && !customer->state.entries.empty()) {
        CARTBELL_ASSIGN(std::deque<LoadedEntry> loaded, load_entries(entries_of_customer(root.customer_id), customer->state.entries));
        customer->facts = std::make_unique<CustomerFacts>(std::move(loaded));
    }
    if (!customer->facts) return {};
    std::vector<Step> way;
    for (const Entry &entry : customer->facts->entries()) {
        CARTBELL_ASSIGN(const std::string *const about, facts.code_of(entry));
        if (about == nullptr || (code != nullptr && *about != *code)) continue;
        CARTBELL_ASSIGN(Node *const known, identities_.find(entry.operation->customer.front()));
        CARTBELL_TRY(identities_.resolve(*known, entry.stamp.occurred_at, &way));
        CARTBELL_TRY(facts.add(entry, *about, joins_after(way, entry.stamp.occurred_at)));
    }
    return {};
}

Status Ingest::refold_container(Node &root, ContainerSlot &slot) {
    ContainerFacts facts(reader_, with_.zones);
    CARTBELL_TRY(gather_containers(root, &slot.state.code, facts));
    std::vector<Container> states = facts.fold();
    remember(root, slot);
    if (!states.empty()) hold(slot, std::move(states.front()));
    return {};
}

// Of a root, everything.
Status Ingest::refold_containers(Node &root) {
    ContainerFacts facts(reader_, with_.zones);
    CARTBELL_TRY(gather_containers(root, nullptr, facts));
    std::vector<Container> states = facts.fold();
    CARTBELL_ASSIGN(const CustomerSlot *const customer, customer_slot(root));
    if (customer->stored) {  // those that are there, and may have lost all facts
        CARTBELL_ASSIGN(const std::vector<Container> stored, containers_of(transaction_, root.customer_id));
        for (const Container &container : stored) CARTBELL_TRY(container_slot(root, container.code));
    }
    for (auto at = containers_.lower_bound({&root, std::string()}); at != containers_.end() && at->first.first == &root; ++at) {
        const auto has_code = [&](const Container &state) { return state.code == at->first.second; };
        if (at->second.state.facts == 0 || std::any_of(states.begin(), states.end(), has_code)) continue;
        remember(root, at->second);
        Container gone;
        gone.code = at->first.second;
        hold(at->second, std::move(gone));
    }
    for (Container &state : states) {
        CARTBELL_ASSIGN(ContainerSlot *const slot, container_slot(root, state.code));
        remember(root, *slot);
        hold(*slot, std::move(state));
    }
    return {};
}

// What the operation changed of the containers of its own customer.
Status Ingest::tell_containers(const Entry &entry, codec::OperationResult &result) {
    if (touched_containers_.empty()) return {};
    const bool merges = is_merge(entry.operation->type);
    const Identity &whose = merges ? entry.operation->merge.into : entry.operation->customer.front();
    CARTBELL_ASSIGN(const Node *const root, root_of(whose, merges ? greatest_instant : entry.stamp.occurred_at));
    for (const Touched &touched : touched_containers_) {
        if (touched.root != root) continue;
        std::vector<DomainEvent> changes = changes_between(touched.before, touched.slot->state, *entry.operation);
        std::move(changes.begin(), changes.end(), std::back_inserter(result.changed));
    }
    touched_containers_.clear();
    return {};
}

Status Ingest::write_containers() {
    std::vector<std::pair<const Node *, const ContainerSlot *>> changed;
    for (const auto &[key, slot] : containers_)
        if (slot.changed) changed.emplace_back(key.first, &slot);
    std::sort(changed.begin(), changed.end(), [](const auto &a, const auto &b) {
        return a.first != b.first ? a.first->customer_id < b.first->customer_id : a.second->state.code < b.second->state.code;
    });
    Rows rows, items, gone, gone_items;
    for (const auto &[root, slot] : changed) {
        const Container &container = slot->state;
        for (const std::string &product : slot->stored_products)
            if (container.find(product) == nullptr) gone_items.integer(root->customer_id).text(container.code).lend_text(product);
        for (const Record &item : container.items)
            if (const std::string_view product = item.text(item_field::product_id); !slot->stored_products.contains(product))
                items.integer(root->customer_id).text(container.code).lend_text(product);
        if (container.facts > 0) {
            add_container_row(rows, root->customer_id, container);
        } else if (slot->stored) {
            gone.integer(root->customer_id).text(container.code);
        }
    }
    if (!gone_items.empty()) CARTBELL_TRY(transaction_.remove(store::container_item, gone_items));
    if (!gone.empty()) CARTBELL_TRY(transaction_.remove(store::container, gone));
    if (!rows.empty()) CARTBELL_TRY(transaction_.put(store::container, rows));
    return items.empty() ? Status{} : transaction_.put(store::container_item, items);
}

}  // namespace cartbell::engine
