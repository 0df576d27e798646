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
        slot.facts = kept_.take(product_ids[row], slot.state.entries.size());
    }
    return {};
}

Status ProductIntake::take(const Entry &entry, codec::OperationResult &result, const LoadEntries &load_entries) {
    const std::string_view id = entry.operation->product.product_id;
    Slot &slot = slots_.at(id);
    slot.changed = true;
    const Offer before = offer_of(slot.state, settings_);
    const bool on_top = applies_on_top(slot.state, entry);
    if (!on_top) {
        result.outcome = codec::Outcome::late;
        if (!slot.facts) {
            CARTBELL_ASSIGN(std::deque<LoadedEntry> loaded, load_entries(entries_of_product(id), slot.state.entries));
            slot.facts = std::make_unique<ProductFacts>(std::move(loaded));
        }
    }
    if (slot.facts)
        slot.facts->add(entry, slot.state);
    else
        apply_on_top(slot.state, entry);
    result.changed = changes_between(before, offer_of(slot.state, settings_), id);
    result.version = slot.state.version();
    return {};
}

void ProductIntake::keep_facts() {
    for (auto &[id, slot] : slots_)
        if (slot.facts) kept_.keep(id, std::move(slot.facts));
}

Status ProductIntake::write(Counters &counters, OlderEntries &older) {
    std::vector<std::pair<std::string_view, Slot *>> changed;
    for (auto &[id, slot] : slots_)
        if (slot.changed) changed.emplace_back(id, &slot);
    if (changed.empty()) return {};
    std::sort(changed.begin(), changed.end());
    Rows rows;
    std::string bytes;
    for (const auto &[id, slot] : changed) {
        if (!slot->stored) ++counters[Counter::products];
        const int64_t newest = slot->state.entries.here.back();
        counters[Counter::catalogue] = std::max(counters[Counter::catalogue], newest);
        older.shorten(entries_of_product(id), slot->state.entries);
        bytes.clear();
        encode(slot->state, bytes);
        rows.lend_text(id).integer(newest).bytes(bytes);
    }
    return transaction_.put(store::product, rows);
}

}  // namespace cartbell::engine
