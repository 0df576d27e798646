// A product's state as JSON, in the shape of an operation's `product` (formats.md §1, §5 "Product").
#pragma once

#include <string>

#include "codec/value_json.hpp"
#include "model/product.hpp"
#include "model/settings.hpp"

namespace cartbell::codec {

// With Detail::all also the computed members and the version.
void append_product(std::string &out, const Product &product, const Settings &settings, Detail detail);

}  // namespace cartbell::codec
