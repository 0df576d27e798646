// An order's state as JSON, in the shape of an operation's `order` (formats.md §1, §5 "Order").
#pragma once

#include <string>

#include "codec/value_json.hpp"
#include "model/order.hpp"
#include "model/settings.hpp"

namespace cartbell::codec {

// With Detail::all also the computed members, the owner as "customer", the version and the status history.
void append_order(std::string &out, const Order &order, const Settings &settings, Detail detail);
// Appends the status history alone, an array in fold order:
// {"set","from","to","at","received_at","source","status":{...}}.
void append_history(std::string &out, const Order &order);

}  // namespace cartbell::codec
