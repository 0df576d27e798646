// What a mapping tells beside its operations: where they came from, what was left, what they need of the
// settings.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/mapped_value.hpp"
#include "codec/mapping_path.hpp"

namespace cartbell::codec {

class MappingReport {
  public:
    explicit MappingReport(NodeRef known_statuses) : known_statuses_(known_statuses) {}
    void mapped(NodeRef document, std::string_view rule, size_t operations) {
        mapped_.push_back({document, rule, operations});
    }
    void unmapped(NodeRef document) { unmapped_.push_back(document); }
    // Looks for the statuses and custom fields of an operation.
    void add_needs(const MappedValue &operation);
    // names: of the codes of custom fields and statuses, as they were called. most: ignored pointers, at
    // most.
    std::string json(const ReadMarks &marks, const std::map<std::string, std::string> &names,
                     size_t most) const;

  private:
    struct Mapped {
        NodeRef document;
        std::string_view rule;
        size_t operations;
    };
    void add_fields(std::string_view of, const MappedValue *fields);
    void append_statuses(std::string &out, const std::map<std::string, std::string> &names) const;
    void append_fields(std::string &out, const std::map<std::string, std::string> &names) const;

    NodeRef known_statuses_;  // of the format's table; may be nothing
    std::vector<Mapped> mapped_;
    std::vector<NodeRef> unmapped_;
    std::set<std::pair<std::string, std::string>> statuses_;                  // set, code
    std::map<std::pair<std::string, std::string>, std::string_view> fields_;  // object, code: type
    std::vector<std::pair<std::string, std::string>> field_order_;
};

}  // namespace cartbell::codec
