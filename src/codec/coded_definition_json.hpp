// The elements of the settings that have a code, a name and little else: `containers`, `lists`, `channels`, `categories` (formats.md §0).
#pragma once

#include "codec/json_writer.hpp"
#include "codec/record_reader.hpp"

namespace cartbell::codec {

// {"code","name"}, of a category "kind" too, of a container "lifetime" and "merge". Without a name the code is its name. Errors: `missing_…`, `bad_code`, `bad_value`, `unknown_member`.
void read_definition(const Reading &reading, const Node &node, ListDefinition &definition);
void read_definition(const Reading &reading, const Node &node, ChannelDefinition &definition);
void read_definition(const Reading &reading, const Node &node, CategoryDefinition &definition);
void read_definition(const Reading &reading, const Node &node, ContainerDefinition &definition);

void write_definition(JsonWriter &json, const ListDefinition &definition);
void write_definition(JsonWriter &json, const ChannelDefinition &definition);
void write_definition(JsonWriter &json, const CategoryDefinition &definition);
void write_definition(JsonWriter &json, const ContainerDefinition &definition);

}  // namespace cartbell::codec
