#include "model/outline.hpp"

namespace cartbell {

Outline outline_of(const Order &order, const Settings &settings) {
    Outline outline;
    outline.order_id = order.id();
    if (const Value *placed_at = order.record.find(order_field::placed_at)) outline.placed_at = placed_at->number;
    if (const Value *total = order.record.find(order_field::total)) outline.total_e4 = total->number;
    outline.currency = order.currency(settings);
    for (size_t set = 0; set < order.status.size(); ++set) outline.status_codes[set] = order.status[set].code;
    return outline;
}

void assign(Order &order, const Outline &outline) {
    order.record.customs.clear();
    // Cells rise by field; the texts of those that stay in their place keep their memory.
    auto &cells = order.record.cells;
    size_t count = 0;
    const auto cell = [&](FieldId field) -> Value & {
        if (count == cells.size()) cells.emplace_back();
        cells[count].field = field;
        return cells[count++].value;
    };
    const auto text = [&](FieldId field, std::string_view said) {
        Value &value = cell(field);
        value.type = Type::text;
        value.number = 0;
        value.currency = {};
        value.text.assign(said);
    };
    const auto number = [&](FieldId field, Type type, int64_t said) {
        Value &value = cell(field);
        value.type = type;
        value.number = said;
        value.currency = {};
        value.text.clear();
    };
    static_assert(order_field::order_id < order_field::placed_at && order_field::placed_at < order_field::currency &&
                  order_field::currency < order_field::total);
    text(order_field::order_id, outline.order_id);
    if (outline.placed_at) number(order_field::placed_at, Type::time, *outline.placed_at);
    if (outline.currency) text(order_field::currency, outline.currency.text());
    if (outline.total_e4) number(order_field::total, Type::money, *outline.total_e4);
    cells.resize(count);
    order.lines.clear();
    order.payments.clear();
    order.history.clear();
    for (size_t set = 0; set < order.status.size(); ++set) {
        order.status[set].code.assign(outline.status_codes[set]);
        order.status[set].previous.clear();
        order.status[set].at = no_instant;
    }
}

// The currency is not: of an order that names none it is missing, and the outline has the shop's.
std::optional<OutlineUse> in_outline(const Path &path) {
    constexpr OutlineUse nothing{}, total{true, false}, statuses{false, true};
    if (path.object == Object::customer) return nothing;
    if (path.object != Object::order) return std::nullopt;
    switch (path.kind) {
        case Path::Kind::status_code: return statuses;
        case Path::Kind::cell:
            if (path.field == order_field::order_id || path.field == order_field::placed_at) return nothing;
            if (path.field == order_field::total) return total;
            return std::nullopt;
        case Path::Kind::computed:
            if (path.field == order_field::in_analytics) return statuses;
            return std::nullopt;
        default: return std::nullopt;
    }
}

}  // namespace cartbell
