#include "engine/erasure.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "campaign/message_state.hpp"
#include "engine/container_rows.hpp"
#include "engine/erased_rows.hpp"
#include "engine/event_rows.hpp"
#include "engine/journal_fold.hpp"
#include "engine/message_counts.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {
namespace {

bool carries(const Operation &operation, const Identity &identity) {
    if (identity.kind == IdentityKind::session) return operation.event.session == identity;
    return std::find(operation.customer.begin(), operation.customer.end(), identity) != operation.customer.end();
}

}  // namespace

Erasure::Erasure(Reading &unit, Identities &identities, EntryReader &reader, EraseMode mode, Instant at, int64_t position)
    : unit_(unit), transaction_(unit.transaction), identities_(identities), reader_(reader), mode_(mode), at_(at), position_(position),
      key_(unit.counters), tombstones_(unit.transaction, unit.counters) {}

// "The strongest identity of an operation names its customer" (formats.md §1.1): the one that its answers are about by now.
Status Erasure::find(std::span<const Identity> strongest_first, std::vector<Note> &warnings) {
    CARTBELL_ASSIGN(Node *const strongest, identities_.find(strongest_first.front()));
    CARTBELL_ASSIGN(Node *const root, identities_.resolve(*strongest, greatest_instant));
    CARTBELL_TRY(add_own(*root));
    CARTBELL_TRY(add_own(*strongest));
    for (const Identity &identity : strongest_first) {
        CARTBELL_ASSIGN(Node *const node, identities_.find(identity));
        CARTBELL_ASSIGN(Node *const theirs, identities_.resolve(*node, greatest_instant));
        if (theirs != root && theirs->has_customer()) {
            const std::string kind(name_of(identity.kind));
            warnings.push_back({"identity_conflict", "/customer/" + kind, "this " + kind + " leads to another customer, who is not erased"});
            continue;
        }
        CARTBELL_TRY(add_own(*node));
    }
    return read_own();
}

Status Erasure::find_rest(std::span<const Identity> roots) {
    for (const Identity &identity : roots) {
        CARTBELL_ASSIGN(Node *const node, identities_.find(identity));
        CARTBELL_TRY(add_own(*node));
    }
    return read_own();
}

Status Erasure::read_own() {
    while (!unread_.empty()) {
        Node &node = *unread_.back();
        unread_.pop_back();
        if (node.customer_id != 0) CARTBELL_TRY(read_person(node));
        CARTBELL_TRY(read_merges(node));
    }
    return {};
}

Status Erasure::add_own(Node &node) {
    if (!own_.insert(&node).second) return {};
    unread_.push_back(&node);
    names_.insert(*node.identity);
    return {};
}

Result<bool> Erasure::leads_here(const Identity &identity) {
    CARTBELL_ASSIGN(Node *const node, identities_.find(identity));
    CARTBELL_ASSIGN(Node *const root, identities_.resolve(*node, greatest_instant));
    return own_.count(root) != 0;
}

Status Erasure::add_if_own(const Identity &identity) {
    CARTBELL_ASSIGN(const bool leads, leads_here(identity));
    if (!leads) return {};
    CARTBELL_ASSIGN(Node *const node, identities_.find(identity));
    return add_own(*node);
}

Status Erasure::read_person(Node &node) {
    Person person{&node, node.customer_id, node.has_customer(), {}};
    if (person.stored) {
        const store::Cell key = store::integer_cell(node.customer_id);
        Found found;
        using namespace store::customer_column;
        CARTBELL_TRY(get(transaction_, store::customer, count_, {&key, 1}, found, store::mask({customer_id, state})));
        if (!found.has(0)) return failure(Code::corrupt, "lost_customer", "an identity names a customer that is not stored");
        CARTBELL_TRY(decode(store::text_of(found.cell(0, state)), person.state));
    }
    for (const Identity &identity : person.state.identities) {
        names_.insert(identity);
        CARTBELL_TRY(add_if_own(identity));
    }
    people_.push_back(std::move(person));
    return {};
}

// The merges and unmerges that name the identity. Who was merged into it is the person too.
Status Erasure::read_merges(const Node &node) {
    const store::Cell named[] = {store::text_cell(name_of(node.identity->kind)), store::text_cell(node.identity->value)};
    std::vector<int64_t> positions;
    {
        store::ScanRange range;
        range.table = store::merge_entry;
        range.lower = range.upper = named;
        CARTBELL_ASSIGN(store::Cursor cursor, transaction_.scan(range));
        for (;;) {
            CARTBELL_ASSIGN(const auto rows, cursor.next());
            if (rows.empty()) break;
            for (size_t at = 0; at < rows.size(); at += cursor.width()) positions.push_back(rows[at + store::merge_entry_column::position].integer);
        }
    }
    std::deque<LoadedEntry> loaded;
    CARTBELL_TRY(reader_.load(positions, loaded));
    for (LoadedEntry &entry : loaded) {
        const MergePatch sides = entry.operation.merge;
        merges_.try_emplace(entry.stamp.position, std::move(entry));
        CARTBELL_TRY(add_if_own(sides.from));
        CARTBELL_TRY(add_if_own(sides.into));
    }
    return {};
}

