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
    uint64_t hash;         // of the elements so far; a sum for objects, so that the order of keys does not matter
    uint64_t seen;         // one bit a key: whether a duplicate is possible at all
    uint64_t key_hash;     // of the member being read
    uint32_t node;
    uint32_t members;
    uint32_t crowd;        // the first node beyond few_members
    bool is_array;
    bool left_out;         // the member being read
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

#define CARTBELL_HOT [[gnu::always_inline]] inline

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
// Everything on the common path is inlined into run(), so that the state lives in registers; what is rare leaves through
// functions that take no part of it by address.
class Scanner::Builder {
  public:
    CARTBELL_HOT Builder(const Scanner &scanner, Tree &tree, const ScanLimits &limits, std::string_view left_out, Frame *frames)
        : tree_(tree), limits_(limits), left_out_(left_out), text_(scanner.text_), at_(scanner.at_),
          end_(scanner.end_), nodes_(tree.room_.get()), unescaped_(tree.unescaped_.get()), frames_(frames),
          escapes_(scanner.escapes_) {}

    // True, or false with what was expected and did not come; at() is where.
    CARTBELL_HOT bool run() {
        push();
        for (;;) {
            Step step = value();
            if (step == Step::complete) step = ascend();
            if (step == Step::failed) return false;
            if (step == Step::complete) return true;
        }
    }

    CARTBELL_HOT const uint32_t *at() const { return at_; }
    CARTBELL_HOT size_t nodes() const { return used_; }
    CARTBELL_HOT uint64_t hash() const { return hash_; }
    CARTBELL_HOT bool overflowed() const { return overflowed_; }
    CARTBELL_HOT const char *expected() const { return expected_; }   // null: too deep

  private:
    enum class Step { complete, next_value, failed };

    CARTBELL_HOT Step fail(const char *expected) {
        expected_ = expected;
        return Step::failed;
    }

    CARTBELL_HOT void push() {
        if (used_ == limits_.nodes) {   // hostile: keep scanning, keep nothing
            overflowed_ = true;
            return;
        }
        node_ = used_++;
    }

    CARTBELL_HOT char peek() const { return at_ == end_ ? '\0' : text_[*at_]; }
    CARTBELL_HOT bool take(char wanted) {
        if (at_ == end_ || text_[*at_] != wanted) return false;
        ++at_;
        return true;
    }

    CARTBELL_HOT const char *token_end() const {
        const char *end = text_ + at_[1];   // behind the last token open() has put the end of the text
        while (is_json_blank(end[-1])) --end;   // stops at the token itself
        return end;
    }

    CARTBELL_HOT bool string(const char *&begin, uint32_t &size) {
        const char *first = text_ + *at_ + 1;
        const char *last = token_end() - 1;
        if (last < first || *last != '"') return false;
        if (escapes_ && has_backslash(first, static_cast<size_t>(last - first))) {
            last = unescape_json(first, last, unescaped_);
            if (!last) return false;
            first = unescaped_;
            unescaped_ += last - first;
            if (std::memchr(first, 0, static_cast<size_t>(last - first))) note(tree_, Flaw::What::nul_character, node_);
        }
        begin = first;
        size = static_cast<uint32_t>(last - first);
        if (size > limits_.text_bytes) note(tree_, Flaw::What::text_too_large, node_);
        ++at_;
        return true;
    }

    CARTBELL_HOT Step value() {
        if (at_ == end_) return fail("a value");
        Node &node = nodes_[node_];
        node.key_begin = key_;
        node.key_size = key_size_;
        node.next = node_ + 1;
        node.begin = text_ + *at_;
        const char first = *node.begin;
        if (first == '"') {
            node.kind = Kind::string;
            if (!string(node.begin, node.size)) return fail("a well-formed string");
            hash_ = json_hash::of_text(node.begin, node.size, Seed::text);
            return Step::complete;
        }
        if (first == '{' || first == '[') return open(node, first == '[');
        return scalar(node, first);
    }

    CARTBELL_HOT Step scalar(Node &node, char first) {
        const std::string_view token(node.begin, static_cast<size_t>(token_end() - node.begin));
        node.size = static_cast<uint32_t>(token.size());
        if (first == '-' || (first >= '0' && first <= '9')) {
            node.kind = Kind::number;
            if (!is_json_number(token)) return fail("a well-formed number");
            hash_ = json_hash::of_text(node.begin, node.size, Seed::number);
        } else if (token == "true" || token == "false" || token == "null") {
            node.kind = first == 'n' ? Kind::null : Kind::boolean;
            node.truth = first == 't';
            hash_ = json_hash::mix(Seed::literal, static_cast<unsigned char>(first));
        } else {
            return fail("a value");
        }
        ++at_;
        return Step::complete;
    }

    CARTBELL_HOT Step open(Node &node, bool is_array) {
        if (depth_ == limits_.depth) return fail(nullptr);
        node.kind = is_array ? Kind::array : Kind::object;
        frames_[depth_++] = Frame{0, 0, 0, node_, 0, 0, is_array, false};
        ++at_;
        if (peek() == (is_array ? ']' : '}')) {
            close();
            return Step::complete;
        }
        return is_array ? element() : member();
    }

