// The members of an order, its lines and payments, a profile, a product and an item (formats.md §1, §5), as tables;
// model/field.hpp has their types.
#pragma once

#include <array>

#include "codec/member_table.hpp"
#include "model/field.hpp"

namespace cartbell::codec {

// What a member of an order, a line, a payment, a profile, a product or an item is.
struct Role {
    enum What : uint8_t {
        cell,      // a system field
        computed,  // a member that only the engine writes
        delivery,
        address,
        payment,  // objects of cells
        status,
        lines,
        line_changes,
        payments,
        payment_changes,
        fields,
        id,  // order_id, line_id, payment_id, product_id
        remove,
        identity,  // of a profile: belongs to `customer`
    };
    What what = cell;
    FieldId field = 0;
};

inline constexpr auto order_members = std::to_array<Member<Role>>({
    {"order_id", {Role::id, order_field::order_id}},
    {"placed_at", {Role::cell, order_field::placed_at}},
    {"updated_at", {Role::computed, order_field::updated_at}},
    {"received_at", {Role::computed, order_field::received_at}},
    {"source", {Role::cell, order_field::source}},
    {"currency", {Role::cell, order_field::currency}},
    {"url", {Role::cell, order_field::url}},
    {"status", {Role::status}},
    {"reached", {Role::computed}},
    {"in_analytics", {Role::computed, order_field::in_analytics}},
    {"delivery", {Role::delivery}},
    {"payment", {Role::payment}},
    {"payments", {Role::payments}},
    {"payment_changes", {Role::payment_changes}},
    {"bonuses_accrued", {Role::cell, order_field::bonuses_accrued}},
    {"subtotal", {Role::cell, order_field::subtotal}},
    {"discount", {Role::cell, order_field::discount}},
    {"tax", {Role::cell, order_field::tax}},
    {"total", {Role::cell, order_field::total}},
    {"refunded", {Role::cell, order_field::refunded}},
    {"coupons", {Role::cell, order_field::coupons}},
    {"lines", {Role::lines}},
    {"line_changes", {Role::line_changes}},
    {"line_count", {Role::computed, order_field::line_count}},
    {"quantity", {Role::computed, order_field::quantity}},
    {"history", {Role::computed}},
    {"version", {Role::computed}},
    {"fields", {Role::fields}},
});
inline constexpr auto delivery_members = std::to_array<Member<Role>>({
    {"type", {Role::cell, order_field::delivery_type}},
    {"provider", {Role::cell, order_field::delivery_provider}},
    {"address", {Role::address}},
    {"point_id", {Role::cell, order_field::delivery_point_id}},
    {"point_name", {Role::cell, order_field::delivery_point_name}},
    {"at", {Role::cell, order_field::delivery_at}},
    {"until", {Role::cell, order_field::delivery_until}},
    {"note", {Role::cell, order_field::delivery_note}},
    {"cost", {Role::cell, order_field::delivery_cost}},
    {"tracking", {Role::cell, order_field::delivery_tracking}},
    {"tracking_url", {Role::cell, order_field::delivery_tracking_url}},
});
inline constexpr auto address_members = std::to_array<Member<Role>>({
    {"country", {Role::cell, order_field::delivery_country}},
    {"city", {Role::cell, order_field::delivery_city}},
    {"street", {Role::cell, order_field::delivery_street}},
    {"postcode", {Role::cell, order_field::delivery_postcode}},
});
inline constexpr auto order_payment_members = std::to_array<Member<Role>>({
    {"type", {Role::cell, order_field::payment_type}},
    {"provider", {Role::cell, order_field::payment_provider}},
    {"paid", {Role::cell, order_field::payment_paid}},
    {"bonuses_paid", {Role::cell, order_field::payment_bonuses_paid}},
});
inline constexpr auto line_members = std::to_array<Member<Role>>({
    {"line_id", {Role::id, line_field::line_id}},
    {"product_id", {Role::cell, line_field::product_id}},
    {"name", {Role::cell, line_field::name}},
    {"brand", {Role::cell, line_field::brand}},
    {"variant", {Role::cell, line_field::variant}},
    {"url", {Role::cell, line_field::url}},
    {"image_url", {Role::cell, line_field::image_url}},
    {"category", {Role::cell, line_field::category}},
    {"quantity", {Role::cell, line_field::quantity}},
    {"returned", {Role::cell, line_field::returned}},
    {"price", {Role::cell, line_field::price}},
    {"discount", {Role::cell, line_field::discount}},
    {"total", {Role::cell, line_field::total}},
    {"weight", {Role::cell, line_field::weight}},
    {"bonuses_accrued", {Role::cell, line_field::bonuses_accrued}},
    {"bonuses_paid", {Role::cell, line_field::bonuses_paid}},
    {"fields", {Role::fields}},
    {"remove", {Role::remove}},
});
inline constexpr auto payment_members = std::to_array<Member<Role>>({
    {"payment_id", {Role::id, payment_field::payment_id}},
    {"type", {Role::cell, payment_field::type}},
    {"provider", {Role::cell, payment_field::provider}},
    {"amount", {Role::cell, payment_field::amount}},
    {"installments", {Role::cell, payment_field::installments}},
    {"at", {Role::cell, payment_field::at}},
    {"remove", {Role::remove}},
});
inline constexpr auto profile_members = std::to_array<Member<Role>>({
    {"external_id", {Role::identity, customer_field::external_id}},
    {"anonymous_id", {Role::identity, customer_field::anonymous_id}},
    {"device_id", {Role::identity, customer_field::device_id}},
    {"email", {Role::identity, customer_field::email}},
    {"phone", {Role::identity, customer_field::phone}},
    {"email_state", {Role::computed, customer_field::email_state}},
    {"phone_state", {Role::computed, customer_field::phone_state}},
    {"known", {Role::computed, customer_field::known}},
    {"first_name", {Role::cell, customer_field::first_name}},
    {"last_name", {Role::cell, customer_field::last_name}},
    {"middle_name", {Role::cell, customer_field::middle_name}},
    {"full_name", {Role::cell, customer_field::full_name}},
    {"gender", {Role::cell, customer_field::gender}},
    {"birth_date", {Role::cell, customer_field::birth_date}},
    {"country", {Role::cell, customer_field::country}},
    {"city", {Role::cell, customer_field::city}},
    {"street", {Role::cell, customer_field::street}},
    {"postcode", {Role::cell, customer_field::postcode}},
    {"locale", {Role::cell, customer_field::locale}},
    {"time_zone", {Role::cell, customer_field::time_zone}},
    {"registered_at", {Role::cell, customer_field::registered_at}},
    {"created_at", {Role::computed, customer_field::created_at}},
    {"last_seen_at", {Role::computed, customer_field::last_seen_at}},
    {"fields", {Role::fields}},
});

inline constexpr auto product_members = std::to_array<Member<Role>>({
    {"product_id", {Role::id, product_field::product_id}},
    {"group_id", {Role::cell, product_field::group_id}},
    {"name", {Role::cell, product_field::name}},
    {"brand", {Role::cell, product_field::brand}},
    {"url", {Role::cell, product_field::url}},
    {"image_url", {Role::cell, product_field::image_url}},
    {"category", {Role::cell, product_field::category}},
    {"price", {Role::cell, product_field::price}},
    {"old_price", {Role::cell, product_field::old_price}},
    {"currency", {Role::cell, product_field::currency}},
    {"stock", {Role::cell, product_field::stock}},
    {"available", {Role::cell, product_field::available}},
    {"created_at", {Role::computed, product_field::created_at}},
    {"updated_at", {Role::computed, product_field::updated_at}},
    {"price_changed_at", {Role::computed, product_field::price_changed_at}},
    {"stock_changed_at", {Role::computed, product_field::stock_changed_at}},
    {"version", {Role::computed}},
    {"fields", {Role::fields}},
});

inline constexpr auto item_members = std::to_array<Member<Role>>({
    {"product_id", {Role::id, item_field::product_id}},
    {"name", {Role::cell, item_field::name}},
    {"brand", {Role::cell, item_field::brand}},
    {"variant", {Role::cell, item_field::variant}},
    {"url", {Role::cell, item_field::url}},
    {"image_url", {Role::cell, item_field::image_url}},
    {"category", {Role::cell, item_field::category}},
    {"quantity", {Role::cell, item_field::quantity}},
    {"price", {Role::cell, item_field::price}},
    {"price_then", {Role::computed, item_field::price_then}},
    {"price_now", {Role::computed, item_field::price_now}},
    {"total", {Role::computed, item_field::total}},
    {"added_at", {Role::computed, item_field::added_at}},
    {"changed_at", {Role::computed, item_field::changed_at}},
    {"fields", {Role::fields}},
});

inline constexpr MemberTable order_table(order_members);
inline constexpr MemberTable delivery_table(delivery_members);
inline constexpr MemberTable address_table(address_members);
inline constexpr MemberTable order_payment_table(order_payment_members);
inline constexpr MemberTable line_table(line_members);
inline constexpr MemberTable payment_table(payment_members);
inline constexpr MemberTable profile_table(profile_members);
inline constexpr MemberTable product_table(product_members);
inline constexpr MemberTable item_table(item_members);

}  // namespace cartbell::codec
