#include "model/old_message.hpp"

#include <algorithm>
#include <array>

#include "model/claim.hpp"
#include "model/fact_view.hpp"
#include "model/field.hpp"

namespace cartbell {
namespace {

void leave_out(Record &says, const Record &newer) {
    std::erase_if(says.cells, [&](const Record::Cell &cell) { return newer.find(cell.field) != nullptr; });
}

void give_way(OldMessage::Fact &older, const OldMessage::Fact &newer) {
    if (newer.whole) {
        older.says.cells.clear();
        older.whole = false;
    } else {
        leave_out(older.says, newer.says);
    }
    if (newer.customer) older.customer.reset();
}

struct Stage {
    std::string_view state;
    FieldId at;
};
// formats.md §4: what a message goes through, the furthest last.
constexpr std::array<Stage, 8> stages{{
    {"planned", message_field::planned_at},
    {"handed_over", message_field::handed_over_at},
    {"delivered", message_field::delivered_at},
    {"bounced", message_field::bounced_at},
    {"opened", message_field::opened_at},
    {"clicked", message_field::clicked_at},
    {"complained", message_field::complained_at},
    {"unsubscribed", message_field::unsubscribed_at},
}};

void complete(Record &record, FieldId first, FieldId last, FieldId count) {
    const Value *known = record.find(first) != nullptr ? record.find(first) : record.find(last);
    if (known != nullptr) {
        const Value at = *known;
        if (record.find(first) == nullptr) record.set(first, at);
        if (record.find(last) == nullptr) record.set(last, at);
    }
    if (record.find(count) == nullptr) record.set(count, Value::of_integer(known != nullptr ? 1 : 0));
}

}  // namespace

const OldMessage::Fact *OldMessage::naming() const {
    for (const Fact &fact : facts)
        if (fact.customer) return &fact;
    return nullptr;
}

void add_fact(OldMessage &message, const Entry &entry) {
    const Operation &operation = *entry.operation;
    OldMessage::Fact fact{key_among_equals(entry), operation.message.attributes, operation.whole, {}};
    if (!operation.customer.empty()) fact.customer = operation.customer.front();
    if (message.entries.empty()) {
        message.message_id = operation.message.message_id;
        message.oldest = message.newest = fact.key;
    } else {
        if (fact.key < message.oldest) message.oldest = fact.key;
        if (message.newest < fact.key) message.newest = fact.key;
    }
    message.entries.add(entry.stamp.position);
    std::vector<OldMessage::Fact> &facts = message.facts;
    const auto place = std::upper_bound(facts.begin(), facts.end(), fact.key, [](const FactKey &key, const OldMessage::Fact &one) { return key < one.key; });
    for (auto newer = place; newer != facts.end(); ++newer) give_way(fact, *newer);
    for (auto older = facts.begin(); older != place; ++older) give_way(*older, fact);
    facts.insert(place, std::move(fact));
    std::erase_if(facts, [](const OldMessage::Fact &one) { return one.decides_nothing(); });
}

OldMessage fold_old_message(std::span<const Entry> entries) {
    OldMessage message;
    for (const Entry *entry : distinct_entries(entries)) add_fact(message, *entry);
    return message;
}

Record record_of(const OldMessage &message) {
    Record record;
    for (const OldMessage::Fact &fact : message.facts) merge_patch(record, fact.says);
    record.set(message_field::message_id, Value::of_text(message.message_id));
    record.set(message_field::source, Value::of_text(message.oldest.source));
    complete(record, message_field::opened_at, message_field::last_opened_at, message_field::opens);
    complete(record, message_field::clicked_at, message_field::last_clicked_at, message_field::clicks);
    const auto furthest = std::find_if(stages.rbegin(), stages.rend(), [&](const Stage &stage) { return record.find(stage.at) != nullptr; });
    if (furthest == stages.rend()) return record;
    record.set(message_field::state, Value::of_text(furthest->state));
    const Value at = *record.find(furthest->at);
    record.set(message_field::at, at);
    return record;
}

}  // namespace cartbell