Status Erasure::carry_out() {
    CARTBELL_TRY(gather());
    CARTBELL_TRY(rewrite_entries());
    CARTBELL_TRY(rewrite_merges());
    CARTBELL_TRY(change_identities());
    CARTBELL_TRY(remove_rows());
    CARTBELL_TRY(rewrite_reports());
    return write_tombstones();
}

// Everybody's entries but the person's that claim the identity. "Claims that follow one another by the same customer are a run, of which only the
// first is kept" (model/claim.hpp): so each that ever claimed it is the customer of a run.
Result<std::vector<Claim>> Erasure::surviving_claims(const Node &node) {
    CARTBELL_ASSIGN(const std::vector<Claim> runs, identities_.runs(node));
    std::set<Identity> by;
    for (const Claim &run : runs) by.insert(run.by);
    std::map<FactKey, Claim> claims;
    for (const Identity &one : by) {
        const auto [known, is_new] = others_known_by_.try_emplace(one);
        std::vector<Node *> &owners = known->second;
        if (is_new) {
            CARTBELL_ASSIGN(Node *const claimer, identities_.find(one));
            CARTBELL_TRY(identities_.reach(*claimer, least_instant, greatest_instant, owners));
            std::erase_if(owners, [&](Node *owner) { return owner->customer_id == 0 || own_.count(owner) != 0; });
        }
        for (Node *owner : owners) CARTBELL_TRY(add_claims_of(*owner, one, node, claims));
    }
    return JournalFold::runs(claims);
}

// Of the entries that lie with `owner`, events among them, those known by `by` that claim the identity.
Status Erasure::add_claims_of(Node &owner, const Identity &by, const Node &node, std::map<FactKey, Claim> &claims) {
    std::vector<int64_t> positions;
    if (owner.has_customer()) {
        const store::Cell key = store::integer_cell(owner.customer_id);
        Found found;
        Customer customer;
        using namespace store::customer_column;
        CARTBELL_TRY(get(transaction_, store::customer, count_, {&key, 1}, found, store::mask({customer_id, state})));
        if (!found.has(0)) return failure(Code::corrupt, "lost_customer", "an identity names a customer that is not stored");
        CARTBELL_TRY(decode(store::text_of(found.cell(0, state)), customer));
        if (std::binary_search(customer.named_by.begin(), customer.named_by.end(), by))
            CARTBELL_TRY(read_entries(transaction_, entries_of_customer(owner.customer_id), customer.entries, positions));
    }
    if (unit_.counters[Counter::events] != 0) CARTBELL_TRY(read_event_positions(transaction_, owner.customer_id, positions));
    constexpr size_t at_once = 4096;  // somebody's events may be more than fit into memory
    for (size_t first = 0; first < positions.size(); first += at_once) {
        std::deque<LoadedEntry> loaded;
        CARTBELL_TRY(reader_.load(std::span(positions).subspan(first, std::min(at_once, positions.size() - first)), loaded));
        for (const LoadedEntry &entry : loaded) {
            if (entry.operation.customer.empty() || entry.operation.customer.front() != by || !carries(entry.operation, *node.identity)) continue;
            CARTBELL_ASSIGN(const auto settings, reader_.settings_of(entry.stamp.settings_version));
            Claim claim = claim_of({entry.stamp, &entry.operation}, *node.identity, settings->shop.anonymous_days);
            FactKey key = claim.key;
            claims.emplace(std::move(key), std::move(claim));
        }
    }
    return {};
}

Status Erasure::reach_owners(Node &node) {
    changed_.push_back(&node);
    std::vector<Node *> reached;
    CARTBELL_TRY(identities_.reach(node, least_instant, greatest_instant, reached));
    for (Node *owner : reached)
        if (owner->customer_id != 0 && own_.count(owner) == 0 && std::find(owners_.begin(), owners_.end(), owner) == owners_.end())
            owners_.push_back(owner);
    return {};
}

