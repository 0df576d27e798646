// Text: UTF-8 at the door, ASCII case, the nearest name for error messages.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace cartbell {

bool valid_utf8(std::string_view text);                 // RFC 3629: no overlong forms, no surrogates
bool has_nul(std::string_view text);
std::string lower_ascii(std::string_view text);
std::string_view trim_ascii(std::string_view text);     // spaces, tabs, CR, LF
bool is_code(std::string_view text);                    // [a-z0-9][a-z0-9_-]{0,63}           (formats.md §0)
bool is_event_name(std::string_view text);              // field codes with dots between them, at most 64 characters in all
bool is_field_code(std::string_view text);              // [a-z][a-z0-9_]{0,63}
// The candidate with the least edit distance, or "" when none is near enough (distance > max(2, length / 3)).
std::string nearest_name(std::string_view name, std::span<const std::string_view> candidates);
void append_json_string(std::string &out, std::string_view text);   // with quotes, RFC 8259 escapes, UTF-8 kept

}  // namespace cartbell
