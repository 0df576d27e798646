// The facts of one order in key order: late facts are put among them without folding everything anew each time.
#pragma once

#include <array>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "model/fold.hpp"
#include "model/fact_view.hpp"

namespace cartbell {

// A late fact mostly changes little: newer ones say the same members again, and the statuses of now follow from the end. So each part of an
// order is only folded anew when the fact reaches into it: attributes when nothing newer covers it, lines and payments from the newest fact
// that replaced them on. The plain fold (fold_order) says what must come out.
class OrderTimeline {
  public:
    // Of all entries there are so far, any sequence, each (source, id) once. They and their operations live as long as the timeline.
    template <typename Entries>
    explicit OrderTimeline(const Entries &entries) {
        for (const Entry &entry : entries) add_facts(entry);
        index();
    }
    // `order` is the fold of the entries so far, and then of this one too, but for its history: finish() writes that.
    void add(const Entry &entry, Order &order);
    void finish(Order &order) const;

  private:
    // The newest fact that speaks of something; none: entry is null.
    static bool is_newer(const FactView &a, const FactView &b) { return a.entry != nullptr && (b.entry == nullptr || b < a); }

    void add_facts(const Entry &entry);
    void index();
    void note_writes(const FactView &fact);
    bool covered(const FactView &fact) const;
    bool source_said() const;
    void add_object(const FactView &fact, Order &order);
    void fold_attributes(Order &order);
    void set_status(Order &order, size_t set) const;

    std::vector<FactView> objects_;                  // ascending, as are the others
    std::array<std::vector<FactView>, 3> statuses_;  // by set
    FactView least_;
    FactView whole_, lines_, payments_, owner_;      // the newest that clears all, replaces the lines, the payments, names a customer
    std::map<FieldId, FactView> cells_;              // the newest that names a field; of a custom one, its code ("" : `"fields":null`)
    std::map<std::string_view, FactView> customs_;
};

}  // namespace cartbell
