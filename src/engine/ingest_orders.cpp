// Ingest: the orders that a unit touches.
#include <algorithm>

#include "engine/ingest.hpp"
#include "model/outline.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {
namespace {

// What an order was, for changes_between, which does not look at its past: that can be thousands of rows.
Order as_compared(Order &order) {
    auto history = std::exchange(order.history, {});
    auto entries = std::exchange(order.entries, {});
    Order before = order;
    order.history = std::move(history);
    order.entries = std::move(entries);
    return before;
}

}  // namespace

Status Ingest::load_orders(std::span<const Arrival> arrivals) {
    std::vector<std::string_view> ids;
    for (const Arrival &arrival : arrivals) {
        const Operation &operation = arrival.parsed->operation;
        if (arrival.is_new() && operation.type == OperationType::order)
            ids.push_back(operation.order.order_id);
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    if (ids.empty()) return {};
    Rows keys;
    for (const std::string_view id : ids) keys.lend_text(id);
    Found found;
    CARTBELL_TRY(get(transaction_, store::order_owner, store::order_owner_column::count_, keys, found));
    std::vector<std::pair<int64_t, std::string_view>> stored;
    orders_.reserve(ids.size() * 2);
    for (size_t row = 0; row < ids.size(); ++row) {
        OrderSlot &slot = orders_[ids[row]];
        if (!found.has(row)) continue;
        slot.stored_owner = found.cell(row, store::order_owner_column::customer_id).integer;
        stored.emplace_back(slot.stored_owner, ids[row]);
    }
    if (stored.empty()) return {};
    std::sort(stored.begin(), stored.end());
    Rows state_keys;
    for (const auto &[owner, id] : stored) state_keys.integer(owner).lend_text(id);
    using namespace store::orders_column;
    CARTBELL_TRY(get(transaction_, store::orders, count_, state_keys, found, store::mask({customer_id, order_id, state})));
    for (size_t row = 0; row < stored.size(); ++row) {
        if (!found.has(row)) return failure(Code::corrupt, "lost_order", "the directory names an order that is not stored");
        OrderSlot &slot = orders_[stored[row].second];
        CARTBELL_TRY(decode(store::text_of(found.cell(row, state)), slot.state));
        slot.stored_lines = slot.state.lines.size();
        slot.facts = kept_.orders.take(stored[row].second, slot.state.entries.size());
    }
    return {};
}

Status Ingest::fold_into_order(OrderSlot &slot, const Entry &entry, codec::OperationResult &result) {
    const bool existed = !slot.state.entries.empty();
    slot.changed = true;
    if (!existed) {
        apply_on_top(slot.state, entry);
        result.changed = changes_between(nullptr, slot.state);
    } else {
        const Order before = as_compared(slot.state);
        const bool on_top = applies_on_top(slot.state, entry);
        if (!on_top) {
            result.outcome = codec::Outcome::late;
            if (!slot.facts && !apply_out_of_order(slot.state, entry)) {
                const EntriesOf object = entries_of_order(slot.stored_owner, slot.state.id());
                CARTBELL_ASSIGN(std::deque<LoadedEntry> loaded, load_entries(object, slot.state.entries));
                slot.facts = std::make_unique<OrderFacts>(std::move(loaded));
            }
        }
        if (slot.facts)
            slot.facts->add(entry, slot.state);
        else if (on_top)
            apply_on_top(slot.state, entry);
        result.changed = changes_between(&before, slot.state);
    }
    const std::vector<Note> notes = notes_on(slot.state);
    result.warnings.insert(result.warnings.end(), notes.begin(), notes.end());
    result.version = slot.state.version();
    return {};
}

// The customer an order belongs to now: that of its newest fact that names one; 0 = nobody.
Result<int64_t> Ingest::owner_id(const Order &order) {
    return order.owner ? owner_id(*order.owner, order.owner_at) : int64_t{0};
}

// Of a customer that an order or a message names.
Result<int64_t> Ingest::owner_id(const Identity &named, Instant at) {
    CARTBELL_ASSIGN(const Node *const root, root_of(named, at));
    if (root->customer_id == 0) return failure(Code::corrupt, "lost_customer", "the owner of an order or a message is not stored");
    return root->customer_id;
}

Status Ingest::write_orders() {
    struct Row {
        int64_t owner;
        std::string_view id;
        OrderSlot *slot;
    };
    std::vector<Row> changed;
    Rows gone, owners;
    for (auto &[id, slot] : orders_) {
        if (!slot.changed) continue;
        if (slot.facts) slot.facts->finish(slot.state);
        CARTBELL_ASSIGN(const int64_t owner, owner_id(slot.state));
        changed.push_back({owner, id, &slot});
        if (slot.stored_owner == -1) ++unit_.counters[Counter::orders];
        unit_.counters[Counter::lines] += static_cast<int64_t>(slot.state.lines.size()) - static_cast<int64_t>(slot.stored_lines);
        const EntriesOf entries = entries_of_order(owner, id);
        if (slot.stored_owner >= 0 && slot.stored_owner != owner) {
            gone.integer(slot.stored_owner).lend_text(id);
            CARTBELL_TRY(older_.move(entries_of_order(slot.stored_owner, id), entries, slot.state.entries));
        } else {
            older_.shorten(entries, slot.state.entries);
        }
    }
    if (changed.empty()) return {};
    std::sort(changed.begin(), changed.end(), [](const Row &a, const Row &b) { return a.id < b.id; });
    for (const Row &row : changed)
        if (row.slot->stored_owner != row.owner) owners.lend_text(row.id).integer(row.owner);
    std::sort(changed.begin(), changed.end(), [](const Row &a, const Row &b) { return a.owner != b.owner ? a.owner < b.owner : a.id < b.id; });
    Rows rows;
    std::string bytes;
    for (const Row &row : changed) {
        const Order &order = row.slot->state;
        const Outline outline = outline_of(order, settings_);
        rows.integer(row.owner).lend_text(row.id);
        rows.add(outline.placed_at ? store::integer_cell(*outline.placed_at) : store::null_cell());
        rows.text_or_null(outline.currency.text());
        rows.add(outline.total_e4 ? store::integer_cell(*outline.total_e4) : store::null_cell());
        for (const std::string_view code : outline.status_codes) rows.text_or_null(code);
        rows.integer(static_cast<int64_t>(order.lines.size()));
        bytes.clear();
        encode(order, bytes);
        rows.bytes(bytes);
    }
    if (!gone.empty()) CARTBELL_TRY(transaction_.remove(store::orders, gone));
    CARTBELL_TRY(transaction_.put(store::orders, rows));
    return owners.empty() ? Status{} : transaction_.put(store::order_owner, owners);
}

}  // namespace cartbell::engine
