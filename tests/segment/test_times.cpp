// Golden instants: durations, local days, calendar periods, anniversaries, and the next change of each
// (formats.md §2 "Rules").
#include <doctest/doctest.h>

#include "segment/asked.hpp"

using namespace cartbell;
using namespace cartbell::testing;

namespace {

std::string placed(std::string_view at) {
    return with_orders(R"({"order_id":"1","placed_at":")" + std::string(at) + R"("})");
}
std::string promised(std::string_view at) {
    return with_orders(R"({"order_id":"1","delivery":{"at":")" + std::string(at) + R"("}})");
}
std::string period(std::string_view text) {
    return R"({"orders":{"period":)" + std::string(text) + "}}";
}
std::string delivery(std::string_view test) {
    return R"({"orders":{"where":{"delivery.at":)" + std::string(test) + "}}}";
}
std::string born(std::string_view date) {
    return with_profile(R"({"birth_date":")" + std::string(date) + R"("})");
}
std::string birthday(std::string_view test) {
    return R"({"customer":{"birth_date":)" + std::string(test) + "}}";
}

struct Golden {
    const char *now;
    const char *answer;
};

void check(const Shop &shop, const std::string &predicate, const std::string &person,
           std::initializer_list<Golden> goldens) {
    for (const Golden &golden : goldens) {
        CAPTURE(predicate);
        CAPTURE(golden.now);
        CHECK(shop.at(predicate, person, golden.now) == golden.answer);
    }
}

}  // namespace

TEST_CASE("past holds while t <= now < t+d; a fact dated after now counts from its own instant") {
    check(Shop(), period(R"({"past":"90d"})"), placed("2026-03-01T10:00:00Z"),
          {{"2026-03-01T09:59:59.999999Z", "false 2026-03-01T10:00:00Z"},
           {"2026-03-01T10:00:00Z", "true 2026-05-30T10:00:00Z"},
           {"2026-05-30T09:59:59.999999Z", "true 2026-05-30T10:00:00Z"},
           {"2026-05-30T10:00:00Z", "false never"}});
}

TEST_CASE(
    "a duration is added to the fact's instant, at month ends too: 31 January and a month is 28 February") {
    check(Shop(), period(R"({"past":"1mo"})"), placed("2026-01-31T10:00:00Z"),
          {{"2026-02-28T09:59:59.999999Z", "true 2026-02-28T10:00:00Z"},
           {"2026-02-28T10:00:00Z", "false never"}});
    check(Shop(), period(R"({"older_than":"1mo"})"), placed("2024-01-30T10:00:00Z"),
          {{"2024-02-01T00:00:00Z", "false 2024-02-29T10:00:00Z"}, {"2024-02-29T10:00:00Z", "true never"}});
    check(Shop(), period(R"({"past":"1y"})"), placed("2024-02-29T10:00:00Z"),
          {{"2025-01-01T00:00:00Z", "true 2025-02-28T10:00:00Z"}});
}

TEST_CASE("d is 24 h; mo keeps the wall time of the zone in force, over a change of the clocks") {
    // Riga: summer time from 2026-03-29 03:00 (UTC+2 -> UTC+3). 12:00 local on 15 March is 10:00Z, on 15
    // April 09:00Z.
    const Shop riga("Europe/Riga");
    check(riga, period(R"({"past":"31d"})"), placed("2026-03-15T10:00:00Z"),
          {{"2026-04-01T00:00:00Z", "true 2026-04-15T10:00:00Z"}});
    check(riga, period(R"({"past":"1mo"})"), placed("2026-03-15T10:00:00Z"),
          {{"2026-04-01T00:00:00Z", "true 2026-04-15T09:00:00Z"}});
    check(riga, period(R"({"past":"1mo","zone":"America/New_York"})"), placed("2026-03-15T10:00:00Z"),
          {{"2026-04-01T00:00:00Z", "true 2026-04-15T10:00:00Z"}});
}

