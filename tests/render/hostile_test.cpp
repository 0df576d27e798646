// Texts made to hurt end in an error within bounds.
#include <doctest/doctest.h>

#include "render/json_template.hpp"

using namespace cartbell;
using nlohmann::json;
using render::Outcome;

namespace {

std::string repeat(std::string_view text, size_t times) {
    std::string made;
    made.reserve(text.size() * times);
    for (size_t i = 0; i < times; ++i) made += text;
    return made;
}

std::string failure_of(const test::Rendered &rendered) {
    return rendered.outcome.kind == Outcome::Kind::failed ? rendered.outcome.reason : "";
}

}  // namespace

TEST_CASE("A partial that includes itself ends at the depth limit") {
    const auto text = test::compile("{{>p}}", {{"p", "x{{>p}}"}});
    const auto rendered = test::render_json(**text, json::object());
    CHECK(failure_of(rendered) == "depth_limit");
    CHECK(rendered.outcome.partial == "p");
    CHECK(rendered.outcome.column == 2);
}

TEST_CASE("Two partials that include each other, indented more each time, end at the depth limit") {
    const auto text = test::compile("  {{>a}}\n", {{"a", "    {{>b}}\n"}, {"b", "\t{{>a}}\n"}});
    CHECK(failure_of(test::render_json(**text, json::object())) == "depth_limit");
}

TEST_CASE("A partial may include itself over recursive data, as deep as the limit") {
    json tree = {{"n", 0}, {"kids", json::array()}};
    for (int i = 1; i < 31; ++i) tree = {{"n", i}, {"kids", {tree}}};
    const auto text = test::compile("{{>node}}", {{"node", "{{n}}<{{#kids}}{{>node}}{{/kids}}>"}});
    const auto rendered = test::render_json(**text, tree);
    CHECK(rendered.outcome.kind == Outcome::Kind::rendered);
    CHECK(rendered.text.substr(0, 9) == "30<29<28<");
}

TEST_CASE("100,000 nested sections are too deep, at the first one over the limit") {
    const std::string source = repeat("{{#a}}", 100'000) + repeat("{{/a}}", 100'000);
    Limits limits;
    limits.template_bytes = 4u << 20;
    const auto text = render::compile(source, {}, {}, limits);
    REQUIRE_FALSE(text.ok());
    CHECK(text.error().reason == "too_deep");
    CHECK(text.error().code == Code::limit);
    CHECK(text.error().column == limits.template_depth * 6 + 1);
}

TEST_CASE("100 sections deep is allowed") {
    const std::string source = repeat("{{#a}}", 100) + "{{n}}" + repeat("{{/a}}", 100);
    CHECK(test::say(source, {{"a", {{"n", 1}}}}) == "1");
}

TEST_CASE("100,000 sections that are never closed, and as many that are never opened") {
    CHECK(test::error_of(repeat("{{#a}}", 100'000)).substr(0, 8) == "too_deep");
    CHECK(test::error_of(repeat("{{/a}}", 100'000)) == "unopened_section 1:1");
}

TEST_CASE("A text of 10 MB is too large, and so are partials that sum up to it") {
    CHECK(test::error_of(std::string(10u << 20, 'x')).substr(0, 9) == "too_large");
    test::Partials partials;
    for (int i = 0; i < 10; ++i) partials["p" + std::to_string(i)] = std::string(1u << 20, 'x');
    CHECK(test::error_of("x", partials).substr(0, 9) == "too_large");
}

TEST_CASE("An output bomb ends at the output limit") {
    const json data = {{"a", json::array({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})}};
    const std::string nested = repeat("{{#a}}", 6) + std::string(10'000, 'x') + repeat("{{/a}}", 6);
    const auto text = test::compile(nested);
    const auto rendered = test::render_json(**text, data);
    CHECK(failure_of(rendered) == "output_limit");
    CHECK(rendered.text.size() <= Limits{}.render_output_bytes + 10'000);
}

TEST_CASE("Doubling partials end at a limit") {
    test::Partials partials{{"p0", "0123456789"}};
    for (int i = 1; i < 31; ++i)
        partials["p" + std::to_string(i)] = repeat("{{>p" + std::to_string(i - 1) + "}}", 2);
    const auto text = test::compile("{{>p30}}", partials);
    const std::string failed = failure_of(test::render_json(**text, json::object()));
    CHECK((failed == "output_limit" || failed == "step_limit"));
}

TEST_CASE("A loop that writes nothing ends at the step limit") {
    const json data = {{"a", json::array({1, 2, 3, 4, 5, 6, 7, 8, 9, 10})}};
    const auto text = test::compile(repeat("{{#a}}", 9) + repeat("{{/a}}", 9));
    CHECK(failure_of(test::render_json(**text, data)) == "step_limit");
}

TEST_CASE("The limits of a host count") {
    Limits limits;
    limits.render_output_bytes = 5;
    const auto text = test::compile("{{#a}}12{{/a}}");
    CHECK(test::render_json(**text, {{"a", {1, 2}}}, {}, limits).text == "1212");
    CHECK(failure_of(test::render_json(**text, {{"a", {1, 2, 3}}}, {}, limits)) == "output_limit");
    const auto last = test::compile("123456");
    CHECK(failure_of(test::render_json(**last, {}, {}, limits)) == "output_limit");
    limits.partial_depth = 1;
    const auto nested = test::compile("{{>a}}", {{"a", "{{>b}}"}, {"b", "x"}});
    CHECK(failure_of(test::render_json(**nested, {}, {}, limits)) == "depth_limit");
}

TEST_CASE("Any cut of a text and any single changed byte compiles or is an error with a place") {
    const std::string source = "Hi {{name}}\n{{#a}}\n{{{b}}} {{&c}}{{! x }}{{/a}}\n{{=<% %>=}}<%#is.vip%>v<%/is.vip%><%^d%>n<%/d%>{{<%>p%>";
    const test::Partials partials{{"p", "{{#money}}{{x}}{{/money}}"}};
    int errors = 0;
    const auto look = [&](const std::string &text) {
        const auto compiled = test::compile(text, partials);
        if (compiled) {
            test::render_json(**compiled, {{"a", {1, 2}}, {"name", "x"}});
            return;
        }
        ++errors;
        CHECK(compiled.error().line > 0);
        CHECK(compiled.error().column > 0);
    };
    for (size_t cut = 0; cut < source.size(); ++cut) look(source.substr(0, cut));
    for (size_t at = 0; at < source.size(); ++at)
        for (const char letter : {'{', '}', '#', '/', '=', '.', ' ', '\n', '\0', '\xff'}) {
            std::string changed = source;
            changed[at] = letter;
            look(changed);
        }
    CHECK(errors > 100);
}
