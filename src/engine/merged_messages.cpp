#include "engine/merged_messages.hpp"

#include "campaign/message_state.hpp"
#include "engine/message_counts.hpp"
#include "engine/rows.hpp"

namespace cartbell::engine {
namespace {

using campaign::MessageState;
namespace column = store::message_column;

constexpr std::string_view merged = "merged";  // the reason

struct Message {
    Rows row;  // its memory is its own
    const store::Cell &cell(int which) const { return row.cells()[static_cast<size_t>(which)]; }
    std::string_view text(int which) const { return store::text_of(cell(which)); }
    bool is_queued() const { return text(column::state) == campaign::name_of(MessageState::queued); }
    // It was sent, or somebody is about to.
    bool is_out() const {
        for (const MessageState state : {MessageState::leased, MessageState::handed_over, MessageState::delivered})
            if (text(column::state) == campaign::name_of(state)) return true;
        return false;
    }
};

// `source` empty: of any.
Result<std::vector<Message>> messages_of(store::Transaction &transaction, int64_t customer_id, std::string_view source) {
    const store::Cell key[] = {store::integer_cell(customer_id), store::text_cell(source)};
    store::ScanRange range;
    range.table = store::message;
    range.lower = range.upper = std::span(key).first(source.empty() ? 1 : 2);
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    std::vector<Message> messages;
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return messages;
        for (size_t at = 0; at < rows.size(); at += cursor.width()) add_changed(messages.emplace_back().row, rows.subspan(at, cursor.width()), {});
    }
}

}  // namespace

std::string_view planned_key(std::string_view key, std::string_view message_id) {
    const size_t suffix = message_id.size() + 1;
    const bool has_suffix = key.size() >= suffix && key.ends_with(message_id) && key[key.size() - suffix] == '@';
    return has_suffix ? key.substr(0, key.size() - suffix) : key;
}

Status retract_twins(store::Transaction &transaction, int64_t customer_id, std::string_view source, std::string_view planned) {
    CARTBELL_ASSIGN(const std::vector<Message> messages, messages_of(transaction, customer_id, source));
    std::vector<const Message *> queued;
    bool is_out = false;
    for (const Message &message : messages) {
        if (planned_key(message.text(column::key), message.text(column::message_id)) != planned) continue;
        if (message.is_queued()) queued.push_back(&message);
        is_out |= message.is_out();
    }
    Rows rows;
    MessageCounts counts;
    for (size_t i = is_out ? 0 : 1; i < queued.size(); ++i) {
        add_changed(rows, queued[i]->row, {{column::state, store::text_cell(campaign::name_of(MessageState::retracted))}, {column::reason, store::text_cell(merged)}});
        counts.take(source, MessageState::queued);
        counts.add(source, MessageState::retracted, merged);
    }
    if (rows.empty()) return {};
    CARTBELL_TRY(transaction.put(store::message, rows));
    return counts.save(transaction);
}

Status move_messages(Reading &unit, int64_t from, int64_t to) {
    store::Transaction &transaction = unit.transaction;
    CARTBELL_ASSIGN(const std::vector<Message> moved, messages_of(transaction, from, {}));
    if (moved.empty()) return {};
    Rows gone, places, ids, rows, leases;
    for (const Message &message : moved) {
        gone.integer(from).lend_text(message.text(column::source)).lend_text(message.text(column::key));
        places.integer(to).lend_text(message.text(column::source)).lend_text(message.text(column::key));
        ids.lend_text(message.text(column::message_id));
    }
    Found found;
    CARTBELL_TRY(get(transaction, store::message, column::count_, places, found));
    std::vector<std::string> keys;
    std::vector<size_t> twins;
    for (size_t i = 0; i < moved.size(); ++i) {
        keys.emplace_back(moved[i].text(column::key));
        if (found.has(i)) {
            keys.back() += '@';
            keys.back() += moved[i].text(column::message_id);
        }
        if (found.has(i) || planned_key(keys[i], moved[i].text(column::message_id)) != keys[i]) twins.push_back(i);
        add_changed(rows, moved[i].row, {{column::customer_id, store::integer_cell(to)}, {column::key, store::text_cell(keys[i])}});
    }
    CARTBELL_TRY(get(transaction, store::lease, store::lease_column::count_, ids, found));
    for (size_t i = 0; i < moved.size(); ++i) {
        if (!found.has(i)) continue;
        leases.text(moved[i].text(column::message_id)).integer(to).text(moved[i].text(column::source)).text(keys[i]);
        leases.integer(found.cell(i, store::lease_column::until).integer).text(store::text_of(found.cell(i, store::lease_column::worker)));
        const store::Cell &reports = found.cell(i, store::lease_column::positions);
        store::is_null(reports) ? leases.null() : leases.bytes(store::text_of(reports));
    }
    CARTBELL_TRY(transaction.remove(store::message, gone));
    CARTBELL_TRY(transaction.put(store::message, rows));
    if (!leases.empty()) CARTBELL_TRY(transaction.put(store::lease, leases));
    for (const size_t i : twins)
        CARTBELL_TRY(retract_twins(transaction, to, moved[i].text(column::source), planned_key(keys[i], moved[i].text(column::message_id))));
    return {};
}

}  // namespace cartbell::engine
