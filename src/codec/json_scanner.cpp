#include "codec/json_scanner.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstring>

#include "base/text.hpp"
#include "codec/json_text.hpp"

namespace cartbell::codec {

using json_hash::Seed;

struct Scanner::Index {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
    size_t capacity = 0;
};

// An open object or array.
struct Scanner::Frame {
    uint64_t hash = 0;         // of the elements so far; a sum for objects, so that the order of keys does not matter
    uint64_t seen = 0;         // one bit a key: whether a duplicate is possible at all
    uint64_t key_hash = 0;     // of the member being read
    uint32_t node = 0;
    uint32_t members = 0;
    uint32_t crowd = 0;        // the first node beyond few_members
    bool is_array = false;
    bool left_out = false;     // the member being read
};

Scanner::Scanner() = default;
Scanner::~Scanner() = default;
Scanner::Scanner(Scanner &&) noexcept = default;

Status Scanner::open(const char *text, size_t size, uint32_t first_line) {
    text_ = text;
    size_ = size;
    first_line_ = first_line;
    at_ = end_ = nullptr;
    if (!index_) index_ = std::make_unique<Index>();
    if (!index_->parser || index_->capacity < size) {
        const size_t capacity = std::max<size_t>(size, 1024);
        // The depth is ours to count (frames_); simdjson's own stack is never used.
        const auto code = simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, index_->parser);
        if (code != simdjson::SUCCESS) return failure(Code::out_of_memory, "out_of_memory", "no memory to read the input");
        index_->capacity = capacity;
    }
    simdjson::internal::dom_parser_implementation &parser = *index_->parser;
    const auto code = parser.stage1(reinterpret_cast<const uint8_t *>(text), size, simdjson::stage1_mode::regular);
    if (code != simdjson::SUCCESS) return stage_error();
    at_ = parser.structural_indexes.get();
    end_ = at_ + parser.n_structural_indexes;
    parser.structural_indexes[parser.n_structural_indexes] = static_cast<uint32_t>(size);   // where the last token ends
    escapes_ = std::memchr(text, '\\', size) != nullptr;
    return {};
}

char Scanner::peek() const { return at_ == end_ ? '\0' : text_[*at_]; }
size_t Scanner::offset() const { return at_ == end_ ? size_ : *at_; }

bool Scanner::take(char wanted) {
    if (peek() != wanted) return false;
    ++at_;
    return true;
}

Error Scanner::error_at(size_t offset, std::string_view reason, std::string message) const {
    Error error = failure(Code::invalid, reason, std::move(message));
    const char *line_begin = text_;
    error.line = first_line_;
    for (const char *at = text_; at < text_ + offset; ++at) {
        if (*at != '\n') continue;
        ++error.line;
        line_begin = at + 1;
    }
    error.column = static_cast<uint32_t>(text_ + offset - line_begin + 1);
    error.message += " at line " + std::to_string(error.line) + ", column " + std::to_string(error.column);
    return error;
}

Error Scanner::unexpected(std::string_view expected) const {
    std::string message(at_ == end_ ? "the text ends where " : "something else where ");
    message += expected;
    message += " is expected";
    return error_at(offset(), "syntax", std::move(message));
}

// simdjson's first stage does not say where; the text is read again, slowly, to find out.
Error Scanner::stage_error() const {
    size_t string_begin = 0;
    bool in_string = false, blank = true;
    for (size_t i = 0; i < size_; ++i) {
        const auto byte = static_cast<unsigned char>(text_[i]);
        blank = blank && is_json_blank(text_[i]);
        if (byte >= 0x80) {
            size_t length = 2;
            while (length <= 4 && i + length <= size_ && !valid_utf8({text_ + i, length})) ++length;
            if (length > 4 || i + length > size_) return error_at(i, "bad_utf8", "the text is not UTF-8");
            i += length - 1;
        } else if (!in_string) {
            in_string = byte == '"';
            string_begin = i;
        } else if (byte == '\\') {
            ++i;
        } else if (byte == '"') {
            in_string = false;
        } else if (byte < 0x20) {
            return error_at(i, "syntax", "a control character inside a string");
        }
    }
    if (blank) return error_at(0, "syntax", "the text is empty");
    if (in_string) return error_at(string_begin, "syntax", "a string that does not end");
    return error_at(0, "syntax", "the text is not JSON");
}

