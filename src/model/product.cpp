#include "model/product.hpp"

#include "model/field.hpp"

namespace cartbell {

Currency Product::currency(const Settings &settings) const {
    const Currency own = Currency::of(record.text(product_field::currency));
    return own ? own : settings.shop.currency;
}

Value availability(const Product &product) {
    if (const Value *said = product.record.find(product_field::available)) return *said;
    const Value *stock = product.record.find(product_field::stock);
    return stock != nullptr ? Value::of_boolean(stock->number > 0) : Value{};
}

}  // namespace cartbell
