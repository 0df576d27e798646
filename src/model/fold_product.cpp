#include <algorithm>

#include "model/field.hpp"
#include "model/fold_parts.hpp"

namespace cartbell {
namespace {

FactView fact_of(const Entry &entry) { return {&entry, entry.stamp.occurred_at, 0}; }

Value value_of(const Record &record, FieldId field) {
    const Value *value = record.find(field);
    return value != nullptr ? *value : Value{};
}

void note_instant(Record &record, FieldId field, Instant at, bool latest) {
    const Value *known = record.find(field);
    if (known == nullptr || (latest ? known->number < at : known->number > at)) record.set(field, Value::of_time(at));
}

void apply_fact(Product &product, const Entry &entry) {
    Record &record = product.record;
    const Price price(record);
    const Value stock = value_of(record, product_field::stock);
    const Instant at = entry.stamp.occurred_at;
    apply_attributes(product, *entry.operation);
    if (price.differs(Price(record))) record.set(product_field::price_changed_at, Value::of_time(at));
    if (stock != value_of(record, product_field::stock)) record.set(product_field::stock_changed_at, Value::of_time(at));
    note_instants(product, at);
    product.entries.add(entry.stamp.position);
}

}  // namespace

bool not_of_a_product(FieldId field) { return field == product_field::product_id || system_fields(Object::product)[field].computed; }

Price::Price(const Record &record) : amount(value_of(record, product_field::price)), currency(record.text(product_field::currency)) {}

bool Price::differs(const Price &other) const {
    if (amount != other.amount) return true;
    return !amount.missing() && !currency.empty() && !other.currency.empty() && currency != other.currency;
}

void apply_attributes(Product &product, const Operation &operation) {
    Record &record = product.record;
    if (operation.whole) {
        std::erase_if(record.cells, [](const Record::Cell &cell) { return !not_of_a_product(cell.field); });
        record.customs.clear();
    }
    Record spare;
    merge_patch(record, patch_without(operation.product.attributes, spare, not_of_a_product));
    record.set(product_field::product_id, Value::of_text(operation.product.product_id));
}

void note_instants(Product &product, Instant at) {
    note_instant(product.record, product_field::created_at, at, false);
    note_instant(product.record, product_field::updated_at, at, true);
}

bool applies_on_top(const Product &product, const Entry &entry) {
    return product.entries.empty() || fact_of(entry).above(product.newest);
}

void apply_on_top(Product &product, const Entry &entry) {
    apply_fact(product, entry);
    fact_of(entry).store(product.newest);
}

Product fold_product(std::span<const Entry> entries) {
    std::vector<FactView> facts;
    for (const Entry *entry : distinct_entries(entries)) facts.push_back(fact_of(*entry));
    std::sort(facts.begin(), facts.end());
    Product product;
    for (const FactView &fact : facts) apply_fact(product, *fact.entry);
    if (!facts.empty()) facts.back().store(product.newest);
    return product;
}

}  // namespace cartbell
