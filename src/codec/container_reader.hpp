// A container operation: which container, and what becomes of its items (formats.md §1 "container", §5 "Item").
#pragma once

#include <optional>

#include "codec/record_reader.hpp"
#include "model/operation.hpp"

namespace cartbell::codec {

// Errors: `bad_type`, `unknown_code` with the nearest one.
void read_container(const Reading &reading, const Node &node, ContainerChange &change);
// The member that says what happens: one product, of `replace` an array of them, of `clear` true. Errors: `bad_type`, `bad_value`,
// `missing_product_id`, `out_of_range`, `too_many`, `too_large`, and those of values and fields.
void read_container_act(const Reading &reading, const Node &node, ContainerAct act, ContainerChange &change);
// What the members, all read, say together. Errors: `missing_change`, `one_change`.
void check_container(const Reading &reading, const Node &root);

// "A container operation makes the domain events `container.item_added` and so on; sent as an event such a name is mapped to the operation."
std::optional<ContainerAct> container_act_of(std::string_view event_name);
// Of such an event: context {container product_id quantity price}; without `container` it is the cart.
void read_container_event(const Reading &reading, const Node &root, ContainerAct act, ContainerChange &change);

}  // namespace cartbell::codec
