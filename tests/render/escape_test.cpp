// formats.md §3 "Escaping": HTML in the body of an e-mail, JSON in payload; none in text; no line breaks in subject and title.
#include <doctest/doctest.h>

#include "render/json_template.hpp"

using namespace cartbell;
using nlohmann::json;
using render::Escape;

namespace {

std::string with(Escape escape, std::string_view source, const json &data) {
    render::Options options;
    options.escape = escape;
    return test::say(source, data, {}, options);
}

}  // namespace

TEST_CASE("HTML: the five characters, in variables only; triple and ampersand write as they are") {
    const json data = {{"v", "<a href=\"x\" id='y'>&amp;</a>/=`"}};
    CHECK(with(Escape::html, "<b>{{v}}</b>", data) == "<b>&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;/=`</b>");
    CHECK(with(Escape::html, "{{{v}}}{{&v}}", data) == data["v"].get<std::string>() + data["v"].get<std::string>());
    CHECK(with(Escape::html, "{{v}}", {{"v", "Žanna 🛒"}}) == "Žanna 🛒");
}

TEST_CASE("None: nothing is escaped") { CHECK(with(Escape::none, "{{v}}", {{"v", "<&\">\n"}}) == "<&\">\n"); }

TEST_CASE("JSON: what stands between the template's quotes stays one JSON text") {
    const json data = {{"v", "a \"b\" \\ \n\t\x01 ž"}, {"n", 2.5}};
    const std::string payload = with(Escape::json, "{\"title\":\"{{v}}\",\"n\":{{n}}}", data);
    CHECK(json::parse(payload) == json{{"title", data["v"]}, {"n", 2.5}});
    CHECK(with(Escape::json, "[{{v}}]", {{"v", ""}}) == "[]");
}

TEST_CASE("A single line has no line break, neither of a value nor of the template, and none by a raw tag") {
    CHECK(with(Escape::single_line, "Order\r\n{{v}}\n", {{"v", "a\nBcc: b\r\n\r\nc"}}) == "Order a Bcc: b c");
    CHECK(with(Escape::single_line, "\n\n{{{v}}}", {{"v", "a\x0b\x0c\xc2\x85\xe2\x80\xa8\xe2\x80\xa9z"}}) == "a z");
    CHECK(with(Escape::single_line, "{{v}} & \xe2\x82\xac", {{"v", "<ž>"}}) == "<ž> & €");
}

TEST_CASE("A single line joins only what was rendered, not what stood in the buffer") {
    render::Options options;
    options.escape = Escape::single_line;
    const auto text = test::compile("a\nb", {}, options);
    std::string out = "one\ntwo\n";
    const codec::JsonView view;
    render::Context context;
    context.root = view.node(json::object());
    CHECK(render::render(**text, context, Limits{}, out).kind == render::Outcome::Kind::rendered);
    CHECK(out == "one\ntwo\na b");
}

TEST_CASE("Every byte at every place of texts of every length is escaped as a plain loop would") {
    const auto plain = [](const std::string &text) {
        std::string out;
        for (const char letter : text) {
            if (letter == '&') out += "&amp;";
            else if (letter == '<') out += "&lt;";
            else if (letter == '>') out += "&gt;";
            else if (letter == '"') out += "&quot;";
            else if (letter == '\'') out += "&#39;";
            else out += letter;
        }
        return out;
    };
    const auto dot = test::compile("{{.}}");
    REQUIRE(dot.ok());
    int wrong = 0, looked = 0;
    for (size_t length = 1; length <= 40; ++length)
        for (size_t at = 0; at < length; ++at)
            for (int byte = 0; byte < 256; ++byte) {
                std::string value(length, 'x');
                value[at] = static_cast<char>(byte);
                render::Context context;
                context.root = render::Node::of_text(value);
                std::string out;
                render::render(**dot, context, Limits{}, out);
                wrong += out != plain(value);
                ++looked;
            }
    CHECK(wrong == 0);
    CHECK(looked == 40 * 41 / 2 * 256);
}
