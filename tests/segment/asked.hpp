// A small shop to ask predicates of: settings, zones, and one-line questions.
#pragma once

#include <string>
#include <string_view>

#include "codec/predicate_json.hpp"
#include "platform/zones_tzif.hpp"
#include "segment/person.hpp"
#include "segment/program.hpp"
#include "segment/segment.hpp"

namespace cartbell::testing {

const Zones &test_zones();

struct Shop {
    Settings settings = default_settings();  // EUR, UTC

    Shop() = default;
    explicit Shop(std::string_view zone) { settings.shop.zone = zone; }
    Shop &field(Object of, std::string_view code, Type type);
    Shop &rate(std::string_view from, std::string_view to, std::string_view date, std::string_view rate);

    Result<segment::Compiled> compile(std::string_view predicate,
                                      const segment::FindSegment &find = {}) const;
    // "reason pointer" of the error, or "" when it compiles.
    std::string refused(std::string_view predicate, const segment::FindSegment &find = {}) const;
    // "code pointer" of every warning, joined by a blank.
    std::string warned(std::string_view predicate) const;

    segment::Verdict ask(std::string_view predicate, const Person &person, Instant now) const;
    bool holds(std::string_view predicate, std::string_view person,
               std::string_view now = "2026-06-01T00:00:00Z") const;
    // Verdict and next change: "true 2026-01-01T00:00:00Z", "false never".
    std::string at(std::string_view predicate, std::string_view person, std::string_view now) const;
    segment::Explanation explained(std::string_view predicate, std::string_view person,
                                   std::string_view now = "2026-06-01T00:00:00Z",
                                   size_t most_witnesses = 100) const;
    segment::World world(Instant now) const { return {now, &settings, &test_zones()}; }
};

Instant time(std::string_view text);
// {"customer":…,"orders":[…]} around the text of orders (or of a profile).
std::string with_orders(std::string_view orders);
std::string with_profile(std::string_view profile);
Person person_of(std::string_view json, const Settings &settings);

}  // namespace cartbell::testing
