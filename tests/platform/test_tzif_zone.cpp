#include <doctest/doctest.h>

#include "platform/tzif_zone.hpp"
#include "tzif_bytes.hpp"

using namespace cartbell;

namespace {

constexpr int64_t hour_us = 3600 * second_us;

// From 1000 h on two hours east instead of one, from 2000 h on one again.
TzifBytes two_changes() {
    TzifBytes file;
    file.offsets = {3600, 7200};
    file.changes = {{1000 * 3600, 1}, {2000 * 3600, 0}};
    return file;
}

}  // namespace

TEST_CASE("the offset changes at the listed instant, not before") {
    const auto zone = TzifZone::parse("X/Y", two_changes().bytes());
    REQUIRE(zone);
    CHECK(zone->name() == "X/Y");
    CHECK(zone->offset_seconds_at(1000 * hour_us - 1) == 3600);
    CHECK(zone->offset_seconds_at(1000 * hour_us) == 7200);
    CHECK(zone->offset_seconds_at(2000 * hour_us - 1) == 7200);
    CHECK(zone->offset_seconds_at(2000 * hour_us) == 3600);
    CHECK(zone->offset_seconds_at(no_instant) == 3600);
    CHECK(zone->offset_seconds_at(never) == 3600);
}

TEST_CASE("formats.md: a wall time inside a gap moves forward by the gap") {
    const auto zone = TzifZone::parse("X", two_changes().bytes());
    // The wall clock jumps from 1001:00 to 1002:00.
    CHECK(zone->instant_of(1001 * hour_us - 1) == 1000 * hour_us - 1);
    CHECK(zone->instant_of(1001 * hour_us) == 1000 * hour_us);
    const Instant moved = zone->instant_of(1001 * hour_us + hour_us / 2);
    CHECK(local_of(*zone, moved) == 1002 * hour_us + hour_us / 2);
    CHECK(zone->instant_of(1002 * hour_us) == 1000 * hour_us);
}

TEST_CASE("formats.md: of two equal wall times the first is taken") {
    const auto zone = TzifZone::parse("X", two_changes().bytes());
    // The wall clock goes back from 2002:00 to 2001:00.
    CHECK(zone->instant_of(2001 * hour_us) == 1999 * hour_us);
    CHECK(zone->instant_of(2002 * hour_us - 1) == 2000 * hour_us - 1);
    CHECK(zone->instant_of(2002 * hour_us) == 2001 * hour_us);
}

TEST_CASE("the rule at the file's end goes on after the last change, for all years") {
    TzifBytes file;
    file.offsets = {7200};
    file.footer = "EET-2EEST,M3.5.0/3,M10.5.0/4";
    const auto zone = TzifZone::parse("X", file.bytes());
    REQUIRE(zone);
    for (const int32_t year : {2026, 2100, 2199, 2200, 2201, 2400, 9999}) {
        CAPTURE(year);
        CHECK(zone->offset_seconds_at(days_of({year, 7, 1}) * day_us) == 10'800);
        CHECK(zone->offset_seconds_at(days_of({year, 12, 31}) * day_us) == 7'200);
        CHECK(zone->offset_seconds_at(days_of({year, 1, 1}) * day_us) == 7'200);
        CHECK(zone->instant_of(days_of({year, 7, 1}) * day_us) ==
              days_of({year, 7, 1}) * day_us - 3 * hour_us);
    }
    (void)zone->offset_seconds_at(never);
    (void)zone->offset_seconds_at(no_instant);
    (void)zone->instant_of(never);
    (void)zone->instant_of(no_instant);
}

TEST_CASE("a rule of summer time all year has no hole at new year") {
    TzifBytes file;
    file.version = '3';
    file.offsets = {-14'400};
    file.footer = "EST5EDT,0/0,J365/25";
    const auto zone = TzifZone::parse("X", file.bytes());
    REQUIRE(zone);
    for (int64_t at = days_of({2026, 12, 30}) * day_us; at < days_of({2027, 1, 3}) * day_us;
         at += hour_us / 2) {
        CHECK(zone->offset_seconds_at(at) == -14'400);
        CHECK(zone->instant_of(at) == at + 4 * hour_us);
    }
    CHECK(zone->offset_seconds_at(days_of({2500, 1, 1}) * day_us + 5 * hour_us) == -14'400);
}

TEST_CASE("a file of version 1 has no footer, and its last offset goes on") {
    TzifBytes file = two_changes();
    file.version = '\0';
    const auto zone = TzifZone::parse("X", file.bytes());
    REQUIRE(zone);
    CHECK(zone->offset_seconds_at(1500 * hour_us) == 7200);
    CHECK(zone->offset_seconds_at(days_of({2100, 7, 1}) * day_us) == 3600);
}

TEST_CASE("changes before the range of instants do no harm") {
    TzifBytes file;
    file.offsets = {-1, 3600};
    file.changes = {{INT64_MIN, 0}, {-(int64_t{1} << 59), 1}, {INT64_MAX, 0}};
    const auto zone = TzifZone::parse("X", file.bytes());
    REQUIRE(zone);
    CHECK(zone->offset_seconds_at(0) == 3600);
    CHECK(zone->instant_of(0) == -hour_us);
}

TEST_CASE("every shortened file is refused, and none crashes") {
    TzifBytes file = two_changes();
    file.footer = "EET-2EEST,M3.5.0/3,M10.5.0/4";
    const std::string bytes = file.bytes();
    REQUIRE(TzifZone::parse("X", bytes));
    for (size_t length = 0; length < bytes.size(); ++length) {
        CAPTURE(length);
        CHECK(!TzifZone::parse("X", std::string(bytes.data(), length)));
    }
}

TEST_CASE("no change of a single byte makes it crash or hang") {
    TzifBytes file = two_changes();
    file.footer = "EET-2EEST,M3.5.0/3,M10.5.0/4";
    const std::string bytes = file.bytes();
    int read = 0;
    for (size_t at = 0; at < bytes.size(); ++at) {
        for (const int flip : {0x01, 0x10, 0x80, 0xff}) {
            std::string spoiled = bytes;
            spoiled[at] = static_cast<char>(spoiled[at] ^ flip);
            const auto zone = TzifZone::parse("X", spoiled);
            if (!zone) continue;
            ++read;
            for (const Instant instant : {no_instant, Instant{0}, 1500 * hour_us, greatest_instant, never}) {
                (void)zone->offset_seconds_at(instant);
                (void)zone->instant_of(instant);
            }
        }
    }
    CHECK(read > 0);
}

TEST_CASE("malformed files are refused, each for its reason") {
    TzifBytes file = two_changes();
    SUBCASE("an index beyond the types") {
        file.changes[1].type = 2;
    }
    SUBCASE("changes out of order") {
        file.changes[1].at_seconds = 5;
    }
    SUBCASE("no type at all") {
        file.offsets.clear(), file.changes.clear();
    }
    SUBCASE("an offset beyond a day") {
        file.offsets[1] = 100'000;
    }
    SUBCASE("a footer that is no rule") {
        file.footer = "EET";
    }
    SUBCASE("leap seconds, which POSIX time does not count") {
        file.leaps = 1;
    }
    SUBCASE("a version that is none") {
        file.version = 'x';
    }
    CHECK(!TzifZone::parse("X", file.bytes()));
}
