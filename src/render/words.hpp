// The fixed names of views (formats.md §5), numbered, so that a compiled template asks by number and never by text.
#pragma once

#include <cstdint>
#include <string_view>

namespace cartbell::render {

// clang-format off
#define CARTBELL_RENDER_WORDS(X)                                                                                   \
    X(address) X(amount) X(anonymous_id) X(at) X(available) X(birth_date) X(bonuses_accrued) X(bonuses_paid)       \
    X(brand) X(category) X(city) X(cost) X(country) X(coupons) X(created_at) X(currency) X(customer) X(delivery)   \
    X(device_id) X(discount) X(email) X(email_state) X(external_id) X(fields) X(first_name) X(from) X(full_name)   \
    X(gender) X(general) X(group_id) X(history) X(image_url) X(in_analytics) X(installments) X(known)              \
    X(last_name) X(last_seen_at) X(line_count) X(line_id) X(lines) X(locale) X(message) X(message_id)              \
    X(middle_name) X(name) X(note) X(old_price) X(order) X(order_id) X(orders) X(paid) X(payment) X(payment_id)    \
    X(payments) X(phone) X(phone_state) X(placed_at) X(point_id) X(point_name) X(postcode) X(previous) X(price)    \
    X(price_changed_at) X(product) X(product_id) X(provider) X(purchases) X(quantity) X(reached) X(received_at)    \
    X(refunded) X(registered_at) X(returned) X(set) X(shop) X(source) X(status) X(stock) X(stock_changed_at)       \
    X(street) X(subtotal) X(tax) X(time_zone) X(to) X(total) X(tracking) X(tracking_url) X(type)                   \
    X(unsubscribe_url) X(until) X(updated_at) X(url) X(variant) X(view_url) X(weight) X(zone)
// clang-format on

enum class Word : uint8_t {
    none,  // any other name: a custom field, a `let`, a status code
#define CARTBELL_RENDER_WORD(word) word,
    CARTBELL_RENDER_WORDS(CARTBELL_RENDER_WORD)
#undef CARTBELL_RENDER_WORD
        count_
};

Word find_word(std::string_view text);
std::string_view text_of(Word word);

}  // namespace cartbell::render
