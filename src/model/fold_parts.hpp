// What folding one fact into an object consists of, for the folds and the timelines. Private to them.
#pragma once

#include <array>

#include "model/fact_view.hpp"

namespace cartbell {

// The facts of one entry, in key order.
struct KeyedFacts {
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
KeyedFacts facts_of(const Entry &entry);

// An object fact (part 0): each of them reads and changes its own members of the order.
void apply_attributes(Order &order, const FactView &fact);  // record, sent_placed_at, other_currencies
void patch_attributes(Order &order, const Record &patch);   // the same of a part of what a fact says
void note_other_currency(Order &order, const std::string &currency);  // it was the order's, and is not
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


// ---- customers

FieldId field_of(IdentityKind kind);
bool not_of_a_profile(FieldId field);  // a profile's patch never sets it
void apply_profile(Customer &customer, const Operation &operation);
void apply_list(Customer &customer, const ListChange &change);
void apply_consent(Customer &customer, const Entry &entry);  // of any age: the sequence of these facts has no part in it
void add_sorted(std::vector<Identity> &identities, const Identity &identity);
bool note_created(Customer &customer, Instant at);  // whether it is earlier than all before
// An entry but an event: it is known by its first identity, and of each kind the newest one that carried it puts its own in force.
void carry_identities(Customer &customer, const FactView &fact, Kinds covered);
void set_newest(Customer &customer, const FactView &fact);
// "at most one of a kind": but what a journal holds may be older than the rule
template <typename Take>
void each_identity_in_force(const std::vector<Identity> &sent, Take &&take) {
    for (size_t i = 0; i < sent.size(); ++i) {
        bool is_first = true;
        for (size_t earlier = 0; earlier < i; ++earlier) is_first &= sent[earlier].kind != sent[i].kind;
        if (is_first) take(sent[i]);
    }
}

// ---- products

bool not_of_a_product(FieldId field);  // a product's patch never sets it
void apply_attributes(Product &product, const Operation &operation);
void note_instants(Product &product, Instant at);  // created_at and updated_at

// What the price was, to see whether a fact changed it. The same amount is another price only where one currency takes another's place:
// a shop that begins to name the currency it always had changes no price.
struct Price {
    Value amount;
    std::string currency;

    Price() = default;
    explicit Price(const Record &record);
    bool differs(const Price &other) const;
};

}  // namespace cartbell
