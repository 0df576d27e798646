// What a container and its items amount to.
#include <limits>

#include "model/container.hpp"
#include "model/field.hpp"

namespace cartbell {
namespace {

using namespace item_field;

int64_t held(Wide number) {
    constexpr int64_t most = std::numeric_limits<int64_t>::max();
    return fits_int64(number) ? static_cast<int64_t>(number) : most;
}

// In the currency of the first item that has the price: amounts of several currencies are no sum.
Value sum_of(const Container &container, FieldId price_field) {
    Value sum = Value::of_money(0);
    const Value *first = nullptr;
    Wide total = 0;
    for (const Record &item : container.items) {
        const Value *each = item.find(price_field);
        if (each == nullptr) continue;
        if (first == nullptr) first = each;
        if (each->currency == first->currency) total += amount_of(item, *each).number;
    }
    if (first != nullptr) sum = Value::of_money(held(total), first->currency);
    return sum;
}

}  // namespace

int64_t pieces_of(const Record &item) {
    const Value *said = item.find(quantity);
    return said != nullptr ? said->number : decimal_unit_e6;
}

Value amount_of(const Record &item, const Value &price_of_one) {
    return Value::of_money(held(divide_half_even(Wide{pieces_of(item)} * price_of_one.number, decimal_unit_e6)), price_of_one.currency);
}

ContainerTotals totals_of(const Container &container) {
    Wide pieces = 0;
    for (const Record &item : container.items) pieces += pieces_of(item);
    return {held(pieces), sum_of(container, price_then), sum_of(container, price_now)};
}

}  // namespace cartbell
