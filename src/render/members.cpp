#include "render/members.hpp"

#include <array>

#include "model/settings.hpp"

namespace cartbell::render {
namespace {

using S = ModelShape;
using W = Word;
using R = Read;

constexpr Member cell(Word word, FieldId field) { return {word, R::cell, S::none, field}; }
constexpr Member texts(Word word, FieldId field) { return {word, R::texts, S::text_list, field}; }
constexpr Member computed(Word word, FieldId field) { return {word, R::computed, S::none, field}; }
constexpr Member part(Word word, ModelShape shape) { return {word, R::group, shape, 0}; }
constexpr Member of(Word word, Read read, ModelShape shape = S::none, StatusSet set = StatusSet::general) {
    return {word, read, shape, static_cast<uint16_t>(set)};
}

constexpr Member root[] = {
    of(W::customer, R::customer, S::customer), of(W::order, R::order, S::order),
    of(W::orders, R::orders, S::order_list),   of(W::purchases, R::purchases, S::order_list),
    of(W::message, R::message, S::message),    of(W::shop, R::shop, S::shop),
};
constexpr Member shop[] = {of(W::zone, R::zone), of(W::currency, R::currency), of(W::locale, R::locale)};
constexpr Member message[] = {of(W::message_id, R::message_id), of(W::unsubscribe_url, R::unsubscribe_url),
                              of(W::view_url, R::view_url)};

namespace c = customer_field;
constexpr Member customer[] = {
    cell(W::external_id, c::external_id),     cell(W::anonymous_id, c::anonymous_id),
    cell(W::device_id, c::device_id),         cell(W::email, c::email),
    cell(W::phone, c::phone),                 computed(W::email_state, c::email_state),
    computed(W::phone_state, c::phone_state),     computed(W::known, c::known),
    cell(W::first_name, c::first_name),       cell(W::last_name, c::last_name),
    cell(W::middle_name, c::middle_name),     cell(W::full_name, c::full_name),
    cell(W::gender, c::gender),               cell(W::birth_date, c::birth_date),
    cell(W::country, c::country),             cell(W::city, c::city),
    cell(W::street, c::street),               cell(W::postcode, c::postcode),
    cell(W::locale, c::locale),               cell(W::time_zone, c::time_zone),
    cell(W::registered_at, c::registered_at), cell(W::created_at, c::created_at),
    cell(W::last_seen_at, c::last_seen_at),   part(W::fields, S::customer_fields),
};

namespace o = order_field;
constexpr Member order[] = {
    cell(W::order_id, o::order_id),
    cell(W::placed_at, o::placed_at),
    cell(W::updated_at, o::updated_at),
    cell(W::received_at, o::received_at),
    cell(W::source, o::source),
    cell(W::currency, o::currency),
    cell(W::url, o::url),
    part(W::status, S::status),
    part(W::reached, S::reached),
    computed(W::in_analytics, o::in_analytics),
    part(W::delivery, S::delivery),
    part(W::payment, S::order_payment),
    of(W::payments, R::payments, S::payment_list),
    cell(W::bonuses_accrued, o::bonuses_accrued),
    cell(W::subtotal, o::subtotal),
    cell(W::discount, o::discount),
    cell(W::tax, o::tax),
    cell(W::total, o::total),
    cell(W::refunded, o::refunded),
    texts(W::coupons, o::coupons),
    of(W::lines, R::lines, S::line_list),
    computed(W::line_count, o::line_count),
    computed(W::quantity, o::quantity),
    of(W::history, R::history, S::history_list),
    of(W::customer, R::customer, S::customer),
    part(W::fields, S::order_fields),
};
constexpr Member status[] = {
    of(W::general, R::status_set, S::status_set, StatusSet::general),
    of(W::delivery, R::status_set, S::status_set, StatusSet::delivery),
    of(W::payment, R::status_set, S::status_set, StatusSet::payment),
};
constexpr Member status_set[] = {of(W::name, R::status_name), of(W::at, R::status_at),
                                 of(W::previous, R::status_previous)};
constexpr Member reached[] = {
    of(W::general, R::reached_set, S::reached_set, StatusSet::general),
    of(W::delivery, R::reached_set, S::reached_set, StatusSet::delivery),
    of(W::payment, R::reached_set, S::reached_set, StatusSet::payment),
};
constexpr Member delivery[] = {
    cell(W::type, o::delivery_type),
    cell(W::provider, o::delivery_provider),
    part(W::address, S::address),
    cell(W::point_id, o::delivery_point_id),
    cell(W::point_name, o::delivery_point_name),
    cell(W::at, o::delivery_at),
    cell(W::until, o::delivery_until),
    cell(W::note, o::delivery_note),
    cell(W::cost, o::delivery_cost),
    cell(W::tracking, o::delivery_tracking),
    cell(W::tracking_url, o::delivery_tracking_url),
};
constexpr Member address[] = {cell(W::country, o::delivery_country), cell(W::city, o::delivery_city),
                              cell(W::street, o::delivery_street), cell(W::postcode, o::delivery_postcode)};
constexpr Member order_payment[] = {cell(W::type, o::payment_type), cell(W::provider, o::payment_provider),
                                    cell(W::paid, o::payment_paid), cell(W::bonuses_paid, o::payment_bonuses_paid)};

namespace l = line_field;
constexpr Member line[] = {
    cell(W::line_id, l::line_id),
    cell(W::product_id, l::product_id),
    cell(W::name, l::name),
    cell(W::brand, l::brand),
    cell(W::variant, l::variant),
    cell(W::url, l::url),
    cell(W::image_url, l::image_url),
    texts(W::category, l::category),
    cell(W::quantity, l::quantity),
    cell(W::returned, l::returned),
    cell(W::price, l::price),
    cell(W::discount, l::discount),
    cell(W::total, l::total),
    cell(W::weight, l::weight),
    cell(W::bonuses_accrued, l::bonuses_accrued),
    cell(W::bonuses_paid, l::bonuses_paid),
    part(W::fields, S::line_fields),
    of(W::order, R::order, S::order),
    of(W::customer, R::customer, S::customer),
    of(W::product, R::product, S::product),
};
namespace p = payment_field;
constexpr Member payment[] = {
    cell(W::payment_id, p::payment_id), cell(W::type, p::type),         cell(W::provider, p::provider),
    cell(W::amount, p::amount),         cell(W::installments, p::installments), cell(W::at, p::at),
    of(W::order, R::order, S::order),   of(W::customer, R::customer, S::customer),
};
constexpr Member history[] = {
    of(W::set, R::history_set),       of(W::from, R::history_from),
    of(W::to, R::history_to),         of(W::source, R::history_source),
    of(W::at, R::history_at),         of(W::received_at, R::history_received_at),
    part(W::status, S::history_status), of(W::order, R::order, S::order),
    of(W::customer, R::customer, S::customer),
};
constexpr Member history_status[] = {
    of(W::general, R::status_after, S::none, StatusSet::general),
    of(W::delivery, R::status_after, S::none, StatusSet::delivery),
    of(W::payment, R::status_after, S::none, StatusSet::payment),
};

namespace g = product_field;  // goods
constexpr Member product[] = {
    cell(W::product_id, g::product_id),
    cell(W::group_id, g::group_id),
    cell(W::name, g::name),
    cell(W::brand, g::brand),
    cell(W::url, g::url),
    cell(W::image_url, g::image_url),
    texts(W::category, g::category),
    cell(W::price, g::price),
    cell(W::old_price, g::old_price),
    cell(W::currency, g::currency),
    cell(W::stock, g::stock),
    computed(W::available, g::available),
    cell(W::created_at, g::created_at),
    cell(W::updated_at, g::updated_at),
    cell(W::price_changed_at, g::price_changed_at),
    cell(W::stock_changed_at, g::stock_changed_at),
    part(W::fields, S::product_fields),
};

constexpr std::span<const Member> shapes[static_cast<size_t>(S::count_)] = {
    {}, root, shop, message, customer, {}, order, {}, status, status_set, delivery, address, order_payment, reached, {},
    line, {}, payment, history, history_status, product, {}, {}, {}, {}, {}, {}, {},
};

constexpr Object owner_of(ModelShape shape) {
    switch (shape) {
        case S::customer:
        case S::customer_fields: return Object::customer;
        case S::line:
        case S::line_fields: return Object::line;
        case S::payment: return Object::payment;
        case S::history:
        case S::history_status: return Object::history;
        case S::product:
        case S::product_fields: return Object::product;
        default: return Object::order;
    }
}

constexpr MemberTable make_table() {
    MemberTable table;
    uint8_t next = 1;
    for (size_t shape = 0; shape < MemberTable::shapes; ++shape) {
        table.begin[shape] = next;
        table.object[shape] = owner_of(static_cast<ModelShape>(shape));
        for (const Member &member : shapes[shape]) {
            table.place[shape][static_cast<size_t>(member.word)] = next;
            table.members[next++] = member;
        }
    }
    table.begin[MemberTable::shapes] = next;
    return table;
}

}  // namespace

constinit const MemberTable member_table = make_table();

std::span<const Member> members_of(ModelShape shape) {
    const size_t at = static_cast<size_t>(shape);
    if (at >= MemberTable::shapes) return {};
    return {member_table.members + member_table.begin[at], static_cast<size_t>(member_table.begin[at + 1] - member_table.begin[at])};
}

}  // namespace cartbell::render
