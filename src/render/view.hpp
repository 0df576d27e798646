// What a template sees: nodes of a tree that is never copied. Views over the model implement this; so does JSON in codec.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/row_views.hpp"
#include "render/words.hpp"

namespace cartbell::render {

class View;

// One part of a dotted path, looked up in the fixed names once. Borrows its text.
struct Name {
    // What it asks of a list (formats.md §3): `.count .first .last .more`, or an element by number.
    enum class OfList : uint8_t { nothing, count, first, last, more, element };

    std::string_view text;
    Word word = Word::none;
    OfList of_list = OfList::nothing;
    uint32_t element = 0;

    Name() = default;
    Name(std::string_view text);
    Name(const char *written) : Name(std::string_view(written)) {}
};

// A borrowed node, valid until the view's data change or the view goes. `none` is absent from its context (lookup goes on
// to the enclosing one); `null` is there and empty.
struct Node {
    enum class Kind : uint8_t { none, null, truth, scalar, text, list, object };

    Kind kind = Kind::none;
    Type type = Type::none;       // scalar: integer, decimal, money, time or date. text: json if the bytes are escaped as JSON
    uint16_t shape = 0;           // list, object: the view's own
    Currency currency{};          // of a money scalar
    int64_t number = 0;           // truth: 0 or 1; scalar: as in Value; text: its bytes; else the view's own
    const void *data = nullptr;   // text: its first byte; else the view's own
    const void *owner = nullptr;  // the view's own
    const View *view = nullptr;   // list, object: who answers for it; a text that has one has members too (a status)

    std::string_view text() const { return {static_cast<const char *>(data), static_cast<size_t>(number)}; }

    static Node null() {
        Node node;
        node.kind = Kind::null;
        return node;
    }
    static Node of_truth(bool truth) {
        Node node;
        node.kind = Kind::truth;
        node.number = truth ? 1 : 0;
        return node;
    }
    static Node of_text(std::string_view text) {
        Node node;
        node.kind = Kind::text;
        node.number = static_cast<int64_t>(text.size());
        node.data = text.data();
        return node;
    }
    static Node of_scalar(Type type, int64_t number, Currency currency = {}) {
        Node node;
        node.kind = Kind::scalar;
        node.type = type;
        node.number = number;
        node.currency = currency;
        return node;
    }
    // A time, or null for no_instant.
    static Node of_time(Instant instant) { return instant == no_instant ? null() : of_scalar(Type::time, instant); }
    // Any value, borrowed; `currency` is that of money which names none. Lists and kept JSON open by themselves.
    static Node of(const ValueView &value, Currency currency = {});
};

// Answers for lists and objects. An object has all its declared names: a missing one is null, never none (formats.md §3).
class View {
  public:
    virtual ~View() = default;
    virtual Node member(const Node &object, const Name &name) const = 0;  // kind none if it has no such name
    // Several parts of a path at once. False if the object has no name names[0]; null if a later one is not there.
    virtual bool find(const Node &object, std::span<const Name> names, Node &found) const;
    virtual size_t size(const Node &list) const = 0;
    // `cursor` is 0, or what the call for `index - 1` left there: it spares a list without random access the way from its start.
    virtual Node element(const Node &list, size_t index, uint64_t &cursor) const = 0;
    virtual bool blank(const Node &) const { return false; }       // an object without any value is false in a section
    virtual size_t left_out(const Node &) const { return 0; }      // `.more` of a limited list
};

// Follows a path from a node on: members of what has some, `.count .first .last .more` and numbers of lists. Never none.
Node walk(Node from, std::span<const Name> names);

inline bool has_members(const Node &node) {
    return node.kind == Node::Kind::object || (node.kind == Node::Kind::text && node.view != nullptr);
}

}  // namespace cartbell::render
