// The system fields of every object, fixed once (formats.md §5).
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "model/value.hpp"

namespace cartbell {

enum class Object : uint8_t { customer, order, line, payment, history, product, item };

std::string_view name_of(Object object);  // "customer"

struct Field {
    std::string_view path;  // in the operation's JSON: "delivery.address.city"
    Type type;
    bool computed;          // C in formats.md: cannot be sent
};

// In the order of the enums below. `status.*`, `reached.*`, `lines`, `payments` and `fields` are no cells: path.hpp knows them.
std::span<const Field> system_fields(Object object);
std::optional<FieldId> find_field(Object object, std::string_view path);

// The identities among the customer's fields. They come in an operation's `customer`, never in its `profile`: two ways to say who somebody
// is could contradict each other. Codec refuses them there; the fold passes over them.
bool is_identity_field(FieldId customer_field_id);

namespace order_field {
enum : FieldId {
    order_id, placed_at, updated_at, received_at, source, currency, url,
    delivery_type, delivery_provider, delivery_country, delivery_city, delivery_street, delivery_postcode,
    delivery_point_id, delivery_point_name, delivery_at, delivery_until, delivery_note, delivery_cost,
    delivery_tracking, delivery_tracking_url,
    payment_type, payment_provider, payment_paid, payment_bonuses_paid,
    bonuses_accrued, subtotal, discount, tax, total, refunded, coupons,
    in_analytics, line_count, quantity, count_
};
}
namespace line_field {
enum : FieldId {
    line_id, product_id, name, brand, variant, url, image_url, category, quantity, returned, price, discount, total,
    weight, bonuses_accrued, bonuses_paid, count_
};
}
namespace payment_field {
enum : FieldId { payment_id, type, provider, amount, installments, at, count_ };
}
namespace customer_field {
enum : FieldId {
    external_id, anonymous_id, device_id, email, phone, email_state, phone_state, known,
    first_name, last_name, middle_name, full_name, gender, birth_date, country, city, street, postcode, locale, time_zone,
    registered_at, created_at, last_seen_at, count_
};
}
namespace history_field {
enum : FieldId { set, from, to, source, at, received_at, count_ };
}
namespace product_field {
enum : FieldId {
    product_id, group_id, name, brand, url, image_url, category, price, old_price, currency, stock, available,
    created_at, updated_at, price_changed_at, stock_changed_at, count_
};
}
namespace item_field {
enum : FieldId {
    product_id, name, brand, variant, url, image_url, category, quantity, price, price_then, price_now, total, added_at, changed_at, count_
};
}

}  // namespace cartbell
