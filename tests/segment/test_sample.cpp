// formats.md §2: "`sample`: first 8 bytes of SHA-256(salt, 0x00, the text of the customer's strongest identity; several of one kind: the smallest)
// as a big-endian integer / 2^64 x 100; in when `a <= bucket < b`; `10` is `[0,10]`. Salt `holdout-2026`: `C-17` 30.5372, `u0` 51.1601,
// `u1` 85.8446. A stronger identity moves the bucket"
#include <doctest/doctest.h>

#include "segment/asked.hpp"
#include "segment/sample.hpp"

using namespace cartbell;
using namespace cartbell::testing;

namespace {

std::string sample(std::string_view percent) {
    return R"({"sample":{"percent":)" + std::string(percent) + R"(,"salt":"holdout-2026"}})";
}

std::string person(std::string_view identities) { return R"({"customer":{)" + std::string(identities) + "}}"; }

}  // namespace

TEST_CASE("the published buckets") {
    CHECK(segment::percent_e6(segment::bucket("holdout-2026", "C-17")) / 100 == 305'371);
    CHECK(segment::percent_e6(segment::bucket("holdout-2026", "u0")) / 100 == 511'600);
    CHECK(segment::percent_e6(segment::bucket("holdout-2026", "u1")) / 100 == 858'445);
    const Shop shop;
    const std::string c17 = person(R"("external_id":"C-17")");
    CHECK(shop.holds(sample("30.5372"), c17));
    CHECK_FALSE(shop.holds(sample("30.5371"), c17));
    CHECK(shop.holds(sample("[30.537199,30.5372]"), c17));
    CHECK_FALSE(shop.holds(sample("[30.5372,100]"), c17));
    CHECK(shop.holds(sample("100"), c17));
    CHECK_FALSE(shop.holds(sample("0"), c17));
    CHECK(shop.at(sample("50"), c17, "2026-06-01T00:00:00Z") == "true never");
}

TEST_CASE("a <= bucket < b, to the last of 2^64 places") {
    const segment::Sample tenth{0, 10'000'000, ""}, rest{10'000'000, 100'000'000, ""}, all{0, 100'000'000, ""};
    const uint64_t border = 1'844'674'407'370'955'161u;  // 2^64 / 10 = …161.6
    CHECK(tenth.has(border));
    CHECK_FALSE(tenth.has(border + 1));
    CHECK_FALSE(rest.has(border));
    CHECK(rest.has(border + 1));
    CHECK(all.has(UINT64_MAX));
    const segment::Sample half{50'000'000, 50'000'001, ""};
    CHECK(half.has(uint64_t{1} << 63));
    CHECK_FALSE(half.has((uint64_t{1} << 63) - 1));
}

TEST_CASE("the strongest identity draws, of several the smallest; a stronger one moves the bucket") {
    const Shop shop;
    CHECK(shop.holds(sample("[51.16,51.17]"), person(R"("external_id":"u0")")));
    CHECK(shop.holds(sample("[51.16,51.17]"), person(R"("anonymous_id":"u0")")));
    CHECK_FALSE(shop.holds(sample("[51.16,51.17]"), person(R"("anonymous_id":"u0","external_id":"u1")")));
    CHECK(shop.holds(sample("[85.84,85.85]"), person(R"("anonymous_id":"u0","external_id":"u1")")));
}

TEST_CASE("a sample is explained by the customer's place") {
    const auto made = Shop().explained(sample("[20,40]"), person(R"("external_id":"C-17")"));
    CHECK(made.holds);
    CHECK(made.what == "sample");
    CHECK(made.measured_known);
    CHECK(made.measured.number == 30'537'199);
    CHECK(made.test == R"({"percent":[20,40],"salt":"holdout-2026"})");
}

TEST_CASE("samples that say nothing are refused") {
    const Shop shop;
    CHECK(shop.refused(R"({"sample":{"percent":10}})") == "bad_type /sample");
    CHECK(shop.refused(R"({"sample":{"salt":"x"}})") == "bad_type /sample");
    CHECK(shop.refused(R"({"sample":{"percent":"10","salt":"x"}})") == "bad_constant /sample/percent");
    CHECK(shop.refused(R"({"sample":{"percent":101,"salt":"x"}})") == "bad_constant /sample/percent");
    CHECK(shop.refused(R"({"sample":{"percent":-1,"salt":"x"}})") == "bad_constant /sample/percent");
    CHECK(shop.refused(R"({"sample":{"percent":[20,10],"salt":"x"}})") == "bad_constant /sample/percent");
    CHECK(shop.refused(R"({"sample":{"percent":[10],"salt":"x"}})") == "bad_type /sample/percent");
    CHECK(shop.refused(R"({"sample":{"percent":[0,1.0000001],"salt":"x"}})") == "bad_constant /sample/percent/1");
    CHECK(shop.refused(R"({"sample":{"percent":1,"salt":"x","of":"y"}})") == "unknown_member /sample/of");
}
