// What a channel does to text before it is written (formats.md §3 "Escaping").
#pragma once

#include <string>
#include <string_view>

#include "render/template.hpp"
#include "render/writer.hpp"

namespace cartbell::render {

void append_html(Writer &out, std::string_view text);
void append_json(Writer &out, std::string_view text);
// single_line is none here: its line breaks are taken out of the whole text at the end, the template's own included.
inline void append_escaped(Writer &out, std::string_view text, Escape escape) {
    switch (escape) {
        case Escape::html: return append_html(out, text);
        case Escape::json: return append_json(out, text);
        case Escape::none:
        case Escape::single_line: out.append(text);
    }
}
void append_url_encoded(Writer &out, std::string_view text);  // RFC 3986: all but the unreserved characters
// Replaces each run of line breaks from `begin` on by one space; those at either end go.
void join_lines(std::string &out, size_t begin);

}  // namespace cartbell::render
