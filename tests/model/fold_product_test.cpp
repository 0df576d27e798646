// formats.md §1 `product`, §5 "Product".
#include <doctest/doctest.h>

#include "model/journal.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

void say(Operation &operation, FieldId field, Value value) { operation.product.attributes.set(field, std::move(value)); }
Value stock(int64_t pieces) { return Value::of_decimal(pieces * decimal_unit_e6); }

Instant time_of(const Product &product, FieldId field) {
    const Value *value = product.record.find(field);
    return value != nullptr ? value->number : no_instant;
}

}  // namespace

TEST_CASE("a product operation is a patch: values replace, null clears, arrays replace") {
    Journal journal;
    Operation &first = journal.product(1);
    say(first, product_field::name, Value::of_text("Mug"));
    say(first, product_field::brand, Value::of_text("Kiln"));
    say(first, product_field::category, Value::of_list({"Kitchen", "Mugs"}));
    first.product.attributes.set_custom("spec", json(R"({"a":1,"b":2})"));
    Operation &second = journal.product(2);
    say(second, product_field::brand, {});
    say(second, product_field::category, Value::of_list({"Garden"}));
    second.product.attributes.set_custom("spec", json(R"({"b":null,"c":3})"));
    const Product product = journal.fold_catalogue();
    CHECK(product.id() == "SKU-9");
    CHECK(product.record.text(product_field::name) == "Mug");
    CHECK(product.record.find(product_field::brand) == nullptr);
    CHECK(*product.record.find(product_field::category) == Value::of_list({"Garden"}));
    CHECK(product.record.find_custom("spec")->text == R"({"a":1,"c":3})");
    CHECK(product.version() == 2);
}

TEST_CASE("whole: attributes that are not named are cleared as of this fact") {
    Journal journal;
    say(journal.product(1), product_field::name, Value::of_text("Mug"));
    journal.operations.back().product.attributes.set_custom("eco", Value::of_boolean(true));
    Operation &put = journal.product(2);
    put.whole = true;
    say(put, product_field::price, amount(5));
    const Product product = journal.fold_catalogue();
    CHECK(product.record.find(product_field::name) == nullptr);
    CHECK(product.record.customs.empty());
    CHECK(product.id() == "SKU-9");
    CHECK(time_of(product, product_field::created_at) == hour(1));
}

TEST_CASE("on products a public source's fact never beats a trusted one's") {
    Journal journal;
    say(journal.product(1), product_field::name, Value::of_text("Mug"));
    say(journal.product(5), product_field::name, Value::of_text("Hacked"));
    journal.operations.back().source = "web";
    journal.stamp().trust = 0;
    const Product product = journal.fold_catalogue();
    CHECK(product.record.text(product_field::name) == "Mug");
    CHECK(time_of(product, product_field::updated_at) == hour(5));  // the newest instant, of whatever source
}

TEST_CASE("price_changed_at and stock_changed_at: since when the present value holds") {
    Journal journal;
    journal.product(1);
    Product product = journal.fold_catalogue();
    CHECK(time_of(product, product_field::price_changed_at) == no_instant);  // nobody said a price
    CHECK(time_of(product, product_field::created_at) == hour(1));
    say(journal.product(2), product_field::price, amount(5));
    say(journal.operations.back(), product_field::stock, stock(3));
    say(journal.product(3), product_field::price, amount(5));  // the same again is no change
    say(journal.operations.back(), product_field::stock, stock(2));
    product = journal.fold_catalogue();
    CHECK(time_of(product, product_field::price_changed_at) == hour(2));
    CHECK(time_of(product, product_field::stock_changed_at) == hour(3));
    say(journal.product(4), product_field::price, {});
    CHECK(time_of(journal.fold_catalogue(), product_field::price_changed_at) == hour(4));
    // A late fact between moves it back in time where it said the same before.
    Journal late;
    say(late.product(5), product_field::price, amount(7));
    say(late.product(2), product_field::price, amount(7));
    CHECK(time_of(late.fold_catalogue(), product_field::price_changed_at) == hour(2));
}

TEST_CASE("the same amount in another currency is another price; naming the currency it had is no change") {
    Journal journal;
    say(journal.product(1), product_field::price, amount(5));
    say(journal.product(2), product_field::currency, Value::of_text("EUR"));
    CHECK(time_of(journal.fold_catalogue(), product_field::price_changed_at) == hour(1));
    say(journal.product(3), product_field::currency, Value::of_text("USD"));
    CHECK(time_of(journal.fold_catalogue(), product_field::price_changed_at) == hour(3));
}

TEST_CASE("computed fields and the id cannot come in as attributes") {
    Journal journal;
    Operation &operation = journal.product(1);
    say(operation, product_field::product_id, Value::of_text("other"));
    say(operation, product_field::created_at, Value::of_time(hour(0)));
    const Product product = journal.fold_catalogue();
    CHECK(product.id() == "SKU-9");
    CHECK(time_of(product, product_field::created_at) == hour(1));
}

TEST_CASE("available: as sent, default stock > 0, missing where neither was said") {
    Product product;
    CHECK(availability(product).missing());
    product.record.set(product_field::stock, stock(0));
    CHECK(availability(product) == Value::of_boolean(false));
    product.record.set(product_field::stock, Value::of_decimal(1));
    CHECK(availability(product) == Value::of_boolean(true));
    product.record.set(product_field::stock, stock(-1));
    CHECK(availability(product) == Value::of_boolean(false));
    product.record.set(product_field::available, Value::of_boolean(true));
    CHECK(availability(product) == Value::of_boolean(true));
}
