#include "model/fold.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "base/limits.hpp"
#include "model/field.hpp"
#include "model/fold_parts.hpp"

namespace cartbell {
namespace {

constexpr size_t nowhere = static_cast<size_t>(-1);

// ---- one fact

void strip_missing(Record &record) {
    std::erase_if(record.cells, [](const Record::Cell &cell) { return cell.value.missing(); });
    std::erase_if(record.customs, [](const Record::Custom &custom) { return custom.value.missing(); });
}

// line_changes and payment_changes. One pass finds the elements they name, so that thousands of changes of
// thousands of lines stay linear.
void change_elements(std::vector<Record> &elements, FieldId id_field,
                     const std::vector<ListPatch::Change> &changes) {
    std::unordered_map<std::string_view, size_t> places;
    for (const ListPatch::Change &change : changes)
        places.emplace(change.id, nowhere);
    for (size_t i = 0; i < elements.size(); ++i)
        if (const auto named = places.find(elements[i].text(id_field));
            named != places.end() && named->second == nowhere)
            named->second = i;
    std::vector<bool> removed(elements.size(), false);
    for (const ListPatch::Change &change : changes) {
        size_t &place = places.find(change.id)->second;
        if (change.remove) {
            if (place != nowhere) removed[place] = true;  // "removing what is not there does nothing"
            place = nowhere;
            continue;
        }
        if (place == nowhere) {  // "a change of an unknown line creates it"
            place = elements.size();
            elements.emplace_back();
            removed.push_back(false);
        }
        merge_patch(elements[place], change.patch);
        elements[place].set(id_field, Value::of_text(change.id));
    }
    size_t kept = 0;
    for (size_t i = 0; i < elements.size(); ++i) {
        if (removed[i]) continue;
        if (kept != i) elements[kept] = std::move(elements[i]);
        ++kept;
    }
    elements.resize(kept);
}

// "`lines` replaces the composition; `line_changes` merges into single lines and creates them; `payments` and
// `payment_changes` likewise"
void apply_list(std::vector<Record> &elements, FieldId id_field, const ListPatch &patch, bool whole) {
    if (patch.replaces) {
        elements = patch.composition;
        for (Record &element : elements)
            strip_missing(element);
    } else if (whole) {
        elements.clear();
    }
    if (!patch.changes.empty()) change_elements(elements, id_field, patch.changes);
}

// "a second currency is kept and reported": the newest by key is the order's, all others stay listed.
void note_currency(Order &order, const std::string &before) {
    const std::string now(order.record.text(order_field::currency));
    if (now == before) return;
    std::vector<std::string> &others = order.other_currencies;
    if (const auto at = std::lower_bound(others.begin(), others.end(), now); at != others.end() && *at == now)
        others.erase(at);
    if (before.empty()) return;
    note_other_currency(order, before);
}

void set_attributes(Order &order, const Record &patch) {
    merge_patch(order.record, patch);
    if (const Value *placed_at = patch.find(order_field::placed_at))
        order.sent_placed_at = placed_at->missing() ? no_instant : placed_at->number;
}

}  // namespace

void note_other_currency(Order &order, const std::string &currency) {
    std::vector<std::string> &others = order.other_currencies;
    const auto at = std::lower_bound(others.begin(), others.end(), currency);
    if (at == others.end() || *at != currency) others.insert(at, currency);
}

bool kept_by_whole(FieldId field) {
    return field == order_field::order_id || field == order_field::placed_at ||
           field == order_field::updated_at || field == order_field::received_at;
}

bool not_of_a_patch(FieldId field) {
    return field == order_field::order_id || system_fields(Object::order)[field].computed;
}

KeyedFacts facts_of(const Entry &entry) {
    KeyedFacts out;
    out.add({&entry, entry.stamp.occurred_at, 0});
    for (size_t set = 0; set < 3; ++set) {
        const StatusChange &change = entry.operation->order.status[set];
        if (!change.said) continue;
        const Instant at = change.at == no_instant ? entry.stamp.occurred_at : change.at;
        out.add({&entry, at, static_cast<uint8_t>(set + 1)});
    }
    return out;
}

void apply_attributes(Order &order, const FactView &fact) {
    const Operation &operation = *fact.entry->operation;
    Record &record = order.record;
    const std::string currency_before(record.text(order_field::currency));
    if (operation.whole) {
        std::erase_if(record.cells, [](const Record::Cell &cell) { return !kept_by_whole(cell.field); });
        record.customs.clear();
    }
    Record spare;
    set_attributes(order, patch_without(operation.order.attributes, spare, not_of_a_patch));
    record.set(order_field::order_id, Value::of_text(operation.order.order_id));
    note_currency(order, currency_before);
}

void patch_attributes(Order &order, const Record &patch) {
    const std::string currency_before(order.record.text(order_field::currency));
    set_attributes(order, patch);
    note_currency(order, currency_before);
}

void apply_lines(Order &order, const FactView &fact) {
    const Operation &operation = *fact.entry->operation;
    apply_list(order.lines.edit(), line_field::line_id, operation.order.lines, operation.whole);
}

void apply_payments(Order &order, const FactView &fact) {
    const Operation &operation = *fact.entry->operation;
    apply_list(order.payments.edit(), payment_field::payment_id, operation.order.payments, operation.whole);
}

void apply_owner(Order &order, const FactView &fact) {
    order.owner = fact.entry->operation->customer.front();  // "strongest first"
    order.owner_at = fact.at;
}

void apply_status(Order &order, const FactView &fact) {
    const size_t set = fact.part - 1u;
    const std::string &code = fact.entry->operation->order.status[set].code;
    StatusNow &now = order.status[set];
    if (code == now.code) return;
    HistoryRow row;
    row.set = static_cast<StatusSet>(set);
    row.from = now.code;
    row.to = code;
    row.source = fact.entry->operation->source;
    row.at = fact.at;
    row.received_at = fact.entry->stamp.received_at;
    now.previous = std::move(now.code);
    now.code = code;
    now.at = fact.at;
    for (size_t i = 0; i < 3; ++i)
        row.after[i] = order.status[i].code;
    // The newest rows are kept, which any sequence of arrival agrees on.
    std::vector<HistoryRow> &history = order.history.edit();
    if (history.size() >= most_history_rows) history.erase(history.begin());
    history.push_back(std::move(row));
}

// ---- what does not depend on the sequence of facts

void note_update(Order &order, Instant at) {
    const Value *updated_at = order.record.find(order_field::updated_at);
    if (!updated_at || updated_at->number < at) order.record.set(order_field::updated_at, Value::of_time(at));
}

void count_entry(Order &order, const Entry &entry) {
    order.least_trust = order.entries.empty() ? entry.stamp.trust : std::min(order.least_trust, entry.stamp.trust);
    for (const StatusChange &change : entry.operation->order.status) order.status_facts += change.said;
    order.object_facts += says_of_the_order(*entry.operation);
    order.entries.add(entry.stamp.position);
    order.least_occurred_at = std::min(order.least_occurred_at, entry.stamp.occurred_at);
    const Value *received_at = order.record.find(order_field::received_at);
    if (!received_at || received_at->number > entry.stamp.received_at)
        order.record.set(order_field::received_at, Value::of_time(entry.stamp.received_at));
}

// `placed_at` and `source` where nobody said them (formats.md §1).
void fill_defaults(Order &order) {
    const bool said = order.sent_placed_at != no_instant;
    order.record.set(order_field::placed_at,
                     Value::of_time(said ? order.sent_placed_at : order.least_occurred_at));
    if (!order.record.find(order_field::source))
        order.record.set(order_field::source, Value::of_text(order.first_source));
}

namespace {

void apply_fact(Order &order, const FactView &fact) {
    if (order.newest.at == no_instant) order.first_source = fact.entry->operation->source;
    if (fact.part == 0) {
        apply_attributes(order, fact);
        apply_lines(order, fact);
        apply_payments(order, fact);
        if (!fact.entry->operation->customer.empty()) apply_owner(order, fact);
    } else {
        apply_status(order, fact);
    }
    note_update(order, fact.at);
}

}  // namespace

bool applies_on_top(const Order &order, const Entry &entry) {
    if (order.entries.empty()) return true;
    return facts_of(entry).facts[0].above(order.newest);  // the least of them
}

void apply_on_top(Order &order, const Entry &entry) {
    for (const FactView &fact : facts_of(entry)) {
        apply_fact(order, fact);
        fact.store(order.newest);
    }
    count_entry(order, entry);
    fill_defaults(order);
}

Order fold_order(std::span<const Entry> entries) {
    const std::vector<const Entry *> distinct = distinct_entries(entries);
    std::vector<FactView> facts;
    for (const Entry *entry : distinct) {
        const KeyedFacts of_entry = facts_of(*entry);
        facts.insert(facts.end(), of_entry.begin(), of_entry.end());
    }
    std::sort(facts.begin(), facts.end());
    Order order;
    for (const FactView &fact : facts) {
        apply_fact(order, fact);
        if (order.newest.at == no_instant) order.newest.at = fact.at;  // no longer the first
    }
    if (facts.empty()) return order;
    facts.back().store(order.newest);
    for (const Entry *entry : distinct)
        count_entry(order, *entry);
    fill_defaults(order);
    return order;
}

}  // namespace cartbell