    CARTBELL_HOT Step element() {
        key_ = nullptr;
        key_size_ = 0;
        push();
        return Step::next_value;
    }

    CARTBELL_HOT Step member() {
        if (peek() != '"') return fail("a member's name");
        push();
        if (!string(key_, key_size_)) return fail("a well-formed name");
        if (!take(':')) return fail("a colon");
        Frame &frame = frames_[depth_ - 1];
        frame.key_hash = json_hash::of_text(key_, key_size_, Seed::key);
        frame.left_out = depth_ == 1 && key_size_ == left_out_.size() && std::string_view(key_, key_size_) == left_out_;
        const uint64_t bit = uint64_t{1} << (frame.key_hash & 63);
        if (++frame.members <= few_members) {
            if ((frame.seen & bit) != 0 && !overflowed_) look_for(tree_, nodes_, frame.node, node_, {key_, key_size_});
            frame.seen |= bit;
        } else if (frame.crowd == 0) {
            frame.crowd = node_;
        }
        return Step::next_value;
    }

    CARTBELL_HOT void close() {
        const Frame &frame = frames_[--depth_];
        Node &node = nodes_[frame.node];
        node.size = static_cast<uint32_t>(text_ + *at_ + 1 - node.begin);
        node.next = used_;
        if (frame.members > few_members && !overflowed_) look_through(tree_, nodes_, frame, used_);
        hash_ = json_hash::mix(frame.hash ^ (frame.is_array ? Seed::array : Seed::object), Seed::literal);
        ++at_;
    }

    CARTBELL_HOT Step ascend() {
        while (depth_ != 0) {
            Frame &frame = frames_[depth_ - 1];
            if (frame.is_array) {
                frame.hash = json_hash::mix(frame.hash ^ Seed::array, hash_ ^ Seed::text);
                if (take(',')) return element();
                if (peek() != ']') return fail("a comma or ]");
            } else {
                if (!frame.left_out) frame.hash += json_hash::mix(frame.key_hash ^ Seed::object, hash_ ^ Seed::number);
                if (take(',')) return member();
                if (peek() != '}') return fail("a comma or }");
            }
            close();
        }
        return Step::complete;
    }

    [[gnu::noinline]] static void note(Tree &tree, Flaw::What what, uint32_t node) {
        if (tree.flaws.size() < most_flaws) tree.flaws.push_back({what, node});
    }

    // Whether an earlier member of the object has the name of member `node`.
    [[gnu::noinline]] static void look_for(Tree &tree, const Node *nodes, uint32_t object, uint32_t node, std::string_view key) {
        for (uint32_t child = object + 1; child != node; child = nodes[child].next)
            if (nodes[child].key() == key) return note(tree, Flaw::What::duplicate_key, node);
    }

    [[gnu::noinline]] static void look_through(Tree &tree, const Node *nodes, const Frame &frame, uint32_t end) {
        std::vector<uint32_t> members;
        members.reserve(frame.members);
        for (uint32_t child = frame.node + 1; child != end; child = nodes[child].next) members.push_back(child);
        std::sort(members.begin(), members.end(), [nodes](uint32_t a, uint32_t b) {
            const int order = nodes[a].key().compare(nodes[b].key());
            return order != 0 ? order < 0 : a < b;
        });
        for (size_t i = 1; i < members.size(); ++i)
            if (members[i] >= frame.crowd && nodes[members[i]].key() == nodes[members[i - 1]].key())
                note(tree, Flaw::What::duplicate_key, members[i]);
    }

    Tree &tree_;
    const ScanLimits limits_;
    const std::string_view left_out_;
    const char *const text_;
    const uint32_t *at_;
    const uint32_t *const end_;
    Node *const nodes_;
    char *unescaped_;
    Frame *const frames_;
    const bool escapes_;
    bool overflowed_ = false;
    uint32_t used_ = 0;             // nodes
    uint32_t node_ = 0;             // the value being read
    const char *key_ = nullptr;     // its name
    uint32_t key_size_ = 0;
    uint32_t depth_ = 0;
    uint64_t hash_ = 0;             // of the value just read
    const char *expected_ = nullptr;
};

Status Scanner::read(Tree &tree, const ScanLimits &limits, std::string_view left_out) {
    const size_t room = std::min(limits.nodes, static_cast<size_t>(end_ - at_) + 1);
    if (tree.room_size_ < room) {
        tree.room_ = std::make_unique_for_overwrite<Node[]>(room);
        tree.room_size_ = room;
    }
    if (escapes_ && tree.unescaped_size_ < size_ + scan_padding) {
        tree.unescaped_ = std::make_unique_for_overwrite<char[]>(size_ + scan_padding);
        tree.unescaped_size_ = size_ + scan_padding;
    }
    if (frames_.size() < limits.depth) frames_.resize(limits.depth);
    tree.flaws.clear();
    Builder builder(*this, tree, limits, left_out, frames_.data());
    const bool good = builder.run();
    at_ = builder.at();
    tree.nodes = {tree.room_.get(), builder.nodes()};
    tree.hash = builder.hash();
    tree.overflowed = builder.overflowed();
    if (good) return {};
    if (builder.expected()) return unexpected(builder.expected());
    return error_at(offset(), "too_deep", "nested deeper than " + std::to_string(limits.depth));
}

}  // namespace cartbell::codec
