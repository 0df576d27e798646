#include "engine/event_rows.hpp"

#include "model/state_bytes.hpp"

namespace cartbell::engine {

namespace column = store::event_column;

void add_event_key(Rows &rows, int64_t customer_id, const FactKey &key) {
    rows.integer(customer_id).integer(key.at).integer(key.has_sequence).integer(key.sequence).integer(key.rank);
    rows.text(key.source).text(key.id);
}

void add_event_row(Rows &rows, int64_t customer_id, const Event &event) {
    add_event_key(rows, customer_id, event.key);
    std::string bytes;
    encode(event, bytes);
    rows.text(event.name).integer(event.position).bytes(bytes);
}

void add_event_row(Rows &rows, int64_t customer_id, const Entry &entry) {
    const Stamp &stamp = entry.stamp;
    const Operation &operation = *entry.operation;
    rows.integer(customer_id).integer(stamp.occurred_at).integer(stamp.has_sequence).integer(stamp.has_sequence ? stamp.sequence : 0);
    rows.integer(stamp.rank).lend_text(operation.source).lend_text(operation.id);
    std::string bytes;
    encode_event(entry, bytes);
    rows.lend_text(operation.event.name).integer(stamp.position).bytes(bytes);
}

Result<Event> event_of_row(std::span<const store::Cell> row) {
    Event event;
    CARTBELL_TRY(decode(store::text_of(row[column::state]), event));
    event.key.at = row[column::at].integer;
    event.key.has_sequence = row[column::has_sequence].integer != 0;
    event.key.sequence = row[column::sequence].integer;
    event.key.rank = row[column::rank].integer;
    event.key.source = store::text_of(row[column::source]);
    event.key.id = store::text_of(row[column::op_id]);
    event.name = store::text_of(row[column::name]);
    event.position = row[column::position].integer;
    return event;
}

Result<EventScan> EventScan::begin(store::Transaction &transaction, int64_t customer_id, const Range &wanted) {
    Rows lower, upper;
    if (wanted.above != nullptr)
        add_event_key(lower, customer_id, *wanted.above);
    else
        lower.integer(customer_id).integer(wanted.from);
    if (wanted.below != nullptr)
        add_event_key(upper, customer_id, *wanted.below);
    else
        upper.integer(customer_id).integer(wanted.to);
    store::ScanRange range;
    range.table = store::event;
    range.lower = lower;
    range.lower_open = wanted.above != nullptr;
    range.upper = upper;
    range.upper_open = wanted.below != nullptr;
    range.descending = wanted.newest_first;
    EventScan scan;
    CARTBELL_ASSIGN(scan.cursor_, transaction.scan(range));
    return scan;
}

Result<std::optional<Event>> EventScan::next() {
    if (at_ == rows_.size()) {
        CARTBELL_ASSIGN(rows_, cursor_.next());
        at_ = 0;
        if (rows_.empty()) return std::optional<Event>();
    }
    CARTBELL_ASSIGN(Event event, event_of_row(rows_.subspan(at_, cursor_.width())));
    at_ += cursor_.width();
    return std::optional<Event>(std::move(event));
}

Status read_event_positions(store::Transaction &transaction, int64_t customer_id, std::vector<int64_t> &positions) {
    const store::Cell key = store::integer_cell(customer_id);
    store::ScanRange range;
    range.table = store::event;
    range.lower = range.upper = {&key, 1};
    range.columns = store::mask({column::position});
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return {};
        for (size_t at = 0; at < rows.size(); at += cursor.width()) positions.push_back(rows[at + column::position].integer);
    }
}

}  // namespace cartbell::engine
