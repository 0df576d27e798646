#include "model/path.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "model/json_value.hpp"

namespace cartbell {
namespace {

constexpr size_t most_element_digits = 6;

bool take_prefix(std::string_view &text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

bool take_set(std::string_view &text, StatusSet &set) {
    const std::string_view word = text.substr(0, text.find('.'));
    for (size_t i = 0; i < status_set_names.size(); ++i) {
        if (status_set_names[i] != word) continue;
        set = static_cast<StatusSet>(i);
        text.remove_prefix(word.size());
        return true;
    }
    return false;
}

bool is_computed_on_read(Object object, FieldId field) {
    switch (object) {
        case Object::order: return field >= order_field::in_analytics;
        case Object::customer: return field >= customer_field::email_state && field <= customer_field::known;
        case Object::product: return field == product_field::available;
        case Object::history: return true;  // a history row is no Record
        default: return false;
    }
}

// A system field, or an element of one that is a list.
bool bind_field(std::string_view rest, Object object, Path &path) {
    if (const auto field = find_field(object, rest)) {
        path.field = *field;
        path.type = system_fields(object)[*field].type;
        path.kind = is_computed_on_read(object, *field) ? Path::Kind::computed : Path::Kind::cell;
        return true;
    }
    return false;
}

// status.<set>[.at|.previous|.name]; a history row has only the codes of all sets just after it (formats.md
// §5 "History row").
bool bind_status(std::string_view rest, Object object, Path &path) {
    if (!take_prefix(rest, "status.") || !take_set(rest, path.set)) return false;
    path.kind = Path::Kind::status_code;
    path.type = Type::text;
    if (rest.empty()) return true;
    if (object == Object::history) return false;
    if (rest == ".at") {
        path.kind = Path::Kind::status_at;
        path.type = Type::time;
        return true;
    }
    path.kind = rest == ".name" ? Path::Kind::status_name : Path::Kind::status_previous;
    return rest == ".name" || rest == ".previous";
}

bool bind_reached(std::string_view rest, const Settings &settings, Path &path) {
    if (!take_prefix(rest, "reached.") || !take_set(rest, path.set) || !take_prefix(rest, ".")) return false;
    if (!settings.find_status(path.set, rest)) return false;
    path.kind = Path::Kind::reached;
    path.type = Type::time;
    path.code = rest;
    return true;
}

bool bind_custom(std::string_view rest, Object object, const Settings &settings, Path &path) {
    if (object == Object::payment || object == Object::history || !take_prefix(rest, "fields.")) return false;
    path.kind = Path::Kind::custom;
    path.code = rest;
    if (const FieldDefinition *field = settings.find_field(object, rest)) {
        path.type = field->type;
        return true;
    }
    path.type = Type::json;
    return settings.shop.keep_unknown_fields && is_field_code(rest);
}

bool bind_value(std::string_view rest, Object object, const Settings &settings, Path &path) {
    if (bind_field(rest, object, path) || bind_custom(rest, object, settings, path)) return true;
    if (object == Object::history) return bind_status(rest, object, path);
    return object == Object::order && (bind_status(rest, object, path) || bind_reached(rest, settings, path));
}

bool bind_element(std::string_view rest, Object object, const Settings &settings, Path &path) {
    const size_t dot = rest.rfind('.');
    if (dot == std::string_view::npos) return false;
    const std::string_view digits = rest.substr(dot + 1);
    if (digits.empty() || digits.size() > most_element_digits) return false;
    if (digits.find_first_not_of("0123456789") != std::string_view::npos ||
        (digits.size() > 1 && digits[0] == '0'))
        return false;
    if (!bind_value(rest.substr(0, dot), object, settings, path) || path.type != Type::list) return false;
    path.element_of_custom = path.kind == Path::Kind::custom;
    path.kind = Path::Kind::element;
    path.type = Type::text;
    for (const char digit : digits)
        path.element = path.element * 10 + static_cast<uint32_t>(digit - '0');
    return true;
}

// Every name an object has, with `prefix` before it: what an unknown path may have meant.
void names_of(Object object, const Settings &settings, const std::string &prefix,
              std::vector<std::string> &names) {
    for (const Field &field : system_fields(object))
        names.push_back(prefix + std::string(field.path));
    for (const FieldDefinition &field : settings.fields)
        if (field.of == object) names.push_back(prefix + "fields." + field.code);
    if (object != Object::order && object != Object::history) return;
    for (const std::string_view set : status_set_names) {
        const std::string status = prefix + "status." + std::string(set);
        names.push_back(status);
        if (object == Object::history) continue;
        for (const std::string_view part : {".at", ".name", ".previous"})
            names.push_back(status + std::string(part));
    }
    if (object == Object::history) return;
    for (const StatusDefinition &status : settings.statuses)
        names.push_back(prefix + "reached." + std::string(status_set_names[static_cast<size_t>(status.set)]) +
                        "." + status.code);
}

Error unknown_path(std::string_view text, Object start, const Settings &settings) {
    std::vector<std::string> names;
    names_of(start, settings, "", names);
    names_of(Object::customer, settings, "customer.", names);
    if (start == Object::line || start == Object::history) names_of(Object::order, settings, "order.", names);
    if (start == Object::line) names_of(Object::product, settings, "product.", names);
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    const std::string nearest = nearest_name(text, candidates);
    std::string message = "unknown path \"" + std::string(text) + "\"";
    if (!nearest.empty()) message += "; did you mean \"" + nearest + "\"?";
    return failure(Code::invalid, "unknown_path", std::move(message));
}

// ---- reading

const Value &missing_in(Value &scratch) {
    scratch.type = Type::none;
    scratch.currency = {};
    scratch.number = 0;
    scratch.text.clear();
    return scratch;
}

const Value &number_in(Value &scratch, Type type, int64_t number) {
    scratch.type = type;
    scratch.currency = {};
    scratch.number = number;
    scratch.text.clear();
    return scratch;
}

const Value &time_in(Value &scratch, Instant at) {
    return at == no_instant ? missing_in(scratch) : number_in(scratch, Type::time, at);
}

// Codes are never empty where they are: "" is "none".
const Value &text_in(Value &scratch, std::string_view text) {
    if (text.empty()) return missing_in(scratch);
    scratch.type = Type::text;
    scratch.currency = {};
    scratch.number = 0;
    scratch.text.assign(text);
    return scratch;
}

const Record *record_of(Object object, const Row &row) {
    switch (object) {
        case Object::customer: return row.customer ? &row.customer->record : nullptr;
        case Object::order: return row.order ? &row.order->record : nullptr;
        case Object::line:
        case Object::payment: return row.record;
        case Object::product: return row.product ? &row.product->record : nullptr;
        default: return nullptr;
    }
}

Currency currency_of(const Path &path, const Row &row) {
    if (path.object == Object::product) return row.product && row.settings ? row.product->currency(*row.settings) : Currency{};
    if (row.order && path.object != Object::customer) {
        const Currency own = Currency::of(row.order->record.text(order_field::currency));
        if (own) return own;
    }
    return row.settings ? row.settings->shop.currency : Currency{};
}

const Value *stored(const Path &path, const Row &row, bool custom) {
    const Record *record = record_of(path.object, row);
    if (!record) return nullptr;
    return custom ? record->find_custom(path.code) : record->find(path.field);
}

const Value &read_stored(const Path &path, const Row &row, Value &scratch) {
    const Value *value = stored(path, row, path.kind == Path::Kind::custom);
    if (!value) return missing_in(scratch);
    if (value->type != path.type) {  // kept as JSON before the field was declared
        if (value->type != Type::json || !typed_json(value->text, path.type, scratch))
            return missing_in(scratch);
        value = &scratch;
    }
    if (value->type != Type::money || value->currency) return *value;
    number_in(scratch, Type::money, value->number);
    scratch.currency = currency_of(path, row);
    return scratch;
}

const Value &read_element(const Path &path, const Row &row, Value &scratch) {
    const Value *list = stored(path, row, path.element_of_custom);
    Value typed;
    if (list && list->type == Type::json && typed_json(list->text, Type::list, typed)) list = &typed;
    if (!list || list->type != Type::list) return missing_in(scratch);
    std::string_view rest = list->text;
    for (uint32_t index = 0;; ++index) {
        const size_t end = rest.find('\0');
        if (end == std::string_view::npos) return missing_in(scratch);
        if (index == path.element) {
            text_in(scratch, rest.substr(0, end));
            scratch.type = Type::text;  // an empty element is there
            return scratch;
        }
        rest.remove_prefix(end + 1);
    }
}

int64_t pieces(const Order &order) {
    Wide sum = 0;
    for (const Record &line : order.lines)
        if (const Value *quantity = line.find(line_field::quantity)) sum += quantity->number;
    return fits_int64(sum) ? static_cast<int64_t>(sum) : (sum < 0 ? no_instant : never);
}

const Value &read_computed_order(const Path &path, const Row &row, Value &scratch) {
    if (!row.order) return missing_in(scratch);
    switch (path.field) {
        case order_field::in_analytics:
            if (!row.settings) return missing_in(scratch);
            return number_in(scratch, Type::boolean, in_analytics(*row.order, *row.settings) ? 1 : 0);
        case order_field::line_count:
            return number_in(scratch, Type::integer, static_cast<int64_t>(row.order->lines.size()));
        default: return number_in(scratch, Type::decimal, pieces(*row.order));
    }
}

const Value &read_computed_customer(const Path &path, const Row &row, Value &scratch) {
    if (!row.customer) return missing_in(scratch);
    const Record &record = row.customer->record;
    const bool email = record.find(customer_field::email), phone = record.find(customer_field::phone);
    switch (path.field) {
        case customer_field::known:
            return number_in(scratch, Type::boolean,
                             email || phone || record.find(customer_field::external_id));
        case customer_field::email_state: return text_in(scratch, email ? "unknown" : "");
        default:
            return text_in(scratch,
                           phone ? "unknown" : "");  // no delivery report has spoken of an address yet
    }
}

const Value &read_computed_history(const Path &path, const Row &row, Value &scratch) {
    if (!row.history) return missing_in(scratch);
    switch (path.field) {
        case history_field::set:
            return text_in(scratch, status_set_names[static_cast<size_t>(row.history->set)]);
        case history_field::from: return text_in(scratch, row.history->from);
        case history_field::to: return text_in(scratch, row.history->to);
        case history_field::source: return text_in(scratch, row.history->source);
        case history_field::at: return time_in(scratch, row.history->at);
        default: return time_in(scratch, row.history->received_at);
    }
}

const Value &read_status(const Path &path, const Row &row, Value &scratch) {
    const size_t set = static_cast<size_t>(path.set);
    if (path.object == Object::history)
        return text_in(scratch, row.history ? std::string_view(row.history->after[set]) : "");
    if (!row.order) return missing_in(scratch);
    const StatusNow &status = row.order->status[set];
    switch (path.kind) {
        case Path::Kind::status_code: return text_in(scratch, status.code);
        case Path::Kind::status_previous: return text_in(scratch, status.previous);
        case Path::Kind::status_at: return time_in(scratch, status.at);
        default: break;
    }
    const StatusDefinition *definition =
        row.settings ? row.settings->find_status(path.set, status.code) : nullptr;
    return text_in(scratch, definition ? std::string_view(definition->name) : std::string_view{});
}

// "reached.<set>.<code>: first time the order got that code" (formats.md §5): the earliest instant. With a
// public and a trusted source rows need not rise in time.
const Value &read_reached(const Path &path, const Row &row, Value &scratch) {
    Instant first = never;
    if (row.order)
        for (const HistoryRow &change : row.order->history)
            if (change.set == path.set && change.to == path.code) first = std::min(first, change.at);
    return time_in(scratch, first == never ? no_instant : first);
}

}  // namespace

Result<Path> bind_path(std::string_view text, Object start, const Settings &settings) {
    Path path;
    path.start = path.object = start;
    path.text = text;
    std::string_view rest = text;
    if (take_prefix(rest, "customer."))  // "every row → customer.…" (formats.md §0 "Paths")
        path.object = Object::customer;
    else if ((start == Object::line || start == Object::history) && take_prefix(rest, "order."))
        path.object = Object::order;
    else if (start == Object::line && take_prefix(rest, "product."))
        path.object = Object::product;
    if (!bind_value(rest, path.object, settings, path) && !bind_element(rest, path.object, settings, path))
        return unknown_path(text, start, settings);
    return path;
}

const Value &read(const Path &path, const Row &row, Value &scratch) {
    switch (path.kind) {
        case Path::Kind::cell:
        case Path::Kind::custom: return read_stored(path, row, scratch);
        case Path::Kind::element: return read_element(path, row, scratch);
        case Path::Kind::reached: return read_reached(path, row, scratch);
        case Path::Kind::computed:
            if (path.object == Object::order) return read_computed_order(path, row, scratch);
            if (path.object == Object::customer) return read_computed_customer(path, row, scratch);
            if (path.object == Object::product) return scratch = row.product ? availability(*row.product) : Value{};
            return read_computed_history(path, row, scratch);
        default: return read_status(path, row, scratch);
    }
}

}  // namespace cartbell
