// The words of formats.md §3: lists, positions, formats, block, is.
#include <doctest/doctest.h>

#include "render/json_template.hpp"

using namespace cartbell;
using nlohmann::json;
using test::say;

namespace {

const json three = {{"names", {"a", "b", "c"}}, {"none", json::array()}, {"rows", {{{"n", 1}}, {{"n", 2}}}}};

}

TEST_CASE("A list has count, first and last") {
    CHECK(say("{{names.count}} {{names.first}} {{names.last}} {{rows.last.n}}", three) == "3 a c 2");
    CHECK(say("{{none.count}}[{{none.first}}{{none.last}}{{rows.last.m}}]", three) == "0[]");
    CHECK(say("{{#rows.first}}{{n}}{{/rows.first}}{{^none.first}}-{{/none.first}}{{^none.count}}0{{/none.count}}", three) == "1-0");
    CHECK(say("{{names.1}}[{{names.3}}]", three) == "b[]");
}

TEST_CASE("An object that has a member count keeps it") {
    CHECK(say("{{a.count}} {{a.first}}", {{"a", {{"count", 7}, {"first", "x"}}}}) == "7 x");
}

TEST_CASE("Inside a list @index counts from 0, @number from 1, @first and @last are true at the ends") {
    CHECK(say("{{#names}}{{.}}{{^@last}}, {{/@last}}{{/names}}", three) == "a, b, c");
    CHECK(say("{{#names}}{{@index}}{{@number}} {{/names}}", three) == "01 12 23 ");
    CHECK(say("{{#names}}{{#@first}}<{{/@first}}{{.}}{{#@last}}>{{/@last}}{{/names}}", three) == "<abc>");
    CHECK(say("{{#names}}{{@first}} {{/names}}", three) == "true false false ");
    CHECK(say("{{#rows}}{{#n}}{{@number}}{{/n}}{{/rows}}", three) == "12");  // a section that is no list leaves the list's
    CHECK(say("[{{@index}}{{#@first}}x{{/@first}}]", three) == "[]");
}

TEST_CASE("False: missing, null, false, zero of any number or money, empty text, empty list") {
    const json data = {{"null", nullptr}, {"no", false}, {"zero", 0}, {"zero_decimal", 0.0}, {"empty", ""}, {"list", json::array()}};
    for (const char *name : {"missing", "null", "no", "zero", "zero_decimal", "empty", "list"}) {
        CAPTURE(name);
        const std::string close = std::string("{{/") + name + "}}";
        CHECK(say(std::string("{{#") + name + "}}true" + close + "{{^" + name + "}}false" + close, data) == "false");
    }
    const json good = {{"a", 1}, {"b", -0.5}, {"c", "0"}, {"d", true}, {"e", {{"x", nullptr}}}, {"f", {0}}};
    CHECK(say("{{#a}}a{{/a}}{{#b}}b{{/b}}{{#c}}c{{/c}}{{#d}}d{{/d}}{{#e}}e{{/e}}{{#f}}f{{/f}}", good) == "abcdef");
}

TEST_CASE("A format with exactly one variable in it formats its typed value") {
    const json data = {{"n", 1234.5}, {"i", 7}, {"p", 12.9}, {"m", -12.9}};
    CHECK(say("{{#number}}{{n}}{{/number}} {{#number}} {{i}} {{/number}}", data) == "1234.5 7");
    CHECK(say("{{#percent}}{{p}}{{/percent}} {{#percent}}{{m}}{{/percent}}", data) == "12% -12%");  // whole, toward zero
    render::Context context;
    context.currency = Currency::of("EUR");
    CHECK(say("{{#money}}{{n}}{{/money}} {{#money}}{{i}}{{/money}}", data, {}, {}, context) == "1234.50 EUR 7.00 EUR");
}

TEST_CASE("Any other body of a format is read as such a value") {
    render::Context context;
    context.currency = Currency::of("EUR");
    const json data = {{"whole", "12"}, {"cents", "50"}, {"text", "199.90 USD"}, {"day", "2026-11-20"}, {"at", "2026-11-20T23:30:00+02:00"}};
    CHECK(say("{{#money}}{{whole}}.{{cents}}{{/money}}", data, {}, {}, context) == "12.50 EUR");
    CHECK(say("{{#money}}{{text}}{{/money}}", data, {}, {}, context) == "199.90 USD");
    CHECK(say("{{#date.short}}{{day}}{{/date.short}}", data) == "2026-11-20");
    CHECK(say("{{#date.long}}{{day}}{{/date.long}}", data) == "20 November 2026");
    CHECK(say("{{#time}}{{at}}{{/time}} {{#weekday}}{{at}}{{/weekday}}", data) == "21:30 Friday");
    CHECK(say("{{#date.short}}2026-01-02{{/date.short}}", {}) == "2026-01-02");
    CHECK(say("{{#money}}{{/money}}{{#number}} {{/number}}", {}) == "");
}