TEST_CASE("a wall time inside a gap moves forward by the gap, of two equal ones the first is taken") {
    const Shop riga("Europe/Riga");
    // 28 February 03:30 local + 1 month = 28 March; 29 January 03:30 + 2 months = 29 March 03:30, which is
    // skipped: 04:30 = 01:30Z.
    check(riga, period(R"({"past":"2mo"})"), placed("2026-01-29T01:30:00Z"),
          {{"2026-03-01T00:00:00Z", "true 2026-03-29T01:30:00Z"}});
    // 25 October 2026 03:30 local is there twice (00:30Z and 01:30Z).
    check(riga, period(R"({"past":"1mo"})"), placed("2026-09-25T00:30:00Z"),
          {{"2026-10-01T00:00:00Z", "true 2026-10-25T00:30:00Z"}});
}

TEST_CASE("between is [t1,t2) as a period, and a date means its local midnight") {
    const Shop kathmandu("Asia/Kathmandu");  // UTC+05:45
    const std::string march = period(R"({"between":["2026-03-01","2026-04-01"]})");
    const char *now = "2026-06-01T00:00:00Z";
    CHECK_FALSE(kathmandu.holds(march, placed("2026-02-28T18:14:59.999999Z"), now));
    CHECK(kathmandu.holds(march, placed("2026-02-28T18:15:00Z"), now));
    CHECK(kathmandu.holds(march, placed("2026-03-31T18:14:59.999999Z"), now));
    CHECK_FALSE(kathmandu.holds(march, placed("2026-03-31T18:15:00Z"), now));
    check(kathmandu, march, placed("2026-03-10T00:00:00Z"),
          {{"2026-03-05T00:00:00Z", "false 2026-03-10T00:00:00Z"}, {"2026-03-10T00:00:00Z", "true never"}});
    CHECK(Shop().holds(period(R"({"between":["2026-03-01T00:00:00Z","2026-03-01T00:00:00.000001Z"]})"),
                       placed("2026-03-01T00:00:00Z")));
}

TEST_CASE("between is [a,b] as a test") {
    const std::string test =
        R"({"orders":{"where":{"placed_at":{"between":["2026-03-01T00:00:00Z","2026-03-02T00:00:00Z"]}}}})";
    CHECK(Shop().holds(test, placed("2026-03-01T00:00:00Z")));
    CHECK(Shop().holds(test, placed("2026-03-02T00:00:00Z")));
    CHECK_FALSE(Shop().holds(test, placed("2026-03-02T00:00:00.000001Z")));
}

TEST_CASE("past_days:n is today and the n-1 local days before") {
    const Shop riga("Europe/Riga");  // summer: UTC+3
    check(riga, period(R"({"past_days":1})"), placed("2026-06-10T20:59:59Z"),
          {{"2026-06-10T20:59:58Z", "false 2026-06-10T20:59:59Z"},
           {"2026-06-10T20:59:59Z", "true 2026-06-10T21:00:00Z"},
           {"2026-06-10T21:00:00Z", "false never"}});
    check(riga, period(R"({"past_days":3})"), placed("2026-06-10T21:00:00Z"),  // local midnight: the 11th
          {{"2026-06-12T00:00:00Z", "true 2026-06-13T21:00:00Z"}, {"2026-06-13T21:00:00Z", "false never"}});
}

