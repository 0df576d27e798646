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
    uint64_t seed;  // what its own hash starts from: where it stands
    uint64_t hash;  // of the elements so far; a sum for objects, so that the order of keys does not matter
    uint64_t seen;  // one bit a key: whether a duplicate is possible at all
    Node *node;
    uint32_t members;
    uint32_t crowd;  // the first node beyond few_members
    bool is_array;
    bool left_out;  // the member being read
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
        const auto code = simdjson::get_active_implementation()->create_dom_parser_implementation(
            capacity, 1, index_->parser);
        if (code != simdjson::SUCCESS)
            return failure(Code::out_of_memory, "out_of_memory", "no memory to read the input");
        index_->capacity = capacity;
    }
    simdjson::internal::dom_parser_implementation &parser = *index_->parser;
    const auto code =
        parser.stage1(reinterpret_cast<const uint8_t *>(text), size, simdjson::stage1_mode::regular);
    if (code != simdjson::SUCCESS) return stage_error();
    at_ = parser.structural_indexes.get();
    end_ = at_ + parser.n_structural_indexes;
    parser.structural_indexes[parser.n_structural_indexes] =
        static_cast<uint32_t>(size);  // where the last token ends
    escapes_ = std::memchr(text, '\\', size) != nullptr;
    return {};
}

char Scanner::peek() const {
    return at_ == end_ ? '\0' : text_[*at_];
}
size_t Scanner::offset() const {
    return at_ == end_ ? size_ : *at_;
}

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
            while (length <= 4 && i + length <= size_ && !valid_utf8({text_ + i, length}))
                ++length;
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
// Up to so many members a duplicate is looked for as each arrives, above it once at the end: both stay far
// from quadratic.
constexpr uint32_t few_members = 64;

}  // namespace

// Builds one tree from the tokens: value() reads one value or opens a container, ascend() ends all containers
// that end with it. Everything on the common path is inlined into one loop, so that the state lives in
// registers; what is rare leaves through functions that take no part of it by address.
class Scanner::Builder {
  public:
    CARTBELL_HOT Builder(const Scanner &scanner, Tree &tree, const ScanLimits &limits,
                         std::string_view left_out, Frame *frames)
        : tree_(tree),
          text_bytes_(limits.text_bytes),
          left_out_(left_out),
          text_(scanner.text_),
          end_(scanner.end_),
          nodes_(tree.room_.get()),
          nodes_end_(nodes_ + std::min(limits.nodes, tree.room_size_)),
          frames_(frames),
          frames_end_(frames + limits.depth),
          careful_(scanner.escapes_ || scanner.size_ > limits.text_bytes),
          at_(scanner.at_),
          next_(nodes_),
          top_(frames - 1),
          unescaped_(tree.unescaped_.get()) {}

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
    CARTBELL_HOT size_t nodes() const { return static_cast<size_t>(next_ - nodes_); }
    CARTBELL_HOT uint64_t hash() const { return hash_; }
    CARTBELL_HOT bool overflowed() const { return overflowed_; }
    CARTBELL_HOT const char *expected() const { return expected_; }  // null: too deep

  private:
    enum class Step { complete, next_value, failed };

    CARTBELL_HOT Step fail(const char *expected) {
        expected_ = expected;
        return Step::failed;
    }

    CARTBELL_HOT void push() {
        if (next_ == nodes_end_) {  // hostile: keep scanning, keep nothing
            overflowed_ = true;
            return;
        }
        node_ = next_++;
    }

    // Behind the last token comes the blank byte behind the text, which is nothing that anybody waits for.
    CARTBELL_HOT char peek() const { return text_[*at_]; }
    CARTBELL_HOT bool take(char wanted) {
        if (text_[*at_] != wanted) return false;
        ++at_;
        return true;
    }

