#include "codec/json_view.hpp"

#include <nlohmann/json.hpp>

namespace cartbell::codec {

using nlohmann::json;
using render::Node;

namespace {

const json &json_of(const Node &node) { return *static_cast<const json *>(node.data); }

}  // namespace

Node JsonView::node(const json &value) const {
    switch (value.type()) {
        case json::value_t::string: return Node::of_text(value.get_ref<const std::string &>());
        case json::value_t::boolean: return Node::of_truth(value.get<bool>());
        case json::value_t::number_integer: return Node::of_scalar(Type::integer, value.get<int64_t>());
        case json::value_t::number_unsigned:
            if (value.get<uint64_t>() <= INT64_MAX) return Node::of_scalar(Type::integer, value.get<int64_t>());
            return Node::of_text(texts_.emplace_back(value.dump()));
        case json::value_t::number_float: {
            std::string text = value.dump();  // the shortest that reads back
            if (const Result<int64_t> exact = parse_scaled(text, 6, Excess::refuse)) return Node::of_scalar(Type::decimal, *exact);
            return Node::of_text(texts_.emplace_back(std::move(text)));
        }
        case json::value_t::array:
        case json::value_t::object: {
            Node node;
            node.kind = value.is_array() ? Node::Kind::list : Node::Kind::object;
            node.data = &value;
            node.view = this;
            return node;
        }
        default: return Node::null();
    }
}

Node JsonView::member(const Node &object, const render::Name &name) const {
    const json &value = json_of(object);
    const auto found = value.find(name.text);
    return found == value.end() ? Node{} : node(*found);
}

size_t JsonView::size(const Node &list) const { return json_of(list).size(); }

Node JsonView::element(const Node &list, size_t index, uint64_t &) const { return node(json_of(list)[index]); }

}  // namespace cartbell::codec
