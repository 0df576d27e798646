// Ingest: claims and merges, and the entries that change hands by them (formats.md §1.1).
#include <algorithm>

#include "engine/ingest.hpp"
#include "engine/rows.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {

// "An operation that carries a weaker beside a stronger identity claims the weaker from its instant."
Status Ingest::claim_identities(const Entry &entry, codec::OperationResult &result) {
    const std::vector<Identity> &carried = entry.operation->customer;
    for (size_t i = 1; i < carried.size(); ++i) CARTBELL_TRY(claim_identity(entry, carried[i], result));
    // "An event without identity belongs to whom the newest entry at or before it with the same source and `session_id` belongs to, else the
    // first after it": so the others of the session claim it.
    const Identity &session = entry.operation->event.session;
    if (!session.value.empty()) CARTBELL_TRY(claim_identity(entry, session, result));
    return refold_marked_containers();
}

Status Ingest::claim_identity(const Entry &entry, const Identity &weaker, codec::OperationResult &result) {
    CARTBELL_ASSIGN(Node *const node, identities_.find(weaker));
    const std::optional<Claim> &run = node->state.claim;
    if (run && run->by == entry.operation->customer.front() && run->key.at < entry.stamp.occurred_at) return {};  // said once more, as mostly
    return claim_identity(*node, claim_of(entry, weaker, settings_.shop.anonymous_days), result);
}

Status Ingest::claim_identity(Node &node, const Claim &claim, codec::OperationResult &result) {
    CARTBELL_ASSIGN(const Identities::Neighbours run, identities_.around(node, claim.key));
    if (run.before && run.before->by == claim.by) return {};
    const std::optional<Claim> &holder = run.before ? run.before : run.after;
    if (holder && holder->by != claim.by && node.identity->kind != IdentityKind::session) {
        CARTBELL_ASSIGN(const Node *const theirs, root_of(holder->by, claim.key.at));
        CARTBELL_ASSIGN(const Node *const ours, root_of(claim.by, claim.key.at));
        const std::string kind(name_of(node.identity->kind));
        if (theirs != ours) result.warnings.push_back({"identity_conflict", "/customer/" + kind, "another customer claims this " + kind + " too"});
    }
    std::optional<Claim> again;  // where the run goes on that this claim breaks in two
    if (run.before) {
        CARTBELL_ASSIGN(again, next_claim(node, run.before->by, claim.key, run.after));
    }

    // What is known by the identity in this time may have another owner now.
    const Instant from = run.before ? claim.key.at : run.after ? std::min(claim.back_to, run.after->back_to) : claim.back_to;
    const Instant to = again ? again->key.at : run.after ? run.after->key.at : greatest_instant;
    std::vector<Node *> owners;
    CARTBELL_TRY(identities_.reach(node, from, to, owners));
    CARTBELL_TRY(mark_containers(owners));
    if (!again && run.after && run.after->by == claim.by)
        CARTBELL_TRY(identities_.replace_run(node, *run.after, claim));
    else
        CARTBELL_TRY(identities_.add_run(node, claim));
    if (again) CARTBELL_TRY(identities_.add_run(node, *again));
    CARTBELL_TRY(regroup(owners, node, from));
    return regroup_events(owners, from, to);
}

// The least claim of `node` by `by` above `after`, and below the run that follows. Not kept by itself, as it decided nothing: the entries of
// those who are known by `by` say it.
Result<std::optional<Claim>> Ingest::next_claim(const Node &node, const Identity &by, const FactKey &after, const std::optional<Claim> &before) {
    std::optional<Claim> least;
    std::vector<Node *> owners;
    CARTBELL_ASSIGN(Node *const claimer, identities_.find(by));
    CARTBELL_TRY(identities_.reach(*claimer, after.at, before ? before->key.at : greatest_instant, owners));
    if (unit_.counters[Counter::events] != 0) {
        CARTBELL_TRY(write_events());
        for (const Node *owner : owners) {
            if (owner->customer_id == 0) continue;
            CARTBELL_ASSIGN(std::optional<Claim> claim, claim_by_event(*owner, node, by, after, before));
            if (claim && (!least || claim->key < least->key)) least = std::move(claim);
        }
    }
    for (Node *owner : owners) {
        if (!owner->has_customer() && known_slot(*owner) == nullptr) continue;
        CARTBELL_ASSIGN(const CustomerSlot *const slot, customer_slot(*owner));
        const Customer &customer = slot->state;
        if (customer.entries.empty() || customer.latest < after.at) continue;
        if (!std::binary_search(customer.named_by.begin(), customer.named_by.end(), by)) continue;
        CARTBELL_ASSIGN(const std::deque<LoadedEntry> loaded, load_entries(entries_of_customer(owner->customer_id), customer.entries));
        for (const Entry &entry : entries_of(loaded)) {
            const std::vector<Identity> &carried = entry.operation->customer;
            if (carried.front() != by || std::find(carried.begin(), carried.end(), *node.identity) == carried.end()) continue;
            CARTBELL_ASSIGN(const auto settings, reader_.settings_of(entry.stamp.settings_version));
            Claim claim = claim_of(entry, *node.identity, settings->shop.anonymous_days);
            if (claim.key <= after || (before && claim.key >= before->key) || (least && claim.key >= least->key)) continue;
            least = std::move(claim);
        }
    }
    return least;
}