// Claims and merges as the journal has them now. First everything is asked that follows them as they were.
Status Erasure::change_identities() {
    std::map<Node *, std::vector<Claim>> runs;
    for (Node *node : claimed_) {
        CARTBELL_ASSIGN(runs[node], surviving_claims(*node));
        CARTBELL_TRY(reach_owners(*node));
    }
    std::vector<Node *> unmerged;
    for (const auto &[position, entry] : merges_) {
        CARTBELL_ASSIGN(Node *const from, identities_.find(entry.operation.merge.from));
        CARTBELL_TRY(reach_owners(*from));
        if (own_.count(from) == 0 && from->state.merge && from->state.merge->key == merge_of({entry.stamp, &entry.operation}).key) unmerged.push_back(from);
    }
    for (Node *node : unmerged) {
        node->state.merge->into.reset();
        node->changed = true;
    }
    for (const auto &[node, left] : runs) {
        CARTBELL_TRY(identities_.set_runs(*node, left));
        if (node->identity->kind != IdentityKind::session || !left.empty()) continue;
        node->customer_id = 0;  // its events went with those who claimed it
        node->state.vacant = false;
    }
    for (Node *node : own_) {
        node->state.merge.reset();
        node->state.vacant = false;
        node->customer_id = 0;
        node->changed = true;
    }
    return {};
}

Status Erasure::remove_rows() {
    Rows owners;
    for (const auto &order : orders_) owners.lend_text(order.first);
    if (!owners.empty()) CARTBELL_TRY(transaction_.remove(store::order_owner, owners));
    Rows message_owners;
    for (const std::string &id : old_messages_) message_owners.lend_text(id);
    if (!message_owners.empty()) CARTBELL_TRY(transaction_.remove(store::old_message_owner, message_owners));
    unit_.counters[Counter::old_messages] -= static_cast<int64_t>(old_messages_.size());
    for (const Person &person : people_) {
        unit_.counters[Counter::customers] -= person.stored;
        CARTBELL_TRY(take_messages(person));
        if (unit_.counters[Counter::containers] != 0) {
            CARTBELL_ASSIGN(const std::vector<Container> containers, containers_of(transaction_, person.id));
            unit_.counters[Counter::containers] -= static_cast<int64_t>(containers.size());
        }
        CARTBELL_TRY(remove_owned_rows(transaction_, person.id));
    }
    return {};
}

// A message of the person is never sent: neither it nor its lease is there any more, and no count has it.
Status Erasure::take_messages(const Person &person) {
    using namespace store::message_column;
    MessageCounts counts;
    Rows leases;
    {
        const store::Cell owner = store::integer_cell(person.id);
        store::ScanRange range;
        range.table = store::message;
        range.lower = range.upper = {&owner, 1};
        range.columns = store::mask({customer_id, source, message_id, state, reason});
        CARTBELL_ASSIGN(store::Cursor cursor, transaction_.scan(range));
        for (;;) {
            CARTBELL_ASSIGN(const auto rows, cursor.next());
            if (rows.empty()) break;
            for (size_t at = 0; at < rows.size(); at += cursor.width()) {
                const auto known = campaign::message_state(store::text_of(rows[at + state]));
                if (!known) return failure(Code::corrupt, "bad_message", "a message has an unknown state");
                counts.take(store::text_of(rows[at + source]), *known, store::text_of(rows[at + reason]));
                leases.text(store::text_of(rows[at + message_id]));
                --unit_.counters[Counter::messages];
            }
        }
    }
    if (leases.empty()) return {};
    Found found;
    CARTBELL_TRY(get(transaction_, store::lease, store::lease_column::count_, leases, found));
    for (size_t i = 0; i < found.there.size(); ++i) {
        if (!found.has(i)) continue;
        if (store::is_null(found.cell(i, store::lease_column::positions))) {
            // Once reported it is nobody's any more; only a version before this one did not write down where.
            if (found.cell(i, store::lease_column::until).integer == never) messages_.emplace(store::text_of(found.cell(i, store::lease_column::message_id)));
            has_old_reports_ |= found.cell(i, store::lease_column::until).integer == never;
            continue;
        }
        std::vector<int64_t> positions;
        CARTBELL_TRY(decode(store::text_of(found.cell(i, store::lease_column::positions)), positions));
        reports_.insert(positions.begin(), positions.end());
        messages_.emplace(store::text_of(found.cell(i, store::lease_column::message_id)));
    }
    CARTBELL_TRY(counts.save(transaction_));
    return transaction_.remove(store::lease, leases);
}

std::vector<Identity> Erasure::own() const {
    std::vector<Identity> identities;
    for (const Node *node : own_) identities.push_back(*node->identity);
    return identities;
}

void Erasure::add_hashes(std::set<std::string> &hashes) const {
    for (const Identity &identity : names_) hashes.insert(hex(key_.of_identity(identity)));
    for (const auto &order : orders_) hashes.insert(hex(key_.of_order(order.first)));
    for (const std::string &id : old_messages_) hashes.insert(hex(key_.of_message(id)));
}

}  // namespace cartbell::engine
