#include "engine/old_messages.hpp"

#include <algorithm>

#include "engine/rows.hpp"
#include "model/field.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {

namespace column = store::old_message_column;

Status OldMessages::load(std::vector<std::string_view> message_ids) {
    std::sort(message_ids.begin(), message_ids.end());
    message_ids.erase(std::unique(message_ids.begin(), message_ids.end()), message_ids.end());
    if (message_ids.empty()) return {};
    Rows keys, places;
    for (const std::string_view id : message_ids) keys.lend_text(id);
    Found found;
    CARTBELL_TRY(get(transaction_, store::old_message_owner, store::old_message_owner_column::count_, keys, found));
    std::vector<std::pair<int64_t, std::string_view>> stored;
    slots_.reserve(message_ids.size() * 2);
    for (size_t row = 0; row < message_ids.size(); ++row) {
        Slot &slot = slots_[message_ids[row]];
        if (!found.has(row)) continue;
        slot.stored_owner = found.cell(row, store::old_message_owner_column::customer_id).integer;
        stored.emplace_back(slot.stored_owner, message_ids[row]);
    }
    if (stored.empty()) return {};
    std::sort(stored.begin(), stored.end());
    for (const auto &[owner, id] : stored) places.integer(owner).lend_text(id);
    CARTBELL_TRY(get(transaction_, store::old_message, column::count_, places, found));
    for (size_t row = 0; row < stored.size(); ++row) {
        if (!found.has(row)) return failure(Code::corrupt, "lost_message", "the directory names a message that is not stored");
        CARTBELL_TRY(decode(store::text_of(found.cell(row, column::state)), slots_[stored[row].second].state));
    }
    return {};
}

void OldMessages::take(const Entry &entry, codec::OperationResult &result) {
    Slot &slot = slots_.at(entry.operation->message.message_id);
    slot.changed = true;
    const bool existed = !slot.state.entries.empty();
    const FactKey newest = slot.state.newest;
    add_fact(slot.state, entry);
    if (existed && slot.state.newest == newest) result.outcome = codec::Outcome::late;
    result.version = slot.state.version();
}

Status OldMessages::fold_anew(const std::string &message_id, EntryReader &reader, OlderEntries &older) {
    const std::string_view id = moved_.emplace_back(message_id);
    CARTBELL_TRY(load({id}));
    Slot &slot = slots_.at(id);
    if (slot.stored_owner < 0) return failure(Code::corrupt, "lost_message", "an entry is of a message that is not stored");
    const EntriesOf object = entries_of_message(slot.stored_owner, id);
    std::vector<int64_t> positions;
    CARTBELL_TRY(read_entries(transaction_, object, slot.state.entries, positions));
    std::deque<LoadedEntry> loaded;
    CARTBELL_TRY(reader.load(positions, loaded));
    older.drop(object, slot.state.entries.older);
    slot.state = fold_old_message(entries_of(loaded));
    slot.changed = true;
    return {};
}

Status OldMessages::follow(int64_t customer_id, const OwnerOf &owner_of) {
    std::vector<OldMessage> messages;
    CARTBELL_TRY(read_old_messages(transaction_, customer_id, messages));
    for (OldMessage &message : messages) {
        if (const auto known = slots_.find(message.message_id); known != slots_.end()) {
            known->second.changed = true;  // its owner is looked up when it is written
            continue;
        }
        const OldMessage::Fact *naming = message.naming();
        if (naming == nullptr) return failure(Code::corrupt, "lost_owner", "a message of nobody lies with a customer");
        CARTBELL_ASSIGN(const int64_t owner, owner_of(*naming->customer, naming->key.at));
        if (owner == customer_id) continue;
        Slot &slot = slots_[moved_.emplace_back(message.message_id)];
        slot.stored_owner = customer_id;
        slot.changed = true;
        slot.state = std::move(message);
    }
    return {};
}

Status OldMessages::write(Counters &counters, OlderEntries &older, const OwnerOf &owner_of) {
    struct Row {
        int64_t owner;
        std::string_view id;
        Slot *slot;
    };
    std::vector<Row> changed;
    Rows gone, owners, rows;
    for (auto &[id, slot] : slots_) {
        if (!slot.changed) continue;
        const OldMessage::Fact *naming = slot.state.naming();
        int64_t owner = 0;
        if (naming != nullptr) {
            CARTBELL_ASSIGN(owner, owner_of(*naming->customer, naming->key.at));
        }
        changed.push_back({owner, id, &slot});
        if (slot.stored_owner == -1) ++counters[Counter::old_messages];
        const EntriesOf entries = entries_of_message(owner, id);
        if (slot.stored_owner >= 0 && slot.stored_owner != owner) {
            gone.integer(slot.stored_owner).lend_text(id);
            CARTBELL_TRY(older.move(entries_of_message(slot.stored_owner, id), entries, slot.state.entries));
        } else {
            older.shorten(entries, slot.state.entries);
        }
    }
    if (changed.empty()) return {};
    std::sort(changed.begin(), changed.end(), [](const Row &a, const Row &b) { return a.id < b.id; });
    for (const Row &row : changed)
        if (row.slot->stored_owner != row.owner) owners.lend_text(row.id).integer(row.owner);
    std::sort(changed.begin(), changed.end(), [](const Row &a, const Row &b) { return a.owner != b.owner ? a.owner < b.owner : a.id < b.id; });
    std::string bytes;
    for (const Row &row : changed) {
        const Record record = record_of(row.slot->state);
        const Value *handed_over = record.find(message_field::handed_over_at);
        bytes.clear();
        encode(row.slot->state, bytes);
        rows.integer(row.owner).lend_text(row.id).add(handed_over != nullptr ? store::integer_cell(handed_over->number) : store::null_cell()).bytes(bytes);
    }
    if (!gone.empty()) CARTBELL_TRY(transaction_.remove(store::old_message, gone));
    CARTBELL_TRY(transaction_.put(store::old_message, rows));
    return owners.empty() ? Status{} : transaction_.put(store::old_message_owner, owners);
}

Status read_old_messages(store::Transaction &transaction, int64_t customer_id, std::vector<OldMessage> &messages) {
    const store::Cell key = store::integer_cell(customer_id);
    store::ScanRange range;
    range.table = store::old_message;
    range.lower = range.upper = {&key, 1};
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return {};
        for (size_t at = 0; at < rows.size(); at += cursor.width())
            CARTBELL_TRY(decode(store::text_of(rows[at + column::state]), messages.emplace_back()));
    }
}

Status read_message_positions(store::Transaction &transaction, int64_t customer_id, std::vector<int64_t> &positions) {
    std::vector<OldMessage> messages;
    CARTBELL_TRY(read_old_messages(transaction, customer_id, messages));
    for (const OldMessage &message : messages)
        CARTBELL_TRY(read_entries(transaction, entries_of_message(customer_id, message.message_id), message.entries, positions));
    return {};
}

}  // namespace cartbell::engine
