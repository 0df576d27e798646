// What the catalogue says of the items of containers: the prices now, and those then of what came in without a price.
#pragma once

#include <span>

#include "engine/engine_impl.hpp"
#include "model/container.hpp"

namespace cartbell::engine {

// Fills in price_then, price_now and total of every item, each where it is known.
Status fill_in_prices(Reading &reading, const Zones &zones, std::span<Container> containers);

// All containers of the customer as they are at an instant, with their prices, by their codes.
Result<std::vector<Container>> containers_at(Reading &reading, const Zones &zones, int64_t customer_id, Instant at);

}  // namespace cartbell::engine
