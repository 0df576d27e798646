// The fold: facts in key order make the state. Nothing else does.
#pragma once

#include <span>
#include <vector>

#include "model/customer.hpp"
#include "model/operation.hpp"
#include "model/order.hpp"

namespace cartbell {

struct Entry {
    Stamp stamp;
    const Operation *operation = nullptr;  // not owned
};

// True if every fact of the entry sorts above order.newest, so that it can be applied on top; else the order must be refolded.
bool applies_on_top(const Order &order, const Entry &entry);
void apply_on_top(Order &order, const Entry &entry);
// All entries of one order, any sequence. Byte for byte what applying them one by one in any order gives (property test).
Order fold_order(std::span<const Entry> entries);

bool applies_on_top(const Customer &customer, const Entry &entry);
void apply_on_top(Customer &customer, const Entry &entry);
Customer fold_customer(std::span<const Entry> entries);

// What changed between two states of one order: order.created, order.status_changed, order.lines_changed, order.updated.
std::vector<DomainEvent> changes_between(const Order *before, const Order &after);
// Dotted paths of profile attributes that differ.
bool same_facts(const Customer &before, const Customer &after);

// Warnings that follow from the state: total_mismatch, second_currency (formats.md §1 "Result").
std::vector<Note> notes_on(const Order &order);

}  // namespace cartbell