TEST_CASE("calendar periods end and begin at their local boundaries; weeks begin on Monday") {
    const Shop riga("Europe/Riga");
    // Sunday 2026-03-29, the day of 23 hours: from 22:00Z on the 28th to 21:00Z on the 29th.
    check(riga, period(R"({"calendar":"today"})"), placed("2026-03-29T12:00:00Z"),
          {{"2026-03-29T12:00:00Z", "true 2026-03-29T21:00:00Z"}, {"2026-03-29T21:00:00Z", "false never"}});
    check(riga, period(R"({"calendar":"yesterday"})"), placed("2026-03-29T12:00:00Z"),
          {{"2026-03-29T12:00:00Z", "false 2026-03-29T21:00:00Z"},
           {"2026-03-29T21:00:00Z", "true 2026-03-30T21:00:00Z"}});
    check(riga, period(R"({"calendar":"this_week"})"), placed("2026-03-29T20:59:59.999999Z"),
          {{"2026-03-29T20:59:59.999999Z", "true 2026-03-29T21:00:00Z"},
           {"2026-03-29T21:00:00Z", "false never"}});
    check(riga, period(R"({"calendar":"previous_week"})"), placed("2026-03-23T00:00:00Z"),
          {{"2026-03-25T00:00:00Z", "false 2026-03-29T21:00:00Z"},
           {"2026-03-29T21:00:00Z", "true 2026-04-05T21:00:00Z"}});
    check(Shop(), period(R"({"calendar":"this_month"})"), placed("2024-02-29T23:00:00Z"),
          {{"2024-02-29T23:30:00Z", "true 2024-03-01T00:00:00Z"}});
    check(Shop(), period(R"({"calendar":"previous_month"})"), placed("2026-01-31T00:00:00Z"),
          {{"2026-02-28T23:59:59Z", "true 2026-03-01T00:00:00Z"}, {"2026-03-01T00:00:00Z", "false never"}});
    check(Shop(), period(R"({"calendar":"this_quarter"})"), placed("2026-05-01T00:00:00Z"),
          {{"2026-06-01T00:00:00Z", "true 2026-07-01T00:00:00Z"}});
    check(Shop(), period(R"({"calendar":"previous_quarter"})"), placed("2025-12-31T00:00:00Z"),
          {{"2026-01-01T00:00:00Z", "true 2026-04-01T00:00:00Z"},
           {"2025-12-31T12:00:00Z", "false 2026-01-01T00:00:00Z"}});
    check(Shop(), period(R"({"calendar":"this_year"})"), placed("2026-01-01T00:00:00Z"),
          {{"2026-06-01T00:00:00Z", "true 2027-01-01T00:00:00Z"}});
    check(Shop(), period(R"({"calendar":"previous_year"})"), placed("2024-06-01T00:00:00Z"),
          {{"2024-07-01T00:00:00Z", "false 2025-01-01T00:00:00Z"},
           {"2025-07-01T00:00:00Z", "true 2026-01-01T00:00:00Z"}});
}

TEST_CASE("within_last holds while t <= now < t+d, within_next from t-d until t") {
    check(Shop(), delivery(R"({"within_last":"2d"})"), promised("2026-05-10T08:00:00Z"),
          {{"2026-05-09T00:00:00Z", "false 2026-05-10T08:00:00Z"},
           {"2026-05-10T08:00:00Z", "true 2026-05-12T08:00:00Z"},
           {"2026-05-12T08:00:00Z", "false never"}});
    check(Shop(), delivery(R"({"within_next":"2d"})"), promised("2026-05-10T08:00:00Z"),
          {{"2026-05-08T07:59:59.999999Z", "false 2026-05-08T08:00:00Z"},
           {"2026-05-08T08:00:00Z", "true 2026-05-10T08:00:00Z"},
           {"2026-05-10T08:00:00Z", "false never"}});
}

TEST_CASE("ago looks only at the past: the next change is t+d, or the microsecond after it for gt and le") {
    const std::string at = promised("2026-05-10T08:00:00Z");
    check(Shop(), delivery(R"({"ago":{"gt":"1d"}})"), at,
          {{"2026-05-01T00:00:00Z", "false 2026-05-11T08:00:00.000001Z"},
           {"2026-05-11T08:00:00Z", "false 2026-05-11T08:00:00.000001Z"},
           {"2026-05-11T08:00:00.000001Z", "true never"}});
    check(Shop(), delivery(R"({"ago":{"ge":"1d"}})"), at,
          {{"2026-05-11T07:59:59.999999Z", "false 2026-05-11T08:00:00Z"},
           {"2026-05-11T08:00:00Z", "true never"}});
    check(Shop(), delivery(R"({"ago":{"lt":"1d"}})"), at,
          {{"2026-05-09T00:00:00Z", "false 2026-05-10T08:00:00Z"},
           {"2026-05-10T08:00:00Z", "true 2026-05-11T08:00:00Z"},
           {"2026-05-11T08:00:00Z", "false never"}});
    check(Shop(), delivery(R"({"ago":{"le":"1d"}})"), at,
          {{"2026-05-11T08:00:00Z", "true 2026-05-11T08:00:00.000001Z"},
           {"2026-05-11T08:00:00.000001Z", "false never"}});
    check(Shop(), delivery(R"({"ago":{"between":["1d","2d"]}})"), at,
          {{"2026-05-11T08:00:00Z", "true 2026-05-12T08:00:00.000001Z"},
           {"2026-05-12T08:00:00.000001Z", "false never"}});
    check(Shop(), delivery(R"({"ago":{"eq":"1d"}})"), at,
          {{"2026-05-11T00:00:00Z", "false 2026-05-11T08:00:00Z"},
           {"2026-05-11T08:00:00Z", "true 2026-05-11T08:00:00.000001Z"}});
    check(Shop(), delivery(R"({"ago":{"ne":"1d"}})"), at,
          {{"2026-05-01T00:00:00Z", "false 2026-05-10T08:00:00Z"},
           {"2026-05-11T08:00:00Z", "false 2026-05-11T08:00:00.000001Z"}});
}

