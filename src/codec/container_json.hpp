// A container as JSON (formats.md §5 "Container", "Item").
#pragma once

#include <string>

#include "model/container.hpp"
#include "model/settings.hpp"

namespace cartbell::codec {

// {"container","item_count","quantity","total","total_now","created_at","changed_at","items":[…],"version"}. Every item has the prices that were
// found for it.
void append_container(std::string &out, const Container &container, const Settings &settings);
// {"customer","container","quantity","added_at"}: who has the item in a container.
void append_holder(std::string &out, std::string_view identity, std::string_view code, const Record &item);

}  // namespace cartbell::codec
