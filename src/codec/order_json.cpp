#include "codec/order_json.hpp"

#include <utility>

#include "codec/customer_json.hpp"

namespace cartbell::codec {
namespace {

void text_or_null(JsonWriter &json, std::string_view name, std::string_view text) {
    json.key(name);
    if (text.empty())
        json.raw("null");
    else
        json.text(text);
}

void write_status(JsonWriter &json, const Order &order, const Settings &settings, Detail detail) {
    json.key("status").open('{');
    for (size_t set = 0; set < order.status.size(); ++set) {
        const StatusNow &status = order.status[set];
        if (status.code.empty() && (detail == Detail::sent || status.previous.empty())) continue;
        json.key(status_set_names[set]).open('{');
        text_or_null(json, "code", status.code);
        if (status.at != no_instant) json.key("at").text(format_instant(status.at));
        if (detail == Detail::all) {
            const StatusDefinition *definition =
                settings.find_status(static_cast<StatusSet>(set), status.code);
            if (definition) json.key("name").text(definition->name);
            if (!status.previous.empty()) json.key("previous").text(status.previous);
        }
        json.close('}');
    }
    json.close('}');
}

// "first time the order got that code": of each set and code the first row.
void write_reached(JsonWriter &json, const Order &order) {
    json.key("reached").open('{');
    for (size_t set = 0; set < status_set_names.size(); ++set) {
        std::vector<std::pair<std::string_view, Instant>> reached;
        for (const HistoryRow &row : order.history) {
            if (static_cast<size_t>(row.set) != set || row.to.empty()) continue;
            bool before = false;
            for (const auto &[code, at] : reached)
                before = before || code == row.to;
            if (!before) reached.emplace_back(row.to, row.at);
        }
        if (reached.empty()) continue;
        json.key(status_set_names[set]).open('{');
        for (const auto &[code, at] : reached)
            json.key(code).text(format_instant(at));
        json.close('}');
    }
    json.close('}');
}

void write_elements(JsonWriter &json, std::string_view name, const std::vector<Record> &elements,
                    Object object, const Settings &settings, Currency currency) {
    json.key(name).open('[');
    for (const Record &element : elements) {
        json.open('{');
        write_cells(json, element, object, currency, Detail::sent);
        write_customs(json, element, object, settings, currency);
        json.close('}');
    }
    json.close(']');
}

void write_computed(JsonWriter &json, const Order &order, const Settings &settings) {
    write_reached(json, order);
    json.key("in_analytics").truth(in_analytics(order, settings));
    json.key("line_count").number(static_cast<int64_t>(order.lines.size()));
    Wide pieces = 0;
    for (const Record &line : order.lines)
        if (const Value *quantity = line.find(line_field::quantity)) pieces += quantity->number;
    json.key("quantity");
    append_value(json.value(), fits_int64(pieces) ? Value::of_decimal(static_cast<int64_t>(pieces)) : Value{},
                 {});
}

}  // namespace

void append_history(std::string &out, const Order &order) {
    JsonWriter json(out);
    json.open('[');
    for (const HistoryRow &row : order.history) {
        json.open('{').key("set").text(status_set_names[static_cast<size_t>(row.set)]);
        text_or_null(json, "from", row.from);
        text_or_null(json, "to", row.to);
        json.key("at").text(format_instant(row.at));
        json.key("received_at").text(format_instant(row.received_at));
        json.key("source").text(row.source);
        json.key("status").open('{');
        for (size_t set = 0; set < row.after.size(); ++set)
            if (!row.after[set].empty()) json.key(status_set_names[set]).text(row.after[set]);
        json.close('}').close('}');
    }
    json.close(']');
}

void append_order(std::string &out, const Order &order, const Settings &settings, Detail detail) {
    const Currency currency = order.currency(settings);
    JsonWriter json(out);
    json.open('{');
    if (detail == Detail::all) {
        write_cells(json, order.record, Object::order, currency, detail);
    } else {
        // What the fold filled in was not sent, and sent back it would be a fact.
        Record sent = order.record;
        if (order.sent_placed_at == no_instant) sent.erase(order_field::placed_at);
        if (sent.text(order_field::source) == order.first_source) sent.erase(order_field::source);
        write_cells(json, sent, Object::order, currency, detail);
    }
    write_status(json, order, settings, detail);
    write_elements(json, "payments", order.payments, Object::payment, settings, currency);
    if (detail == Detail::all) write_computed(json, order, settings);
    write_elements(json, "lines", order.lines, Object::line, settings, currency);
    write_customs(json, order.record, Object::order, settings, currency);
    if (detail == Detail::all) {
        json.key("customer");
        if (order.owner)
            append_identities(json.value(), {&*order.owner, 1});
        else
            json.raw("null");
        json.key("version").number(order.version());
        json.key("history");
        append_history(json.value(), order);
    }
    json.close('}');
}

}  // namespace cartbell::codec
