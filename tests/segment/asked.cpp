#include "segment/asked.hpp"

#include <doctest/doctest.h>

namespace cartbell::testing {

using namespace cartbell::segment;

const Zones &test_zones() {
    static const TzifZones zones;
    return zones;
}

Instant time(std::string_view text) {
    const auto parsed = parse_instant(text);
    REQUIRE_MESSAGE(parsed.ok(), text);
    return *parsed;
}

std::string with_orders(std::string_view orders) {
    return R"({"customer":{"external_id":"C-1"},"orders":[)" + std::string(orders) + "]}";
}

std::string with_profile(std::string_view profile) {
    return R"({"customer":{"external_id":"C-1"},"profile":)" + std::string(profile) + "}";
}

Person person_of(std::string_view json, const Settings &settings) {
    auto read = read_person(json, settings);
    REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error().message));
    return std::move(*read);
}

Shop &Shop::field(Object of, std::string_view code, Type type) {
    settings.fields.push_back({of, std::string(code), std::string(code), type, false});
    put_in_order(settings);
    return *this;
}

Shop &Shop::rate(std::string_view from, std::string_view to, std::string_view date, std::string_view rate) {
    const auto on = parse_date(date);
    const auto scaled = parse_scaled(rate, 6, Excess::refuse);
    REQUIRE(on.ok());
    REQUIRE(scaled.ok());
    settings.rates.push_back({Currency::of(from), Currency::of(to), *on, *scaled});
    put_in_order(settings);
    return *this;
}

Result<Compiled> Shop::compile(std::string_view predicate, const FindSegment &find) const {
    CARTBELL_ASSIGN(const Tree tree, codec::parse_predicate(predicate, Limits{}));
    return segment::compile(tree, settings, test_zones(), Limits{}, find);
}

std::string Shop::refused(std::string_view predicate, const FindSegment &find) const {
    const auto compiled = compile(predicate, find);
    return compiled.ok() ? "" : compiled.error().reason + " " + compiled.error().pointer;
}

std::string Shop::warned(std::string_view predicate) const {
    const auto compiled = compile(predicate);
    REQUIRE_MESSAGE(compiled.ok(), predicate);
    std::string all;
    for (const Note &note : compiled->warnings)
        all += (all.empty() ? "" : " ") + note.code + " " + note.pointer;
    return all;
}

Verdict Shop::ask(std::string_view predicate, const Person &person, Instant now) const {
    const auto compiled = compile(predicate);
    REQUIRE_MESSAGE(compiled.ok(),
                    (compiled.ok() ? "" : compiled.error().message + " in " + std::string(predicate)));
    const Verdict verdict = evaluate(*compiled->program, person.facts(), world(now));
    CHECK(verdict.next_change > now);
    return verdict;
}

bool Shop::holds(std::string_view predicate, std::string_view person, std::string_view now) const {
    return ask(predicate, person_of(person, settings), time(now)).holds;
}

std::string Shop::at(std::string_view predicate, std::string_view person, std::string_view now) const {
    const Verdict verdict = ask(predicate, person_of(person, settings), time(now));
    return std::string(verdict.holds ? "true " : "false ") +
           (verdict.next_change == never ? "never" : format_instant(verdict.next_change));
}

Explanation Shop::explained(std::string_view predicate, std::string_view person, std::string_view now,
                            size_t most_witnesses) const {
    const auto compiled = compile(predicate);
    REQUIRE_MESSAGE(compiled.ok(), predicate);
    const Person read = person_of(person, settings);
    return explain(*compiled->program, read.facts(), world(time(now)), most_witnesses);
}

}  // namespace cartbell::testing
