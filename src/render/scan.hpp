// The tags of a mustache text, one after the other, with the literal text before each.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/status.hpp"

namespace cartbell::render {

struct Tag {
    enum class Kind : uint8_t { end, variable, raw, section, inverted, close, partial, comment, delimiters };
    Kind kind = Kind::end;
    std::string_view name;     // of the tag, without sigil and white space
    std::string_view before;   // literal text before it; a standalone tag's line is not part of it (mustache spec, "Standalone")
    std::string_view indent;   // white space before a standalone tag
    bool standalone = false;
    bool at_line_start = false;   // of a tag that is not standalone: nothing stands before it on its line
    uint32_t line = 1, column = 1;
};

// Borrows the source. Set delimiters count from their tag on (mustache spec, "Set Delimiter").
class Scanner {
  public:
    explicit Scanner(std::string_view source) : source_(source) {}
    // The next tag; kind end at the end of the text, again and again. Errors: unclosed_tag, bad_tag.
    Status next(Tag &tag);

  private:
    Status read_tag(Tag &tag, size_t open);
    Status set_delimiters(std::string_view content, const Tag &tag);
    void place(Tag &tag, size_t at);
    void trim_standalone(Tag &tag, size_t begin, size_t open);

    std::string_view source_;
    std::string_view open_ = "{{", close_ = "}}";
    size_t at_ = 0;
    size_t counted_ = 0;              // line_ and column_ are of this byte
    uint32_t line_ = 1, column_ = 1;
};

Error tag_error(std::string_view reason, std::string message, uint32_t line, uint32_t column);

}  // namespace cartbell::render