    CARTBELL_HOT const char *token_end() const {
        const char *end = text_ + at_[1];  // behind the last token open() has put the end of the text
        while (is_json_blank(end[-1]))
            --end;  // stops at the token itself
        return end;
    }

    CARTBELL_HOT bool string(const char *&begin, uint32_t &size) {
        const char *first = text_ + *at_ + 1;
        const char *last = token_end() - 1;
        if (last < first || *last != '"') return false;
        if (careful_) {
            const char *const text_end = last;
            last =
                look_into(tree_, first, last, unescaped_, text_bytes_, static_cast<uint32_t>(node_ - nodes_));
            if (!last) return false;
            if (last != text_end) {  // it had escapes
                first = unescaped_;
                unescaped_ += last - first;
            }
        }
        begin = first;
        size = static_cast<uint32_t>(last - first);
        ++at_;
        return true;
    }

    CARTBELL_HOT Step value() {
        Node &node = *node_;
        node.key_begin = key_;
        node.key_size = key_size_;
        node.begin = text_ + *at_;
        const char first = *node.begin;
        if (first == '"') {
            node.kind = Kind::string;
            node.next = static_cast<uint32_t>(next_ - nodes_);
            if (!string(node.begin, node.size)) return fail("a well-formed string");
            hash_ = json_hash::of_text(node.begin, node.size, seed_ ^ Seed::text);
            return Step::complete;
        }
        if (first == '{' || first == '[') return open(node, first == '[');
        return scalar(node, first);
    }

    CARTBELL_HOT Step scalar(Node &node, char first) {
        if (at_ == end_) return fail("a value");
        node.next = static_cast<uint32_t>(next_ - nodes_);
        const std::string_view token(node.begin, static_cast<size_t>(token_end() - node.begin));
        node.size = static_cast<uint32_t>(token.size());
        if (first == '-' || (first >= '0' && first <= '9')) {
            node.kind = Kind::number;
            if (!is_json_number(token)) return fail("a well-formed number");
            hash_ = json_hash::of_text(node.begin, node.size, seed_ ^ Seed::number);
        } else if (token == "true" || token == "false" || token == "null") {
            node.kind = first == 'n' ? Kind::null : Kind::boolean;
            node.truth = first == 't';
            hash_ = json_hash::mix(seed_ ^ Seed::literal, Seed::number + static_cast<unsigned char>(first));
        } else {
            return fail("a value");
        }
        ++at_;
        return Step::complete;
    }

    CARTBELL_HOT Step open(Node &node, bool is_array) {
        if (++top_ == frames_end_) return fail(nullptr);
        node.kind = is_array ? Kind::array : Kind::object;
        *top_ = Frame{seed_, 0, 0, node_, 0, 0, is_array, false};
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
        seed_ = top_->hash ^ Seed::array;  // each element's hash goes on from the one before it
        push();
        return Step::next_value;
    }

    CARTBELL_HOT Step member() {
        if (peek() != '"') return fail("a member's name");
        push();
        if (!string(key_, key_size_)) return fail("a well-formed name");
        if (!take(':')) return fail("a colon");
        Frame &frame = *top_;
        seed_ = json_hash::of_text(key_, key_size_, Seed::key);
        frame.left_out = top_ == frames_ && key_size_ == left_out_.size() &&
                         std::string_view(key_, key_size_) == left_out_;
        const uint64_t bit = uint64_t{1} << (seed_ & 63);
        if (++frame.members <= few_members) {
            if ((frame.seen & bit) != 0 && !overflowed_)
                look_for(tree_, nodes_, frame.node, node_, {key_, key_size_});
            frame.seen |= bit;
        } else if (frame.crowd == 0) {
            frame.crowd = static_cast<uint32_t>(node_ - nodes_);
        }
        return Step::next_value;
    }

