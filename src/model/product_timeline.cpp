#include "model/product_timeline.hpp"

#include "model/field.hpp"

namespace cartbell {
namespace {

FactView fact_of(const Entry &entry) { return {&entry, entry.stamp.occurred_at, 0}; }

bool is_kept_by_whole(FieldId) { return false; }

bool speaks_of(const Operation &operation, std::initializer_list<FieldId> fields) {
    if (operation.whole) return true;
    for (const FieldId field : fields)
        if (operation.product.attributes.find(field) != nullptr) return true;
    return false;
}

// What the operation leaves of what it finds.
void pass(const Operation &operation, Price &price) {
    const Record &patch = operation.product.attributes;
    if (operation.whole) price = {};
    if (const Value *amount = patch.find(product_field::price)) price.amount = *amount;
    if (const Value *currency = patch.find(product_field::currency)) price.currency = currency->text;
}

void pass(const Operation &operation, Value &stock) {
    if (operation.whole) stock = {};
    if (const Value *said = operation.product.attributes.find(product_field::stock)) stock = *said;
}

bool differ(const Price &before, const Price &after) { return before.differs(after); }
bool differ(const Value &before, const Value &after) { return before != after; }

bool same(const Price &a, const Price &b) { return a.amount == b.amount && a.currency == b.currency; }
bool same(const Value &a, const Value &b) { return a == b; }

}  // namespace

// Facts above the new one are only looked at until one leaves what it left before.
template <typename Left>
void ProductTimeline::Course<Left>::insert(const FactView &fact) {
    auto at = left.emplace(fact, Left{}).first;
    Left found;
    if (at != left.begin()) found = std::prev(at)->second;
    for (bool is_new = true; at != left.end(); ++at, is_new = false) {
        Left leaves = found;
        pass(*at->first.entry->operation, leaves);
        if (differ(found, leaves))
            changes.insert(at->first);
        else
            changes.erase(at->first);
        if (!is_new && same(leaves, at->second)) return;
        at->second = leaves;
        found = std::move(leaves);
    }
}

ProductTimeline::ProductTimeline() : attributes_(not_of_a_product, is_kept_by_whole) {}

void ProductTimeline::insert(const Entry &entry) {
    const FactView fact = fact_of(entry);
    facts_.insert(fact);
    attributes_.note(fact);
    if (speaks_of(*entry.operation, {product_field::price, product_field::currency})) prices_.insert(fact);
    if (speaks_of(*entry.operation, {product_field::stock})) stocks_.insert(fact);
}

void ProductTimeline::add_attributes(const FactView &fact, Product &product) const {
    Record rest;
    if (attributes_.uncovered(fact, rest)) {
        merge_patch(product.record, rest);
        return;
    }
    std::erase_if(product.record.cells, [](const Record::Cell &cell) { return !not_of_a_product(cell.field); });
    product.record.customs.clear();
    auto next = facts_.begin();
    for (; next != facts_.end() && *next < fact; ++next) apply_attributes(product, *next->entry->operation);
    apply_attributes(product, *fact.entry->operation);
    for (; next != facts_.end(); ++next) apply_attributes(product, *next->entry->operation);
}

void ProductTimeline::add(const Entry &entry, Product &product) {
    if (applies_on_top(product, entry)) {
        apply_on_top(product, entry);
        return insert(entry);
    }
    const FactView fact = fact_of(entry);
    add_attributes(fact, product);
    insert(entry);
    const auto note_change = [&](FieldId field, const std::set<FactView> &changes) {
        if (!changes.empty()) product.record.set(field, Value::of_time(changes.rbegin()->at));
    };
    note_change(product_field::price_changed_at, prices_.changes);
    note_change(product_field::stock_changed_at, stocks_.changes);
    note_instants(product, entry.stamp.occurred_at);
    product.entries.add(entry.stamp.position);
}

}  // namespace cartbell