TEST_CASE(
    "ahead looks only at the future: the next change is t-d, or the microsecond after it for lt and ge") {
    const std::string at = promised("2026-05-10T08:00:00Z");
    check(Shop(), delivery(R"({"ahead":{"le":"1d"}})"), at,
          {{"2026-05-01T00:00:00Z", "false 2026-05-09T08:00:00Z"},
           {"2026-05-09T08:00:00Z", "true 2026-05-10T08:00:00Z"},
           {"2026-05-10T08:00:00Z", "false never"}});
    check(Shop(), delivery(R"({"ahead":{"lt":"1d"}})"), at,
          {{"2026-05-09T08:00:00Z", "false 2026-05-09T08:00:00.000001Z"},
           {"2026-05-09T08:00:00.000001Z", "true 2026-05-10T08:00:00Z"}});
    check(Shop(), delivery(R"({"ahead":{"ge":"1d"}})"), at,
          {{"2026-05-09T08:00:00Z", "true 2026-05-09T08:00:00.000001Z"},
           {"2026-05-09T08:00:00.000001Z", "false never"}});
    check(Shop(), delivery(R"({"ahead":{"gt":"1d"}})"), at,
          {{"2026-05-09T07:59:59Z", "true 2026-05-09T08:00:00Z"}, {"2026-05-09T08:00:00Z", "false never"}});
    check(Shop(), delivery(R"({"ahead":{"le":"1mo"}})"),
          promised("2026-03-31T08:00:00Z"),  // a month before is 28 February
          {{"2026-02-01T00:00:00Z", "false 2026-02-28T08:00:00Z"}});
}

TEST_CASE("days_ago and days_ahead count local midnights") {
    const Shop tokyo("Asia/Tokyo");  // UTC+9: midnights at 15:00Z
    check(tokyo, delivery(R"({"days_ago":1})"), promised("2026-05-10T14:59:59Z"),
          {{"2026-05-10T14:59:59Z", "false 2026-05-10T15:00:00Z"},
           {"2026-05-10T15:00:00Z", "true 2026-05-11T15:00:00Z"},
           {"2026-05-11T15:00:00Z", "false never"}});
    check(tokyo, delivery(R"({"days_ago":{"ge":30}})"), promised("2026-05-10T15:00:00Z"),
          {{"2026-05-11T00:00:00Z", "false 2026-06-09T15:00:00Z"}, {"2026-06-09T15:00:00Z", "true never"}});
    check(tokyo, delivery(R"({"days_ahead":{"le":2}})"),
          promised("2026-05-10T16:00:00Z"),  // the 11th in Tokyo
          {{"2026-05-01T00:00:00Z", "false 2026-05-08T15:00:00Z"},
           {"2026-05-08T15:00:00Z", "true 2026-05-11T15:00:00Z"},
           {"2026-05-11T15:00:00Z", "false never"}});
    check(tokyo, delivery(R"({"days_ahead":{"between":[1,2]}})"), promised("2026-05-10T16:00:00Z"),
          {{"2026-05-08T15:00:00Z", "true 2026-05-10T15:00:00Z"}, {"2026-05-10T15:00:00Z", "false never"}});
    check(tokyo, delivery(R"({"days_ago":{"lt":3},"zone":"UTC"})"), promised("2026-05-10T23:00:00Z"),
          {{"2026-05-10T23:00:00Z", "true 2026-05-13T00:00:00Z"}});
}

