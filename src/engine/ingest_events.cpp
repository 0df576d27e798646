// Ingest: events. They are never folded into an object of their own: each is a row with whom it belongs to, and changes hands as orders do.
#include <algorithm>

#include "engine/event_rows.hpp"
#include "engine/ingest.hpp"

namespace cartbell::engine {
namespace {

bool carries(const Event &event, IdentityKind kind) {
    return std::any_of(event.customer.begin(), event.customer.end(), [=](const Identity &identity) { return identity.kind == kind; });
}

bool carries(const Event &event, const Identity &identity) {
    if (identity.kind == IdentityKind::session) return !event.session_id.empty() && session_identity(event.key.source, event.session_id) == identity;
    return std::find(event.customer.begin(), event.customer.end(), identity) != event.customer.end();
}

}  // namespace

Status Ingest::take_event(const Entry &entry, codec::OperationResult &result) {
    result.version = 1;
    const Identity *const known = known_by(*entry.operation);
    Node *root = nullptr;
    if (known != nullptr) {
        CARTBELL_ASSIGN(root, root_of(*known, entry.stamp.occurred_at));
        CARTBELL_TRY(note_event_of(*root, entry));
    }
    new_events_.push_back({root, accepted_.size() - 1});
    ++unit_.counters[Counter::events];
    return {};
}

// The root gets an id; a customer learns what the event tells of it. A session is nobody.
Status Ingest::note_event_of(Node &root, const Entry &entry) {
    if (root.identity->kind == IdentityKind::session) {
        if (root.customer_id == 0) give_id(root);
        root.changed |= !root.state.vacant;
        root.state.vacant = true;
        return {};
    }
    CARTBELL_ASSIGN(CustomerSlot *const slot, customer_slot(root));
    CARTBELL_ASSIGN(const Kinds covered, covered_by_events(root, slot->state, entry));
    if (note_event(slot->state, entry, covered)) slot->changed = true;
    return {};
}

// Of the kinds that the entry would put another identity in force of, those that an event of the same trust above it carries.
Result<Kinds> Ingest::covered_by_events(const Node &root, const Customer &customer, const Entry &entry) {
    const Kinds asked = asks_events(customer, entry);
    if (asked == 0) return Kinds{0};
    CARTBELL_TRY(write_events());
    Kinds covered = 0;
    const FactKey key = key_among_equals(entry);
    EventScan::Range above;
    above.above = &key;
    CARTBELL_ASSIGN(EventScan events, EventScan::begin(transaction_, root.customer_id, above));
    while (covered != asked) {
        CARTBELL_ASSIGN(const std::optional<Event> event, events.next());
        if (!event) break;
        if (event->key.trust != entry.stamp.trust) continue;
        for (size_t kind = 0; kind < sent_identity_kinds; ++kind) {
            const Kinds one = bit(static_cast<IdentityKind>(kind));
            if ((asked & one) && carries(*event, static_cast<IdentityKind>(kind))) covered |= one;
        }
    }
    return covered;
}

// What was accepted so far, so that scans see it.
Status Ingest::write_events() {
    if (new_events_.empty()) return {};
    Rows rows;
    for (const NewEvent &one : new_events_) {
        const Accepted &accepted = accepted_[one.accepted];
        add_event_row(rows, one.root != nullptr ? one.root->customer_id : 0, {accepted.stamp, accepted.operation});
    }
    new_events_.clear();
    std::vector<uint8_t> existed;
    return transaction_.insert(store::event, rows, existed);
}

// What the customer's events tell of it, who was just folded from all other entries.
Status Ingest::note_events(const Node &root, Customer &customer) {
    CARTBELL_TRY(write_events());
    CARTBELL_ASSIGN(EventScan events, EventScan::begin(transaction_, root.customer_id, {}));
    for (;;) {
        CARTBELL_ASSIGN(const std::optional<Event> event, events.next());
        if (!event) return {};
        Operation operation;
        note_event(customer, entry_of(*event, operation), 0);  // of its trust it is above those before
    }
}

// Gives the events of this time that lie with these roots to whom they lead to now.
Status Ingest::regroup_events(const std::vector<Node *> &roots, Instant from, Instant to) {
    if (unit_.counters[Counter::events] == 0) return {};
    for (Node *root : roots) {
        if (root->customer_id == 0) continue;  // nothing ever lay with it
        CARTBELL_TRY(write_events());
        CARTBELL_TRY(regroup_events(*root, from, to));
    }
    return {};
}

Status Ingest::regroup_events(Node &root, Instant from, Instant to) {
    constexpr size_t at_once = 4096;  // somebody's events may be more than fit into memory
    Node *newest_heir = nullptr;
    std::vector<Event> block;
    EventScan::Range range{from, to};
    FactKey last;
    do {
        block.clear();
        {
            CARTBELL_ASSIGN(EventScan events, EventScan::begin(transaction_, root.customer_id, range));
            while (block.size() < at_once) {
                CARTBELL_ASSIGN(std::optional<Event> event, events.next());
                if (!event) break;
                block.push_back(std::move(*event));
            }
        }
        for (const Event &event : block) {
            CARTBELL_ASSIGN(Node *const owner, root_of(known_by(event), event.key.at));
            if (owner == &root) continue;
            CARTBELL_TRY(move_event(root, *owner, event));
            newest_heir = owner;
        }
        if (!block.empty()) last = block.back().key;
        range.above = &last;
    } while (block.size() == at_once);
    if (newest_heir == nullptr || root.identity->kind == IdentityKind::session) return {};
    CARTBELL_ASSIGN(CustomerSlot *const slot, customer_slot(root));
    if (slot->moved_to == nullptr || slot->state.entries.empty()) slot->moved_to = newest_heir;
    CARTBELL_ASSIGN(const std::deque<LoadedEntry> loaded, load_entries(entries_of_customer(root.customer_id), slot->state.entries));
    return refold(root, *slot, entries_of(loaded));
}

Status Ingest::move_event(const Node &from, Node &to, const Event &event) {
    Operation operation;
    CARTBELL_TRY(note_event_of(to, entry_of(event, operation)));  // gives it the id that the row needs
    Rows key, row;
    add_event_key(key, from.customer_id, event.key);
    add_event_row(row, to.customer_id, event);
    CARTBELL_TRY(transaction_.remove(store::event, key));
    return transaction_.put(store::event, row);
}

// The least claim on `node` by `by` above `after`, and below the run that follows, that an event of the owner made.
Result<std::optional<Claim>> Ingest::claim_by_event(const Node &owner, const Node &node, const Identity &by, const FactKey &after,
                                                    const std::optional<Claim> &before) {
    std::optional<Event> found;
    EventScan::Range between;
    between.above = &after;
    if (before) between.below = &before->key;
    {
        CARTBELL_ASSIGN(EventScan events, EventScan::begin(transaction_, owner.customer_id, between));
        for (;;) {
            CARTBELL_ASSIGN(std::optional<Event> event, events.next());
            if (!event) break;
            if (event->customer.empty() || event->customer.front() != by || !carries(*event, *node.identity)) continue;
            found = std::move(event);
            break;
        }
    }
    if (!found) return std::optional<Claim>();
    Operation operation;
    const Entry entry = entry_of(*found, operation);
    int64_t settings_version = settings_.version;
    if (found->position < first_position_) {
        const std::array<int64_t, 1> position{found->position};
        std::deque<LoadedEntry> loaded;
        CARTBELL_TRY(reader_.load(position, loaded));
        settings_version = loaded.front().stamp.settings_version;
    }
    CARTBELL_ASSIGN(const auto settings, reader_.settings_of(settings_version));
    return std::optional<Claim>(claim_of(entry, *node.identity, settings->shop.anonymous_days));
}

}  // namespace cartbell::engine
