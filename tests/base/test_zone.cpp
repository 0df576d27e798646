#include <doctest/doctest.h>

#include <string>

#include "base/zone.hpp"

using namespace cartbell;

namespace {

constexpr int64_t hour_us = 3600 * second_us;

Instant at(std::string_view text) {
    return *parse_instant(text);
}
Duration lasting(std::string_view text) {
    return *parse_duration(text);
}

std::string later(std::string_view text, std::string_view duration, const Zone &zone) {
    return format_instant(add(at(text), lasting(duration), zone));
}
std::string earlier(std::string_view text, std::string_view duration, const Zone &zone) {
    return format_instant(subtract(at(text), lasting(duration), zone));
}

// One hour east, two in summer; only the changes of 2026 (29 March and 25 October, 01:00 UTC) are known.
class OneSummer final : public Zone {
  public:
    int32_t offset_seconds_at(Instant instant) const override {
        return instant >= begin_ && instant < end_ ? 7200 : 3600;
    }
    Instant instant_of(LocalTime local) const override {
        if (local < begin_ + 2 * hour_us) return local - hour_us;  // before and inside the gap
        if (local < end_ + 2 * hour_us) return local - 2 * hour_us;
        return local - hour_us;
    }
    std::string_view name() const override { return "Test/Summer"; }

  private:
    Instant begin_ = at("2026-03-29T01:00:00Z");
    Instant end_ = at("2026-10-25T01:00:00Z");
};

}  // namespace

TEST_CASE("s m h d w are exact lengths: d is 24 h") {
    CHECK(later("2026-01-01T00:00:00Z", "90s", utc()) == "2026-01-01T00:01:30Z");
    CHECK(later("2026-01-01T00:00:00Z", "90m", utc()) == "2026-01-01T01:30:00Z");
    CHECK(later("2026-01-01T00:00:00Z", "25h", utc()) == "2026-01-02T01:00:00Z");
    CHECK(later("2026-01-01T00:00:00Z", "2w", utc()) == "2026-01-15T00:00:00Z");
    CHECK(earlier("2026-01-01T00:00:00Z", "1d", utc()) == "2025-12-31T00:00:00Z");
    const OneSummer zone;  // across the change the wall time moves, the length does not
    CHECK(later("2026-03-28T12:00:00Z", "1d", zone) == "2026-03-29T12:00:00Z");
}

TEST_CASE("mo and y are calendar steps, clamped to the month's last day") {
    CHECK(later("2026-01-31T10:00:00Z", "1mo", utc()) == "2026-02-28T10:00:00Z");
    CHECK(later("2024-01-31T10:00:00Z", "1mo", utc()) == "2024-02-29T10:00:00Z");
    CHECK(later("2026-01-31T10:00:00Z", "3mo", utc()) == "2026-04-30T10:00:00Z");
    CHECK(earlier("2026-03-31T10:00:00Z", "1mo", utc()) == "2026-02-28T10:00:00Z");
    CHECK(later("2026-12-15T10:00:00Z", "1mo", utc()) == "2027-01-15T10:00:00Z");
    CHECK(earlier("2026-01-15T10:00:00Z", "1mo", utc()) == "2025-12-15T10:00:00Z");
    CHECK(earlier("2026-01-15T10:00:00Z", "25mo", utc()) == "2023-12-15T10:00:00Z");
    CHECK(later("2024-02-29T10:00:00Z", "1y", utc()) == "2025-02-28T10:00:00Z");
    CHECK(later("2024-02-29T10:00:00Z", "4y", utc()) == "2028-02-29T10:00:00Z");
}

TEST_CASE("calendar steps keep the wall time in the zone in force") {
    const OneSummer zone;
    CHECK(later("2026-03-15T11:00:00Z", "1mo", zone) == "2026-04-15T10:00:00Z");  // 12:00 and 12:00
    CHECK(earlier("2026-11-15T11:00:00Z", "1mo", zone) == "2026-10-15T10:00:00Z");
    // 31 January 00:30 local is 30 January in UTC; the clamp looks at the local day.
    CHECK(later("2026-01-30T23:30:00Z", "1mo", zone) == "2026-02-27T23:30:00Z");
}

