#include <doctest/doctest.h>

#include <string>

#include "base/instant.hpp"
#include "platform/posix_rule.hpp"

using namespace cartbell;

namespace {

// Both changes of a year, as UTC.
std::string changes(const char *text, int32_t year) {
    const auto rule = parse_posix_rule(text);
    if (!rule || !rule->has_summer) return "none";
    const auto pair = rule->changes_of(year);
    std::string out;
    for (const auto &change : pair) {
        out +=
            format_instant(change.at_seconds * second_us) + " " + std::to_string(change.offset_seconds) + " ";
    }
    return out;
}

}  // namespace

TEST_CASE("a rule of months, weeks and weekdays: Riga's last Sundays") {
    CHECK(changes("EET-2EEST,M3.5.0/3,M10.5.0/4", 2026) ==
          "2026-03-29T01:00:00Z 10800 2026-10-25T01:00:00Z 7200 ");
    CHECK(changes("EET-2EEST,M3.5.0/3,M10.5.0/4", 2100) ==
          "2100-03-28T01:00:00Z 10800 2100-10-31T01:00:00Z 7200 ");
}

TEST_CASE("on the southern half of the globe summer ends first, and 02:00 is the default time") {
    CHECK(changes("AEST-10AEDT,M10.1.0,M4.1.0/3", 2026) ==
          "2026-04-04T16:00:00Z 36000 2026-10-03T16:00:00Z 39600 ");
}

TEST_CASE("quoted names, negative and more than 24 hours (version 3)") {
    CHECK(changes("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2026) ==
          "2026-03-29T01:00:00Z -3600 2026-10-25T01:00:00Z -7200 ");
    CHECK(changes("IST-2IDT,M3.4.4/26,M10.5.0", 2026) ==
          "2026-03-27T00:00:00Z 10800 2026-10-24T23:00:00Z 7200 ");
}

TEST_CASE("days of the year: n counts 29 February, Jn does not") {
    CHECK(changes("AAA0BBB,59/0,300/0", 2024) == "2024-02-29T00:00:00Z 3600 2024-10-26T23:00:00Z 0 ");
    CHECK(changes("AAA0BBB,J59/0,J60/0", 2024) == "2024-02-28T00:00:00Z 3600 2024-02-29T23:00:00Z 0 ");
    CHECK(changes("AAA0BBB,J59/0,J60/0", 2023) == "2023-02-28T00:00:00Z 3600 2023-02-28T23:00:00Z 0 ");
}

TEST_CASE("always summer time: its end and next beginning fall together, and summer stays") {
    // RFC 9636 §3.3.1's example of a whole year of daylight saving.
    CHECK(changes("EST5EDT,0/0,J365/25", 2026) == "2026-01-01T05:00:00Z -14400 2027-01-01T05:00:00Z -18000 ");
    CHECK(changes("EST5EDT,0/0,J365/25", 2027).starts_with("2027-01-01T05:00:00Z -14400"));
}

TEST_CASE("a rule without summer time is an offset") {
    const auto rule = parse_posix_rule("<+0545>-5:45");
    REQUIRE(rule);
    CHECK(!rule->has_summer);
    CHECK(rule->standard_seconds == 20'700);
}

TEST_CASE("what is no rule is refused") {
    for (const char *text : {"",
                             "E",
                             "EET",
                             "EET-",
                             "EET-2EEST",
                             "EET-2EEST,",
                             "EET-2EEST,M3.5.0",
                             "EET-2EEST,M3.5.0,M13.5.0",
                             "EET-2EEST,M3.6.0,M10.5.0",
                             "EET-2EEST,M3.5.7,M10.5.0",
                             "EET-2EEST,J0,J1",
                             "EET-2EEST,366,1",
                             "EET-25",
                             "EET-2EEST,M3.5.0/168,M10.5.0",
                             "EET-2 ",
                             "<EET-2",
                             "EET-2EEST,M3.5.0,M10.5.0x",
                             "EET-99999999999999999999",
                             "EET-2:60",
                             "<>0"}) {
        CAPTURE(text);
        CHECK(!parse_posix_rule(text));
    }
}
