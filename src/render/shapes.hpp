// What is known of the views before there are data: which names an object has. For the check at compile time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "render/view.hpp"

namespace cartbell::render {

struct Shape {
    enum class Kind : uint8_t {
        none,    // no such name
        any,     // nothing is known: everything is allowed
        scalar,  // prints, has no members
        status,  // prints and has members
        list,
        object,
    };
    Kind kind = Kind::none;
    uint16_t id = 0;  // the implementation's own
    friend bool operator==(const Shape &, const Shape &) = default;
    friend auto operator<=>(const Shape &, const Shape &) = default;
};

// Immutable; any thread. Must have finitely many shapes.
class Shapes {
  public:
    virtual ~Shapes() = default;
    virtual Shape root() const = 0;
    virtual Shape member(const Shape &object, const Name &name) const = 0;  // of an object or status
    virtual Shape element(const Shape &list) const = 0;
    virtual void add_names(const Shape &object, std::vector<std::string> &names) const = 0;  // for "did you mean"
};

}  // namespace cartbell::render
