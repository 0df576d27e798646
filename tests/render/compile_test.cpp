// What a text must be to compile, and where an error points.
#include <doctest/doctest.h>

#include "render/json_template.hpp"

using namespace cartbell;
using test::error_of;

TEST_CASE("An unclosed section is an error at its own tag") {
    CHECK(error_of("Dear {{name}},\n\n  {{#order}}\nthank you") == "unclosed_section 3:3");
    CHECK(error_of("{{#a}}{{#b}}{{/a}}") == "unclosed_section 1:7");
}

TEST_CASE("A section closed without being open is an error at the closing tag") {
    CHECK(error_of("one\ntwo {{/order}}") == "unopened_section 2:5");
    CHECK(error_of("{{#a}}{{/b}}{{/a}}") == "unopened_section 1:7");
}

TEST_CASE("A tag that never ends is an error at its start") {
    CHECK(error_of("{{name}} and {{name") == "unclosed_tag 1:14");
    CHECK(error_of("{{{name}}") == "unclosed_tag 1:1");
    CHECK(error_of("{{=<% %>}}") == "unclosed_tag 1:1");
    CHECK(error_of("{{! a comment") == "unclosed_tag 1:1");
    CHECK(error_of("{{") == "unclosed_tag 1:1");
    CHECK(error_of("{{{") == "unclosed_tag 1:1");
}

TEST_CASE("A tag without a name, or with more than a name, is an error") {
    CHECK(error_of("x{{}}") == "bad_tag 1:2");
    CHECK(error_of("{{#}}{{/}}") == "bad_tag 1:1");
    CHECK(error_of("{{#if order}}{{/if}}") == "bad_tag 1:1");
    CHECK(error_of("{{a..b}}") == "bad_tag 1:1");
    CHECK(error_of("{{.a}}") == "bad_tag 1:1");
    CHECK(error_of("{{a.}}") == "bad_tag 1:1");
    CHECK(error_of("{{= one =}}") == "bad_tag 1:1");
    CHECK(error_of("{{= = = =}}") == "bad_tag 1:1");
    CHECK(error_of("{{@size}}") == "bad_tag 1:1");
}

TEST_CASE("Columns count characters, lines end at a line feed") {
    CHECK(error_of("Žäbe {{}}") == "bad_tag 1:6");
    CHECK(error_of("one\r\ntwo\r\n\xf0\x9f\x9b\x92{{}}") == "bad_tag 3:2");
}

TEST_CASE("A partial that is not there is an error, and empty by an option") {
    CHECK(error_of("a\n{{> footer}}") == "unknown_partial 2:1");
    render::Options options;
    options.unknown_partials_are_empty = true;
    CHECK(test::say("a{{> footer}}b", {}, {}, options) == "ab");
}

TEST_CASE("An error inside a partial names it, whether the partial is used or not") {
    const auto text = test::compile("hello", {{"footer", "x\n{{/y}}"}});
    REQUIRE_FALSE(text.ok());
    CHECK(text.error().reason == "unopened_section");
    CHECK(text.error().line == 2);
    CHECK(text.error().message.find("'footer'") != std::string::npos);
}

TEST_CASE("Formats, block and is stand as sections only") {
    CHECK(error_of("{{money}}") == "bad_format 1:1");
    CHECK(error_of("{{date.short}}") == "bad_format 1:1");
    CHECK(error_of("{{^money}}{{/money}}") == "bad_format 1:1");
    CHECK(error_of("{{#date}}{{x}}{{/date}}") == "bad_format 1:1");
    CHECK(error_of("{{#date.iso}}{{x}}{{/date.iso}}") == "bad_format 1:1");
    CHECK(error_of("{{#plural.items}}{{x}}{{/plural.items}}") == "bad_format 1:1");
    CHECK(error_of("{{#is}}{{/is}}") == "bad_format 1:1");
    CHECK(error_of("{{is.vip}}") == "bad_format 1:1");
    CHECK(error_of("{{block}}") == "bad_format 1:1");
    CHECK(render::is_reserved("money"));
    CHECK(render::is_reserved("is"));
    CHECK_FALSE(render::is_reserved("near"));
}

TEST_CASE("A segment that is unknown is an error where it is asked for") {
    render::Options options;
    options.knows_segment = [](std::string_view segment) { return segment == "vip"; };
    CHECK(error_of("{{#is.vip}}{{/is.vip}}", {}, options) == "");
    CHECK(error_of("\n{{^is.vop}}{{/is.vop}}", {}, options) == "unknown_segment 2:1");
}

TEST_CASE("The variables and segments of a text are known") {
    const auto text = test::compile("{{b.c}}{{#a}}{{{b.c}}}{{#money}}{{a.total}}{{/money}}{{/a}}{{>p}}{{#is.vip}}{{/is.vip}}", {{"p", "{{x}}"}});
    REQUIRE(text.ok());
    CHECK(render::variables_used(**text) == std::vector<std::string>{"a.total", "b.c", "x"});
    CHECK(render::segments_used(**text) == std::vector<std::string>{"vip"});
}

TEST_CASE("which of the customer's orders a text looks into") {
    const auto used = [](std::string_view source, const std::map<std::string, std::string> &partials = {}) {
        const auto text = render::compile(source, partials, render::Options{}, library_limits);
        REQUIRE(text.ok());
        const render::OrdersUsed orders = orders_used(**text);
        return std::string(orders.all ? "all " : "") + (orders.first ? "first " : "") + (orders.last ? "last " : "") +
               (orders.first_purchase ? "first_purchase " : "") + (orders.last_purchase ? "last_purchase " : "");
    };
    CHECK(used("{{customer.city}}").empty());
    CHECK(used("{{orders.count}}{{^purchases.count}}none{{/purchases.count}}").empty());
    CHECK(used("{{orders.last.total}}") == "last ");
    CHECK(used("{{#orders.first}}{{total}}{{/orders.first}}{{^purchases.last}}{{/purchases.last}}") == "first last_purchase ");
    CHECK(used("{{>part}}", {{"part", "{{purchases.first.total}}"}}) == "first_purchase ");
    CHECK(used("{{#orders}}{{/orders}}") == "all ");
    CHECK(used("{{#customer}}{{#purchases}}{{last}}{{/purchases}}{{/customer}}") == "all ");
}
