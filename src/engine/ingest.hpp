// One unit of ingest: batches of operations become entries, folded states, ids and results in one transaction.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>

#include "codec/result_json.hpp"
#include "engine/batch.hpp"
#include "engine/container_rows.hpp"
#include "engine/engine_impl.hpp"
#include "engine/entries.hpp"
#include "engine/identities.hpp"
#include "engine/kept_facts.hpp"
#include "engine/old_messages.hpp"
#include "engine/older_entries.hpp"
#include "engine/product_intake.hpp"
#include "engine/rows.hpp"
#include "model/container.hpp"
#include "model/event.hpp"

namespace cartbell::engine {

class Erasure;
class TombstoneKey;

// An operation of the batches, in their order. `operation` is null if it was refused when it was parsed.
struct Arrival {
    codec::Parsed *parsed = nullptr;
    std::string key;               // source NUL id
    int64_t known_position = 0;    // entry that has its id already, from before this unit
    bool same_body = false;
    std::vector<Note> erased;      // what a tombstone refuses of it
    std::string result;

    bool is_new() const { return parsed->ok() && known_position == 0 && erased.empty(); }
    bool is_erase() const { return parsed->ok() && parsed->operation.type == OperationType::erase; }
};

// Operations between two erases, or one erase.
class Ingest {
  public:
    Ingest(Reading &unit, const Compiling &with, Instant now, KeptFacts &kept)
        : unit_(unit), transaction_(unit.transaction), settings_(*unit.catalog->settings), with_(with), now_(now),
          reader_(unit.transaction, unit.catalog->settings, with.zones), kept_(kept), older_(unit.transaction), identities_(unit.transaction),
          products_(unit.transaction, *unit.catalog->settings, kept.products), old_messages_(unit.transaction) {
        kept.clear_unless(unit.counters[Counter::operations]);
    }
    // Everything but the commit and the results.
    Status run(std::span<Arrival> arrivals, Applied &applied);
    // Once it is committed. Without memory for it nothing is kept.
    void keep_facts() noexcept;

  private:
    struct OrderSlot {
        int64_t stored_owner = -1;     // where its row lies; -1: there is none
        size_t stored_lines = 0;
        bool changed = false;
        Order state;
        std::unique_ptr<OrderFacts> facts;  // once a late fact has asked for them
    };
    using Node = Identities::Node;
    struct CustomerSlot {
        bool stored = false;
        bool changed = false;
        size_t stored_older = 0;       // of its entries, in rows of their own
        Node *moved_to = nullptr;      // whose its newest entry became when it lost entries
        Customer state;                // without entries: it is nobody any more
        std::unique_ptr<CustomerFacts> facts;  // once a late fact has asked for them
    };
    struct ContainerSlot {
        bool stored = false;
        bool changed = false;
        std::set<std::string, std::less<>> stored_products;
        Container state;               // without facts: there is none
    };
    struct Touched {                   // a container that the operation in hand has changed
        const Node *root;
        const ContainerSlot *slot;
        Container before;
    };
    struct Accepted {                  // an entry of this unit; its position is first_position_ + its index
        const Arrival *arrival = nullptr;
        const Operation *operation = nullptr;
        Stamp stamp;
        std::string_view body;
    };
    struct NewEvent {                  // accepted, its row not written yet
        Node *root;                    // null: a system event
        size_t accepted;               // index
    };
    Status find_known(std::span<Arrival> arrivals);
    Status load_customers(std::span<const Arrival> arrivals);
    Status load_orders(std::span<const Arrival> arrivals);
    Status load_products(std::span<const Arrival> arrivals);
    Status load_old_messages(std::span<const Arrival> arrivals);
    Status take(Arrival &arrival, Applied &applied);
    Status take_new(Arrival &arrival, codec::OperationResult &result);
    Status fold_in(const Entry &entry, codec::OperationResult &result);
    Result<int64_t> version_of(const Operation &operation, Instant at);
    Result<std::string_view> body_to_keep(const Arrival &arrival, const Operation &operation, bool skewed);
    // The object's entries, those of the unit among them.
    Result<std::deque<LoadedEntry>> load_entries(const EntriesOf &object, const EntryList &entries);
    Status write_entries();
    // ingest_orders.cpp
    Status fold_into_order(OrderSlot &slot, const Entry &entry, codec::OperationResult &result);
    Result<int64_t> owner_id(const Order &order);
    Result<int64_t> owner_id(const Identity &named, Instant at);
    Status write_orders();
    // ingest_customers.cpp
    Result<CustomerSlot *> customer_slot(Node &root);
    CustomerSlot *known_slot(Node &root);  // null: not of this unit so far
    Result<Node *> root_of(const Identity &known_by, Instant at);
    Status load_state(CustomerSlot &slot, int64_t customer_id, std::string_view state);
    Status fold_into_customer(const Entry &entry, codec::OperationResult &result);
    Status fold_into_customer(const Node &root, CustomerSlot &slot, const Entry &entry);
    // Folds anew what the customer is made of: these entries, and its events.
    Status refold(Node &root, CustomerSlot &slot, const std::vector<Entry> &entries);
    void give_id(Node &root);
    Status write_customers();
    // ingest_containers.cpp
    Status load_containers(std::span<const Arrival> arrivals);
    static void note_stored(ContainerSlot &slot);
    Result<ContainerSlot *> container_slot(Node &root, std::string_view code);
    void remember(Node &root, ContainerSlot &slot);
    void hold(ContainerSlot &slot, Container state);
    Result<bool> is_first_of_customer(const Entry &entry);
    Status take_container(const Entry &entry, bool above_all, codec::OperationResult &result);
    Status empty_cart(const Entry &entry);
    Status mark_containers(const std::vector<Node *> &roots);
    Status refold_marked_containers();
    Status refold_container(Node &root, ContainerSlot &slot);
    Status refold_containers(Node &root);
    Status gather_containers(Node &root, const std::string *code, ContainerFacts &facts);
    Status tell_containers(const Entry &entry, codec::OperationResult &result);
    Status write_containers();
    // ingest_events.cpp
    Status take_event(const Entry &entry, codec::OperationResult &result);
    Status note_event_of(Node &root, const Entry &entry);
    Result<Kinds> covered_by_events(const Node &root, const Customer &customer, const Entry &entry);
    Status write_events();
    Status note_events(const Node &root, Customer &customer);
    Status regroup_events(const std::vector<Node *> &roots, Instant from, Instant to);
    Status regroup_events(Node &root, Instant from, Instant to);
    Status move_event(const Node &from, Node &to, const Event &event);
    Result<std::optional<Claim>> claim_by_event(const Node &owner, const Node &node, const Identity &by, const FactKey &after,
                                                const std::optional<Claim> &before);
    // ingest_identities.cpp
    Status claim_identities(const Entry &entry, codec::OperationResult &result);
    Status claim_identity(const Entry &entry, const Identity &weaker, codec::OperationResult &result);
    Status claim_identity(Node &node, const Claim &claim, codec::OperationResult &result);
    Result<std::optional<Claim>> next_claim(const Node &node, const Identity &by, const FactKey &after, const std::optional<Claim> &before);
    Status take_merge(const Entry &entry, codec::OperationResult &result);
    Status regroup(const std::vector<Node *> &roots, Node &changed, Instant from);
    Status regroup(Node &root, CustomerSlot &slot);
    Status move_orders(const Node &root);
    // ingest_erase.cpp
    Status find_tombstones(std::span<Arrival> arrivals);
    Status run_erase(Arrival &arrival, Applied &applied);
    Result<bool> find_known_erase(Arrival &arrival, codec::OperationResult &result);
    Status take_erase(const Arrival &arrival, codec::OperationResult &result);
    Status erase(Erasure &erasure, std::set<std::string> &hashes, std::vector<Identity> &left);
    Status fold_without(const Erasure &erasure);
    Status write_erase(const Arrival &arrival, const Times &times, const TombstoneKey &key, const std::set<std::string> &hashes,
                       const codec::OperationResult &result);

