// Ours against mstch, template by template, where both are defined.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <random>

#include "render/json_template.hpp"
#include "render/mstch_node.hpp"
#include "support/suites.hpp"

using namespace cartbell;
using nlohmann::json;

namespace {

render::Options foreign() {
    render::Options options;
    options.unknown_partials_are_empty = true;
    options.domain_words = false;
    return options;
}

// Random data and a random text over it. mstch is defined for less than the specification: 32-bit integers, no doubles but
// by %g, no self-including partials.
class Generator {
  public:
    explicit Generator(uint64_t seed) : random_(seed) {}

    json object(int depth) {
        json made = json::object();
        for (const std::string &name : names_)
            if (pick(4) != 0) made[name] = value(depth);
        return made;
    }

    std::string text(int depth, int partials) {
        std::string made;
        for (int pieces = pick(6) + 1; pieces > 0; --pieces) made += piece(depth, partials);
        return made;
    }

  private:
    int pick(int below) { return static_cast<int>(random_() % static_cast<uint64_t>(below)); }
    std::string one_of(const std::vector<std::string> &of) { return of[random_() % of.size()]; }

    json value(int depth) {
        switch (pick(depth > 0 ? 9 : 5)) {
            case 0: return one_of({"", "x", "Anna & \"Bo\"", "<b>it's</b>", "line\nbreak"});
            case 1: return pick(5) - 2;
            case 2: return pick(2) == 0;
            case 3: return nullptr;
            case 4: return "text " + std::to_string(pick(100));
            case 5:
            case 6: return object(depth - 1);
            default: {
                json list = json::array();
                for (int size = pick(4); size > 0; --size) list.push_back(pick(3) == 0 ? value(0) : object(depth - 1));
                return list;
            }
        }
    }

    std::string path() {
        std::string made = one_of(names_);
        if (pick(4) == 0) made += "." + one_of(names_);
        return made;
    }

    std::string space() { return std::string(static_cast<size_t>(pick(3)), ' '); }
    std::string line_end() { return one_of({"", "", "\n", "\n", "\r\n", " \n"}); }

    // A tag alone on its line, or one beside visible text: with two tags and nothing else on a line mstch takes the line away,
    // which the specification does not say.
    std::string tag_line(const std::string &tag) { return "|\n" + space() + tag + one_of({"", " "}) + one_of({"\n", "\r\n"}); }
    std::string alone_or_inline(const std::string &tag) { return pick(2) == 0 ? tag_line(tag) : "<" + tag + ">" + line_end(); }

    std::string piece(int depth, int partials) {
        switch (pick(depth > 0 ? 10 : 6)) {
            case 0: return one_of({"word ", "two words", "\n", "  ", "{ ", " }", "\n\n", "a\r\nb", "|"});
            case 1: return space() + "{{" + space() + path() + space() + "}}" + line_end();
            case 2: return pick(2) == 0 ? "{{{" + path() + "}}}" : "{{&" + path() + "}}";
            case 3: return alone_or_inline("{{! a comment }}");
            case 4:
                // Inline: an indented partial whose first line is not written is ours by the letter of the specification, not
                // mstch's; indentation_test.cpp holds indentation against a plainer oracle.
                if (partials > 0) return "<{{>p" + std::to_string(pick(partials)) + "}}>" + line_end();
                return "text\n";
            case 5: return "plain\n";
            default: break;
        }
        const std::string name = path(), open = (pick(3) == 0 ? "{{^" : "{{#") + name + "}}", close = "{{/" + name + "}}";
        const std::string body = text(depth - 1, partials);
        if (pick(2) == 0) return tag_line(open) + body + tag_line(close);
        return "<" + open + line_end() + body + close + ">" + line_end();
    }

    std::mt19937_64 random_;
    const std::vector<std::string> names_{"a", "b", "c", "d"};
};

}  // namespace

TEST_CASE("The core suite's templates render as mstch renders them") {
    const test::Shared suite = test::shared_folder("suites/mustache_spec");
    REQUIRE_FALSE(suite.absent_is_failure);
    if (suite.path.empty()) return;
    mstch::config::escape = test::escape_as_ours;
    int compared = 0, mstch_wrong = 0;
    for (const char *file : {"comments", "delimiters", "interpolation", "inverted", "partials", "sections"}) {
        std::ifstream stream(suite.path + "/" + file + ".json");
        const json parsed = json::parse(stream);
        for (const json &one : parsed["tests"]) {
            if (one["name"] == "Recursion") continue;  // of a partial: mstch's own stack
            const auto partials = one.value("partials", test::Partials{});
            const std::string source = one["template"];
            const std::string theirs = mstch::render(source, test::mstch_node(one["data"]), partials);
            ++compared;
            if (theirs != one["expected"]) {
                ++mstch_wrong;
                MESSAGE("mstch differs from the specification: ", file, " ", one["name"].get<std::string>());
                continue;
            }
            CHECK(test::say(source, one["data"], partials, foreign()) == theirs);
        }
    }
    CHECK(compared == 135);
    CHECK(mstch_wrong < 10);
}

TEST_CASE("Random templates over random data render as mstch renders them") {
    mstch::config::escape = test::escape_as_ours;
    const char *given = std::getenv("CARTBELL_SEED");
    const uint64_t seed = given ? std::strtoull(given, nullptr, 10) : 20261120;
    MESSAGE("seed ", seed, " (CARTBELL_SEED)");
    constexpr int rounds = 1500;
    int compared = 0;
    for (int round = 0; round < rounds; ++round) {
        Generator generator(seed + static_cast<uint64_t>(round));
        const json data = generator.object(3);
        test::Partials partials;
        for (int i = 0; i < 3; ++i) partials["p" + std::to_string(i)] = generator.text(1, i);  // no cycles
        const std::string source = generator.text(3, 3);
        const std::string theirs = mstch::render(source, test::mstch_node(data), partials);
        const std::string ours = test::say(source, data, partials, foreign());
        if (ours == "<failed bad_value>") continue;  // a list or an object as a variable: defined in mstch only
        ++compared;
        INFO("round ", round, " template ", json(source).dump(), " partials ", json(partials).dump(), " data ", data.dump());
        CHECK(json(ours).dump() == json(theirs).dump());
        if (ours != theirs) break;
    }
    CHECK(compared >= 400);
}
