// Mustache spec, "Partials": the white space before a standalone partial is "prepended to each line of the partial before
// rendering". The oracle does just that: it indents the partial's source, and includes it where no tag is standalone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "base/text.hpp"
#include "render/json_template.hpp"

using namespace cartbell;
using nlohmann::json;

namespace {

std::string indented(const std::string &source, const std::string &indent) {
    std::string made;
    bool start = true;
    for (const char letter : source) {
        if (start) made += indent;
        made += letter;
        start = letter == '\n';
    }
    return made;
}

// Stands before a line break that the rendered text does not have: the next line of the source still starts a line.
const std::string no_break = "\x01\n";

// Rewrites standalone partials of `source` to inline ones of sources indented beforehand, which `made` collects.
std::string oracle_source(const std::string &source, const test::Partials &partials, test::Partials &made) {
    std::string out;
    for (size_t begin = 0; begin < source.size();) {
        const size_t end = std::min(source.find('\n', begin), source.size() - 1) + 1;
        const std::string line = source.substr(begin, end - begin), tag(trim_ascii(line));
        begin = end;
        if (tag.substr(0, 3) != "{{>" || tag.find("}}") != tag.size() - 2) {
            out += line;
            continue;
        }
        const std::string indent = line.substr(0, line.find('{')), twin = "T" + std::to_string(made.size());
        made[twin];  // takes the name before the recursion asks for the next
        made[twin] = oracle_source(indented(partials.at(tag.substr(3, tag.size() - 5)), indent), partials, made);
        out += "{{{nothing}}}{{>" + twin + "}}" + (line.back() == '\n' ? no_break : "");
    }
    return out;
}

std::string without(std::string text, const std::string &part) {
    for (size_t at = text.find(part); at != text.npos; at = text.find(part, at)) text.erase(at, part.size());
    return text;
}

}  // namespace

TEST_CASE("An indented partial renders as its source indented beforehand") {
    const char *given = std::getenv("CARTBELL_SEED");
    const uint64_t seed = given ? std::strtoull(given, nullptr, 10) : 7;
    MESSAGE("seed ", seed, " (CARTBELL_SEED)");
    std::mt19937_64 random(seed);
    const std::vector<std::string> lines{"text\n", "  text\n", "{{v}}\n", " {{v}} x\n", "{{#l}}\n", "{{/l}}\n", "{{#l}}-{{/l}}\n", "{{! c }}\n",
                                         "{{! c }} x\n", "\n", "a\r\n", "{{{two}}}\n", "{{^no}}y{{/no}} \n", "last"};
    const auto body = [&](int below) {
        std::string made;
        bool open = false;
        for (int count = static_cast<int>(random() % 6) + 1; count > 0; --count) {
            std::string line = lines[random() % lines.size()];
            if (line == "{{#l}}\n") {
                if (open) continue;
                open = true;
            }
            if (line == "{{/l}}\n") {
                if (!open) continue;
                open = false;
            }
            made += line;
            if (line == "last") made += "\n";
            if (below > 0 && random() % 2 == 0) made += std::string(random() % 3, ' ') + "{{>p" + std::to_string(random() % static_cast<uint64_t>(below)) + "}}\n";
        }
        if (open) made += "{{/l}}\n";
        if (random() % 3 == 0) made += "end";
        return made;
    };
    const json data = {{"v", "V"}, {"l", {1, 2}}, {"two", "x\ny"}, {"no", false}};
    int compared = 0;
    for (int round = 0; round < 500; ++round) {
        test::Partials partials;
        for (int i = 0; i < 3; ++i) partials["p" + std::to_string(i)] = body(i);
        const std::string source = body(3);
        test::Partials plain;
        const std::string rewritten = oracle_source(source, partials, plain);
        INFO("round ", round, " source ", json(source).dump(), " partials ", json(partials).dump());
        const std::string ours = test::say(source, data, partials), theirs = without(test::say(rewritten, data, plain), no_break);
        CHECK(json(ours).dump() == json(theirs).dump());
        compared += source != rewritten;
        if (ours != theirs) break;
    }
    CHECK(compared > 200);
}