    CARTBELL_HOT void close() {
        const Frame &frame = *top_--;
        Node &node = *frame.node;
        node.size = static_cast<uint32_t>(text_ + *at_ + 1 - node.begin);
        node.next = static_cast<uint32_t>(next_ - nodes_);
        if (frame.members > few_members && !overflowed_) look_through(tree_, nodes_, frame, node.next);
        hash_ = json_hash::mix(frame.hash ^ (frame.is_array ? Seed::array : Seed::object),
                               frame.seed ^ Seed::literal);
        ++at_;
    }

    CARTBELL_HOT Step ascend() {
        while (top_ >= frames_) {
            Frame &frame = *top_;
            if (frame.is_array) {
                frame.hash = hash_;
                if (take(',')) return element();
                if (peek() != ']') return fail("a comma or ]");
            } else {
                if (!frame.left_out) frame.hash += hash_;
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

    // A string in a text that has escapes somewhere, or could hold one that is too long. Returns its end:
    // behind `out` if it had escapes itself, null if they were wrong.
    [[gnu::noinline]] static const char *look_into(Tree &tree, const char *first, const char *last, char *out,
                                                   size_t text_bytes, uint32_t node) {
        const auto size = static_cast<size_t>(last - first);
        if (size == 0 || !std::memchr(first, '\\', size)) {
            if (size > text_bytes) note(tree, Flaw::What::text_too_large, node);
            return last;
        }
        const char *const end = unescape_json(first, last, out);
        if (!end) return nullptr;
        const auto unescaped = static_cast<size_t>(end - out);
        if (std::memchr(out, 0, unescaped)) note(tree, Flaw::What::nul_character, node);
        if (unescaped > text_bytes) note(tree, Flaw::What::text_too_large, node);
        return end;
    }

    // Whether an earlier member of the object has the name of the member `node`.
    [[gnu::noinline]] static void look_for(Tree &tree, const Node *nodes, const Node *object,
                                           const Node *node, std::string_view key) {
        for (const Node *child = object + 1; child != node; child = nodes + child->next)
            if (child->key() == key)
                return note(tree, Flaw::What::duplicate_key, static_cast<uint32_t>(node - nodes));
    }

    [[gnu::noinline]] static void look_through(Tree &tree, const Node *nodes, const Frame &frame,
                                               uint32_t end) {
        std::vector<const Node *> members;
        members.reserve(frame.members);
        for (const Node *child = frame.node + 1; child != nodes + end; child = nodes + child->next)
            members.push_back(child);
        std::sort(members.begin(), members.end(), [](const Node *a, const Node *b) {
            const int order = a->key().compare(b->key());
            return order != 0 ? order < 0 : a < b;
        });
        for (size_t i = 1; i < members.size(); ++i) {
            const auto node = static_cast<uint32_t>(members[i] - nodes);
            if (node >= frame.crowd && members[i]->key() == members[i - 1]->key())
                note(tree, Flaw::What::duplicate_key, node);
        }
    }

    Tree &tree_;
    const size_t text_bytes_;
    const std::string_view left_out_;
    const char *const text_;
    const uint32_t *const end_;
    Node *const nodes_;
    Node *const nodes_end_;
    Frame *const frames_;
    Frame *const frames_end_;
    const bool careful_;
    const uint32_t *at_;    // the next token
    Node *next_;            // where the next node goes
    Node *node_ = nullptr;  // the value being read
    Frame *top_;            // the innermost open container
    char *unescaped_;
    const char *key_ = nullptr;  // the name of the value being read
    uint32_t key_size_ = 0;
    bool overflowed_ = false;
    uint64_t seed_ = Seed::object;  // of the hash of the value being read: the hash of its name, or of the
                                    // elements before it
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
    if (frames_size_ < limits.depth + 1) {  // the first stays empty, below the outermost
        frames_ = std::make_unique_for_overwrite<Frame[]>(limits.depth + 1);
        frames_size_ = limits.depth + 1;
    }
    tree.flaws.clear();
    Builder builder(*this, tree, limits, left_out, frames_.get() + 1);
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
