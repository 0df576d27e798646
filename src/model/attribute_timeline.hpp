// Which fact of an object was the last to say what of its attributes: what a late fact still changes follows from that.
#pragma once

#include <map>
#include <string_view>

#include "model/fact_view.hpp"

namespace cartbell {

// Newer than `b`, which may be none (entry null).
inline bool is_newer(const FactView &a, const FactView &b) { return a.entry != nullptr && (b.entry == nullptr || b < a); }

// The patch of the object that the operation is about.
const Record &attributes_of(const Operation &operation);

class AttributeTimeline {
  public:
    using Fields = bool (*)(FieldId);
    // `refused`: fields that no patch sets. `kept_by_whole`: fields that `whole` does not clear.
    AttributeTimeline(Fields refused, Fields kept_by_whole) : refused_(refused), kept_by_whole_(kept_by_whole) {}
    // A fact of the object, newer or older than those before. Its entry lives as long as this does.
    void note(const FactView &fact);
    // What a late fact says that no newer one covers: patching the object with it is what folding the fact in at its place does. False: that
    // cannot be told member by member (it clears many, or objects merge), the attributes must be folded anew.
    bool uncovered(const FactView &fact, Record &rest) const;
    const FactView &newest_whole() const { return whole_; }
    // The newest fact that names the field; none: entry is null.
    FactView newest_naming(FieldId field) const;

  private:
    Fields refused_, kept_by_whole_;
    FactView whole_;
    std::map<FieldId, FactView> cells_;
    std::map<std::string_view, FactView> customs_;  // "": the newest that cleared all custom fields (`"fields":null`)
};

}  // namespace cartbell
