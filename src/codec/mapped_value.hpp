// What a mapping makes: a JSON value under construction that knows where it came from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codec/node_ref.hpp"

namespace cartbell::codec {

struct MappedValue {
    // Numbers are kept by their text; json is a value as it stands.
    enum class Kind : uint8_t { missing, text, number, boolean, list, object, json };
    Kind kind = Kind::missing;
    std::string text;                // text, number, "true" or "false", json
    NodeRef from;                    // for the pointers of errors; nothing if it was made of several
    std::vector<std::string> names;  // object: of its items
    std::vector<MappedValue> items;  // list, object

    // Defined where MappedValue is complete: clang 14 asks for that in C++20's vector.
    MappedValue();
    MappedValue(Kind is, std::string says, NodeRef source = {});
    MappedValue(const MappedValue &);
    MappedValue(MappedValue &&) noexcept;
    MappedValue &operator=(const MappedValue &);
    MappedValue &operator=(MappedValue &&) noexcept;
    ~MappedValue();

    static MappedValue of_scalar(NodeRef scalar);  // missing if it is absent
    static MappedValue list();
    static MappedValue object();
    bool missing() const { return kind == Kind::missing; }
    bool scalar() const { return kind == Kind::text || kind == Kind::number || kind == Kind::boolean; }
    const MappedValue *find(std::string_view name) const;  // of an object; null if it has none
    void put(std::string_view name, MappedValue value);    // replaces; a missing value puts nothing
};

void append_mapped(std::string &out, const MappedValue &value);  // as JSON; missing is null

}  // namespace cartbell::codec
