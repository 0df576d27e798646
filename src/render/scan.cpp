#include "render/scan.hpp"

#include "base/text.hpp"

namespace cartbell::render {
namespace {

constexpr std::string_view blanks = " \t\r\n\v\f";

bool standalone_kind(Tag::Kind kind) { return kind != Tag::Kind::variable && kind != Tag::Kind::raw; }

Tag::Kind kind_of(char sigil) {
    switch (sigil) {
        case '#': return Tag::Kind::section;
        case '^': return Tag::Kind::inverted;
        case '/': return Tag::Kind::close;
        case '>': return Tag::Kind::partial;
        case '!': return Tag::Kind::comment;
        case '=': return Tag::Kind::delimiters;
        case '&':
        case '{': return Tag::Kind::raw;
        default: return Tag::Kind::variable;
    }
}

}  // namespace

Error tag_error(std::string_view reason, std::string message, uint32_t line, uint32_t column) {
    Error error = failure(Code::invalid, reason, std::move(message));
    error.line = line;
    error.column = column;
    return error;
}

// Lines and columns of the byte `at`, which is never before an earlier one. Columns count characters.
void Scanner::place(Tag &tag, size_t at) {
    for (; counted_ < at; ++counted_) {
        const auto byte = static_cast<unsigned char>(source_[counted_]);
        if (byte == '\n') {
            ++line_;
            column_ = 1;
        } else if ((byte & 0xc0) != 0x80) {
            ++column_;
        }
    }
    tag.line = line_;
    tag.column = column_;
}

Status Scanner::next(Tag &tag) {
    tag = Tag{};
    const size_t begin = at_;
    const size_t open = source_.find(open_, begin);
    if (open == source_.npos) {
        tag.before = source_.substr(begin);
        place(tag, source_.size());
        at_ = source_.size();
        return {};
    }
    place(tag, open);
    tag.before = source_.substr(begin, open - begin);
    CARTBELL_TRY(read_tag(tag, open));
    tag.at_line_start = open == 0 || source_[open - 1] == '\n';
    if (standalone_kind(tag.kind)) trim_standalone(tag, begin, open);
    return {};
}

Status Scanner::read_tag(Tag &tag, size_t open) {
    const size_t inside = open + open_.size();
    const char sigil = inside < source_.size() ? source_[inside] : '\0';
    tag.kind = kind_of(sigil);
    const bool triple = sigil == '{', delimiters = tag.kind == Tag::Kind::delimiters;
    const size_t content = tag.kind == Tag::Kind::variable ? inside : inside + 1;
    // The closing delimiter of {{{x}}} and {{=<% %>=}} has one more character in front.
    size_t end = source_.find(close_, content);
    const char extra = triple ? '}' : '=';
    if (triple || delimiters) {
        end = content;
        do end = source_.find(extra, end);
        while (end != source_.npos && source_.substr(end + 1, close_.size()) != close_ && ++end);
    }
    if (end == source_.npos)
        return tag_error("unclosed_tag", "the tag is never closed with " + std::string(close_), tag.line, tag.column);
    tag.name = source_.substr(content, end - content);
    at_ = end + (triple || delimiters ? 1 : 0) + close_.size();
    if (delimiters) return set_delimiters(tag.name, tag);
    if (tag.kind == Tag::Kind::comment) return {};
    tag.name = trim_ascii(tag.name);
    if (tag.name.empty()) return tag_error("bad_tag", "the tag has no name", tag.line, tag.column);
    if (tag.name.find_first_of(blanks) != tag.name.npos)
        return tag_error("bad_tag", "a name has no white space: helpers with arguments are not mustache", tag.line, tag.column);
    return {};
}

Status Scanner::set_delimiters(std::string_view content, const Tag &tag) {
    const std::string_view both = trim_ascii(content);
    const size_t gap = both.find_first_of(blanks);
    const std::string_view open = both.substr(0, gap);
    const std::string_view close = gap == both.npos ? std::string_view{} : trim_ascii(both.substr(gap));
    const bool good = !open.empty() && !close.empty() && close.find_first_of(blanks) == close.npos &&
                      both.find('=') == both.npos;
    if (!good)
        return tag_error("bad_tag", "new delimiters are two words without '=', as in {{=<% %>=}}", tag.line, tag.column);
    open_ = open;
    close_ = close;
    return {};
}

// Mustache spec: a tag alone on its line takes the line with it, white space and line break ("\n" or "\r\n") included.
void Scanner::trim_standalone(Tag &tag, size_t begin, size_t open) {
    size_t line = open;
    while (line > begin && (source_[line - 1] == ' ' || source_[line - 1] == '\t')) --line;
    if (line != 0 && source_[line - 1] != '\n') return;
    size_t after = at_;
    while (after < source_.size() && (source_[after] == ' ' || source_[after] == '\t')) ++after;
    if (source_.substr(after, 2) == "\r\n") ++after;
    if (after < source_.size() && source_[after] != '\n') return;
    tag.standalone = true;
    tag.indent = source_.substr(line, open - line);
    tag.before = source_.substr(begin, line - begin);
    at_ = after < source_.size() ? after + 1 : after;
}

}  // namespace cartbell::render