namespace {

constexpr size_t most_flaws = 100;
// Up to so many members a duplicate is looked for as each arrives, above it once at the end: both stay far from quadratic.
constexpr uint32_t few_members = 64;

inline bool has_backslash(const char *at, size_t size) {
    if (size > 64) return std::memchr(at, '\\', size) != nullptr;
    for (size_t i = 0; i < size; ++i)
        if (at[i] == '\\') return true;
    return false;
}

}  // namespace

// Builds one tree from the tokens: value() reads one value or opens a container, ascend() ends all containers that end with it.
class Scanner::Builder {
  public:
    Builder(Scanner &scanner, Tree &tree, const ScanLimits &limits, std::string_view left_out)
        : scanner_(scanner), tree_(tree), limits_(limits), left_out_(left_out), frames_(scanner.frames_) {
        tree.nodes.clear();
        tree.flaws.clear();
        tree.overflowed = false;
        tree.unescaped_used_ = 0;
        frames_.clear();
        if (scanner.escapes_ && tree.unescaped_size_ < scanner.size_ + scan_padding) {
            tree.unescaped_size_ = scanner.size_ + scan_padding;
            tree.unescaped_ = std::make_unique_for_overwrite<char[]>(tree.unescaped_size_);
        }
    }

    Status run() {
        push();
        for (;;) {
            Step step = value();
            if (step == Step::complete) step = ascend();
            if (step == Step::failed) return std::move(error_);
            if (step == Step::complete) return {};
        }
    }

  private:
    enum class Step { complete, next_value, failed };

    Step fail(Error error) {
        error_ = std::move(error);
        return Step::failed;
    }
    Step expected(std::string_view what) { return fail(scanner_.unexpected(what)); }

    void push() {
        if (tree_.nodes.size() >= limits_.nodes) {   // hostile: keep scanning, keep nothing
            tree_.overflowed = true;
            node_ = static_cast<uint32_t>(tree_.nodes.size() - 1);
            return;
        }
        node_ = static_cast<uint32_t>(tree_.nodes.size());
        tree_.nodes.emplace_back();
    }
    void note(Flaw::What what, uint32_t node) {
        if (tree_.flaws.size() < most_flaws) tree_.flaws.push_back({what, node});
    }

    const char *token_end() const {
        const char *end = scanner_.text_ + (scanner_.at_ == scanner_.end_ ? scanner_.size_ : scanner_.at_[1]);
        while (is_json_blank(end[-1])) --end;   // stops at the token itself
        return end;
    }

    bool string(const char *&begin, uint32_t &size) {
        const char *first = scanner_.text_ + *scanner_.at_ + 1;
        const char *last = token_end() - 1;
        if (last < first || *last != '"') return false;
        if (scanner_.escapes_ && has_backslash(first, static_cast<size_t>(last - first))) {
            char *out = tree_.unescaped_.get() + tree_.unescaped_used_;
            last = unescape_json(first, last, out);
            if (!last) return false;
            first = out;
            tree_.unescaped_used_ += static_cast<size_t>(last - first);
            if (std::memchr(first, 0, static_cast<size_t>(last - first))) note(Flaw::What::nul_character, node_);
        }
        begin = first;
        size = static_cast<uint32_t>(last - first);
        if (size > limits_.text_bytes) note(Flaw::What::text_too_large, node_);
        ++scanner_.at_;
        return true;
    }

    Step value() {
        Node &node = tree_.nodes[node_];
        node.key_begin = key_;
        node.key_size = key_size_;
        node.next = node_ + 1;
        const char first = scanner_.peek();
        if (first == '"') {
            node.kind = Kind::string;
            if (!string(node.begin, node.size)) return expected("a well-formed string");
            hash_ = json_hash::of_text(node.begin, node.size, Seed::text);
            return Step::complete;
        }
        node.begin = scanner_.text_ + scanner_.offset();
        if (first == '{' || first == '[') return open(node, first == '[');
        return scalar(node, first);
    }

    Step scalar(Node &node, char first) {
        if (scanner_.at_ == scanner_.end_) return expected("a value");
        const std::string_view token(node.begin, static_cast<size_t>(token_end() - node.begin));
        node.size = static_cast<uint32_t>(token.size());
        if (first == '-' || (first >= '0' && first <= '9')) {
            node.kind = Kind::number;
            if (!is_json_number(token)) return expected("a well-formed number");
            hash_ = json_hash::of_text(node.begin, node.size, Seed::number);
        } else if (token == "true" || token == "false" || token == "null") {
            node.kind = first == 'n' ? Kind::null : Kind::boolean;
            node.truth = first == 't';
            hash_ = json_hash::mix(Seed::literal, static_cast<unsigned char>(first));
        } else {
            return expected("a value");
        }
        ++scanner_.at_;
        return Step::complete;
    }

