#include "model/value.hpp"

#include <algorithm>
#include <utility>

#include "model/json_patch.hpp"

namespace cartbell {
namespace {

Value number_of(Type type, int64_t number) {
    Value value;
    value.type = type;
    value.number = number;
    return value;
}

auto cell_at(std::vector<Record::Cell> &cells, FieldId field) {
    return std::lower_bound(cells.begin(), cells.end(), field,
                            [](const Record::Cell &cell, FieldId wanted) { return cell.field < wanted; });
}

template <typename Customs>
auto custom_at(Customs &customs, std::string_view code) {
    return std::lower_bound(
        customs.begin(), customs.end(), code,
        [](const Record::Custom &custom, std::string_view wanted) { return std::string_view(custom.code) < wanted; });
}

// RFC 7396 for one present patch value: a json object merges into what is there (nulls inside it are never
// kept), all else replaces. Returns whether `target` changed.
bool patch_value(Value &target, const Value &patch) {
    if (patch.type != Type::json) {
        if (target == patch) return false;
        target = patch;
        return true;
    }
    std::string merged = merge_json(
        target.type == Type::json ? std::string_view(target.text) : std::string_view{}, patch.text);
    if (target.type == Type::json && target.text == merged) return false;
    target = patch;
    target.text = std::move(merged);
    return true;
}

// One pass of a sorted patch over sorted cells; Less(a, b) orders two elements by their name.
template <typename Element, typename Less>
bool patch_elements(std::vector<Element> &target, const std::vector<Element> &patch, Less less) {
    bool changed = false;
    size_t at = 0;
    for (const Element &change : patch) {
        while (at < target.size() && less(target[at], change))
            ++at;
        const bool there = at < target.size() && !less(change, target[at]);
        if (change.value.missing()) {
            if (there) target.erase(target.begin() + static_cast<std::ptrdiff_t>(at));
            changed |= there;
        } else if (there) {
            changed |= patch_value(target[at].value, change.value);
        } else {
            Element added = change;
            added.value = Value{};
            patch_value(added.value, change.value);
            target.insert(target.begin() + static_cast<std::ptrdiff_t>(at), std::move(added));
            changed = true;
        }
    }
    return changed;
}

}  // namespace

Value Value::of_text(std::string_view text) {
    Value value;
    value.type = Type::text;
    value.text = text;
    return value;
}

Value Value::of_integer(int64_t number) {
    return number_of(Type::integer, number);
}
Value Value::of_decimal(int64_t number_e6) {
    return number_of(Type::decimal, number_e6);
}

Value Value::of_money(int64_t amount_e4, Currency currency) {
    Value value = number_of(Type::money, amount_e4);
    value.currency = currency;
    return value;
}

Value Value::of_boolean(bool truth) {
    return number_of(Type::boolean, truth ? 1 : 0);
}
Value Value::of_time(Instant instant) {
    return instant == no_instant ? Value{} : number_of(Type::time, instant);
}
Value Value::of_date(Date date) {
    return number_of(Type::date, pack(date));
}

Value Value::of_list(const std::vector<std::string> &elements) {
    Value value;
    value.type = Type::list;
    for (const std::string &element : elements) {
        value.text += element;
        value.text += '\0';
    }
    return value;
}

std::vector<std::string_view> list_elements(const Value &list) {
    std::vector<std::string_view> elements;
    if (list.type != Type::list) return elements;
    std::string_view rest = list.text;
    for (size_t end; (end = rest.find('\0')) != std::string_view::npos; rest.remove_prefix(end + 1))
        elements.push_back(rest.substr(0, end));
    return elements;
}

const Value *Record::find(FieldId field) const {
    for (const Cell &cell : cells)  // some dozen cells: a scan beats bisection
        if (cell.field >= field) return cell.field == field ? &cell.value : nullptr;
    return nullptr;
}

const Value *Record::find_custom(std::string_view code) const {
    const auto found = custom_at(customs, code);
    return found != customs.end() && found->code == code ? &found->value : nullptr;
}

std::string_view Record::text(FieldId field) const {
    const Value *value = find(field);
    return value ? std::string_view(value->text) : std::string_view{};
}

void Record::set(FieldId field, Value value) {
    const auto at = cell_at(cells, field);
    if (at != cells.end() && at->field == field)
        at->value = std::move(value);
    else
        cells.insert(at, Cell{std::move(value), field});
}

void Record::set_custom(std::string_view code, Value value) {
    const auto at = custom_at(customs, code);
    if (at != customs.end() && at->code == code)
        at->value = std::move(value);
    else
        customs.insert(at, Custom{std::string(code), std::move(value)});
}

void Record::erase(FieldId field) {
    const auto at = cell_at(cells, field);
    if (at != cells.end() && at->field == field) cells.erase(at);
}

bool merge_patch(Record &target, const Record &patch) {
    bool cleared = false;
    if (!patch.customs.empty() && patch.customs.front().code.empty()) {  // `"fields":null` (value.hpp)
        cleared = !target.customs.empty();
        target.customs.clear();
    }
    const bool cells =
        patch_elements(target.cells, patch.cells,
                       [](const Record::Cell &a, const Record::Cell &b) { return a.field < b.field; });
    const bool customs =
        patch_elements(target.customs, patch.customs,
                       [](const Record::Custom &a, const Record::Custom &b) { return a.code < b.code; });
    return cleared || cells || customs;
}

}  // namespace cartbell
