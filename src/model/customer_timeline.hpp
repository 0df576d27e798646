// The facts of one customer: late ones are put among them without folding everything anew each time (as timeline.hpp does for orders).
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "model/attribute_timeline.hpp"

namespace cartbell {

class CustomerTimeline {
  public:
    // Of all entries there are so far, any sequence, each (source, id) once. They and their operations live as long as the timeline.
    template <typename Entries>
    explicit CustomerTimeline(const Entries &entries) : CustomerTimeline() {
        for (const Entry &entry : entries) note(entry);
    }
    // `customer` is the fold of the entries so far, and then of this one too.
    void add(const Entry &entry, Customer &customer, Kinds covered = 0);  // as apply_on_top
    void finish(Customer &) {}  // nothing is put off

  private:
    CustomerTimeline();
    void note(const Entry &entry);
    void add_profile(const FactView &fact, Customer &customer) const;

    std::map<FactView, const Operation *> profiles_;  // of customer operations
    AttributeTimeline attributes_;                    // of those
    std::map<std::string_view, FactKey> listed_;      // the newest that speaks of the list
};

}  // namespace cartbell
