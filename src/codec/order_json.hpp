// An order's state as JSON, in the shape of an operation's `order` (formats.md §1, §5 "Order").
#pragma once

#include <string>

#include "model/order.hpp"
#include "model/settings.hpp"

namespace cartbell::codec {

enum class Detail : uint8_t {
    sent,   // only what can be sent: parsing it as a whole order gives the same facts
    all,    // also the computed members, the owner, the version and the status history
};

void append_order(std::string &out, const Order &order, const Settings &settings, Detail detail);
// Appends the status history alone, an array in fold order: {"set","from","to","at","received_at","source","status":{...}}.
void append_history(std::string &out, const Order &order);

}  // namespace cartbell::codec
