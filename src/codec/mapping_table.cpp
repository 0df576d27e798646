#include "codec/mapping_table.hpp"

#include "codec/mapping_check.hpp"

namespace cartbell::codec {

Result<MappingTable> MappingTable::read(std::string_view json, const Limits &limits) {
    MappingTable table;
    CARTBELL_ASSIGN(table.document_, read_document(json, limits.mapping_table_bytes, limits.predicate_depth));
    const NodeRef root = table.root();
    if (!root.is(Kind::array)) {
        CARTBELL_TRY(check_mapping_format(root));
        return table;
    }
    for (const Node &format : root.elements())
        CARTBELL_TRY(check_mapping_format(root.of(format)));
    return table;
}

NodeRef MappingTable::format(std::string_view name) const {
    if (!root().is(Kind::array)) return root().find("format").text() == name ? root() : NodeRef{};
    for (const Node &format : root().elements())
        if (root().of(format).find("format").text() == name) return root().of(format);
    return {};
}

void MappingTable::append_names(std::vector<std::string_view> &names) const {
    if (!root().is(Kind::array)) return names.push_back(root().find("format").text());
    for (const Node &format : root().elements())
        names.push_back(root().of(format).find("format").text());
}

NodeRef MappingFormat::member(std::string_view name) const {
    const NodeRef found = own.find(name);
    return found ? found : built_in.find(name);
}

NodeRef MappingFormat::part(std::string_view name) const {
    const NodeRef found = own.find("parts").find(name);
    return found ? found : built_in.find("parts").find(name);
}

}  // namespace cartbell::codec
