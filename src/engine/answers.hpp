// Small pieces of JSON answers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/instant.hpp"
#include "base/text.hpp"
#include "codec/result_json.hpp"
#include "store/store.hpp"

namespace cartbell::engine {

// Appends `,"name":` (without the comma right after a bracket), and the value.
inline void add_name(std::string &out, std::string_view name) {
    if (!out.empty() && out.back() != '{' && out.back() != '[') out += ',';
    append_json_string(out, name);
    out += ':';
}
inline void add_text(std::string &out, std::string_view name, std::string_view value) {
    add_name(out, name);
    append_json_string(out, value);
}
inline void add_number(std::string &out, std::string_view name, int64_t value) {
    add_name(out, name);
    out += std::to_string(value);
}
inline void add_json(std::string &out, std::string_view name, std::string_view json) {
    add_name(out, name);
    out += json;
}
inline void add_instant(std::string &out, std::string_view name, Instant instant) {  // null for never and for none
    add_name(out, name);
    if (instant == never || instant == no_instant)
        out += "null";
    else
        out += '"' + format_instant(instant) + '"';
}
inline void add_notes(std::string &out, std::string_view name, const std::vector<Note> &notes) {
    add_name(out, name);
    out += '[';
    for (size_t i = 0; i < notes.size(); ++i) {
        if (i != 0) out += ',';
        codec::append_note(out, notes[i]);
    }
    out += ']';
}
// A text column, or null.
inline void add_cell(std::string &out, std::string_view name, const store::Cell &cell) {
    if (store::is_null(cell))
        add_json(out, name, "null");
    else
        add_text(out, name, store::text_of(cell));
}

}  // namespace cartbell::engine
