// What changed between two states of an order, and what is odd about one.
#include <algorithm>
#include <utility>

#include "model/field.hpp"
#include "model/fold.hpp"

namespace cartbell {
namespace {

DomainEvent event_of(std::string_view name, const Order &order) {
    return {std::string(name), {{"order_id", Value::of_text(order.id())}}};
}

Value code_value(const std::string &code) {
    return code.empty() ? Value{} : Value::of_text(code);
}

void status_changes(const Order *before, const Order &after, std::vector<DomainEvent> &events) {
    const StatusNow none;
    for (size_t set = 0; set < after.status.size(); ++set) {
        const StatusNow &from = before ? before->status[set] : none;
        if (from.code == after.status[set].code) continue;
        DomainEvent event = event_of("order.status_changed", after);
        event.context.emplace_back("set", Value::of_text(status_set_names[set]));
        event.context.emplace_back("from", code_value(from.code));
        event.context.emplace_back("to", code_value(after.status[set].code));
        events.push_back(std::move(event));
    }
}

using ById = std::vector<std::pair<std::string_view, const Record *>>;

ById by_id(const std::vector<Record> &lines) {
    ById sorted;
    sorted.reserve(lines.size());
    for (const Record &line : lines)
        sorted.emplace_back(line.text(line_field::line_id), &line);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto &a, const auto &b) { return a.first < b.first; });
    return sorted;
}

// Returns whether line ids or contents differ; a mere other sequence of the same lines is no change of lines.
bool lines_change(const Order &before, const Order &after, std::vector<DomainEvent> &events) {
    std::vector<std::string> added, removed, changed;
    const ById was = by_id(before.lines), is = by_id(after.lines);
    size_t w = 0, i = 0;
    while (w < was.size() || i < is.size()) {
        if (i == is.size() || (w < was.size() && was[w].first < is[i].first)) {
            removed.emplace_back(was[w++].first);
        } else if (w == was.size() || is[i].first < was[w].first) {
            added.emplace_back(is[i++].first);
        } else {
            if (*was[w].second != *is[i].second) changed.emplace_back(is[i].first);
            ++w;
            ++i;
        }
    }
    if (added.empty() && removed.empty() && changed.empty()) return false;
    DomainEvent event = event_of("order.lines_changed", after);
    event.context.emplace_back("added", Value::of_list(added));
    event.context.emplace_back("removed", Value::of_list(removed));
    event.context.emplace_back("changed", Value::of_list(changed));
    events.push_back(std::move(event));
    return true;
}

// Calls `differs` with each name whose value is in one only or not the same.
template <typename Element, typename Name, typename Differs>
void compare_sorted(const std::vector<Element> &before, const std::vector<Element> &after, Name name,
                    Differs differs) {
    size_t b = 0, a = 0;
    while (b < before.size() || a < after.size()) {
        if (a == after.size() || (b < before.size() && name(before[b]) < name(after[a]))) {
            differs(name(before[b++]));
        } else if (b == before.size() || name(after[a]) < name(before[b])) {
            differs(name(after[a++]));
        } else {
            if (before[b].value != after[a].value) differs(name(after[a]));
            ++b;
            ++a;
        }
    }
}

std::vector<std::string> changed_paths(const Order &before, const Order &after, bool lines_said) {
    std::vector<std::string> paths;
    compare_sorted(
        before.record.cells, after.record.cells, [](const Record::Cell &cell) { return cell.field; },
        [&](FieldId field) {
            const Field &known = system_fields(Object::order)[field];
            if (!known.computed) paths.emplace_back(known.path);
        });
    compare_sorted(
        before.record.customs, after.record.customs,
        [](const Record::Custom &custom) -> const std::string & { return custom.code; },
        [&](const std::string &code) { paths.push_back("fields." + code); });
    for (size_t set = 0; set < after.status.size(); ++set)
        if (before.status[set].code == after.status[set].code &&
            before.status[set].at != after.status[set].at)
            paths.push_back("status." + std::string(status_set_names[set]) + ".at");
    if (!lines_said && before.lines != after.lines) paths.emplace_back("lines");
    if (before.payments != after.payments) paths.emplace_back("payments");
    if (before.owner != after.owner) paths.emplace_back("customer");
    return paths;
}

struct Sum {
    Wide total = 0;
    Currency currency;  // of the amounts that name one
    bool mixed = false;

    void add(const Value &amount, int sign) {
        total += sign * Wide{amount.number};
        if (!amount.currency) return;
        mixed |= currency && currency != amount.currency;
        currency = amount.currency;
    }
};

// "sum of the lines' totals" where no subtotal was sent; false unless every line says its total.
bool add_subtotal(const Order &order, Sum &sum) {
    if (const Value *subtotal = order.record.find(order_field::subtotal)) {
        sum.add(*subtotal, 1);
        return true;
    }
    for (const Record &line : order.lines) {
        const Value *total = line.find(line_field::total);
        if (!total) return false;
        sum.add(*total, 1);
    }
    return !order.lines.empty();
}

// "total: subtotal - discount + delivery.cost (+ tax if not inside); as sent, a mismatch is reported"
// (formats.md §5). Parts not sent are zero.
bool total_mismatch(const Order &order) {
    const Value *total = order.record.find(order_field::total);
    Sum sum;
    if (!total || !add_subtotal(order, sum)) return false;
    if (const Value *discount = order.record.find(order_field::discount)) sum.add(*discount, -1);
    if (const Value *cost = order.record.find(order_field::delivery_cost)) sum.add(*cost, 1);
    const Wide without_tax = sum.total;
    if (const Value *tax = order.record.find(order_field::tax)) sum.add(*tax, 1);
    const Wide with_tax = sum.total;
    sum.add(*total, 1);
    return !sum.mixed && total->number != without_tax && total->number != with_tax;
}

}  // namespace

std::vector<DomainEvent> changes_between(const Order *before, const Order &after) {
    std::vector<DomainEvent> events;
    if (!before) events.push_back(event_of("order.created", after));
    status_changes(before, after, events);
    if (!before) return events;
    const bool lines_said = lines_change(*before, after, events);
    const std::vector<std::string> paths = changed_paths(*before, after, lines_said);
    if (!paths.empty()) {
        events.push_back(event_of("order.updated", after));
        events.back().context.emplace_back("paths", Value::of_list(paths));
    }
    return events;
}

std::vector<Note> notes_on(const Order &order) {
    std::vector<Note> notes;
    if (total_mismatch(order))
        notes.push_back({"total_mismatch", "/order/total",
                         "total is not subtotal - discount + delivery.cost, with or without tax"});
    if (!order.other_currencies.empty())
        notes.push_back(
            {"second_currency", "/order/currency", "the order was said in another currency before"});
    return notes;
}

}  // namespace cartbell
