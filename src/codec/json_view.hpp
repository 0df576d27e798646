// A template's view over JSON: previews with data of the caller's own, and the mustache suite.
#pragma once

#include <deque>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "render/view.hpp"

namespace cartbell::codec {

// Borrows the JSON; one thread at a time. Numbers are exact where they fit a Value, else their own text.
class JsonView final : public render::View {
  public:
    render::Node node(const nlohmann::json &json) const;

    render::Node member(const render::Node &object, const render::Name &name) const override;
    size_t size(const render::Node &list) const override;
    render::Node element(const render::Node &list, size_t index, uint64_t &cursor) const override;

  private:
    mutable std::deque<std::string> texts_;  // of numbers that fit no Value
};

}  // namespace cartbell::codec
