// The names that ModelView answers to, for the check at compile time.
#pragma once

#include <string>
#include <vector>

#include "model/settings.hpp"
#include "render/shapes.hpp"

namespace cartbell::render {

// A name of `let` as declared: a value, or rows of an object.
struct LetShape {
    std::string name;
    bool is_list = false;
    Object rows_of = Object::order;
};

class ModelShapes final : public Shapes {
  public:
    ModelShapes(const Settings &settings, std::vector<LetShape> lets) : settings_(settings), lets_(std::move(lets)) {}

    Shape root() const override;
    Shape member(const Shape &object, const Name &name) const override;
    Shape element(const Shape &list) const override;
    void add_names(const Shape &object, std::vector<std::string> &names) const override;

  private:
    const Settings &settings_;  // borrowed
    std::vector<LetShape> lets_;
};

}  // namespace cartbell::render
