#include "model/timeline.hpp"

#include <algorithm>
#include <utility>

#include "model/field.hpp"
#include "model/fold_parts.hpp"

namespace cartbell {
namespace {

void insert(std::vector<FactView> &facts, const FactView &fact) { facts.insert(std::upper_bound(facts.begin(), facts.end(), fact), fact); }

const std::string &code_of(const FactView &fact, size_t set) { return fact.entry->operation->order.status[set].code; }

bool replaces(const ListPatch &patch, bool whole) { return patch.replaces || whole; }

// Folds one list anew, from the fact that replaced it last (or from the first) on.
template <typename Apply>
void fold_list(const std::vector<FactView> &objects, const FactView &from, Order &order, Apply &&apply) {
    auto at = from.entry != nullptr ? std::lower_bound(objects.begin(), objects.end(), from) : objects.begin();
    for (; at != objects.end(); ++at) apply(order, *at);
}

}  // namespace

OrderTimeline::OrderTimeline() : attributes_(not_of_a_patch, kept_by_whole) {}

void OrderTimeline::add_facts(const Entry &entry) {
    for (const FactView &fact : facts_of(entry)) {
        (fact.part == 0 ? objects_ : statuses_[fact.part - 1u]).push_back(fact);
        if (least_.entry == nullptr || fact < least_) least_ = fact;
    }
}

void OrderTimeline::sort() {
    std::sort(objects_.begin(), objects_.end());
    for (auto &facts : statuses_) std::sort(facts.begin(), facts.end());
    for (const FactView &fact : objects_) note_writes(fact);
}

void OrderTimeline::note_writes(const FactView &fact) {
    const Operation &operation = *fact.entry->operation;
    const auto note = [&](FactView &newest) {
        if (is_newer(fact, newest)) newest = fact;
    };
    if (replaces(operation.order.lines, operation.whole)) note(lines_);
    if (replaces(operation.order.payments, operation.whole)) note(payments_);
    if (!operation.customer.empty()) note(owner_);
    attributes_.note(fact);
}

bool OrderTimeline::source_said() const {
    const FactView newest = attributes_.newest_naming(order_field::source);
    if (newest.entry == nullptr || is_newer(attributes_.newest_whole(), newest)) return false;
    return !newest.entry->operation->order.attributes.find(order_field::source)->missing();
}

void OrderTimeline::fold_attributes(Order &order) {
    std::erase_if(order.record.cells,
                  [](const Record::Cell &cell) { return cell.field != order_field::updated_at && cell.field != order_field::received_at; });
    order.record.customs.clear();
    order.other_currencies.clear();
    order.sent_placed_at = no_instant;
    for (const FactView &fact : objects_) apply_attributes(order, fact);
}

void OrderTimeline::add_object(const FactView &fact, Order &order) {
    const Operation &operation = *fact.entry->operation;
    const bool on_top = objects_.empty() || objects_.back() < fact;
    insert(objects_, fact);
    if (on_top) {
        note_writes(fact);
        apply_attributes(order, fact);
        apply_lines(order, fact);
        apply_payments(order, fact);
        if (!operation.customer.empty()) apply_owner(order, fact);
        return;
    }
    Record rest;
    const bool told = attributes_.uncovered(fact, rest);
    note_writes(fact);
    if (told) {
        patch_attributes(order, rest);
        const Value *currency = operation.order.attributes.find(order_field::currency);  // the order's for a time, if it is not now
        if (currency != nullptr && !currency->missing() && currency->text != order.record.text(order_field::currency))
            note_other_currency(order, currency->text);
    } else {
        fold_attributes(order);
    }
    const auto says = [&](const ListPatch &patch) { return replaces(patch, operation.whole) || !patch.changes.empty(); };
    if (says(operation.order.lines) && !is_newer(lines_, fact)) {
        order.lines.edit().clear();
        fold_list(objects_, lines_, order, apply_lines);
    }
    if (says(operation.order.payments) && !is_newer(payments_, fact)) {
        order.payments.edit().clear();
        fold_list(objects_, payments_, order, apply_payments);
    }
    if (owner_.entry != nullptr) apply_owner(order, owner_);
}

// The status of now: the code of the newest fact, since the first of those at the end that all say it.
void OrderTimeline::set_status(Order &order, size_t set) const {
    const std::vector<FactView> &facts = statuses_[set];
    StatusNow &now = order.status[set];
    now = {};
    if (facts.empty()) return;
    const std::string &code = code_of(facts.back(), set);
    size_t first = facts.size() - 1;
    while (first > 0 && code_of(facts[first - 1], set) == code) --first;
    if (first == 0 && code.empty()) return;  // cleared before it was ever set
    now.code = code;
    now.at = facts[first].at;
    if (first > 0) now.previous = code_of(facts[first - 1], set);
}

void OrderTimeline::add(const Entry &entry, Order &order) {
    for (const FactView &fact : facts_of(entry)) {
        if (least_.entry == nullptr || fact < least_) {
            least_ = fact;
            order.first_source = entry.operation->source;
        }
        if (fact.part == 0) {
            add_object(fact, order);
        } else {
            insert(statuses_[fact.part - 1u], fact);
            set_status(order, fact.part - 1u);
            unfinished_ = true;
        }
        note_update(order, fact.at);
        if (fact.above(order.newest)) fact.store(order.newest);
    }
    count_entry(order, entry);
    if (!source_said()) order.record.erase(order_field::source);  // the default may be another now
    fill_defaults(order);
}

void OrderTimeline::finish(Order &order) {
    if (!std::exchange(unfinished_, false)) return;
    std::vector<FactView> facts;
    for (const auto &of_set : statuses_) facts.insert(facts.end(), of_set.begin(), of_set.end());
    std::sort(facts.begin(), facts.end());
    order.history.edit().clear();
    order.status = {};
    for (const FactView &fact : facts) apply_status(order, fact);
}

}  // namespace cartbell
