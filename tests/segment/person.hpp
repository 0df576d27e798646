// One customer with orders out of JSON, by the same way as in the engine: codec, then fold. The shape is that
// of segment_probe.cpp.
#pragma once

#include <vector>

#include "codec/json_tree.hpp"
#include "model/customer.hpp"
#include "model/order.hpp"
#include "segment/facts.hpp"

namespace cartbell::testing {

struct Person {
    Customer customer;
    std::vector<Order> orders;
    segment::Facts facts() const { return {&customer, orders}; }
};

Result<Person> read_person(const codec::Tree &tree, const codec::Node &object, const Settings &settings);
Result<Person> read_person(std::string_view json, const Settings &settings);

}  // namespace cartbell::testing
