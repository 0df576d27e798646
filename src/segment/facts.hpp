// What a predicate looks at: one customer's rows.
#pragma once

#include <span>

#include "base/zone.hpp"
#include "model/customer.hpp"
#include "model/order.hpp"
#include "model/product.hpp"
#include "model/settings.hpp"

namespace cartbell::segment {

// Borrowed; one customer's current facts.
struct Facts {
    const Customer *customer = nullptr;
    std::span<const Order> orders;  // any sequence
    const Products *products = nullptr;  // the catalogue; null where nothing asks for it (uses_products)
};

// What all customers share during an evaluation. Borrowed.
struct World {
    Instant now = 0;
    const Settings *settings = nullptr;
    const Zones *zones = nullptr;
};

}  // namespace cartbell::segment
