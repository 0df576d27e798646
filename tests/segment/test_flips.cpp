// The promise of next_change, on random predicates over random facts: the verdict is constant until then, and
// whoever waits moves on.
#include <doctest/doctest.h>

#include <random>

#include "segment/asked.hpp"

using namespace cartbell;
using namespace cartbell::testing;

namespace {

class Random {
  public:
    explicit Random(uint32_t seed) : engine_(seed) {}
    int64_t below(int64_t limit) { return static_cast<int64_t>(engine_() % static_cast<uint64_t>(limit)); }
    template <size_t N>
    std::string pick(const char *const (&options)[N]) {
        return options[below(N)];
    }
    bool chance(int percent) { return below(100) < percent; }

  private:
    std::mt19937_64 engine_;
};

const Instant around = 1'772'000'000'000'000;  // February 2026

std::string instant(Random &random) {
    return format_instant(around + (random.below(400) - 200) * day_us / 2 +
                          random.below(3) * 3600 * second_us - random.below(2));
}
std::string quoted(const std::string &text) {
    return "\"" + text + "\"";
}

std::string person(Random &random) {
    std::string orders;
    for (int64_t i = random.below(5); i > 0; --i) {
        if (!orders.empty()) orders += ',';
        const std::string at = instant(random);
        orders += R"({"order_id":)" + quoted(std::to_string(i)) + R"(,"placed_at":)" + quoted(at) +
                  R"(,"total":")" + std::to_string(random.below(50)) + R"(","currency":")" +
                  random.pick({"EUR", "USD"}) + "\"";
        if (random.chance(60)) orders += R"(,"delivery":{"at":)" + quoted(instant(random)) + "}";
        if (random.chance(60))
            orders += R"(,"status":{"general":")" + random.pick({"received", "cancelled"}) + "\"}";
        orders += R"(,"lines":[{"line_id":"1","quantity":")" + std::to_string(random.below(4)) + "\"}]";
        if (random.chance(40))
            orders += R"(,"history_ops":[{"occurred_at":)" + quoted(instant(random)) +
                      R"(,"status":{"payment":"paid"}}])";
        orders += '}';
    }
    std::string profile = R"({"registered_at":)" + quoted(instant(random));
    if (random.chance(80))
        profile +=
            R"(,"birth_date":")" + random.pick({"1990-02-28", "2000-02-29", "--12-31", "1985-05-14"}) + "\"";
    if (random.chance(60))
        profile += R"(,"time_zone":")" +
                   random.pick({"Asia/Kathmandu", "America/New_York", "Africa/Cairo", "No/Where"}) + "\"";
    return R"({"customer":{"external_id":"C-1"},"profile":)" + profile + R"(},"orders":[)" + orders + "]}";
}

std::string duration(Random &random) {
    return quoted(std::to_string(random.below(40)) + random.pick({"d", "h", "w", "mo", "m"}));
}
std::string zone(Random &random) {
    return random.chance(40)
               ? R"(,"zone":")" + random.pick({"customer", "Europe/Riga", "Asia/Kolkata", "shop"}) + "\""
               : "";
}
std::string number_test(Random &random) {
    return R"({")" + random.pick({"eq", "ne", "lt", "le", "gt", "ge"}) +
           "\":" + std::to_string(random.below(12)) + "}";
}

std::string time_test(Random &random, bool date) {
    const std::string moved =
        date ? quoted(std::to_string(random.below(60)) + random.pick({"d", "w", "mo"})) : duration(random);
    switch (random.below(6)) {
        case 0:
            return R"({"within_last":)" + moved + zone(random) + "}";
        case 1:
            return R"({"within_next":)" + moved + zone(random) + "}";
        case 2:
            return R"({")" + random.pick({"ago", "ahead"}) + R"(":{")" +
                   random.pick({"eq", "ne", "lt", "le", "gt", "ge"}) + "\":" + moved + "}" + zone(random) +
                   "}";
        case 3:
            return R"({")" + random.pick({"days_ago", "days_ahead"}) + "\":" + number_test(random) +
                   zone(random) + "}";
        case 4:
            return R"({"anniversary":{"days_ahead":)" + number_test(random) +
                   (random.chance(30) ? R"(,"years":{"ge":)" + std::to_string(random.below(40)) + "}" : "") +
                   "}" + zone(random) + "}";
        default:
            return R"({"before":"2026-03-01")" + zone(random) + "}";
    }
}

std::string period(Random &random) {
    std::string one;
    switch (random.below(5)) {
        case 0:
            one = R"("past":)" + duration(random);
            break;
        case 1:
            one = R"("older_than":)" + duration(random);
            break;
        case 2:
            one = R"("past_days":)" + std::to_string(1 + random.below(60));
            break;
        case 3:
            one = R"("between":["2026-01-15","2026-04-01T12:00:00Z"])";
            break;
        default:
            one = R"("calendar":")" +
                  random.pick({"today", "yesterday", "this_week", "previous_week", "this_month",
                               "previous_month", "this_quarter", "previous_quarter", "this_year",
                               "previous_year"}) +
                  "\"";
    }
    return "{" + one + zone(random) + "}";
}

std::string order_row(Random &random, int depth);

