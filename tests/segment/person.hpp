// One customer with orders out of JSON, by the same way as in the engine: codec, then fold. The shape is that
// of segment_probe.cpp.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "codec/json_tree.hpp"
#include "model/customer.hpp"
#include "model/order.hpp"
#include "model/product.hpp"
#include "segment/facts.hpp"

namespace cartbell::testing {

struct Catalogue final : Products {
    std::map<std::string, Product, std::less<>> products;
    const Product *find(std::string_view product_id) const override {
        const auto known = products.find(product_id);
        return known != products.end() ? &known->second : nullptr;
    }
};

struct Person {
    Customer customer;
    std::vector<Order> orders;
    Catalogue catalogue;  // of the member "products", for tests of one customer
    segment::Facts facts() const { return {&customer, orders, &catalogue}; }
};

// An array of products as operations have them, each with an "at" of its own; several of one id are facts of one product.
Result<Catalogue> read_catalogue(const codec::Tree &tree, const codec::Node &array, const Settings &settings);

Result<Person> read_person(const codec::Tree &tree, const codec::Node &object, const Settings &settings);
Result<Person> read_person(std::string_view json, const Settings &settings);

}  // namespace cartbell::testing
