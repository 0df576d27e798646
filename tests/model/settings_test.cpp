#include <doctest/doctest.h>

#include "model/settings.hpp"

using namespace cartbell;

namespace {

const Currency eur = Currency::of("EUR"), usd = Currency::of("USD"), gbp = Currency::of("GBP");

Settings with_rates() {
    Settings settings = default_settings();
    settings.rates = {{usd, eur, {2026, 3, 1}, 900'000},
                      {usd, eur, {2026, 1, 1}, 800'000},
                      {eur, gbp, {2026, 1, 1}, 850'000}};
    put_in_order(settings);
    return settings;
}

int64_t converted(const Settings &settings, int64_t amount_e4, Currency from, Currency to, Date day) {
    int64_t out = -1;
    return settings.convert(amount_e4, from, to, day, out) ? out : -1;
}

}  // namespace

TEST_CASE("the system source is always there, trusted, rank 0") {
    const Settings settings = default_settings();
    REQUIRE(settings.find_source("system"));
    CHECK(settings.find_source("system")->trust == Trust::trusted);
    CHECK(settings.find_source("system")->rank == 0);
    CHECK(settings.find_source("web") == nullptr);
}

TEST_CASE("statuses and fields are found in their own set and object only") {
    Settings settings = default_settings();
    settings.fields = {{Object::order, "gift", "", Type::boolean},
                       {Object::customer, "vip", "", Type::boolean},
                       {Object::line, "gift", "", Type::text}};
    put_in_order(settings);
    CHECK(settings.find_status(StatusSet::general, "cancelled")->in_analytics == false);
    CHECK(settings.find_status(StatusSet::payment, "paid")->in_analytics);
    CHECK(settings.find_status(StatusSet::delivery, "paid") == nullptr);
    CHECK(settings.find_status(StatusSet::delivery, "") == nullptr);
    CHECK(settings.find_field(Object::line, "gift")->type == Type::text);
    CHECK(settings.find_field(Object::order, "gift")->type == Type::boolean);
    CHECK(settings.find_field(Object::payment, "gift") == nullptr);
}

TEST_CASE("money converts by the newest from-to rate dated at or before its day") {
    const Settings settings = with_rates();
    CHECK(converted(settings, 100'000, usd, eur, {2026, 2, 28}) == 80'000);
    CHECK(converted(settings, 100'000, usd, eur, {2026, 3, 1}) == 90'000);
    CHECK(converted(settings, 100'000, usd, eur, {2030, 1, 1}) == 90'000);
    CHECK(converted(settings, 100'000, usd, eur, {2025, 12, 31}) == -1);
}

TEST_CASE("else by the inverse of such a rate, never in chains") {
    const Settings settings = with_rates();
    CHECK(converted(settings, 100'000, eur, usd, {2026, 1, 1}) == 125'000);
    CHECK(converted(settings, 100'000, eur, usd, {2026, 3, 5}) == 111'111);  // 10 / 0.9
    CHECK(converted(settings, 100'000, usd, gbp, {2026, 3, 5}) == -1);
    CHECK(converted(settings, 100'000, eur, usd, {2025, 1, 1}) == -1);
    CHECK(converted(settings, 5, gbp, gbp, {2025, 1, 1}) == 5);
}

TEST_CASE("a direct rate is preferred to a newer inverse one") {
    Settings settings = with_rates();
    settings.rates.push_back({eur, usd, {2026, 2, 1}, 1'100'000});
    put_in_order(settings);
    CHECK(converted(settings, 100'000, eur, usd, {2026, 3, 5}) == 110'000);
    CHECK(converted(settings, 100'000, eur, usd, {2026, 1, 15}) == 125'000);
}

TEST_CASE("conversions round half to even at 4 decimals, and say so when they overflow") {
    Settings settings = default_settings();
    settings.rates = {{usd, eur, {2026, 1, 1}, 500'000}};
    CHECK(converted(settings, 1, usd, eur, {2026, 1, 1}) == 0);
    CHECK(converted(settings, 3, usd, eur, {2026, 1, 1}) == 2);
    CHECK(converted(settings, 5, usd, eur, {2026, 1, 1}) == 2);
    int64_t out = 0;
    REQUIRE(settings.convert(-3, usd, eur, {2026, 1, 1}, out));
    CHECK(out == -2);
    CHECK_FALSE(settings.convert(INT64_MAX - 5, eur, usd, {2026, 1, 1}, out));
}
