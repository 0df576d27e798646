// What a template sees: nodes of a tree that is never copied. Views over the model implement this; so does JSON in codec.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/value.hpp"

namespace cartbell::render {

class View;

// A borrowed node. 'none' is absent from its context (lookup goes on to the enclosing one); 'null' is there and empty.
struct Node {
    enum class Kind : uint8_t { none, null, truth, value, text, list, object };
    Kind kind = Kind::none;
    bool truth = false;
    std::string_view text{};          // kind text: borrowed
    const Value *value = nullptr;     // kind value: a typed value, borrowed
    const View *view = nullptr;       // kind list and object: who answers for it
    const void *data = nullptr;       // list and object: the view's own handle
    uint64_t number = 0;              // the view's own
};

// Answers for lists and objects. Stateless towards nodes; values it computes live in storage it owns until the render ends.
class View {
  public:
    virtual ~View() = default;
    virtual Node member(const Node &object, std::string_view name) const = 0;  // kind none if it has no such name
    virtual size_t size(const Node &list) const = 0;
    virtual Node element(const Node &list, size_t index) const = 0;
};

}  // namespace cartbell::render
