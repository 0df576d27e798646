#include "model/event.hpp"

#include "model/fact_view.hpp"

namespace cartbell {

Event event_of(const Entry &entry) {
    const Operation &operation = *entry.operation;
    Event event;
    FactView{&entry, entry.stamp.occurred_at, 0}.store(event.key);
    event.name = operation.event.name;
    event.kind = operation.event.kind;
    event.session_id = operation.event.session_id;
    event.customer = operation.customer;
    event.context = operation.event.context;
    event.received_at = entry.stamp.received_at;
    event.position = entry.stamp.position;
    return event;
}

Entry entry_of(const Event &event, Operation &operation) {
    operation.type = OperationType::event;
    operation.source = event.key.source;
    operation.id = event.key.id;
    operation.customer = event.customer;
    Entry entry;
    entry.operation = &operation;
    entry.stamp.position = event.position;
    entry.stamp.received_at = event.received_at;
    entry.stamp.occurred_at = event.key.at;
    entry.stamp.trust = event.key.trust;
    entry.stamp.rank = event.key.rank;
    entry.stamp.has_sequence = event.key.has_sequence;
    entry.stamp.sequence = event.key.sequence;
    return entry;
}

Identity known_by(const Event &event) {
    if (!event.customer.empty()) return event.customer.front();
    return event.session_id.empty() ? Identity{} : session_identity(event.key.source, event.session_id);
}

}  // namespace cartbell
