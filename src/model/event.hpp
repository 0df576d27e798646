// An event: an immutable fact with a name and a context. Nothing folds it; its customer knows by it who they are (fold.hpp).
#pragma once

#include <string>
#include <vector>

#include "model/fold.hpp"

namespace cartbell {

struct Event {
    FactKey key;                      // source and id name it
    std::string name;
    EventKind kind = EventKind::customer;
    std::string session_id;           // "" = none
    std::vector<Identity> customer;   // as sent, strongest first; may be empty
    Record context;                   // custom cells only
    Instant received_at = no_instant; // never in the digest
    int64_t position = 0;             // in the journal; never in the digest
};

Event event_of(const Entry &entry);  // of type `event`

// The same as an entry, for the fold of its customer: identities, times, source and id. `operation` is filled and borrowed by it.
Entry entry_of(const Event &event, Operation &operation);

// What the event is known by (model/operation.hpp); no value: nobody's.
Identity known_by(const Event &event);

}  // namespace cartbell
