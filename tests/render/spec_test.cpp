// The core suite of the mustache specification, read in place.
#include <doctest/doctest.h>

#include <fstream>

#include "render/json_template.hpp"
#include "support/suites.hpp"

using namespace cartbell;
using nlohmann::json;

TEST_CASE("All 136 cases of the mustache core suite render as the specification says") {
    const test::Shared suite = test::shared_folder("suites/mustache_spec");
    REQUIRE_FALSE(suite.absent_is_failure);
    if (suite.path.empty()) return;
    render::Options options;
    options.unknown_partials_are_empty = true;  // "the empty string SHOULD be used" (spec, Partials)
    options.domain_words = false;
    int cases = 0, passed = 0;
    for (const char *file : {"comments", "delimiters", "interpolation", "inverted", "partials", "sections"}) {
        std::ifstream stream(suite.path + "/" + file + ".json");
        const json suite_file = json::parse(stream);
        for (const json &one : suite_file["tests"]) {
            const auto partials = one.value("partials", test::Partials{});
            const std::string text = test::say(one["template"].get<std::string>(), one["data"], partials, options);
            CAPTURE(file);
            CAPTURE(one["name"].get<std::string>());
            CHECK(text == one["expected"].get<std::string>());
            ++cases;
            passed += text == one["expected"].get<std::string>();
        }
    }
    CHECK(cases == 136);
    CHECK(passed == 136);
}

TEST_CASE("The words of our own change nothing in the core suite") {
    const test::Shared suite = test::shared_folder("suites/mustache_spec");
    REQUIRE_FALSE(suite.absent_is_failure);
    if (suite.path.empty()) return;
    render::Options options;
    options.unknown_partials_are_empty = true;
    for (const char *file : {"comments", "delimiters", "interpolation", "inverted", "partials", "sections"}) {
        std::ifstream stream(suite.path + "/" + file + ".json");
        const json suite_file = json::parse(stream);
        for (const json &one : suite_file["tests"])
            CHECK(test::say(one["template"].get<std::string>(), one["data"], one.value("partials", test::Partials{}), options) ==
                  one["expected"].get<std::string>());
    }
}
