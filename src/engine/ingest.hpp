// One unit of ingest: batches of operations become entries, folded states, ids and results in one transaction.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>

#include "codec/result_json.hpp"
#include "engine/batch.hpp"
#include "engine/engine_impl.hpp"
#include "engine/entries.hpp"
#include "engine/identities.hpp"
#include "engine/product_intake.hpp"
#include "engine/rows.hpp"
#include "model/timeline.hpp"

namespace cartbell::engine {

class Ingest {
  public:
    Ingest(Reading &unit, const Compiling &with, Instant now)
        : unit_(unit), transaction_(unit.transaction), settings_(*unit.catalog->settings), with_(with), now_(now),
          reader_(unit.transaction, unit.catalog->settings, with.zones), identities_(unit.transaction), products_(unit.transaction) {}
    // Everything but the commit. `results`: one JSON array per batch.
    Status run(std::span<Batch *const> batches, Applied &applied);

  private:
    // An operation of the batches, in their order. `operation` is null if it was refused when it was parsed.
    struct Arrival {
        codec::Parsed *parsed = nullptr;
        std::string key;               // source NUL id
        int64_t known_position = 0;    // entry that has its id already, from before this unit
        bool same_body = false;
        std::string result;
    };
    struct Facts {                     // all entries of one order, stored and new
        std::deque<LoadedEntry> loaded;
        std::deque<Entry> entries;
        std::optional<OrderTimeline> timeline;
    };
    struct OrderSlot {
        int64_t stored_owner = -1;     // where its row lies; -1: there is none
        size_t stored_lines = 0;
        bool changed = false;
        Order state;
        std::unique_ptr<Facts> facts;  // once a late fact has asked for them
    };
    using Node = Identities::Node;
    struct CustomerSlot {
        bool stored = false;
        bool changed = false;
        bool refold = false;           // an entry sorted below another: folded anew once, at the end of the unit
        Node *moved_to = nullptr;      // whose its newest entry became when it lost entries
        Customer state;                // without entries: it is nobody any more
    };
    struct Accepted {                  // an entry of this unit; its position is first_position_ + its index
        const Arrival *arrival = nullptr;
        const Operation *operation = nullptr;
        Stamp stamp;
        std::string_view body;
    };
    void collect(Batch &batch, std::vector<Arrival> &arrivals);
    void parse_again(codec::Parsed &parsed, const Batch::Impl &batch);
    Status find_known(std::vector<Arrival> &arrivals);
    Status load_customers(const std::vector<Arrival> &arrivals);
    Status load_orders(const std::vector<Arrival> &arrivals);
    Status load_products(const std::vector<Arrival> &arrivals);
    Status take(Arrival &arrival, Applied &applied);
    Status take_new(Arrival &arrival, codec::OperationResult &result);
    Result<int64_t> version_of(const Operation &operation, Instant at);
    Result<std::string_view> body_to_keep(const Arrival &arrival, const Operation &operation, bool skewed);
    Status load_entries(std::span<const int64_t> positions, std::deque<LoadedEntry> &loaded, std::vector<Entry> &entries);
    Status write_entries();
    // ingest_orders.cpp
    Status fold_into_order(OrderSlot &slot, const Entry &entry, codec::OperationResult &result);
    Status load_facts_of(OrderSlot &slot);
    Result<int64_t> owner_id(const Order &order);
    Status write_orders();
    // ingest_customers.cpp
    Result<CustomerSlot *> customer_slot(Node &root);
    CustomerSlot *known_slot(Node &root);  // null: not of this unit so far
    Result<Node *> root_of(const Identity &known_by, Instant at);
    Status fold_into_customer(const Entry &entry, codec::OperationResult &result);
    void fold_into_customer(CustomerSlot &slot, const Entry &entry);
    Status refold_customers();
    Status write_customers();
    // ingest_identities.cpp
    Status claim_identities(const Entry &entry, codec::OperationResult &result);
    Status claim_identity(Node &node, const Claim &claim, codec::OperationResult &result);
    Result<std::optional<Claim>> next_claim(const Node &node, const Identity &by, const FactKey &after, const std::optional<Claim> &before);
    Status take_merge(const Entry &entry, codec::OperationResult &result);
    Status regroup(const std::vector<Node *> &roots, Node &changed, Instant from);
    Status regroup(Node &root, CustomerSlot &slot);
    Status move_orders(const Node &root);

    Reading &unit_;
    store::Transaction &transaction_;
    const Settings &settings_;
    Compiling with_;
    Instant now_;
    EntryReader reader_;
    int64_t first_position_ = 0;
    std::vector<Accepted> accepted_;
    std::deque<Operation> moved_;                               // copies whose status times were corrected
    std::deque<std::string> bodies_;                            // bodies that had to be changed
    std::unordered_map<std::string, size_t> in_unit_;           // key of an accepted arrival → its entry
    std::unordered_map<std::string, std::string> known_results_;
    std::unordered_map<std::string_view, OrderSlot> orders_;    // by order id, which lives in the batch or in moved_orders_
    std::deque<std::string> moved_orders_;
    Identities identities_;
    std::unordered_map<Node *, CustomerSlot> customers_;        // by their root
    ProductIntake products_;
};

}  // namespace cartbell::engine
