// An operation's `order`, `profile` and `product`: patches of formats.md §1 over the fields of §5.
#pragma once

#include "codec/record_reader.hpp"
#include "model/operation.hpp"

namespace cartbell::codec {

void read_order(const Reading &reading, const Node &order, OrderPatch &patch);
void read_profile(const Reading &reading, const Node &profile, CustomerPatch &patch);
void read_product(const Reading &reading, const Node &product, ProductPatch &patch);
// The text of an id: not null, not empty, at most `most_bytes`. Errors: bad_type, empty, too_large.
bool read_id(const Reading &reading, const Node &node, size_t most_bytes, std::string &id);

// For the test that holds the member tables against model/field.hpp: the paths that can be sent, and those
// that are computed.
struct KnownPath {
    std::string path;
    FieldId field;
};
std::vector<KnownPath> known_paths(Object object);

}  // namespace cartbell::codec
