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
#include "engine/product_intake.hpp"
#include "engine/rows.hpp"
#include "model/timeline.hpp"

namespace cartbell::engine {

class Ingest {
  public:
    Ingest(Reading &unit, const Compiling &with, Instant now)
        : unit_(unit), transaction_(unit.transaction), settings_(*unit.catalog->settings), with_(with), now_(now),
          reader_(unit.transaction, unit.catalog->settings, with.zones), products_(unit.transaction) {}
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
    struct CustomerSlot {
        int64_t customer_id = 0;
        bool stored = false;
        bool changed = false;
        bool refold = false;           // an entry sorted below another: folded anew once, at the end of the unit
        Customer state;
    };
    struct Accepted {                  // an entry of this unit; its position is first_position_ + its index
        const Arrival *arrival = nullptr;
        const Operation *operation = nullptr;
        Stamp stamp;
        int64_t customer_id = 0;
        std::string_view body;
    };
    void collect(Batch &batch, std::vector<Arrival> &arrivals);
    void parse_again(codec::Parsed &parsed, const Batch::Impl &batch);
    Status find_known(std::vector<Arrival> &arrivals);
    Status load_customers(const std::vector<Arrival> &arrivals);
    Status load_orders(const std::vector<Arrival> &arrivals);
    Status load_customer_states();
    Status load_products(const std::vector<Arrival> &arrivals);
    Status take(Arrival &arrival, Applied &applied);
    Status take_new(Arrival &arrival, codec::OperationResult &result);
    Status fold_into_order(OrderSlot &slot, const Entry &entry, codec::OperationResult &result);
    Status load_facts_of(OrderSlot &slot);
    void fold_into_customer(CustomerSlot &slot, const Entry &entry);
    CustomerSlot &customer_slot(const Identity &identity);
    Result<int64_t> owner_id(const Order &order);
    Status load_entries(std::span<const int64_t> positions, std::deque<LoadedEntry> &loaded, std::vector<Entry> &entries);
    Status refold_customers();
    Result<std::string_view> body_to_keep(const Arrival &arrival, const Operation &operation, bool skewed);
    Status write_entries();
    Status write_orders();
    Status write_customers();

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
    std::unordered_map<std::string_view, OrderSlot> orders_;    // by order id, which lives in the batch
    std::unordered_map<std::string, CustomerSlot> customers_;   // by identity text
    ProductIntake products_;
};

}  // namespace cartbell::engine
