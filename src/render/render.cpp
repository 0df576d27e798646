// The machine that runs a compiled text: one loop, its own stacks.
#include <algorithm>
#include <memory>

#include "base/text.hpp"
#include "render/escape.hpp"
#include "render/program.hpp"
#include "render/value_views.hpp"
#include "render/writer.hpp"

namespace cartbell::render {
namespace {

// formats.md §3 "False values": missing, null, false, zero of any number or money, empty text, empty list.
// `size` is set for lists.
bool is_true(const Node &node, size_t &size) {
    switch (node.kind) {
        case Node::Kind::none:
        case Node::Kind::null: return false;
        case Node::Kind::truth:
        case Node::Kind::text: return node.number != 0;
        case Node::Kind::scalar: return node.number != 0 || node.type == Type::time || node.type == Type::date;
        case Node::Kind::list: size = node.view->size(node); return size != 0;
        case Node::Kind::object: return !node.view->blank(node);
    }
    return false;
}

// formats.md §3 "missing": an empty text is missing too.
bool is_missing(const Node &node) {
    return node.kind == Node::Kind::none || node.kind == Node::Kind::null ||
           (node.kind == Node::Kind::text && node.number == 0);
}

// A stack that needs the heap only for what is deeper than any sensible text.
template <typename T, size_t inside>
class Stack {
  public:
    Stack() = default;
    Stack(const Stack &) = delete;
    Stack &operator=(const Stack &) = delete;

    T &push() {
        if (size_ == room_) grow();
        return data_[size_++];
    }
    void push(const T &value) { push() = value; }
    void pop() { --size_; }
    T &operator[](size_t index) { return data_[index]; }
    T &top() { return data_[size_ - 1]; }
    size_t size() const { return size_; }

  private:
    __attribute__((noinline)) void grow() {
        auto more = std::make_unique<T[]>(room_ * 2);
        std::copy(data_, data_ + size_, more.get());
        heap_ = std::move(more);
        data_ = heap_.get();
        room_ *= 2;
    }

    T inside_[inside];
    T *data_ = inside_;
    size_t size_ = 0, room_ = inside;
    std::unique_ptr<T[]> heap_;
};

class Machine {
  public:
    Machine(const Text &text, const Context &context, const Limits &limits)
        : text_(text), context_(context), limits_(limits), out_(limits.render_output_bytes) {}

    Outcome run();
    std::string_view written() const { return out_.from(0); }

  private:
    struct Loop {
        Node list;               // kind none: a section that runs once
        size_t index = 0, size = 0;
        uint64_t cursor = 0;
    };
    struct Call {
        uint32_t back = 0;
        size_t indent = 0;       // bytes of indent_ before it
    };
    struct Captured {
        size_t begin = 0;        // in out_
    };

    void find(const PathOf &path, Node &node);
    Node position(Position which);
    bool variable(const Op &op, uint32_t at);
    bool missing(const Op &op, uint32_t at);
    bool print(const Op &op, const Node &node, uint32_t at);
    void write(std::string_view text, const Op &op);
    Escape escape() const { return captures_.size() == 0 ? text_.escape : Escape::none; }
    bool section(const Op &op);
    bool test(const Op &op);
    void unformatted(const Node &node);
    uint32_t end_section(uint32_t at, const Op &op);
    bool call(const Op &op, uint32_t at);
    bool release(const Op &op, uint32_t at);
    bool fail(std::string_view code, uint32_t at);

