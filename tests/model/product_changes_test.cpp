// Domain events of products (formats.md §4): product.price_changed, product.stock_changed `product_id from to percent`.
#include <doctest/doctest.h>

#include "model/journal.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

using Texts = std::vector<std::string>;

std::string text_of(const Value &value) {
    if (value.type == Type::money) return format_money({value.number, value.currency}) + " " + value.currency.text();
    if (value.type == Type::decimal) return format_decimal(value.number);
    return value.missing() ? "-" : value.text;
}

// What the journal's last entry changed, whichever place in the order of keys it has.
Texts last_change(const Journal &journal) {
    const Settings settings = default_settings();
    const std::span<const Entry> entries(journal.entries);
    const Offer before = offer_of(fold_product(entries.first(entries.size() - 1)), settings), after = offer_of(fold_product(entries), settings);
    Texts texts;
    for (const DomainEvent &event : changes_between(before, after, "SKU-9")) {
        std::string text = event.name;
        for (const auto &[name, value] : event.context) text += " " + name + "=" + text_of(value);
        texts.push_back(text);
    }
    return texts;
}

Operation &priced(Journal &journal, int64_t at_hour, int64_t amount_e4, std::string_view currency = {}) {
    Operation &operation = journal.product(at_hour);
    operation.product.attributes.set(product_field::price, Value::of_money(amount_e4));
    if (!currency.empty()) operation.product.attributes.set(product_field::currency, Value::of_text(currency));
    return operation;
}

Operation &stocked(Journal &journal, int64_t at_hour, int64_t pieces) {
    Operation &operation = journal.product(at_hour);
    operation.product.attributes.set(product_field::stock, Value::of_decimal(pieces * decimal_unit_e6));
    return operation;
}

// The percent between two prices.
std::string percent(int64_t from_e4, int64_t to_e4) {
    const Value from = Value::of_money(from_e4), to = Value::of_money(to_e4);
    const auto events = changes_between({from, {}}, {to, {}}, "SKU-9");
    REQUIRE(events.size() == 1);
    return events[0].context.size() == 4 ? text_of(events[0].context[3].second) : "-";
}

}  // namespace

TEST_CASE("a first price or stock is no change") {
    Journal journal;
    priced(journal, 1, 100'000);
    CHECK(last_change(journal).empty());
    stocked(journal, 2, 5);
    CHECK(last_change(journal).empty());
    priced(journal, 3, 80'000).product.attributes.set(product_field::stock, Value::of_decimal(0));
    CHECK(last_change(journal) == Texts{"product.price_changed product_id=SKU-9 from=10.00 EUR to=8.00 EUR percent=-20",
                                        "product.stock_changed product_id=SKU-9 from=5 to=0 percent=-100"});
    stocked(journal, 4, 3);
    CHECK(last_change(journal) == Texts{"product.stock_changed product_id=SKU-9 from=0 to=3"});  // "left out when `from` is 0"
    journal.product(5).product.attributes.set(product_field::name, Value::of_text("Mug"));
    CHECK(last_change(journal).empty());
}

TEST_CASE("percent is (to - from) / from * 100, rounded half even to 6 decimals") {
    CHECK(percent(30'000, 20'000) == "-33.333333");
    CHECK(percent(30'000, 40'000) == "33.333333");
    CHECK(percent(30'000, 10'000) == "-66.666667");
    CHECK(percent(20'000, 50'000) == "150");
    CHECK(percent(-10'000, -5'000) == "-50");
    CHECK(percent(10'000, -10'000) == "-200");
    CHECK(percent(0, 10'000) == "-");
    const int64_t amount = 400'000'000;  // one e4 of it is 0.00000025 percent: two of them are a half
    CHECK(percent(amount, amount + 2) == "0");          // 0.0000005
    CHECK(percent(amount, amount + 3) == "0.000001");   // 0.00000075
    CHECK(percent(amount, amount + 6) == "0.000002");   // 0.0000015
    CHECK(percent(amount, amount + 10) == "0.000002");  // 0.0000025
    CHECK(percent(amount, amount - 2) == "0");
    CHECK(percent(amount, amount - 6) == "-0.000002");
    CHECK(percent(1, INT64_MAX) == "-");  // more than a decimal can say
    CHECK(percent(INT64_MIN, INT64_MAX) == "-200");
}

TEST_CASE("amounts carry their currency; a change of currency has no percent") {
    Journal journal;
    priced(journal, 1, 100'000);
    priced(journal, 2, 100'000, "EUR");  // named now: it had the shop's, which is the same
    CHECK(last_change(journal).empty());
    priced(journal, 3, 120'000, "USD");
    CHECK(last_change(journal) == Texts{"product.price_changed product_id=SKU-9 from=10.00 EUR to=12.00 USD"});
    priced(journal, 4, 120'000, "GBP");
    CHECK(last_change(journal) == Texts{"product.price_changed product_id=SKU-9 from=12.00 USD to=12.00 GBP"});
    priced(journal, 5, 60'000);
    CHECK(last_change(journal) == Texts{"product.price_changed product_id=SKU-9 from=12.00 GBP to=6.00 GBP percent=-50"});
}

TEST_CASE("what was taken away has no `to`, and what comes after it is a first one again") {
    Journal journal;
    priced(journal, 1, 100'000);
    journal.product(2).product.attributes.set(product_field::price, Value{});
    CHECK(last_change(journal) == Texts{"product.price_changed product_id=SKU-9 from=10.00 EUR to=-"});
    priced(journal, 3, 50'000);
    CHECK(last_change(journal).empty());
    stocked(journal, 4, 1);
    journal.product(5).whole = true;
    CHECK(last_change(journal) == Texts{"product.price_changed product_id=SKU-9 from=5.00 EUR to=-", "product.stock_changed product_id=SKU-9 from=1 to=-"});
}

TEST_CASE("only what that arrival really changed: a late fact that changes nothing now has none") {
    Journal journal;
    priced(journal, 1, 100'000);
    priced(journal, 5, 80'000);
    priced(journal, 3, 90'000);
    CHECK(last_change(journal).empty());
    priced(journal, 0, 70'000);
    CHECK(last_change(journal).empty());
    Operation &whole = priced(journal, 6, 80'000);
    whole.whole = true;
    CHECK(last_change(journal).empty());
    stocked(journal, 7, 4);
    journal.stamp().trust = static_cast<uint8_t>(Trust::public_source);
    CHECK(last_change(journal).empty());
    stocked(journal, 2, 5);  // `whole` of later cleared it, and of trust it is above the public one
    CHECK(last_change(journal).empty());
    stocked(journal, 8, 6);
    CHECK(last_change(journal).empty());
    stocked(journal, 9, 3);
    CHECK(last_change(journal) == Texts{"product.stock_changed product_id=SKU-9 from=6 to=3 percent=-50"});
}
