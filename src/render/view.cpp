#include "render/view.hpp"

#include <charconv>

#include "render/value_views.hpp"

namespace cartbell::render {

Name::Name(std::string_view name) : text(name), word(find_word(name)) {
    if (name == "count") of_list = OfList::count;
    else if (name == "first") of_list = OfList::first;
    else if (name == "last") of_list = OfList::last;
    else if (name == "more") of_list = OfList::more;
    else {
        const char *end = name.data() + name.size();
        const auto [stopped, fault] = std::from_chars(name.data(), end, element);
        if (fault == std::errc() && stopped == end) of_list = OfList::element;
    }
}

Node Node::of(const ValueView &value, Currency currency) {
    switch (value.type) {
        case Type::none: return null();
        case Type::text: return of_text(value.text);
        case Type::boolean: return of_truth(value.number != 0);
        case Type::money: return of_scalar(Type::money, value.number, value.currency ? value.currency : currency);
        case Type::list: return node_of_texts(value.text);
        case Type::json: return node_of_json(value.text);
        case Type::integer:
        case Type::decimal:
        case Type::time:
        case Type::date: return of_scalar(value.type, value.number);
    }
    return null();
}

namespace {

Node of_list(const Node &list, const Name &name) {
    const View &view = *list.view;
    size_t index = 0;
    switch (name.of_list) {
        case Name::OfList::nothing: return Node::null();
        case Name::OfList::count: return Node::of_scalar(Type::integer, static_cast<int64_t>(view.size(list)));
        case Name::OfList::more: return Node::of_scalar(Type::integer, static_cast<int64_t>(view.left_out(list)));
        case Name::OfList::first: break;
        case Name::OfList::last: index = view.size(list) - 1; break;  // of none: too great, and so null
        case Name::OfList::element: index = name.element; break;
    }
    if (index >= view.size(list)) return Node::null();
    uint64_t cursor = 0;
    return view.element(list, index, cursor);
}

}  // namespace

Node walk(Node from, std::span<const Name> names) {
    for (const Name &name : names) {
        if (has_members(from)) from = from.view->member(from, name);
        else if (from.kind == Node::Kind::list) from = of_list(from, name);
        else return Node::null();
    }
    return from.kind == Node::Kind::none ? Node::null() : from;
}

bool View::find(const Node &object, std::span<const Name> names, Node &found) const {
    found = member(object, names.front());
    if (found.kind == Node::Kind::none) return false;
    if (names.size() > 1) found = walk(found, names.subspan(1));
    return true;
}

}  // namespace cartbell::render
