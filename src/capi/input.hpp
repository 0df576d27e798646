// What comes in across the line: texts, bytes and structs that the caller fills.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "base/status.hpp"
#include "cartbell/engine.h"

namespace cartbell::capi {

Status not_null(const void *pointer, const char *what);  // Error: `null_argument` (misuse)
// A NUL-terminated text. Errors: `null_argument` (misuse), `bad_utf8`.
Result<std::string_view> required_text(const char *text, const char *what);
Result<std::string_view> optional_text(const char *text, const char *what);  // NULL is ""
// Several NUL-terminated texts. Errors: `null_argument` (misuse), `bad_utf8`, `page_rows` (limit).
Result<std::vector<std::string_view>> texts_of(const char *const *texts, size_t count, const Limits &limits,
                                               const char *what);
// Bytes with a size; NULL only if the size is 0. UTF-8 is looked at by whoever parses them.
Result<std::string_view> bytes(const char *data, size_t size, const char *what);

// Copies a struct that begins with struct_size, as old or as new as the caller was compiled with: members it
// does not have are zero, members we do not have must be zero. Errors: `struct_size reserved_set` (misuse).
Status copy_sized(const void *given, size_t least, void *copy, size_t size, const char *what);
template <typename T>
Status copy_struct(const T *given, size_t least, T &copy, const char *what) {
    return copy_sized(given, least, &copy, sizeof copy, what);
}

// A host's clock must be an instant that JSON can say (formats.md §1: 1970-2199). Error: `bad_clock`.
Status check_clock(int64_t now_us, const char *what = "now_us");

// The library's limits with those of the caller, who may lower each; null is none. Errors: `limit_raised`,
// and those of copy_sized.
Result<Limits> lowered_limits(const cartbell_limits *given);

}  // namespace cartbell::capi
