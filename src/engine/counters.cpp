#include "engine/counters.hpp"

#include "engine/rows.hpp"

namespace cartbell::engine {
namespace {

constexpr size_t counter_count = static_cast<size_t>(Counter::count_);
constexpr std::array<std::string_view, counter_count> names{"journal_position", "definitions", "customer_serial",
                                                            "customers", "orders", "lines", "operations", "messages", "events", "containers", "products", "catalogue",
                                                            "old_messages",
                                                            "tombstones", "tombstone_key_0", "tombstone_key_1", "tombstone_key_2",
                                                            "tombstone_key_3"};

}  // namespace

Status Counters::load(store::Transaction &transaction) {
    Rows keys;
    for (const std::string_view name : names) keys.lend_text(name);
    Found found;
    CARTBELL_TRY(get(transaction, store::meta, store::meta_column::count_, keys, found));
    for (size_t i = 0; i < counter_count; ++i)
        loaded_[i] = found.has(i) ? found.cell(i, store::meta_column::value).integer : 0;
    now_ = loaded_;
    return {};
}

Status Counters::save(store::Transaction &transaction) const {
    Rows rows;
    for (size_t i = 0; i < counter_count; ++i)
        if (now_[i] != loaded_[i]) rows.lend_text(names[i]).integer(now_[i]);
    return rows.empty() ? Status{} : transaction.put(store::meta, rows);
}

}  // namespace cartbell::engine
