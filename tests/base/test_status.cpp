#include <doctest/doctest.h>

#include "base/status.hpp"

using namespace cartbell;

namespace {

Result<int> half(int value) {
    if (value % 2 != 0) return failure(Code::invalid, "odd", "the number is odd", "/value");
    return value / 2;
}
Status check_quarter(int value) {
    CARTBELL_ASSIGN(const int once, half(value));
    CARTBELL_ASSIGN(const int twice, half(once));
    return twice >= 0 ? Status() : Status(failure(Code::limit, "negative", "the number is negative"));
}
Result<std::unique_ptr<int>> moved(int value) {
    CARTBELL_TRY(check_quarter(value));
    return std::make_unique<int>(value);
}

}  // namespace

TEST_CASE("a status is ok, or carries its error through the macros") {
    CHECK(check_quarter(8).ok());
    CHECK(check_quarter(8).code() == Code::ok);
    const Status odd = check_quarter(6);
    REQUIRE(!odd.ok());
    CHECK(odd.code() == Code::invalid);
    CHECK(odd.error().reason == "odd");
    CHECK(odd.error().pointer == "/value");
    CHECK(check_quarter(-8).code() == Code::limit);
}

TEST_CASE("a result holds values that only move") {
    auto good = moved(8);
    REQUIRE(good.ok());
    const std::unique_ptr<int> owned = std::move(*good);
    CHECK(*owned == 8);
    CHECK(moved(5).code() == Code::invalid);
}
