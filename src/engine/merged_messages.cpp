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

Message copy_of(std::span<const store::Cell> row) {
    Message message;
    for (const store::Cell &cell : row) {
        if (cell.type == CARTBELL_CELL_TEXT)
            message.row.text(store::text_of(cell));
        else
            message.row.add(cell);
    }
    return message;
}

Result<std::vector<Message>> messages_of(store::Transaction &transaction, int64_t customer_id) {
    const store::Cell key = store::integer_cell(customer_id);
    store::ScanRange range;
    range.table = store::message;
    range.lower = range.upper = {&key, 1};
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    std::vector<Message> messages;
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return messages;
        for (size_t at = 0; at < rows.size(); at += cursor.width()) messages.push_back(copy_of(rows.subspan(at, cursor.width())));
    }
}

void add_row(Rows &rows, const Message &message, int64_t customer_id, std::string_view key, bool retracts) {
    for (int i = 0; i < column::count_; ++i) {
        if (i == column::customer_id)
            rows.integer(customer_id);
        else if (i == column::key)
            rows.text(key);
        else if (i == column::state && retracts)
            rows.lend_text(campaign::name_of(MessageState::retracted));
        else if (i == column::reason && retracts)
            rows.lend_text(merged);
        else
            rows.add(message.cell(i));
    }
}

void count_retracted(MessageCounts &counts, const Message &message) {
    counts.take(message.text(column::source), MessageState::queued);
    counts.add(message.text(column::source), MessageState::retracted, merged);
}

}  // namespace

Status move_messages(Reading &unit, int64_t from, int64_t to) {
    store::Transaction &transaction = unit.transaction;
    CARTBELL_ASSIGN(const std::vector<Message> moved, messages_of(transaction, from));
    if (moved.empty()) return {};
    Rows gone, twins, ids, rows, leases;
    for (const Message &message : moved) {
        gone.integer(from).lend_text(message.text(column::source)).lend_text(message.text(column::key));
        twins.integer(to).lend_text(message.text(column::source)).lend_text(message.text(column::key));
        ids.lend_text(message.text(column::message_id));
    }
    Found found;
    MessageCounts counts;
    std::vector<std::string> keys;
    CARTBELL_TRY(get(transaction, store::message, column::count_, twins, found));
    std::vector<Message> kept;  // the twins whose rows change: their cells are lent
    kept.reserve(moved.size());
    for (size_t i = 0; i < moved.size(); ++i) {
        const Message &message = moved[i];
        keys.emplace_back(message.text(column::key));
        bool retracts = false;
        if (found.has(i)) {
            const Message &twin = kept.emplace_back(copy_of(std::span(found.cells).subspan(i * found.width, found.width)));
            keys.back() += '@';
            keys.back() += message.text(column::message_id);
            retracts = message.is_queued() && (twin.is_queued() || twin.is_out());
            if (twin.is_queued() && message.is_out()) {
                add_row(rows, twin, to, twin.text(column::key), true);
                count_retracted(counts, twin);
            }
        }
        add_row(rows, message, to, keys.back(), retracts);
        if (retracts) count_retracted(counts, message);
    }
    CARTBELL_TRY(get(transaction, store::lease, store::lease_column::count_, ids, found));
    for (size_t i = 0; i < moved.size(); ++i) {
        if (!found.has(i)) continue;
        leases.text(moved[i].text(column::message_id)).integer(to).text(moved[i].text(column::source)).text(keys[i]);
        leases.integer(found.cell(i, store::lease_column::until).integer).text(store::text_of(found.cell(i, store::lease_column::worker)));
    }
    CARTBELL_TRY(transaction.remove(store::message, gone));
    CARTBELL_TRY(transaction.put(store::message, rows));
    if (!leases.empty()) CARTBELL_TRY(transaction.put(store::lease, leases));
    return counts.save(transaction);
}

}  // namespace cartbell::engine
