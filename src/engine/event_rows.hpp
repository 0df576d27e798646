// Events as rows of the store: by the customer they lie with, then by their facts' keys (formats.md §1.1, §5 "Event").
#pragma once

#include <optional>
#include <vector>

#include "engine/rows.hpp"
#include "model/event.hpp"

namespace cartbell::engine {

void add_event_key(Rows &rows, int64_t customer_id, const FactKey &key);
void add_event_row(Rows &rows, int64_t customer_id, const Event &event);
void add_event_row(Rows &rows, int64_t customer_id, const Entry &entry);  // of type `event`; its operation is lent
Result<Event> event_of_row(std::span<const store::Cell> row);

// Events of one customer, oldest first or newest first. The transaction must have no other scan or get that it still reads from.
class EventScan {
  public:
    struct Range {
        Instant from = least_instant, to = greatest_instant;  // both included
        const FactKey *above = nullptr;                        // instead of `from`: only keys above this one, whatever the trust
        const FactKey *below = nullptr;                        // instead of `to`
        bool newest_first = false;
    };
    static Result<EventScan> begin(store::Transaction &transaction, int64_t customer_id, const Range &range);
    // No value at the end.
    Result<std::optional<Event>> next();

  private:
    store::Cursor cursor_;
    std::span<const store::Cell> rows_{};
    size_t at_ = 0;
};

// "last web event" (formats.md §5 "Customer"); no_instant: there is none.
Result<Instant> last_seen(store::Transaction &transaction, int64_t customer_id);

// Appends the journal positions of the customer's events.
Status read_event_positions(store::Transaction &transaction, int64_t customer_id, std::vector<int64_t> &positions);

}  // namespace cartbell::engine
