// The products of one unit of ingest: loaded in one get, folded operation by operation, written in one put.
#pragma once

#include <deque>
#include <functional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "codec/result_json.hpp"
#include "engine/counters.hpp"
#include "engine/entries.hpp"

namespace cartbell::engine {

// The entries at these journal positions, stored ones and those of the unit.
using LoadEntries = std::function<Status(std::span<const int64_t> positions, std::deque<LoadedEntry> &loaded, std::vector<Entry> &entries)>;

class ProductIntake {
  public:
    explicit ProductIntake(store::Transaction &transaction) : transaction_(transaction) {}
    // Once, with every product that the unit's new operations name (any order, repeated). The ids outlive this.
    Status load(std::vector<std::string_view> product_ids);
    int64_t version(std::string_view product_id) const { return slots_.at(product_id).state.version(); }
    // Says in `result` which version the product has now and whether the fact was late.
    void take(const Entry &entry, codec::OperationResult &result);
    // Products with a late fact, each once.
    Status refold(const LoadEntries &load_entries);
    Status write(Counters &counters);

  private:
    struct Slot {
        bool stored = false;
        bool changed = false;
        bool late = false;  // an entry sorted below another: folded anew once, at the end of the unit
        Product state;
    };
    store::Transaction &transaction_;
    std::unordered_map<std::string_view, Slot> slots_;  // by product id, which lives in the batch
};

}  // namespace cartbell::engine
