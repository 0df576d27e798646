// The flat program of a compiled text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "render/format.hpp"
#include "render/template.hpp"

namespace cartbell::render {

// What one op does; `a b c` of Op are said behind.
enum class Do : uint8_t {
    text,       // writes b bytes of the pool from a on
    variable,   // path a, escaped
    raw,        // path a
    format,     // path a by Format `detail`, escaped
    position,   // Position `detail`
    section,    // path a; ends at op b. True: pushes it, once per element of a list
    end,        // of the section that begins at op b
    inverted,   // path a; true: goes to op b
    test_position,  // Position `detail`; as c says (1: inverted) goes to op b
    test_segment,   // segment a; likewise
    partial,    // body a; c bytes of the pool from b on indent it
    line,       // the start of a line of a partial: writes the indentation
    capture,    // Capture `detail` begins
    release,    // and ends
    stop,       // the end of a body
};

enum class Position : uint8_t { index, number, first, last };

// Sections whose rendered body becomes something else. The first ones are Format's.
enum class Capture : uint8_t { money, number, percent, date_short, date_long, time, weekday, url_encode, block };

struct Op {
    Do what = Do::stop;
    uint8_t detail = 0;
    uint32_t a = 0, b = 0, c = 0;
};

struct Place {
    uint32_t line = 0, column = 0;
};

struct PathOf {
    std::string_view text;    // as written; "." is the current node
    uint32_t first = 0;       // in names
    uint32_t count = 0;       // 0 of "."
};

struct Body {
    std::string name;         // of the partial; "" = the text itself
    uint32_t begin = 0;       // op
};

class Text {
  public:
    std::string pool;                  // all sources: names and literals are views into it; Writer::spare more bytes
    std::vector<Op> ops;
    std::vector<Place> places;         // of each op
    std::vector<Body> bodies;          // [0] is the text itself; rising `begin`
    std::vector<PathOf> paths;
    std::vector<Name> names;
    std::vector<std::string_view> segments;
    Escape escape = Escape::html;

    std::span<const Name> names_of(const PathOf &path) const { return {names.data() + path.first, path.count}; }

    const Body &body_of(uint32_t op) const {
        size_t body = bodies.size() - 1;
        while (body > 0 && bodies[body].begin > op) --body;
        return bodies[body];
    }
};

// Holds every path of the text against the shapes; the first that fails.
Status check(const Text &text, const Shapes &shapes);

}  // namespace cartbell::render
