// Bytes that should be UTF-8, and those that are Latin-1.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cartbell::cli {

size_t first_bad_utf8(std::string_view text);  // where it ceases to be UTF-8; its size if it never does
inline bool valid_utf8(std::string_view text) {
    return first_bad_utf8(text) == text.size();
}
std::string latin1_to_utf8(std::string_view text);

}  // namespace cartbell::cli
