// Views over values that are more than one thing: a list of texts, and the kept JSON of an undeclared custom field.
#pragma once

#include <string>
#include <string_view>

#include "render/view.hpp"

namespace cartbell::render {

Node node_of_texts(std::string_view elements);  // Type::list: each element followed by one NUL
Node node_of_json(std::string_view json);       // Type::json: canonical, as codec wrote it; null for what is none

// What a text of type json says, its escapes resolved.
std::string unescape_json(std::string_view text);

}  // namespace cartbell::render