// "newest of merge and unmerge per `from`"
Status Ingest::take_merge(const Entry &entry, codec::OperationResult &result) {
    const MergePatch &named = entry.operation->merge;
    Rows rows;
    for (const Identity *identity : {&named.from, &named.into})
        rows.text(name_of(identity->kind)).text(identity->value).integer(entry.stamp.position);
    CARTBELL_TRY(transaction_.put(store::merge_entry, rows));
    CARTBELL_ASSIGN(Node *const node, identities_.find(entry.operation->merge.from));
    Merge merge = merge_of(entry);
    std::optional<Merge> &newest = node->state.merge;
    if (newest && merge.key < newest->key) {
        result.outcome = codec::Outcome::late;
        return {};
    }
    const bool changes = (newest ? newest->into : std::nullopt) != merge.into;
    std::vector<Node *> owners;
    if (changes || unit_.counters[Counter::containers] != 0) CARTBELL_TRY(identities_.reach(*node, least_instant, greatest_instant, owners));
    CARTBELL_TRY(mark_containers(owners));
    newest = std::move(merge);
    node->changed = true;
    if (changes) {
        CARTBELL_TRY(regroup(owners, *node, least_instant));
        CARTBELL_TRY(regroup_events(owners, least_instant, greatest_instant));
    }
    return refold_marked_containers();
}

// Gives the entries and orders of these customers to whom they lead to now. Only customers are looked at that have an entry of `from` or later
// and one that may lead on through `changed`.
Status Ingest::regroup(const std::vector<Node *> &roots, Node &changed, Instant from) {
    for (Node *root : roots) {
        if (!root->has_customer() && known_slot(*root) == nullptr) continue;
        CARTBELL_ASSIGN(CustomerSlot *const slot, customer_slot(*root));
        const Customer &customer = slot->state;
        if (customer.entries.empty() || customer.latest < from) continue;
        for (const Identity &known_by : customer.named_by) {
            CARTBELL_ASSIGN(Node *const first, identities_.find(known_by));
            std::vector<Node *> way;
            if (first != &changed) CARTBELL_TRY(identities_.reach(*first, from, greatest_instant, way));
            if (first != &changed && std::find(way.begin(), way.end(), &changed) == way.end()) continue;
            CARTBELL_TRY(regroup(*root, *slot));
            break;
        }
    }
    return {};
}

Status Ingest::regroup(Node &root, CustomerSlot &slot) {
    std::vector<Entry> staying;
    std::optional<FactKey> newest_gone;
    std::vector<Node *> heirs;
    CARTBELL_ASSIGN(const std::deque<LoadedEntry> loaded, load_entries(entries_of_customer(root.customer_id), slot.state.entries));
    const std::vector<Entry> entries = entries_of(loaded);
    for (const Entry &entry : entries) {
        CARTBELL_ASSIGN(Node *const owner, root_of(entry.operation->customer.front(), entry.stamp.occurred_at));
        if (owner == &root) {
            staying.push_back(entry);
            continue;
        }
        CARTBELL_ASSIGN(CustomerSlot *const other, customer_slot(*owner));
        CARTBELL_TRY(fold_into_customer(*owner, *other, entry));
        heirs.push_back(owner);
        FactKey key = key_among_equals(entry);
        if (newest_gone && key < *newest_gone) continue;
        newest_gone = std::move(key);
        slot.moved_to = owner;
    }
    if (heirs.empty()) return {};
    std::sort(heirs.begin(), heirs.end());
    heirs.erase(std::unique(heirs.begin(), heirs.end()), heirs.end());
    CARTBELL_TRY(mark_containers(heirs));
    CARTBELL_TRY(refold(root, slot, staying));
    slot.facts.reset();
    return move_orders(root);
}

// The orders of a customer that lost entries: they follow the fact that names their owner.
Status Ingest::move_orders(const Node &root) {
    if (!root.has_customer()) return {};
    using namespace store::orders_column;
    const store::Cell key = store::integer_cell(root.customer_id);
    store::ScanRange range;
    range.table = store::orders;
    range.lower = range.upper = {&key, 1};
    range.columns = store::mask({customer_id, order_id, state});
    std::vector<Order> orders;
    {
        CARTBELL_ASSIGN(store::Cursor cursor, transaction_.scan(range));
        for (;;) {
            CARTBELL_ASSIGN(const auto rows, cursor.next());
            if (rows.empty()) break;
            for (size_t at = 0; at < rows.size(); at += cursor.width()) CARTBELL_TRY(decode(store::text_of(rows[at + state]), orders.emplace_back()));
        }
    }
    for (Order &order : orders) {
        if (!order.owner) return failure(Code::corrupt, "lost_owner", "an order of nobody lies with a customer");
        CARTBELL_ASSIGN(const Node *const owner, root_of(*order.owner, order.owner_at));
        if (owner == &root) continue;
        if (const auto known = orders_.find(order.id()); known != orders_.end()) {
            known->second.changed = true;  // its owner is looked up when it is written
            continue;
        }
        OrderSlot &slot = orders_[moved_orders_.emplace_back(order.id())];
        slot.stored_owner = root.customer_id;
        slot.stored_lines = order.lines.size();
        slot.changed = true;
        slot.state = std::move(order);
    }
    return {};
}

}  // namespace cartbell::engine
