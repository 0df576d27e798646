// A container: one customer's product list, the fold of its facts (formats.md §1 "container", §5 "Container", "Item").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/zone.hpp"
#include "model/claim.hpp"
#include "model/fold.hpp"

namespace cartbell {

// What the settings that a fact entered under say of the container.
struct ContainerRule {
    Joining joining = Joining::quantities_add;
    std::optional<Duration> lifetime;  // none: for ever
    const Zone *zone = nullptr;        // the shop's, for lifetimes of months
};

struct Container {
    std::string code;
    std::vector<Record> items;          // Object::item, each product once, in the order they came in
    Instant created_at = no_instant;    // since it was last empty; none while it is
    Instant changed_at = no_instant;    // what is in it, or how much of it
    FactKey newest;                     // of its facts, and of the claims and merges by which others became one with it
    int64_t facts = 0;                  // its operations: its version. Without any there is no container

    const Record *find(std::string_view product_id) const;
};

// One fact about a container: an operation of its own, or an order that empties the cart.
struct ContainerFact {
    FactKey key;              // trust is equal
    const Operation *operation = nullptr;  // not owned
    ContainerRule rule;
    std::vector<Step> joins;  // what makes it the customer's only later (model/claim.hpp)
};

// A fact of the customer's own, above all others.
// - add: so many pieces more; a product that is new keeps the instant and the price as `added_at` and `price_then`.
// - set: so many; remove: so many less, or all; replace: the whole content. Products that stay keep both.
// - clear, and an order: nothing is left.
// What `lifetime` ended before the fact is gone.
void apply_on_top(Container &container, const ContainerFact &fact);
// All facts that lead to the customer, any sequence. "Containers of both sides are folded to the merge's instant, combined by the container's
// rule, and go on as one." An order empties the cart once, with the least of its facts among these.
Container fold_container(std::string_view code, std::vector<ContainerFact> facts);

// "emptied `lifetime` after `changed_at`"
void expire(Container &container, const ContainerRule &rule, Instant now);

// What is in both afterwards. What is in `from` alone comes in as it is.
void combine(Container &into, const Container &from, Joining joining);

int64_t pieces_of(const Record &item);  // in millionths; one piece if nothing is said

// "quantity x `price_then`", or x another price
Value amount_of(const Record &item, const Value &price_of_one);

struct ContainerTotals {
    int64_t quantity_e6 = 0;
    Value total, total_now;  // money, in the currency of the first item that has a price; what has another is not in it. 0 without any
};
ContainerTotals totals_of(const Container &container);

// container.item_added, container.item_removed, container.changed {container product_id quantity price}, container.cleared {container}: what the
// operation changed. quantity: the pieces that came or went; of `changed` those there are now.
std::vector<DomainEvent> changes_between(const Container &before, const Container &after, const Operation &cause);

}  // namespace cartbell
