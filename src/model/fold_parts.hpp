// What folding one fact into an order consists of, for fold.cpp and timeline.cpp. Private to the fold.
#pragma once

#include <array>

#include "model/fact_view.hpp"

namespace cartbell {

// The facts of one entry, in key order.
struct OrderFacts {
    std::array<FactView, 4> facts;
    size_t count = 0;
    const FactView *begin() const { return facts.data(); }
    const FactView *end() const { return facts.data() + count; }
    void add(const FactView &fact) {
        size_t at = count++;
        for (; at > 0 && fact < facts[at - 1]; --at)
            facts[at] = facts[at - 1];
        facts[at] = fact;
    }
};
OrderFacts facts_of(const Entry &entry);

// An object fact (part 0): each of them reads and changes its own members of the order.
void apply_attributes(Order &order, const FactView &fact);  // record, sent_placed_at, other_currencies
void apply_lines(Order &order, const FactView &fact);
void apply_payments(Order &order, const FactView &fact);
void apply_owner(Order &order, const FactView &fact);       // only of a fact that names a customer
// Any other fact: status and history.
void apply_status(Order &order, const FactView &fact);

bool says_of_the_order(const Operation &operation);         // attributes, lines or payments
bool kept_by_whole(FieldId field);
bool not_of_a_patch(FieldId field);  // an order's patch never sets it

// What the sequence of facts has no part in.
void note_update(Order &order, Instant at);
void count_entry(Order &order, const Entry &entry);
void fill_defaults(Order &order);  // `placed_at` and `source` where nobody said them (formats.md §1)

}  // namespace cartbell
