#include "codec/coded_definition_json.hpp"

#include "base/text.hpp"

namespace cartbell::codec {
namespace {

// True of the members that all of them have.
template <typename Definition>
bool read_named(const Reading &reading, const Node &member, Definition &definition) {
    if (member.key() == "name") {
        if (reading.expect(member, Kind::string)) definition.name = member.text();
        return true;
    }
    if (member.key() != "code") return false;
    if (!reading.expect(member, Kind::string)) return true;
    if (is_code(member.text()))
        definition.code = member.text();
    else
        reading.fail(member, "bad_code", "a code is [a-z0-9][a-z0-9_-]{0,63}");
    return true;
}

template <typename Definition>
void finish_named(const Reading &reading, const Node &node, Definition &definition) {
    if (reading.tree.find(node, "code") == nullptr) reading.missing(node, "code");
    if (definition.name.empty()) definition.name = definition.code;
}

template <typename Definition>
void read_plain(const Reading &reading, const Node &node, Definition &definition) {
    constexpr std::array<std::string_view, 2> known{"code", "name"};
    for (const Node &member : children(reading.tree, node))
        if (!read_named(reading, member, definition)) reading.unknown(member, known);
    finish_named(reading, node, definition);
}

template <typename Definition>
JsonWriter &write_named(JsonWriter &json, const Definition &definition) {
    return json.open('{').key("code").text(definition.code).key("name").text(definition.name);
}

}  // namespace

void read_definition(const Reading &reading, const Node &node, ListDefinition &definition) { read_plain(reading, node, definition); }
void read_definition(const Reading &reading, const Node &node, ChannelDefinition &definition) { read_plain(reading, node, definition); }

void read_definition(const Reading &reading, const Node &node, CategoryDefinition &definition) {
    constexpr std::array<std::string_view, 3> known{"code", "name", "kind"};
    bool has_kind = false;
    for (const Node &member : children(reading.tree, node)) {
        if (member.key() == "kind") {
            has_kind = true;
            if (const int kind = one_of(reading, member, category_kind_names); kind >= 0) definition.kind = static_cast<CategoryKind>(kind);
        } else if (!read_named(reading, member, definition)) {
            reading.unknown(member, known);
        }
    }
    if (!has_kind) reading.missing(node, "kind");
    finish_named(reading, node, definition);
}

void read_definition(const Reading &reading, const Node &node, ContainerDefinition &definition) {
    constexpr std::array<std::string_view, 4> known{"code", "name", "lifetime", "merge"};
    for (const Node &member : children(reading.tree, node)) {
        if (member.key() == "lifetime") {
            if (member.kind == Kind::null || !reading.expect(member, Kind::string)) continue;
            const Result<Duration> lifetime = parse_duration(member.text());
            if (!lifetime.ok())
                reading.fail(member, lifetime.error());
            else if (lifetime->count <= 0)
                reading.fail(member, "out_of_range", "a lifetime is longer than nothing");
            else
                definition.lifetime = *lifetime;
        } else if (member.key() == "merge") {
            if (const int joining = one_of(reading, member, joining_names); joining >= 0) definition.joining = static_cast<Joining>(joining);
        } else if (!read_named(reading, member, definition)) {
            reading.unknown(member, known);
        }
    }
    finish_named(reading, node, definition);
}

void write_definition(JsonWriter &json, const ListDefinition &definition) { write_named(json, definition).close('}'); }
void write_definition(JsonWriter &json, const ChannelDefinition &definition) { write_named(json, definition).close('}'); }
void write_definition(JsonWriter &json, const CategoryDefinition &definition) {
    write_named(json, definition).key("kind").text(category_kind_names[static_cast<size_t>(definition.kind)]).close('}');
}
void write_definition(JsonWriter &json, const ContainerDefinition &definition) {
    write_named(json, definition);
    if (definition.lifetime) json.key("lifetime").text(format_duration(*definition.lifetime));
    json.key("merge").text(joining_names[static_cast<size_t>(definition.joining)]).close('}');
}

}  // namespace cartbell::codec