TEST_CASE("a date counts calendar days: within_last 2w of a date ends at a local midnight") {
    const Shop riga("Europe/Riga");
    check(riga, birthday(R"({"within_last":"2w"})"), born("2026-03-20"),
          {{"2026-03-20T00:00:00Z", "true 2026-04-02T21:00:00Z"}});  // over the change of the clocks
    check(riga, birthday(R"({"days_ago":{"ge":1}})"), born("2026-03-20"),
          {{"2026-03-20T00:00:00Z", "false 2026-03-20T22:00:00Z"}});
    CHECK(riga.refused(birthday(R"({"within_last":"2h"})")) ==
          "bad_constant /customer/birth_date/within_last");
}

TEST_CASE("before and after are strict; a date where a time is asked means its local midnight") {
    const Shop riga("Europe/Riga");
    const std::string at = promised("2026-01-09T22:00:00Z");  // local midnight of the 10th
    CHECK_FALSE(riga.holds(delivery(R"({"before":"2026-01-10"})"), at));
    CHECK_FALSE(riga.holds(delivery(R"({"after":"2026-01-10"})"), at));
    CHECK(riga.holds(delivery(R"({"eq":"2026-01-10"})"), at));
    CHECK(riga.holds(delivery(R"({"before":"2026-01-11","after":"2026-01-09"})"), at));
    CHECK(riga.holds(delivery(R"({"after":"2026-01-10","zone":"Asia/Tokyo"})"), at));
}

TEST_CASE("anniversary looks at the next one, today included; years counts full ones and is never 0") {
    check(Shop(), birthday(R"({"anniversary":{"days_ahead":{"le":7}}})"), born("1990-05-14"),
          {{"2026-05-01T00:00:00Z", "false 2026-05-07T00:00:00Z"},
           {"2026-05-07T00:00:00Z", "true 2026-05-15T00:00:00Z"},
           {"2026-05-14T23:59:59Z", "true 2026-05-15T00:00:00Z"},
           {"2026-05-15T00:00:00Z", "false 2027-05-07T00:00:00Z"}});
    check(Shop(), birthday(R"({"anniversary":{"days_ahead":0,"years":36}})"), born("1990-05-14"),
          {{"2026-05-13T00:00:00Z", "false 2026-05-14T00:00:00Z"},
           {"2026-05-14T00:00:00Z", "true 2026-05-15T00:00:00Z"}});
    check(Shop(), birthday(R"({"anniversary":{"years":1}})"), born("2026-05-14"),
          {{"2026-05-14T00:00:00Z", "true 2027-05-15T00:00:00Z"},
           {"2027-05-15T00:00:00Z", "false 2028-05-15T00:00:00Z"}});
    CHECK_FALSE(Shop().holds(birthday(R"({"anniversary":{"years":{"ge":0},"days_ahead":0}})"),
                             born("2026-05-14"), "2026-05-14T12:00:00Z"));
}

TEST_CASE("29 February is kept on 28 February in other years") {
    const std::string today = birthday(R"({"anniversary":{"days_ahead":0}})");
    CHECK(Shop().holds(today, born("2000-02-29"), "2026-02-28T12:00:00Z"));
    CHECK_FALSE(Shop().holds(today, born("2000-02-29"), "2028-02-28T12:00:00Z"));
    CHECK(Shop().holds(today, born("2000-02-29"), "2028-02-29T12:00:00Z"));
    CHECK(Shop().holds(today, born("--02-29"), "2027-02-28T12:00:00Z"));
    check(Shop(), today, born("2000-02-29"), {{"2027-03-01T00:00:00Z", "false 2028-02-29T00:00:00Z"}});
}

