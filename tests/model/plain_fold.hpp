// The fold once more, as plainly as possible: sort the facts, apply maps. The oracle of the property test; it
// shares no code with the fold.
#pragma once

#include <string>
#include <vector>

#include "model/fold.hpp"

namespace cartbell::test {

// Everything an order (a customer, a product) says, one thing a line, in a fixed sequence; by the rules themselves, and
// of what the fold made.
std::string plain_order(const std::vector<Entry> &entries);
std::string plain_customer(const Identity &root, const std::vector<Entry> &entries);
std::string plain_product(const std::vector<Entry> &entries);
std::string text_of(const Order &order);
std::string text_of(const Customer &customer);
std::string text_of(const Product &product);

}  // namespace cartbell::test
