#include "model/field.hpp"

#include <array>

namespace cartbell {
namespace {

// formats.md §5, in the order of the enums of field.hpp.
constexpr auto order_fields = std::to_array<Field>({
    {"order_id", Type::text, false},
    {"placed_at", Type::time, false},
    {"updated_at", Type::time, true},
    {"received_at", Type::time, true},
    {"source", Type::text, false},
    {"currency", Type::text, false},
    {"url", Type::text, false},
    {"delivery.type", Type::text, false},
    {"delivery.provider", Type::text, false},
    {"delivery.address.country", Type::text, false},
    {"delivery.address.city", Type::text, false},
    {"delivery.address.street", Type::text, false},
    {"delivery.address.postcode", Type::text, false},
    {"delivery.point_id", Type::text, false},
    {"delivery.point_name", Type::text, false},
    {"delivery.at", Type::time, false},
    {"delivery.until", Type::time, false},
    {"delivery.note", Type::text, false},
    {"delivery.cost", Type::money, false},
    {"delivery.tracking", Type::text, false},
    {"delivery.tracking_url", Type::text, false},
    {"payment.type", Type::text, false},
    {"payment.provider", Type::text, false},
    {"payment.paid", Type::money, false},
    {"payment.bonuses_paid", Type::decimal, false},
    {"bonuses_accrued", Type::decimal, false},
    {"subtotal", Type::money, false},
    {"discount", Type::money, false},
    {"tax", Type::money, false},
    {"total", Type::money, false},
    {"refunded", Type::money, false},
    {"coupons", Type::list, false},
    {"in_analytics", Type::boolean, true},
    {"line_count", Type::integer, true},
    {"quantity", Type::decimal, true},
});
static_assert(order_fields.size() == order_field::count_);
static_assert(order_fields[order_field::delivery_cost].path == "delivery.cost");
static_assert(order_fields[order_field::payment_paid].path == "payment.paid");
static_assert(order_fields[order_field::total].path == "total");
static_assert(order_fields[order_field::quantity].path == "quantity");

constexpr auto line_fields = std::to_array<Field>({
    {"line_id", Type::text, false},
    {"product_id", Type::text, false},
    {"name", Type::text, false},
    {"brand", Type::text, false},
    {"variant", Type::text, false},
    {"url", Type::text, false},
    {"image_url", Type::text, false},
    {"category", Type::list, false},
    {"quantity", Type::decimal, false},
    {"returned", Type::decimal, false},
    {"price", Type::money, false},
    {"discount", Type::money, false},
    {"total", Type::money, false},
    {"weight", Type::decimal, false},
    {"bonuses_accrued", Type::decimal, false},
    {"bonuses_paid", Type::decimal, false},
});
static_assert(line_fields.size() == line_field::count_);
static_assert(line_fields[line_field::category].path == "category");
static_assert(line_fields[line_field::bonuses_paid].path == "bonuses_paid");

constexpr auto payment_fields = std::to_array<Field>({
    {"payment_id", Type::text, false},
    {"type", Type::text, false},
    {"provider", Type::text, false},
    {"amount", Type::money, false},
    {"installments", Type::integer, false},
    {"at", Type::time, false},
});
static_assert(payment_fields.size() == payment_field::count_);

constexpr auto customer_fields = std::to_array<Field>({
    {"external_id", Type::text, false},   {"anonymous_id", Type::text, false},
    {"device_id", Type::text, false},     {"email", Type::text, false},
    {"phone", Type::text, false},         {"email_state", Type::text, true},
    {"phone_state", Type::text, true},    {"known", Type::boolean, true},
    {"first_name", Type::text, false},    {"last_name", Type::text, false},
    {"middle_name", Type::text, false},   {"full_name", Type::text, false},
    {"gender", Type::text, false},        {"birth_date", Type::date, false},
    {"country", Type::text, false},       {"city", Type::text, false},
    {"street", Type::text, false},        {"postcode", Type::text, false},
    {"locale", Type::text, false},        {"time_zone", Type::text, false},
    {"registered_at", Type::time, false}, {"created_at", Type::time, true},
    {"last_seen_at", Type::time, true},
});
static_assert(customer_fields.size() == customer_field::count_);
static_assert(customer_fields[customer_field::known].path == "known");
static_assert(customer_fields[customer_field::birth_date].path == "birth_date");
static_assert(customer_fields[customer_field::last_seen_at].path == "last_seen_at");

constexpr auto history_fields = std::to_array<Field>({
    {"set", Type::text, true},
    {"from", Type::text, true},
    {"to", Type::text, true},
    {"source", Type::text, true},
    {"at", Type::time, true},
    {"received_at", Type::time, true},
});
static_assert(history_fields.size() == history_field::count_);

constexpr auto product_fields = std::to_array<Field>({
    {"product_id", Type::text, false},
    {"group_id", Type::text, false},
    {"name", Type::text, false},
    {"brand", Type::text, false},
    {"url", Type::text, false},
    {"image_url", Type::text, false},
    {"category", Type::list, false},
    {"price", Type::money, false},
    {"old_price", Type::money, false},
    {"currency", Type::text, false},
    {"stock", Type::decimal, false},
    {"available", Type::boolean, false},
    {"created_at", Type::time, true},
    {"updated_at", Type::time, true},
    {"price_changed_at", Type::time, true},
    {"stock_changed_at", Type::time, true},
});
static_assert(product_fields.size() == product_field::count_);

constexpr auto item_fields = std::to_array<Field>({
    {"product_id", Type::text, false},
    {"name", Type::text, false},
    {"brand", Type::text, false},
    {"variant", Type::text, false},
    {"url", Type::text, false},
    {"image_url", Type::text, false},
    {"category", Type::list, false},
    {"quantity", Type::decimal, false},
    {"price", Type::money, false},
    {"price_then", Type::money, true},
    {"price_now", Type::money, true},
    {"total", Type::money, true},
    {"added_at", Type::time, true},
    {"changed_at", Type::time, true},
});
static_assert(item_fields.size() == item_field::count_);

}  // namespace

std::string_view name_of(Object object) {
    constexpr std::array<std::string_view, 7> names{"customer", "order", "line", "payment", "history", "product", "item"};
    return names[static_cast<size_t>(object)];
}

std::span<const Field> system_fields(Object object) {
    switch (object) {
        case Object::customer: return customer_fields;
        case Object::order: return order_fields;
        case Object::line: return line_fields;
        case Object::payment: return payment_fields;
        case Object::history: return history_fields;
        case Object::product: return product_fields;
        case Object::item: return item_fields;
    }
    return {};
}

std::optional<FieldId> find_field(Object object, std::string_view path) {
    const std::span<const Field> fields = system_fields(object);
    for (size_t i = 0; i < fields.size(); ++i)
        if (fields[i].path == path) return static_cast<FieldId>(i);
    return std::nullopt;
}

bool is_identity_field(FieldId customer_field_id) {
    return customer_field_id <= customer_field::phone;
}

}  // namespace cartbell
