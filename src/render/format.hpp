// How values become text: unformatted, and by the format sections (formats.md §3 "Formats", "Unformatted").
#pragma once

#include <string>
#include <string_view>

#include "render/template.hpp"

namespace cartbell::render {

enum class Format : uint8_t { money, number, percent, date_short, date_long, time, weekday };

// Money with its currency's digits (more only if they are not zero), decimals without trailing zeros, times RFC 3339 UTC,
// dates as dates. Only truth and scalars.
std::string unformatted(const Node &node);

// False if the node has no such meaning (a truth as money, text that cannot be read). Only truth, scalars and texts.
bool append_formatted(std::string &out, Format format, const Node &node, const Context &context);
// The same for rendered text, read as such a value; nothing for empty text.
bool append_formatted(std::string &out, Format format, std::string_view text, const Context &context);

}  // namespace cartbell::render
