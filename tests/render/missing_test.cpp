// formats.md §3: "`missing` is asked for variables, not for sections; empty text counts as missing; `defaults` come first."
#include <doctest/doctest.h>

#include "render/json_template.hpp"

using namespace cartbell;
using nlohmann::json;
using render::MissingPolicy;
using test::say;

namespace {

render::Context with(MissingPolicy policy, std::vector<std::string> *asked = nullptr) {
    render::Context context;
    context.missing = [=](std::string_view path) {
        if (asked) asked->emplace_back(path);
        return policy;
    };
    return context;
}

const json data = {{"a", {{"empty", ""}, {"null", nullptr}, {"zero", 0}, {"no", false}, {"list", json::array()}}}};

}  // namespace

TEST_CASE("The policy empty writes nothing, block ends with the path, fail fails with it") {
    CHECK(say("[{{a.null}}]", data, {}, {}, with(MissingPolicy::empty)) == "[]");
    CHECK(say("[{{a.null}}]", data, {}, {}, with(MissingPolicy::block)) == "<blocked missing:a.null>");
    const auto text = test::compile("one\n  {{a.none}}");
    const auto rendered = test::render_json(**text, data, with(MissingPolicy::fail));
    CHECK(rendered.outcome.kind == render::Outcome::Kind::failed);
    CHECK(rendered.outcome.reason == "missing");
    CHECK(rendered.outcome.line == 2);
    CHECK(rendered.outcome.column == 3);
}

TEST_CASE("An empty text is missing; zero, false and an empty list are not") {
    CHECK(say("{{a.empty}}", data, {}, {}, with(MissingPolicy::block)) == "<blocked missing:a.empty>");
    CHECK(say("{{a.zero}} {{a.no}} {{a.list.count}}", data, {}, {}, with(MissingPolicy::block)) == "0 false 0");
}

TEST_CASE("Sections are never asked about, variables inside formats are") {
    std::vector<std::string> asked;
    CHECK(say("{{#a.none}}x{{/a.none}}{{^a.null}}y{{/a.null}}{{#a}}{{/a}}", data, {}, {}, with(MissingPolicy::fail, &asked)) == "y");
    CHECK(asked.empty());
    CHECK(say("{{#money}}{{a.null}}{{/money}}", data, {}, {}, with(MissingPolicy::fail, &asked)) == "<failed missing>");
    CHECK(asked == std::vector<std::string>{"a.null"});
}

TEST_CASE("Each path has its own policy, as the template writes it") {
    render::Context context;
    context.missing = [](std::string_view path) { return path == "empty" ? MissingPolicy::block : MissingPolicy::empty; };
    CHECK(say("{{a.empty}}{{#a}}{{null}}{{empty}}{{/a}}", data, {}, {}, context) == "<blocked missing:empty>");
}

TEST_CASE("Defaults come first, and the channel escapes them") {
    render::Context context = with(MissingPolicy::fail);
    context.fallback = [](std::string_view path) -> std::string_view {
        if (path == "a.null") return "dear & <friend>";
        return path == "a.none" ? "12.5" : "";
    };
    CHECK(say("{{a.null}} {{{a.null}}}", data, {}, {}, context) == "dear &amp; &lt;friend&gt; dear & <friend>");
    CHECK(say("{{#number}}{{a.none}}{{/number}}", data, {}, {}, context) == "12.5");
    CHECK(say("{{#date.short}}{{a.null}}{{/date.short}}", data, {}, {}, context) == "<failed bad_value>");
    CHECK(say("{{a.empty}}", data, {}, {}, context) == "<failed missing>");
}
