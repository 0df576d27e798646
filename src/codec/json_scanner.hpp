// Text → tokens → trees, in one pass over simdjson's structural index. simdjson finds the structure (and
// checks UTF-8) with the processor's widest instructions; what is between is ours, because its own parsers
// keep no number text, no duplicate keys and, on demand, check nothing that is not asked for.
#pragma once

#include <memory>

#include "codec/json_tree.hpp"

namespace cartbell::codec {

inline constexpr size_t scan_padding =
    64;  // readable bytes that must follow the text, the first of them blank or NUL

struct ScanLimits {
    size_t depth = 0;       // of one tree; its root is at 1
    size_t text_bytes = 0;  // of one string
    size_t nodes = 0;       // of one tree
};

// Reusable; one text at a time. Errors are `syntax bad_utf8 too_deep` with line and column (in bytes, from
// 1).
class Scanner {
  public:
    Scanner();
    ~Scanner();
    Scanner(Scanner &&) noexcept;

    // The text must stay where it is, with scan_padding behind it, while trees of it are used.
    // `first_line` is the number of its first line, for errors.
    Status open(const char *text, size_t size, uint32_t first_line = 1);
    char peek() const;                 // the first character of the next token, 0 at the end
    size_t offset() const;             // where that is
    bool take(char bracket_or_comma);  // moves on if it is the next token
    // The next value. `left_out` names a member of the root that the hash leaves out.
    Status read(Tree &tree, const ScanLimits &limits, std::string_view left_out = {});
    Error unexpected(std::string_view expected) const;  // a `syntax` error at the next token

  private:
    struct Index;
    Error error_at(size_t offset, std::string_view reason, std::string message) const;
    Error stage_error() const;

    std::unique_ptr<Index> index_;
    const char *text_ = nullptr;
    size_t size_ = 0;
    uint32_t first_line_ = 1;
    const uint32_t *at_ = nullptr;  // the next token
    const uint32_t *end_ = nullptr;
    bool escapes_ = false;  // the text has a backslash somewhere
    struct Frame;
    class Builder;
    std::unique_ptr<Frame[]> frames_;  // open objects and arrays
    size_t frames_size_ = 0;
};

}  // namespace cartbell::codec