TEST_CASE(
    "an anniversary without a year has days but no years; a time's anniversary is that of its local day") {
    CHECK(Shop().holds(birthday(R"({"anniversary":{"days_ahead":1}})"), born("--05-15"),
                       "2026-05-14T00:00:00Z"));
    CHECK_FALSE(Shop().holds(birthday(R"({"anniversary":{"years":{"ge":1}}})"), born("--05-15"),
                             "2026-05-14T00:00:00Z"));
    const std::string registered =
        with_profile(R"({"registered_at":"2020-12-31T23:00:00Z"})");  // 1 January in Riga
    CHECK(Shop("Europe/Riga")
              .holds(R"({"customer":{"registered_at":{"anniversary":{"days_ahead":0,"years":5}}}})",
                     registered, "2026-01-01T10:00:00Z"));
    CHECK(Shop().holds(R"({"customer":{"registered_at":{"anniversary":{"days_ahead":0,"years":5}}}})",
                       registered, "2025-12-31T10:00:00Z"));
}

TEST_CASE("zone: shop (default), customer, or an IANA name; unknown or absent means the shop's, reported") {
    const Shop riga("Europe/Riga");
    const std::string today = R"({"orders":{"period":{"calendar":"today","zone":"customer"}}})";
    const std::string order = R"(,"orders":[{"order_id":"1","placed_at":"2026-06-01T10:00:00Z"}]})";
    const std::string who = R"({"customer":{"external_id":"C-1"},"profile":)";
    check(riga, today, who + R"({"time_zone":"Asia/Tokyo"})" + order,
          {{"2026-06-01T10:00:00Z", "true 2026-06-01T15:00:00Z"}});
    check(riga, today, who + R"({"time_zone":"Asia/Kolkata"})" + order,
          {{"2026-06-01T10:00:00Z", "true 2026-06-01T18:30:00Z"}});
    check(riga, today, who + R"({"time_zone":"Mars/Base"})" + order,
          {{"2026-06-01T10:00:00Z", "true 2026-06-01T21:00:00Z"}});
    check(riga, today, who + "{}" + order, {{"2026-06-01T10:00:00Z", "true 2026-06-01T21:00:00Z"}});
    CHECK(riga.explained(today, who + "{}" + order).notes == std::vector<std::string>{"unknown_zone"});
    CHECK(riga.explained(today, who + R"({"time_zone":"Asia/Tokyo"})" + order).notes.empty());
    CHECK(riga.warned(R"({"orders":{"period":{"past":"1mo","zone":"Mars/Base"}}})") ==
          "unknown_zone /orders/period/zone");
}

TEST_CASE("where midnight is skipped the day begins after the gap") {
    const Shop cairo("Africa/Cairo");  // 2026-04-24 00:00 -> 01:00 (UTC+2 -> UTC+3): the day begins at 22:00Z
    check(cairo, period(R"({"calendar":"today"})"), placed("2026-04-23T10:00:00Z"),
          {{"2026-04-23T12:00:00Z", "true 2026-04-23T22:00:00Z"}});
    check(cairo, period(R"({"calendar":"today"})"), placed("2026-04-23T22:00:00Z"),
          {{"2026-04-23T22:00:00Z", "true 2026-04-24T21:00:00Z"}});
}

TEST_CASE("operands are fields of the same row, moved by durations in the zone in force") {
    const std::string late = with_orders(
        R"({"order_id":"1","placed_at":"2026-01-31T12:00:00Z","delivery":{"at":"2026-03-01T12:00:00Z"}})");
    CHECK(Shop().holds(R"({"orders":{"where":{"delivery.at":{"gt":{"field":"placed_at","plus":"1mo"}}}}})",
                       late));
    CHECK(Shop().holds(R"({"orders":{"where":{"delivery.at":{"eq":{"field":"placed_at","plus":"29d"}}}}})",
                       late));
    CHECK(Shop().holds(R"({"orders":{"where":{"placed_at":{"eq":{"field":"delivery.at","minus":"29d"}}}}})",
                       late));
    CHECK_FALSE(
        Shop().holds(R"({"orders":{"where":{"placed_at":{"lt":{"field":"delivery.until"}}}}})", late));
}
