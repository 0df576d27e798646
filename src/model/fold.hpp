// The fold: facts in key order make the state. Nothing else does.
#pragma once

#include <span>
#include <vector>

#include "model/customer.hpp"
#include "model/operation.hpp"
#include "model/order.hpp"
#include "model/product.hpp"

namespace cartbell {

struct Entry {
    Stamp stamp;
    const Operation *operation = nullptr;  // not owned
};

// How one fact changes an order (formats.md §1):
// - The object fact patches attributes (RFC 7396). `lines` replaces the composition, then `line_changes` merge
//   into single lines, create them at the end, and removing what is not there does nothing; payments alike.
// - `whole` first clears attributes, custom fields, lines and payments, but neither statuses nor placed_at.
//   `line_changes` beside it do not name `lines`: they start from an empty composition, so the result depends
//   on this operation alone.
// - A status fact adds a history row when the code really changes; null clears the code, with a row to "".
// - The owner is of the object facts alone: a status's own time does not carry an order to another customer.
//
// True if every fact of the entry sorts above order.newest, so that it can be applied on top; else the order
// must be refolded.
bool applies_on_top(const Order &order, const Entry &entry);
void apply_on_top(Order &order, const Entry &entry);
// A late entry, of an order that has some. Mostly the state alone tells what comes out: statuses between others, attributes where there are
// none. True: it was folded in as a refold would. False: nothing was done, the order's other entries must be asked.
bool apply_out_of_order(Order &order, const Entry &entry);
// All entries of one order, any sequence. Byte for byte what applying them one by one in any order gives
// (property test).
Order fold_order(std::span<const Entry> entries);

// Kinds of identities, a bit each.
using Kinds = uint8_t;
constexpr Kinds bit(IdentityKind kind) { return static_cast<Kinds>(1u << static_cast<unsigned>(kind)); }

// A customer without entries yet.
Customer new_customer(const Identity &root);
// Of what the entry carries, the kinds it would put another identity in force of, were it not for the customer's events: the caller looks for
// an event of the same trust above the entry that carries one of the kind, and says by `covered` for which there is one.
Kinds asks_events(const Customer &customer, const Entry &entry);
// An event of the customer's: true if it told anything new. It may come in any sequence.
bool note_event(Customer &customer, const Entry &event, Kinds covered);
// Entries but events.
bool applies_on_top(const Customer &customer, const Entry &entry);
void apply_on_top(Customer &customer, const Entry &entry, Kinds covered = 0);
// A late entry, of a customer that has some. Most tell nothing new of it, as orders do: true, it was folded in as a refold would. False: nothing
// was done, the customer's other entries must be asked.
bool apply_out_of_order(Customer &customer, const Entry &entry);
// All entries that lead to `root`, events too, any sequence.
Customer fold_customer(const Identity &root, std::span<const Entry> entries);

// A product's fact patches attributes (RFC 7396); `whole` first clears them. created_at and updated_at are the least and the greatest instant of
// its facts; price_changed_at and stock_changed_at that of the newest fact that left another value than it found (a first or a cleared one is
// another, too): since then the present one holds.
bool applies_on_top(const Product &product, const Entry &entry);
void apply_on_top(Product &product, const Entry &entry);
Product fold_product(std::span<const Entry> entries);

// What changed between two states of one order. `before` null: order.created, and order.status_changed for
// each status it has. Else order.status_changed by the codes now (what went into history only says nothing),
// order.lines_changed {added removed changed} with line ids, order.updated {paths}: attributes,
// fields.<code>, `payments`, `lines` (only their sequence differs), `customer` (another owner),
// status.<set>.at (the same code since another instant). Computed fields are no change. Empty: the operation
// changed nothing.
std::vector<DomainEvent> changes_between(const Order *before, const Order &after);

// What domain events tell of a product: missing where nobody said it. The price with its currency, the product's or else the shop's.
struct Offer {
    Value price, stock;
};
Offer offer_of(const Product &product, const Settings &settings);
// product.price_changed, product.stock_changed {product_id from to percent}: nothing of a first one; `to` is missing of one that was taken away.
// No percent without `to`, from 0, or between two currencies.
std::vector<DomainEvent> changes_between(const Offer &before, const Offer &after, std::string_view product_id);

// True if profile, identities, lists, consents and created_at are the same.
bool same_facts(const Customer &before, const Customer &after);

// Warnings that follow from the state: total_mismatch, second_currency (formats.md §1 "Result").
std::vector<Note> notes_on(const Order &order);

}  // namespace cartbell
