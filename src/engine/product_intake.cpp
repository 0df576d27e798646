#include "engine/product_intake.hpp"

#include <algorithm>

#include "engine/rows.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {

Status ProductIntake::load(std::vector<std::string_view> product_ids) {
    std::sort(product_ids.begin(), product_ids.end());
    product_ids.erase(std::unique(product_ids.begin(), product_ids.end()), product_ids.end());
    if (product_ids.empty()) return {};
    Rows keys;
    for (const std::string_view id : product_ids) keys.lend_text(id);
    Found found;
    CARTBELL_TRY(get(transaction_, store::product, store::product_column::count_, keys, found));
    slots_.reserve(product_ids.size() * 2);
    for (size_t row = 0; row < product_ids.size(); ++row) {
        Slot &slot = slots_[product_ids[row]];
        if (!found.has(row)) continue;
        slot.stored = true;
        CARTBELL_TRY(decode(store::text_of(found.cell(row, store::product_column::state)), slot.state));
    }
    return {};
}

void ProductIntake::take(const Entry &entry, codec::OperationResult &result) {
    Slot &slot = slots_.at(entry.operation->product.product_id);
    slot.changed = true;
    if (applies_on_top(slot.state, entry)) {
        apply_on_top(slot.state, entry);
    } else {
        result.outcome = codec::Outcome::late;
        slot.late = true;  // its newest key stays what it is, so what comes after is judged rightly
        slot.state.entries.push_back(entry.stamp.position);
    }
    result.version = slot.state.version();
}

Status ProductIntake::refold(const LoadEntries &load_entries) {
    for (auto &[id, slot] : slots_) {
        if (!slot.late) continue;
        std::deque<LoadedEntry> loaded;
        std::vector<Entry> entries;
        CARTBELL_TRY(load_entries(slot.state.entries, loaded, entries));
        slot.state = fold_product(entries);
    }
    return {};
}

Status ProductIntake::write(Counters &counters) {
    std::vector<std::pair<std::string_view, const Slot *>> changed;
    for (const auto &[id, slot] : slots_)
        if (slot.changed) changed.emplace_back(id, &slot);
    if (changed.empty()) return {};
    std::sort(changed.begin(), changed.end());
    Rows rows;
    std::string bytes;
    for (const auto &[id, slot] : changed) {
        if (!slot->stored) ++counters[Counter::products];
        counters[Counter::catalogue] = std::max(counters[Counter::catalogue], slot->state.entries.back());
        bytes.clear();
        encode(slot->state, bytes);
        rows.lend_text(id).bytes(bytes);
    }
    return transaction_.put(store::product, rows);
}

}  // namespace cartbell::engine
