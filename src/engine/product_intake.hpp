// The products of one unit of ingest: loaded in one get, folded operation by operation, written in one put.
#pragma once

#include <deque>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "codec/result_json.hpp"
#include "engine/counters.hpp"
#include "engine/entries.hpp"
#include "engine/kept_facts.hpp"
#include "engine/older_entries.hpp"

namespace cartbell::engine {

// An object's entries, stored ones and those of the unit.
using LoadEntries = std::function<Result<std::deque<LoadedEntry>>(const EntriesOf &object, const EntryList &entries)>;

class ProductIntake {
  public:
    ProductIntake(store::Transaction &transaction, const Settings &settings, FactsShelf<ProductTimeline> &kept)
        : transaction_(transaction), settings_(settings), kept_(kept) {}
    // Once, with every product that the unit's new operations name (any order, repeated). The ids outlive this.
    Status load(std::vector<std::string_view> product_ids);
    int64_t version(std::string_view product_id) const { return slots_.at(product_id).state.version(); }
    // Says in `result` which version the product has now, what of it this fact changed, and whether it was late.
    Status take(const Entry &entry, codec::OperationResult &result, const LoadEntries &load_entries);
    Status write(Counters &counters, OlderEntries &older);
    void keep_facts();  // once it is committed

  private:
    struct Slot {
        bool stored = false;
        bool changed = false;
        Product state;
        std::unique_ptr<ProductFacts> facts;  // once a late fact has asked for them
    };
    store::Transaction &transaction_;
    const Settings &settings_;
    FactsShelf<ProductTimeline> &kept_;
    std::unordered_map<std::string_view, Slot> slots_;  // by product id, which lives in the batch
};

}  // namespace cartbell::engine
