// All facts of an object that late facts come to. Those of objects with many entries are kept from unit to unit: to read them again for each late
// fact would cost the square of them.
#pragma once

#include <deque>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/entries.hpp"
#include "model/customer_timeline.hpp"
#include "model/product_timeline.hpp"
#include "model/timeline.hpp"

namespace cartbell::engine {

template <typename Timeline>
class Facts {
  public:
    // All entries of the object so far, each once.
    explicit Facts(std::deque<LoadedEntry> loaded) : loaded_(std::move(loaded)), timeline_(views()) {}
    Facts(const Facts &) = delete;
    // `state`: the fold of the entries so far, and then of this one too, but for what finish() writes. The entry is copied.
    template <typename State, typename... More>
    void add(const Entry &entry, State &state, More... more) {
        loaded_.push_back({*entry.operation, entry.stamp});
        entries_.push_back({entry.stamp, &loaded_.back().operation});
        timeline_.add(entries_.back(), state, more...);
    }
    template <typename State>
    void finish(State &state) {
        timeline_.finish(state);
    }
    size_t size() const { return entries_.size(); }
    const std::deque<Entry> &entries() const { return entries_; }

  private:
    const std::deque<Entry> &views() {
        for (const LoadedEntry &one : loaded_) entries_.push_back({one.stamp, &one.operation});
        return entries_;
    }
    std::deque<LoadedEntry> loaded_;
    std::deque<Entry> entries_;  // of `loaded_`; the timeline points to them
    Timeline timeline_;
};

// Of one kind of object. What is taken belongs to the unit until it is committed and gives it back.
template <typename Timeline>
class FactsShelf {
  public:
    using Kept = std::unique_ptr<Facts<Timeline>>;
    // Null if the facts of the object's first `version` entries are not here.
    Kept take(std::string_view object, size_t version) {
        const auto known = by_object_.find(object);
        if (known == by_object_.end()) return nullptr;
        const auto place = known->second;
        by_object_.erase(known);
        Kept kept = std::move(place->second);
        by_use_.erase(place);
        entries_ -= kept->size();
        return kept->size() == version ? std::move(kept) : nullptr;
    }
    void keep(std::string_view object, Kept kept) {
        if (kept->size() < least_entries || kept->size() > most_entries) return;
        take(object, 0);
        entries_ += kept->size();
        by_use_.emplace_front(object, std::move(kept));
        by_object_.emplace(by_use_.front().first, by_use_.begin());
        while (entries_ > most_entries) take(std::string(by_use_.back().first), 0);
    }
    void clear() {
        by_object_.clear();
        by_use_.clear();
        entries_ = 0;
    }

  private:
    static constexpr size_t least_entries = 16;      // fewer are read as fast
    static constexpr size_t most_entries = 16'384;   // of all objects of the kind: some 20 MiB
    std::list<std::pair<std::string, Kept>> by_use_;  // the newest first
    std::unordered_map<std::string_view, typename decltype(by_use_)::iterator> by_object_;
    size_t entries_ = 0;
};

using OrderFacts = Facts<OrderTimeline>;
using CustomerFacts = Facts<CustomerTimeline>;
using ProductFacts = Facts<ProductTimeline>;

struct KeptFacts {  // used with the write turn held
    FactsShelf<OrderTimeline> orders;        // by order id
    FactsShelf<CustomerTimeline> customers;  // by customer id
    FactsShelf<ProductTimeline> products;    // by product id
    int64_t as_of = -1;                      // Counter::operations: where somebody else wrote since, nothing here counts

    void clear() {
        orders.clear();
        customers.clear();
        products.clear();
    }
    void clear_unless(int64_t operations) {
        if (as_of == operations) return;
        clear();
        as_of = operations;
    }
};

}  // namespace cartbell::engine
