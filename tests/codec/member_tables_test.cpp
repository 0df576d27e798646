// The codec's tables of members are written by hand, for speed; model/field.hpp is what they must say.
#include "codec/order_reader.hpp"
#include "door.hpp"

using namespace cartbell;
using namespace cartbell::test;

TEST_CASE("every system field is a member of its object's JSON, under its path") {
    for (const Object object : {Object::order, Object::line, Object::payment, Object::customer, Object::product, Object::item}) {
        const std::span<const Field> fields = system_fields(object);
        std::vector<int> seen(fields.size(), 0);
        for (const codec::KnownPath &known : codec::known_paths(object)) {
            const std::optional<FieldId> field = find_field(object, known.path);
            if (!field) continue;  // reached, history, version: no cells
            CHECK_MESSAGE(*field == known.field, known.path);
            ++seen[known.field];
        }
        for (size_t i = 0; i < fields.size(); ++i)
            CHECK_MESSAGE(seen[i] == 1, fields[i].path);
    }
}

TEST_CASE("exactly the fields that formats.md marks C are refused as computed") {
    for (const Field &field : system_fields(Object::order)) {
        const std::string path(field.path);
        if (path.find('.') != std::string::npos || path == "order_id") continue;
        const std::vector<std::string> errors = errors_of(order_json("\"" + path + "\":null"));
        CHECK_MESSAGE(errors == (field.computed ? Errors{"computed /order/" + path} : Errors{}), path);
    }
}