    Step open(Node &node, bool is_array) {
        if (frames_.size() >= limits_.depth) {
            return fail(scanner_.error_at(scanner_.offset(), "too_deep", "nested deeper than " + std::to_string(limits_.depth)));
        }
        node.kind = is_array ? Kind::array : Kind::object;
        Frame &frame = frames_.emplace_back();
        frame.node = node_;
        frame.is_array = is_array;
        ++scanner_.at_;
        if (scanner_.peek() == (is_array ? ']' : '}')) {
            close();
            return Step::complete;
        }
        return is_array ? element() : member();
    }

    Step element() {
        key_ = nullptr;
        key_size_ = 0;
        push();
        return Step::next_value;
    }

    Step member() {
        if (scanner_.peek() != '"') return expected("a member's name");
        push();
        if (!string(key_, key_size_)) return expected("a well-formed name");
        if (!scanner_.take(':')) return expected("a colon");
        Frame &frame = frames_.back();
        frame.key_hash = json_hash::of_text(key_, key_size_, Seed::key);
        frame.left_out = frames_.size() == 1 && !left_out_.empty() && std::string_view(key_, key_size_) == left_out_;
        const uint64_t bit = uint64_t{1} << (frame.key_hash & 63);
        if (++frame.members <= few_members) {
            if ((frame.seen & bit) != 0) look_for(frame, std::string_view(key_, key_size_));
            frame.seen |= bit;
        } else if (frame.crowd == 0) {
            frame.crowd = node_;
        }
        return Step::next_value;
    }

    void look_for(const Frame &frame, std::string_view key) {
        if (tree_.overflowed) return;
        for (uint32_t child = frame.node + 1; child != node_; child = tree_.nodes[child].next)
            if (tree_.nodes[child].key() == key) return note(Flaw::What::duplicate_key, node_);
    }

    void look_through(const Frame &frame, uint32_t end) {
        if (tree_.overflowed) return;
        std::vector<uint32_t> members;
        members.reserve(frame.members);
        for (uint32_t child = frame.node + 1; child != end; child = tree_.nodes[child].next) members.push_back(child);
        std::sort(members.begin(), members.end(), [this](uint32_t a, uint32_t b) {
            const int order = tree_.nodes[a].key().compare(tree_.nodes[b].key());
            return order != 0 ? order < 0 : a < b;
        });
        for (size_t i = 1; i < members.size(); ++i)
            if (members[i] >= frame.crowd && tree_.nodes[members[i]].key() == tree_.nodes[members[i - 1]].key())
                note(Flaw::What::duplicate_key, members[i]);
    }

    void close() {
        const Frame &frame = frames_.back();
        Node &node = tree_.nodes[frame.node];
        node.size = static_cast<uint32_t>(scanner_.text_ + *scanner_.at_ + 1 - node.begin);
        node.next = static_cast<uint32_t>(tree_.nodes.size());
        if (frame.members > few_members) look_through(frame, node.next);
        hash_ = json_hash::mix(frame.hash ^ (frame.is_array ? Seed::array : Seed::object), Seed::literal);
        frames_.pop_back();
        ++scanner_.at_;
    }

    Step ascend() {
        while (!frames_.empty()) {
            Frame &frame = frames_.back();
            if (frame.is_array) {
                frame.hash = json_hash::mix(frame.hash ^ Seed::array, hash_ ^ Seed::text);
                if (scanner_.take(',')) return element();
                if (scanner_.peek() != ']') return expected("a comma or ]");
            } else {
                if (!frame.left_out) frame.hash += json_hash::mix(frame.key_hash ^ Seed::object, hash_ ^ Seed::number);
                if (scanner_.take(',')) return member();
                if (scanner_.peek() != '}') return expected("a comma or }");
            }
            close();
        }
        tree_.hash = hash_;
        return Step::complete;
    }

    Scanner &scanner_;
    Tree &tree_;
    const ScanLimits &limits_;
    std::string_view left_out_;
    std::vector<Frame> &frames_;
    uint32_t node_ = 0;             // the value being read
    const char *key_ = nullptr;     // its name
    uint32_t key_size_ = 0;
    uint64_t hash_ = 0;             // of the value just read
    Error error_;
};

Status Scanner::read(Tree &tree, const ScanLimits &limits, std::string_view left_out) {
    return Builder(*this, tree, limits, left_out).run();
}

}  // namespace cartbell::codec
