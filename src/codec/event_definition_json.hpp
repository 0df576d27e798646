// The events a shop declares, in its settings (formats.md §0 `events`); and what fields may be declared as.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "codec/json_writer.hpp"
#include "codec/record_reader.hpp"

namespace cartbell::codec {

// In the order of Type, from text on.
inline constexpr std::array<std::string_view, 8> field_type_names{"string", "integer", "decimal", "money", "boolean", "time", "date", "list"};
constexpr Type field_type(int index) { return static_cast<Type>(static_cast<int>(Type::text) + index); }
constexpr std::string_view name_of_field_type(Type type) { return field_type_names[static_cast<size_t>(type) - static_cast<size_t>(Type::text)]; }

// {"name","kind":"customer|web|system","context":[{"code","name","type","personal"},…]}. A built-in event has its own context besides, and its
// kind need not be said. Errors: `bad_name`, `engine_event`, `missing_…`, `bad_value`, `duplicate`.
void read_event_definition(const Reading &reading, const Node &node, EventDefinition &definition);
// Those that are not in the list.
void add_built_in_events(std::vector<EventDefinition> &events);
void write_event_definition(JsonWriter &json, const EventDefinition &definition);

}  // namespace cartbell::codec