    Reading &unit_;
    store::Transaction &transaction_;
    const Settings &settings_;
    Compiling with_;
    Instant now_;
    EntryReader reader_;
    KeptFacts &kept_;
    OlderEntries older_;
    int64_t first_position_ = 0;
    std::vector<Accepted> accepted_;
    std::deque<Operation> moved_;                               // copies whose status times were corrected
    std::deque<std::string> bodies_;                            // bodies that had to be changed
    std::unordered_map<std::string, size_t> in_unit_;           // key of an accepted arrival → its entry
    std::unordered_map<std::string, std::string> known_results_;
    std::unordered_map<std::string_view, OrderSlot> orders_;    // by order id, which lives in the batch or in moved_orders_
    std::deque<std::string> moved_orders_;
    std::vector<NewEvent> new_events_;
    Identities identities_;
    std::unordered_map<Node *, CustomerSlot> customers_;        // by their root
    std::map<std::pair<Node *, std::string>, ContainerSlot> containers_;  // by their customer's root and their code
    std::vector<Touched> touched_containers_;
    std::vector<Node *> stale_containers_;                      // of whom something changed hands
    ProductIntake products_;
    OldMessages old_messages_;
    const OldMessages::OwnerOf owner_of_ = [this](const Identity &named, Instant at) { return owner_id(named, at); };
};

// All batches of a unit. An erase is a barrier: what stands before it is stored when it acts, what stands behind it comes to what it left.
class Intake {
  public:
    Intake(Reading &unit, Compiling with, Instant now, KeptFacts &kept) : unit_(unit), with_(with), now_(now), kept_(kept) {}
    // Everything but the commit. `results`: one JSON array per batch.
    Status run(std::span<Batch *const> batches, Applied &applied);
    // Once it is committed. Without memory for it nothing is kept.
    void keep_facts() noexcept;

  private:
    void collect(Batch &batch, std::vector<Arrival> &arrivals);
    void parse_again(codec::Parsed &parsed, const Batch::Impl &batch);

    Reading &unit_;
    Compiling with_;
    Instant now_;
    KeptFacts &kept_;
    std::vector<Arrival> arrivals_;
    std::unique_ptr<Ingest> last_;
};

}  // namespace cartbell::engine