    const Text &text_;
    const Context &context_;
    const Limits &limits_;
    Writer out_;
    Currency currency_;
    int currency_digits_ = 0;  // of currency_
    Stack<Node, 16> nodes_;
    Stack<Loop, 8> loops_;
    Stack<Call, 8> calls_;
    Stack<Captured, 4> captures_;
    std::string indent_, scratch_;
    Outcome outcome_;
};

bool Machine::fail(std::string_view code, uint32_t at) {
    outcome_.kind = Outcome::Kind::failed;
    outcome_.reason = code;
    outcome_.line = text_.places[at].line;
    outcome_.column = text_.places[at].column;
    outcome_.partial = text_.body_of(at).name;
    return false;
}

inline void Machine::find(const PathOf &path, Node &node) {
    if (path.count == 0) {
        node = nodes_.top();
        return;
    }
    const std::span<const Name> names = text_.names_of(path);
    for (size_t i = nodes_.size(); i-- > 0;) {
        const Node &place = nodes_[i];
        if (has_members(place) && place.view->find(place, names, node)) return;
    }
    node.kind = Node::Kind::none;
}

// Of the innermost list; null outside of lists.
Node Machine::position(Position which) {
    for (size_t i = loops_.size(); i-- > 0;) {
        const Loop &loop = loops_[i];
        if (loop.list.kind == Node::Kind::none) continue;
        const auto index = static_cast<int64_t>(loop.index);
        switch (which) {
            case Position::index: return Node::of_scalar(Type::integer, index);
            case Position::number: return Node::of_scalar(Type::integer, index + 1);
            case Position::first: return Node::of_truth(loop.index == 0);
            case Position::last: return Node::of_truth(loop.index + 1 == loop.size);
        }
    }
    return Node::null();
}

void Machine::write(std::string_view text, const Op &op) {
    if (op.what == Do::raw) out_.append(text);
    else append_escaped(out_, text, escape());
}

bool Machine::print(const Op &op, const Node &node, uint32_t at) {
    if (node.kind == Node::Kind::list || node.kind == Node::Kind::object) return fail("bad_value", at);
    if (op.what == Do::format) {
        scratch_.clear();
        if (!append_formatted(scratch_, static_cast<Format>(op.detail), node, context_)) return fail("bad_value", at);
        append_escaped(out_, scratch_, escape());
    } else if (node.kind != Node::Kind::text) {
        unformatted(node);  // digits, signs, letters: nothing that a channel escapes
    } else if (node.type == Type::json) {
        write(unescape_json(node.text()), op);
    } else {
        write(node.text(), op);
    }
    return true;
}

bool Machine::variable(const Op &op, uint32_t at) {
    Node node;
    find(text_.paths[op.a], node);
    if (is_missing(node)) return missing(op, at);
    if (op.what == Do::variable && node.kind == Node::Kind::text && node.type != Type::json) {
        append_escaped(out_, node.text(), escape());
        return true;
    }
    return print(op, node, at);
}

void Machine::unformatted(const Node &node) {
    const bool money = node.type == Type::money;
    if (node.kind != Node::Kind::scalar || (!money && node.type != Type::decimal && node.type != Type::integer))
        return out_.append(render::unformatted(node));
    if (money && node.currency != currency_) {
        currency_ = node.currency;
        currency_digits_ = currency_.digits();
    }
    const int scale = money ? 4 : node.type == Type::decimal ? 6 : 0;
    const int least_decimals = money ? currency_digits_ : 0;
    if (out_.has_room(most_scaled_bytes)) return out_.advance(write_scaled(node.number, scale, least_decimals, out_.room(most_scaled_bytes)));
    char digits[most_scaled_bytes];
    out_.append(std::string_view(digits, write_scaled(node.number, scale, least_decimals, digits)));
}

// formats.md §3: `defaults` come first, then the policy.
bool Machine::missing(const Op &op, uint32_t at) {
    const std::string_view path = text_.paths[op.a].text;
    if (context_.fallback) {
        const std::string_view text = context_.fallback(path);
        if (!text.empty()) return print(op, Node::of_text(text), at);
    }
    const MissingPolicy policy = context_.missing ? context_.missing(path) : MissingPolicy::empty;
    if (policy == MissingPolicy::empty) return true;
    if (policy == MissingPolicy::fail) return fail("missing", at);
    outcome_.kind = Outcome::Kind::blocked;
    outcome_.reason = "missing:" + std::string(path);
    return false;
}

// True if the section runs; then its node, or its first element, is pushed.
bool Machine::section(const Op &op) {
    Node node;
    find(text_.paths[op.a], node);
    size_t size = 0;
    if (!is_true(node, size)) return false;
    Loop &loop = loops_.push();
    if (node.kind != Node::Kind::list) {
        loop.list.kind = Node::Kind::none;
        nodes_.push(node);
        return true;
    }
    loop = Loop{node, 0, size, 0};
    nodes_.push() = node.view->element(node, 0, loop.cursor);
    return true;
}

uint32_t Machine::end_section(uint32_t at, const Op &op) {
    Loop &loop = loops_.top();
    if (loop.list.kind != Node::Kind::none && ++loop.index < loop.size) {
        nodes_.top() = loop.list.view->element(loop.list, loop.index, loop.cursor);
        return op.b + 1;
    }
    nodes_.pop();
    loops_.pop();
    return at + 1;
}

// Whether the body of an inverted section or of a test runs.
bool Machine::test(const Op &op) {
    size_t size = 0;
    Node node;
    switch (op.what) {
        case Do::inverted: find(text_.paths[op.a], node); return !is_true(node, size);
        case Do::test_position: return is_true(position(static_cast<Position>(op.detail)), size) != (op.c != 0);
        default: break;
    }
    const bool member = context_.in_segment && context_.in_segment(text_.segments[op.a]);
    return member != (op.c != 0);
}

bool Machine::call(const Op &op, uint32_t at) {
    if (calls_.size() >= limits_.partial_depth) return fail("depth_limit", at);
    calls_.push({at + 1, indent_.size()});
    indent_.append(text_.pool, op.b, op.c);
    return true;
}

bool Machine::release(const Op &op, uint32_t at) {
    const size_t begin = captures_.top().begin;
    captures_.pop();
    const std::string body(out_.from(begin));
    out_.truncate(begin);
    const auto capture = static_cast<Capture>(op.detail);
    if (capture == Capture::block) {
        outcome_.kind = Outcome::Kind::blocked;
        outcome_.reason = trim_ascii(body);
        return false;
    }
    if (capture == Capture::url_encode) {
        append_url_encoded(out_, body);
        return true;
    }
    scratch_.clear();
    if (!append_formatted(scratch_, static_cast<Format>(op.detail), std::string_view(body), context_)) return fail("bad_value", at);
    append_escaped(out_, scratch_, escape());
    return true;
}

Outcome Machine::run() {
    nodes_.push(context_.root);
    const Op *const ops = text_.ops.data();
    const char *const pool = text_.pool.data();
    size_t steps = 0;
    uint32_t at = 0;
    bool going = true;
    while (going) {
        const Op &op = ops[at];
        if (++steps > limits_.render_steps || out_.overflowed()) {
            fail(out_.overflowed() ? "output_limit" : "step_limit", at);
            break;
        }
        switch (op.what) {
            case Do::text:
                out_.append_padded(pool + op.a, op.b);
                ++at;
                break;
            case Do::variable:
            case Do::raw:
            case Do::format: going = variable(op, at++); break;
            case Do::position: {
                const Node node = position(static_cast<Position>(op.detail));
                if (node.kind != Node::Kind::null) unformatted(node);
                ++at;
                break;
            }
            case Do::section: at = section(op) ? at + 1 : op.b + 1; break;
            case Do::end: at = end_section(at, op); break;
            case Do::inverted:
            case Do::test_position:
            case Do::test_segment: at = test(op) ? at + 1 : op.b; break;
            case Do::partial:
                going = call(op, at);
                at = text_.bodies[op.a].begin;
                break;
            case Do::line:
                out_.append(indent_);
                ++at;
                break;
            case Do::capture:
                captures_.push({out_.size()});
                ++at;
                break;
            case Do::release: going = release(op, at++); break;
            case Do::stop:
                if (calls_.size() == 0) {
                    going = false;
                    break;
                }
                at = calls_.top().back;
                indent_.resize(calls_.top().indent);
                calls_.pop();
        }
    }
    return std::move(outcome_);
}

}  // namespace

Outcome render(const Text &text, const Context &context, const Limits &limits, std::string &out) {
    const size_t begin = out.size();
    Machine machine(text, context, limits);
    Outcome outcome = machine.run();
    out += machine.written();
    if (outcome.kind == Outcome::Kind::rendered && text.escape == Escape::single_line) join_lines(out, begin);
    return outcome;
}

}  // namespace cartbell::render
