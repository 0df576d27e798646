#include "cli/json_values.hpp"

#include "cli/clock.hpp"
#include "cli/failure.hpp"
#include "cli/operation_text.hpp"

namespace cartbell::cli {

void JsonValues::fault(const Json &value, const std::string &what) const {
    throw Failure(exit_refused, place(value) + ": " + what);
}

std::string JsonValues::place(const Json &value) const {
    return std::string(input_) + ":" + line_and_column(text_, value.at);
}

const Json &JsonValues::member(const Json &object, std::string_view name, Json::Kind kind) const {
    const Json &value = object[name];
    if (!value.is(Json::Kind::null) && !value.is(kind))
        fault(value, std::string(name) + " is " + (kind == Json::Kind::object ? "no object" : "no array"));
    return value;
}

const Json &JsonValues::object(const Json &parent, std::string_view name) const {
    return member(parent, name, Json::Kind::object);
}

const std::vector<Json> &JsonValues::list(const Json &parent, std::string_view name) const {
    const Json &value = member(parent, name, Json::Kind::array);
    for (const Json &item : value.items)
        if (!item.is(Json::Kind::object)) fault(item, "an element of " + std::string(name) + " is no object");
    return value.items;
}

std::string JsonValues::text(const Json &object, std::string_view name) const {
    const Json &value = object[name];
    if (value.is(Json::Kind::null)) return {};
    if (!value.is(Json::Kind::text) && !value.is(Json::Kind::number))
        fault(value, std::string(name) + " is no text");
    if (value.text.find('\0') != std::string::npos) fault(value, std::string(name) + " holds U+0000");
    return value.text;
}

std::string JsonValues::first_text(const Json &object, std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names)
        if (std::string found = text(object, name); !found.empty()) return found;
    return {};
}

std::string JsonValues::needed(const Json &object, std::string_view name) const {
    std::string found = text(object, name);
    if (found.empty()) fault(object, "the object has no " + std::string(name));
    return found;
}

std::string JsonValues::instant(const Json &object, std::string_view name) const {
    std::string found = text(object, name);
    if (found.empty()) return found;
    try {
        if (found.size() < 20 || found[10] != 'T') throw Failure(exit_refused, "");
        parse_instant_us(found);
    } catch (const Failure &) {
        fault(object[name], std::string(name) + " is no time with a zone, such as 2026-01-10T11:00:00-05:00");
    }
    return found;
}

bool JsonValues::amount(const Json &object, std::string_view name, int64_t &amount_e4) const {
    const std::string found = text(object, name);
    if (found.empty()) return false;
    if (!parse_e4(found, amount_e4)) fault(object[name], std::string(name) + " is no amount such as 199.90");
    return true;
}

std::string JsonValues::amount(const Json &object, std::string_view name) const {
    int64_t amount_e4 = 0;
    return amount(object, name, amount_e4) ? format_e4(amount_e4) : std::string();
}

int64_t JsonValues::count(const Json &object, std::string_view name) const {
    int64_t number_e4 = 0;
    if (!amount(object, name, number_e4)) return 0;
    if (number_e4 % 10'000 != 0) fault(object[name], std::string(name) + " is no whole number");
    return number_e4 / 10'000;
}

void JsonValues::sum(int64_t &total, int64_t more, const Json &where) const {
    if (!add(total, more)) fault(where, "the amounts are too large");
}

int64_t JsonValues::sum(const std::vector<Json> &items, std::string_view name) const {
    int64_t total = 0, one = 0;
    for (const Json &item : items)
        if (amount(item, name, one)) sum(total, one, item);
    return total;
}

}  // namespace cartbell::cli
