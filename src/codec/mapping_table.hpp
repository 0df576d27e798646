// The mapping table: how the documents of others become operations. docs/mapping.md says the language.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "base/status.hpp"
#include "codec/node_ref.hpp"

namespace cartbell::codec {

// The formats of one text: {"format":…} or an array of these. Checked once, so that whoever works with it
// need not.
class MappingTable {
  public:
    // Errors: `bad_table` with a pointer into the table, and those of read_document.
    static Result<MappingTable> read(std::string_view json, const Limits &limits);
    NodeRef format(std::string_view name) const;  // nothing if it has none of that name
    void append_names(std::vector<std::string_view> &names) const;

  private:
    NodeRef root() const { return {&document_.tree, &document_.root()}; }
    Document document_;
};

// The table of Cartbell, a text a format.
std::vector<std::string_view> built_in_mapping_names();
std::string_view built_in_mapping(std::string_view format);  // "" of one that is not built in

// One format as a call sees it: the host's above the built-in one.
struct MappingFormat {
    NodeRef own, built_in;  // either may be nothing
    // A member that one of them says, the host's first; nothing if neither does.
    NodeRef member(std::string_view name) const;
    NodeRef part(std::string_view name) const;
};

}  // namespace cartbell::codec
