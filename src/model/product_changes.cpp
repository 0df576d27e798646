// What changed of a product's price and stock.
#include "model/field.hpp"
#include "model/fold.hpp"

namespace cartbell {
namespace {

// (to - from) / from * 100, rounded half even to 6 decimals; missing where it is no decimal.
Value percent_between(int64_t from, int64_t to) {
    if (from == 0) return {};
    const Wide percent_e6 = divide_half_even((Wide{to} - from) * 100 * decimal_unit_e6, from);
    return fits_int64(percent_e6) ? Value::of_decimal(static_cast<int64_t>(percent_e6)) : Value{};
}

// "A first price or stock is no change" (formats.md §4)
void add_change(std::string_view name, std::string_view product_id, const Value &from, const Value &to, std::vector<DomainEvent> &events) {
    if (from.missing() || from == to) return;
    DomainEvent event{std::string(name), {{"product_id", Value::of_text(product_id)}, {"from", from}, {"to", to}}};
    if (!to.missing() && from.currency == to.currency)
        if (Value percent = percent_between(from.number, to.number); !percent.missing()) event.context.emplace_back("percent", std::move(percent));
    events.push_back(std::move(event));
}

}  // namespace

Offer offer_of(const Product &product, const Settings &settings) {
    Offer offer;
    if (const Value *price = product.record.find(product_field::price)) {
        offer.price = *price;
        offer.price.currency = product.currency(settings);
    }
    if (const Value *stock = product.record.find(product_field::stock)) offer.stock = *stock;
    return offer;
}

std::vector<DomainEvent> changes_between(const Offer &before, const Offer &after, std::string_view product_id) {
    std::vector<DomainEvent> events;
    add_change("product.price_changed", product_id, before.price, after.price, events);
    add_change("product.stock_changed", product_id, before.stock, after.stock, events);
    return events;
}

}  // namespace cartbell
