#include "model/order.hpp"

#include "model/field.hpp"

namespace cartbell {

Currency Order::currency(const Settings &settings) const {
    const Currency own = Currency::of(record.text(order_field::currency));
    return own ? own : settings.shop.currency;
}

void Order::open() const {
    lines.get();
    payments.get();
    history.get();
}

bool in_analytics(const Order &order, const Settings &settings) {
    for (size_t set = 0; set < order.status.size(); ++set) {
        if (order.status[set].code.empty()) continue;
        const StatusDefinition *status =
            settings.find_status(static_cast<StatusSet>(set), order.status[set].code);
        if (status && !status->in_analytics) return false;
    }
    return true;
}

bool earlier(const Order &a, const Order &b) {
    const Value *at = a.record.find(order_field::placed_at), *bt = b.record.find(order_field::placed_at);
    const int64_t a_at = at ? at->number : no_instant, b_at = bt ? bt->number : no_instant;
    return a_at != b_at ? a_at < b_at : a.id() < b.id();
}

}  // namespace cartbell
