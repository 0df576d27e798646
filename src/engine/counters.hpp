// Whole numbers of the store by name (table `meta`): positions, serials, totals.
#pragma once

#include <array>
#include <cstdint>

#include "base/status.hpp"
#include "store/store.hpp"

namespace cartbell::engine {

enum class Counter : uint8_t {
    journal_position, definitions, customer_serial, customers, orders, lines, operations, messages,
    events,
    containers,
    products, catalogue,  // the latter: position of the newest entry of any product
    old_messages,
    tombstones, tombstone_key_0, tombstone_key_1, tombstone_key_2, tombstone_key_3,  // the key: tombstones.hpp
    count_
};

// All counters, read at the start of a unit and written at its end when they moved.
class Counters {
  public:
    Status load(store::Transaction &transaction);
    Status save(store::Transaction &transaction) const;
    int64_t &operator[](Counter counter) { return now_[static_cast<size_t>(counter)]; }
    int64_t operator[](Counter counter) const { return now_[static_cast<size_t>(counter)]; }

  private:
    std::array<int64_t, static_cast<size_t>(Counter::count_)> now_{}, loaded_{};
};

}  // namespace cartbell::engine
