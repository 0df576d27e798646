// The facts of one order in key order: late facts are put among them without folding everything anew each time.
#pragma once

#include <array>
#include <vector>

#include "model/attribute_timeline.hpp"

namespace cartbell {

// A late fact mostly changes little: newer ones say the same members again, and the statuses of now follow from the end. So only that is done
// to an order which newer facts do not cover; lines and payments are folded anew from the newest fact that replaced them on. The plain fold
// (fold_order) says what must come out.
class OrderTimeline {
  public:
    // Of all entries there are so far, any sequence, each (source, id) once. They and their operations live as long as the timeline.
    template <typename Entries>
    explicit OrderTimeline(const Entries &entries) : OrderTimeline() {
        for (const Entry &entry : entries) add_facts(entry);
        sort();
    }
    // `order` is the fold of the entries so far, and then of this one too, but for its history: finish() writes that.
    void add(const Entry &entry, Order &order);
    void finish(Order &order);

  private:
    OrderTimeline();
    void add_facts(const Entry &entry);
    void sort();
    void note_writes(const FactView &fact);
    bool source_said() const;
    void add_object(const FactView &fact, Order &order);
    void fold_attributes(Order &order);
    void set_status(Order &order, size_t set) const;

    std::vector<FactView> objects_;                  // ascending, as are the others
    std::array<std::vector<FactView>, 3> statuses_;  // by set
    FactView least_;
    AttributeTimeline attributes_;
    FactView lines_, payments_, owner_;              // the newest that replaces the lines, the payments, names a customer
    bool unfinished_ = false;                        // a status was said since the history was written
};

}  // namespace cartbell
