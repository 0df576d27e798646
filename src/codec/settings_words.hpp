// The words of the settings' JSON (formats.md §0), for those who read and who write it. Private to settings_json.hpp.
#pragma once

#include <array>
#include <string_view>

#include "model/field.hpp"

namespace cartbell::codec {

inline constexpr std::array<std::string_view, 10> settings_members{"shop", "sources", "statuses", "fields", "events", "containers", "lists", "channels", "categories", "rates"};
inline constexpr std::array<std::string_view, 3> later_names{"formats", "caps", "holidays"};
inline constexpr std::array<std::string_view, 2> trust_names{"public", "trusted"};  // in the order of Trust
inline constexpr std::array<std::string_view, 2> unknown_names{"reject", "keep"};
inline constexpr std::array<std::string_view, 5> object_names{"customer", "order", "line", "item", "product"};
inline constexpr std::array<Object, 5> objects{Object::customer, Object::order, Object::line, Object::item, Object::product};

}  // namespace cartbell::codec