TEST_CASE("a wall time inside a gap moves forward by the gap, of two equal ones the first is taken") {
    const OneSummer zone;
    CHECK(later("2026-02-28T01:30:00Z", "1mo", zone) == "2026-03-28T01:30:00Z");
    CHECK(later("2026-01-29T01:30:00Z", "2mo", zone) ==
          "2026-03-29T01:30:00Z");  // 02:30 is in the gap: 03:30 local
    CHECK(later("2026-09-25T00:30:00Z", "1mo", zone) ==
          "2026-10-25T00:30:00Z");  // 02:30 comes twice: the first
    CHECK(earlier("2026-11-25T01:30:00Z", "1mo", zone) == "2026-10-25T00:30:00Z");
}

TEST_CASE("arithmetic saturates and never overflows") {
    for (const char *huge :
         {"999999999999999999s", "999999999999999999w", "999999999999999999mo", "999999999999999999y"}) {
        CAPTURE(huge);
        CHECK(add(0, lasting(huge), utc()) == never);
        CHECK(subtract(0, lasting(huge), utc()) == no_instant + 1);
        CHECK(add(0, lasting(huge), OneSummer()) == never);
    }
    CHECK(add(never, lasting("1d"), utc()) == never);
    CHECK(subtract(never, lasting("1d"), utc()) == never);
    CHECK(add(no_instant, lasting("1d"), utc()) == no_instant);
    CHECK(add(never - 1, lasting("1mo"), utc()) == never);
    CHECK(subtract(no_instant + 1, lasting("1mo"), utc()) == no_instant + 1);
    CHECK(add(never - 5, lasting("1s"), utc()) == never);
    CHECK(add(never - 1, lasting("1mo"), OneSummer()) == never);
    CHECK(local_of(OneSummer(), never) == never);
    (void)date_at(OneSummer(), never);
    (void)date_at(utc(), no_instant);
}

TEST_CASE("a duration of zero changes nothing") {
    const OneSummer zone;
    const Instant second_of_two = at("2026-10-25T01:30:00Z");
    CHECK(add(second_of_two, lasting("0mo"), zone) == second_of_two);
}

TEST_CASE("against a date, d and w count calendar days") {
    CHECK(add(Date{2026, 2, 27}, lasting("3d")) == Date{2026, 3, 2});
    CHECK(subtract(Date{2026, 1, 1}, lasting("2w")) == Date{2025, 12, 18});
    CHECK(add(Date{2026, 1, 31}, lasting("1mo")) == Date{2026, 2, 28});
    CHECK(add(Date{2024, 2, 29}, lasting("1y")) == Date{2025, 2, 28});
    CHECK(add(Date{2026, 1, 1}, lasting("5h")) == Date{2026, 1, 1});
    CHECK(add(Date{2026, 1, 1}, lasting("999999999999999999d")) == Date{9999, 12, 31});
    CHECK(subtract(Date{2026, 1, 1}, lasting("999999999999999999mo")) == Date{1, 1, 1});
}

TEST_CASE("a date without a year goes round and stays without one") {
    CHECK(add(Date{0, 12, 31}, lasting("1d")) == Date{0, 1, 1});
    CHECK(subtract(Date{0, 1, 1}, lasting("1d")) == Date{0, 12, 31});
    CHECK(add(Date{0, 11, 30}, lasting("3mo")) == Date{0, 2, 28});
}

TEST_CASE("local days and their midnights") {
    const OneSummer zone;
    CHECK(date_at(zone, at("2026-01-31T23:30:00Z")) == Date{2026, 2, 1});
    CHECK(date_at(utc(), -1) == Date{1969, 12, 31});
    CHECK(midnight_of(zone, {2026, 7, 1}) == at("2026-06-30T22:00:00Z"));
    CHECK(midnight_of(utc(), {2026, 7, 1}) == at("2026-07-01T00:00:00Z"));
    CHECK(utc().name() == "UTC");
}