TEST_CASE("A render is failed where a format cannot read its value") {
    const json data = {{"word", "soon"}, {"yes", true}, {"day", "2026-11-20"}, {"birthday", "--05-14"}, {"list", {1}}};
    CHECK(say("{{#date.short}}{{word}}{{/date.short}}", data) == "<failed bad_value>");
    CHECK(say("{{#number}}x{{/number}}", data) == "<failed bad_value>");
    CHECK(say("{{#money}}{{yes}}{{/money}}", data) == "<failed bad_value>");
    CHECK(say("{{#money}}1.23456{{/money}}", data) == "<failed bad_value>");
    CHECK(say("{{#time}}{{day}}{{/time}}", data) == "<failed bad_value>");
    CHECK(say("{{#weekday}}{{birthday}}{{/weekday}}", data) == "<failed bad_value>");
    CHECK(say("{{#number}}{{list}}{{/number}}", data) == "<failed bad_value>");
    CHECK(say("{{#date.short}}{{birthday}}{{/date.short}}", data) == "--05-14");
}

TEST_CASE("Times are formatted in the customer's zone") {
    struct East final : Zone {
        int32_t offset_seconds_at(Instant) const override { return 3 * 3600; }
        Instant instant_of(LocalTime local) const override { return local - 3 * 3600 * second_us; }
        std::string_view name() const override { return "East"; }
    } east;
    render::Context context;
    context.zone = &east;
    CHECK(say("{{#date.short}}{{at}}{{/date.short}} {{#time}}{{at}}{{/time}}", {{"at", "2026-11-20T22:15:00Z"}}, {}, {}, context) ==
          "2026-11-21 01:15");
}

TEST_CASE("After a format the channel escapes") {
    struct Odd final : Formatter {
        std::string money(Money, std::string_view locale) const override { return "<" + std::string(locale) + ">"; }
        std::string number(int64_t, std::string_view) const override { return "1 & 2"; }
        std::string percent(int64_t, std::string_view) const override { return "%"; }
        std::string time(LocalTime, TimeFormat, std::string_view) const override { return "'"; }
    } odd;
    render::Context context;
    context.formatter = &odd;
    context.locale = "lv";
    CHECK(say("{{#money}}{{n}}{{/money}} {{#number}}1{{n}}{{/number}}", {{"n", 2}}, {}, {}, context) == "&lt;lv&gt; 1 &amp; 2");
}

TEST_CASE("url_encode percent-encodes its rendered body") {
    const json data = {{"q", "a b&c/ž'"}};
    CHECK(say("?q={{#url_encode}}{{q}}{{/url_encode}}", data) == "?q=a%20b%26c%2F%C5%BE%27");
    CHECK(say("{{#url_encode}}{{#number}}{{n}}{{/number}}-_.~{{/url_encode}}", {{"n", 1.5}}) == "1.5-_.~");
}

TEST_CASE("The first block reached ends the message; its trimmed, unescaped body is the reason") {
    const json data = {{"name", "Anna & Bo"}, {"no", false}};
    CHECK(say("x{{#no}}{{#block}}never{{/block}}{{/no}}{{#name}}{{#block}}\n  not for {{name}} \n{{/block}}{{/name}}y", data) ==
          "<blocked not for Anna & Bo>");
    CHECK(say("{{#block}}one{{/block}}{{#block}}two{{/block}}", data) == "<blocked one>");
    CHECK(say("{{>stop}}", data, {{"stop", "{{#block}}{{#url_encode}}a b{{/url_encode}}{{/block}}"}}) == "<blocked a%20b>");
}

TEST_CASE("is.<segment> asks whether the customer is in the segment") {
    render::Context context;
    context.in_segment = [](std::string_view segment) { return segment == "vip-2026"; };
    CHECK(say("{{#is.vip-2026}}yes{{/is.vip-2026}}{{^is.vip-2026}}no{{/is.vip-2026}}", {}, {}, {}, context) == "yes");
    CHECK(say("{{#is.new}}yes{{/is.new}}{{^is.new}}no{{/is.new}}", {}, {}, {}, context) == "no");
    CHECK(say("{{#is.new}}yes{{/is.new}}{{^is.new}}no{{/is.new}}", {}) == "no");
}

TEST_CASE("A list or an object cannot be printed") {
    CHECK(say("{{names}}", three) == "<failed bad_value>");
    CHECK(say("{{rows.first}}", three) == "<failed bad_value>");
    const auto text = test::compile("a\n {{>p}}", {{"p", "x\n  {{names}}"}});
    const auto rendered = test::render_json(**text, three);
    CHECK(rendered.outcome.line == 2);
    CHECK(rendered.outcome.column == 3);
    CHECK(rendered.outcome.partial == "p");
}

TEST_CASE("Numbers are printed exactly") {
    const json data = {{"big", 9223372036854775807}, {"huge", 18446744073709551615ull}, {"small", 0.1}, {"tiny", 1e-9}, {"whole", 2.0}};
    CHECK(say("{{big}} {{huge}} {{small}} {{tiny}} {{whole}}", data) == "9223372036854775807 18446744073709551615 0.1 1e-09 2");
}
