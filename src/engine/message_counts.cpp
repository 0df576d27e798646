#include "engine/message_counts.hpp"

#include "engine/rows.hpp"

namespace cartbell::engine {

using campaign::MessageState;

void MessageCounts::change(std::string_view source, MessageState state, std::string_view reason, int64_t by) {
    const bool never_sent = state == MessageState::blocked || state == MessageState::render_failed || state == MessageState::retracted;
    changes_[{std::string(source), std::string(campaign::name_of(state)), never_sent ? std::string(reason) : std::string()}] += by;
}

Status MessageCounts::save(store::Transaction &transaction) const {
    if (changes_.empty()) return {};
    Rows keys, rows;
    for (const auto &[key, by] : changes_) {
        const auto &[source, state, reason] = key;
        keys.lend_text(source).lend_text(state).lend_text(reason);
    }
    Found found;
    CARTBELL_TRY(get(transaction, store::tally, store::tally_column::count_, keys, found));
    size_t row = 0;
    for (const auto &[key, by] : changes_) {
        const auto &[source, state, reason] = key;
        const int64_t before = found.has(row) ? found.cell(row, store::tally_column::count).integer : 0;
        ++row;
        rows.lend_text(source).lend_text(state).lend_text(reason).integer(before + by);
    }
    return transaction.put(store::tally, rows);
}

}  // namespace cartbell::engine
