// Operations and entries in a line each, for the tests of the fold.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "model/field.hpp"
#include "model/fold.hpp"

namespace cartbell::test {

inline constexpr Instant day_one = 1'767'225'600 * second_us;  // 2026-01-01T00:00:00Z
inline Instant hour(int64_t count) {
    return day_one + count * 3600 * second_us;
}

// Owns operations (at stable places) and the entries over them, in the sequence they arrived.
struct Journal {
    std::deque<Operation> operations;
    std::vector<Entry> entries;

    // A trusted operation of source "shop" that happened at hour(`at`) and arrived as the next one.
    Operation &add(OperationType type, Instant at) {
        Operation &operation = operations.emplace_back();
        operation.type = type;
        operation.id = "op-" + std::to_string(operations.size());
        operation.source = "shop";
        operation.order.order_id = "1";
        operation.product.product_id = "SKU-9";
        operation.occurred_at = at;
        Entry &entry = entries.emplace_back();
        entry.operation = &operation;
        entry.stamp.position = static_cast<int64_t>(entries.size());
        entry.stamp.received_at = at + entry.stamp.position;
        entry.stamp.occurred_at = at;
        return operation;
    }
    Operation &order(int64_t at_hour) { return add(OperationType::order, hour(at_hour)); }
    Operation &customer(int64_t at_hour) { return add(OperationType::customer, hour(at_hour)); }
    Operation &product(int64_t at_hour) { return add(OperationType::product, hour(at_hour)); }
    Stamp &stamp() { return entries.back().stamp; }
    Order fold() const { return fold_order(entries); }
    Customer fold_profile() const { return fold_customer(operations.front().customer.front(), entries); }
    Product fold_catalogue() const { return fold_product(entries); }
};

inline Record line(std::string_view id, std::string_view name = {}, int64_t quantity = 0) {
    Record record;
    record.set(line_field::line_id, Value::of_text(id));
    if (!name.empty()) record.set(line_field::name, Value::of_text(name));
    if (quantity != 0) record.set(line_field::quantity, Value::of_decimal(quantity * decimal_unit_e6));
    return record;
}

inline void say_status(Operation &operation, StatusSet set, std::string_view code, Instant at = no_instant) {
    StatusChange &change = operation.order.status[static_cast<size_t>(set)];
    change.said = true;
    change.code = code;
    change.at = at;
}

inline std::vector<std::string> ids_of(const std::vector<Record> &elements) {
    std::vector<std::string> ids;
    for (const Record &element : elements)
        ids.emplace_back(element.text(0));  // line_id and payment_id are the first cells of their objects
    return ids;
}

inline Value amount(int64_t units) {
    return Value::of_money(units * money_unit_e4);
}
inline Value json(std::string_view text) {
    Value value = Value::of_text(text);
    value.type = Type::json;
    return value;
}

}  // namespace cartbell::test
