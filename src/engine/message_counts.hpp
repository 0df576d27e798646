// How many messages of a source are in which state: kept beside them in the table `tally`, so that nobody has to count them.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "campaign/message_state.hpp"
#include "store/store.hpp"

namespace cartbell::engine {

// What one unit of work changes; save() writes it in the same transaction.
class MessageCounts {
  public:
    // A message that is new, or in this state from now on. The reason counts for messages that were never sent (blocked, render_failed, retracted).
    void add(std::string_view source, campaign::MessageState state, std::string_view reason = {}) { change(source, state, reason, 1); }
    void take(std::string_view source, campaign::MessageState state, std::string_view reason = {}) { change(source, state, reason, -1); }
    Status save(store::Transaction &transaction) const;

  private:
    void change(std::string_view source, campaign::MessageState state, std::string_view reason, int64_t by);

    std::map<std::tuple<std::string, std::string, std::string>, int64_t> changes_;  // by source, state, reason
};

// Calls visit(state, reason, count) for each count of the source that is not zero, in order.
template <typename Visit>
Status each_count(store::Transaction &transaction, std::string_view source, Visit &&visit) {
    using namespace store::tally_column;
    const store::Cell bound = store::text_cell(source);
    store::ScanRange range;
    range.table = store::tally;
    range.lower = range.upper = {&bound, 1};
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return {};
        for (size_t at = 0; at < rows.size(); at += cursor.width())
            if (const int64_t number = rows[at + count].integer; number != 0)
                visit(store::text_of(rows[at + state]), store::text_of(rows[at + reason]), number);
    }
}

}  // namespace cartbell::engine
