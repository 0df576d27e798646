// A late entry of an order that can be folded in without the order's other entries.
#include <algorithm>

#include "base/limits.hpp"
#include "model/fold_parts.hpp"

namespace cartbell {
namespace {

// What the state does not say is what the entries behind it said besides: which of them were trusted less, and status facts that made no row
// because the code was the same. While there are none of either, the history is all that was said of the statuses.
bool state_tells_all(const Order &order, const Entry &entry) {
    return order.least_trust == order.newest.trust && entry.stamp.trust == order.newest.trust && order.status_facts == order.history.size() &&
           entry.operation->source == order.first_source;
}

bool same_instant_as_a_row(const Order &order, const FactView &fact) {
    return std::any_of(order.history.begin(), order.history.end(), [&](const HistoryRow &row) { return row.at == fact.at; });
}

bool owner_follows(const Order &order, const Entry &entry) {
    const std::vector<Identity> &customer = entry.operation->customer;
    return customer.empty() || !order.owner || *order.owner == customer.front() || order.owner_at != entry.stamp.occurred_at;
}

// Puts a row among those of its instant's sequence. Rows of the set after it that say the same code are told by it from now on.
void insert_row(std::vector<HistoryRow> &history, const FactView &fact) {
    const size_t set = fact.part - 1u;
    const std::string &code = fact.entry->operation->order.status[set].code;
    const auto of_set = [&](const HistoryRow &row) { return static_cast<size_t>(row.set) == set; };
    const auto place = std::upper_bound(history.begin(), history.end(), fact.at, [](Instant at, const HistoryRow &row) { return at < row.at; });
    const auto before = std::find_if(std::make_reverse_iterator(place), history.rend(), of_set);
    const auto after = std::find_if(place, history.end(), of_set);
    if (code == (before == history.rend() ? std::string() : before->to)) return;  // said already
    HistoryRow row;
    row.set = static_cast<StatusSet>(set);
    row.to = code;
    row.source = fact.entry->operation->source;
    row.at = fact.at;
    row.received_at = fact.entry->stamp.received_at;
    if (after != history.end() && after->to == code) {  // everything between them is of other sets
        std::rotate(place, after, std::next(after));
        *place = std::move(row);
    } else {
        history.insert(place, std::move(row));
    }
}

// What follows from the rows: `from` and `after` of each, and the statuses of now.
void derive_statuses(Order &order, std::vector<HistoryRow> &history) {
    order.status = {};
    for (HistoryRow &row : history) {
        StatusNow &now = order.status[static_cast<size_t>(row.set)];
        row.from = now.code;
        now.previous = std::move(now.code);
        now.code = row.to;
        now.at = row.at;
        for (size_t i = 0; i < order.status.size(); ++i) row.after[i] = order.status[i].code;
    }
}

}  // namespace

bool says_of_the_order(const Operation &operation) {
    const OrderPatch &order = operation.order;
    return operation.whole || !order.attributes.cells.empty() || !order.attributes.customs.empty() || !order.lines.empty() || !order.payments.empty();
}

bool apply_out_of_order(Order &order, const Entry &entry) {
    const KeyedFacts facts = facts_of(entry);
    const bool speaks = says_of_the_order(*entry.operation);
    if (speaks && order.object_facts != 0) return false;  // which of the two is covered by the other, and where?
    if (!state_tells_all(order, entry) || !owner_follows(order, entry)) return false;
    if (order.history.size() + facts.count > most_history_rows) return false;
    for (const FactView &fact : facts)
        if (fact.part != 0 && same_instant_as_a_row(order, fact)) return false;
    for (const FactView &fact : facts) {
        if (fact.part == 0) {
            if (speaks) {
                apply_attributes(order, fact);
                apply_lines(order, fact);
                apply_payments(order, fact);
            }
            if (!entry.operation->customer.empty() && (!order.owner || order.owner_at < fact.at)) apply_owner(order, fact);
        } else {
            insert_row(order.history.edit(), fact);
        }
        note_update(order, fact.at);
        if (fact.above(order.newest)) fact.store(order.newest);
    }
    if (facts.count > 1) derive_statuses(order, order.history.edit());
    count_entry(order, entry);
    fill_defaults(order);
    return true;
}

}  // namespace cartbell
