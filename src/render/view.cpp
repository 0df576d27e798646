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

Node Node::of(const Value &value, Currency currency) {
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

}  // namespace cartbell::render