std::string measure(Random &random, bool orders, int depth) {
    std::string members;
    const auto add = [&](const std::string &member) { members += (members.empty() ? "" : ",") + member; };
    if (random.chance(70)) add(R"("period":)" + period(random));
    if (orders && random.chance(40)) add(R"("where":)" + order_row(random, depth));
    if (random.chance(15)) add(R"("currency":"USD")");
    switch (random.below(orders ? 7 : 3)) {
        case 0:
            add(R"("count":)" + number_test(random));
            break;
        case 1:
            break;
        case 2:
            add(orders ? R"("sum":{"of":"total","is":{"ge":40}})"
                       : R"("sum":{"of":"quantity","is":{"ge":3}})");
            break;
        case 3:
            add("\"" + random.pick({"first", "last", "every", "none"}) + "\":" + order_row(random, depth));
            break;
        case 4:
            add("\"" + random.pick({"min", "max", "mode"}) + R"(":{"of":"placed_at","is":)" +
                time_test(random, false) + "}");
            break;
        case 5:
            add(R"("distinct":{"of":"currency","is":)" + number_test(random) + "}");
            break;
        default:
            add(R"("avg":{"of":"total","is":{"lt":20}})");
    }
    return "{" + members + "}";
}

std::string order_row(Random &random, int depth) {
    switch (depth > 2 ? random.below(3) : random.below(6)) {
        case 0:
            return R"({"placed_at":)" + time_test(random, false) + "}";
        case 1:
            return R"({"delivery.at":)" + time_test(random, false) + "}";
        case 2:
            return R"({"total":{"lt":{"field":"total","times":1.5,"minus":10}}})";
        case 3:
            return R"({"not":)" + order_row(random, depth + 1) + "}";
        case 4:
            return R"({"any":[)" + order_row(random, depth + 1) + "," + order_row(random, depth + 1) + "]}";
        default:
            return "{\"" + random.pick({"lines", "history"}) + "\":{\"period\":" + period(random) +
                   R"(,"count":)" + number_test(random) + "}}";
    }
}

std::string predicate(Random &random, int depth) {
    switch (depth > 2 ? 5 + random.below(4) : random.below(9)) {
        case 0:
            return R"({"not":)" + predicate(random, depth + 1) + "}";
        case 1:
            return R"({"all":[)" + predicate(random, depth + 1) + "," + predicate(random, depth + 1) + "]}";
        case 2:
            return R"({"any":[)" + predicate(random, depth + 1) + "," + predicate(random, depth + 1) + "]}";
        case 3:
            return R"({"at_least":2,"of":[)" + predicate(random, depth + 1) + "," +
                   predicate(random, depth + 1) + "," + predicate(random, depth + 1) + "]}";
        case 4:
            return R"({"customer":{"birth_date":)" + time_test(random, true) + "}}";
        case 5:
            return R"({"customer":{"registered_at":)" + time_test(random, false) + "}}";
        case 6:
            return "{\"" + random.pick({"lines", "bought"}) + "\":" + measure(random, false, 0) + "}";
        default:
            return "{\"" + random.pick({"orders", "purchases"}) + "\":" + measure(random, true, 0) + "}";
    }
}

}  // namespace

TEST_CASE("the verdict is constant on [now, next_change), and evaluating again at next_change moves on") {
    int flips = 0, hops = 0;
    for (uint32_t seed = 1; seed <= 1500; ++seed) {
        Random random(seed);
        Shop shop("Europe/Riga");
        shop.rate("USD", "EUR", "2026-01-10", "0.9");
        const std::string asked = predicate(random, 0), facts = person(random);
        CAPTURE(seed);
        CAPTURE(asked);
        CAPTURE(facts);
        const auto compiled = shop.compile(asked);
        REQUIRE_MESSAGE(compiled.ok(), (compiled.ok() ? "" : compiled.error().message));
        const Person who = person_of(facts, shop.settings);
        Instant now = around + (random.below(200) - 100) * day_us + random.below(24) * 3600 * second_us;
        const auto at = [&](Instant instant) {
            return evaluate(*compiled->program, who.facts(), shop.world(instant));
        };
        auto verdict = at(now);
        for (int hop = 0; hop < 12; ++hop) {
            const Instant next = verdict.next_change;
            REQUIRE(next > now);
            const Instant end = next == never ? now + 3 * 366 * day_us : next;
            for (const Instant sample :
                 {now + 1, end - 1, now + (end - now) / 2, now + random.below(end - now),
                  now + random.below(end - now), now + random.below(std::min(end - now, 3 * day_us))}) {
                if (sample <= now || sample >= end) continue;
                const auto seen = at(sample);
                REQUIRE_MESSAGE(seen.holds == verdict.holds, format_instant(now), " ", format_instant(sample),
                                " ", format_instant(end));
            }
            if (next == never) break;
            const auto after = at(next);
            flips += after.holds != verdict.holds ? 1 : 0;
            ++hops;
            verdict = after;
            now = next;
        }
    }
    MESSAGE("flips ", flips, " of hops ", hops);
    CHECK(flips > 1000);
}

TEST_CASE("explaining gives the same verdict and next change as evaluating") {
    for (uint32_t seed = 1; seed <= 300; ++seed) {
        Random random(seed);
        const Shop shop("Europe/Riga");
        const std::string asked = predicate(random, 0), facts = person(random);
        CAPTURE(asked);
        const auto compiled = shop.compile(asked);
        REQUIRE(compiled.ok());
        const Person who = person_of(facts, shop.settings);
        const auto verdict = evaluate(*compiled->program, who.facts(), shop.world(around));
        const auto why = explain(*compiled->program, who.facts(), shop.world(around), 10);
        CHECK(why.holds == verdict.holds);
        CHECK(why.next_change == verdict.next_change);
    }
}
