// What is known of an order without its state: a scan in customer order then reads a narrow index instead of the orders themselves.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "model/order.hpp"
#include "model/path.hpp"

namespace cartbell {

// Borrowed. The rest of what order rows use without naming it (formats.md §2): the row's own time, the currency of its money.
struct Outline {
    std::string_view order_id;
    std::optional<Instant> placed_at;
    std::optional<int64_t> total_e4;
    Currency currency;                             // the order's own, else the shop's
    std::array<std::string_view, 3> status_codes;  // "" = none
};

Outline outline_of(const Order &order, const Settings &settings);
// Makes `order` such an outline, with the memory it has: nothing else of what it was stays.
void assign(Order &order, const Outline &outline);

// What of outlines is looked at, beside order_id and placed_at: a scan need not read the rest.
struct OutlineUse {
    bool total = false;     // with its currency
    bool statuses = false;
    void add(const OutlineUse &other) {
        total |= other.total;
        statuses |= other.statuses;
    }
};

// What of the outline the path reads; nothing if it needs more of the order.
std::optional<OutlineUse> in_outline(const Path &path);

}  // namespace cartbell
