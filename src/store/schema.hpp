// The declared tables of Cartbell: what every store must keep (store.h). Positions in `tables` are the Table enum.
#pragma once

#include <cstdint>

#include "cartbell/sys/store.h"

namespace cartbell::store {

// Columns in declaration order; key columns first. A column's position is its enum value.
enum Table : uint32_t {
    meta, journal, operation, identity, claim, customer, order_owner, orders, definition, timer, message, lease, progress, tally, product, older_entries, event, merge_entry,
    container, container_item, old_message_owner, old_message, tombstone, table_count
};

namespace meta_column { enum { name, value, count_ }; }                 // everywhere. name text -> value integer (counters)
namespace journal_column {                                              // append
enum { position, received_at, occurred_at, source, trust, rank, settings_version, type, op_id, object, body, result, count_ };
}                                                                       // body: the operation as sent (JSON); result: its first answer (JSON); both personal
namespace operation_column { enum { source, op_id, position, body_hash, count_ }; }      // own key: (source, op_id)
namespace identity_column { enum { kind, value, customer_id, state, count_ }; }          // own key: (kind, value). customer_id: it is the root of
namespace claim_column {                                                // own key: (kind, value) and the claim's key. Only of contested identities
enum { kind, value, at, has_sequence, sequence, rank, source, op_id, by_kind, by_value, back_to, count_ };
}
namespace customer_column {                                             // customer
enum { customer_id, external_id, email, phone, created_at, state, count_ };
}
namespace order_owner_column { enum { order_id, customer_id, count_ }; }                 // own key
namespace orders_column {                                               // customer: key (customer_id, order_id); 0 = nobody's
enum { customer_id, order_id, placed_at, currency, total_e4, general, delivery, payment, line_count, state, count_ };
}
namespace definition_column { enum { kind, code, version, created_at, body, count_ }; }  // everywhere. kind: settings segment template mailing
namespace timer_column { enum { due_at, kind, subject, count_ }; }                       // queue: key (due_at, kind, subject)
namespace message_column {                                              // customer: key (customer_id, source, key)
enum { customer_id, source, key, message_id, identity, state, reason, channel, category, template_code, planned_at, due_at,
       attempts, provider_id, parts, count_ };
}                                                                       // parts: JSON {"subject","body","text",...}; personal. identity: kind:text at planning
// index message.queue (state, due_at)
namespace lease_column { enum { message_id, customer_id, source, key, until, worker, positions, count_ }; }  // queue: rows of leased messages, index (until)                                                                        // positions: of the journal's reports on it
namespace progress_column { enum { subject, cursor, state, body, count_ }; }             // everywhere. subject "mailing:<code>" -> cursor of long work

namespace tally_column { enum { source, state, reason, count, count_ }; }                // everywhere. How many messages of a source are in a state

namespace product_column { enum { product_id, changed, state, count_ }; }                // everywhere. changed: position of its newest entry

namespace older_entries_column {                                        // customer: key (customer_id, kind, object, first); 0 = nobody's
enum { customer_id, kind, object, first, positions, count_ };
}                                                                       // kind: order customer product message; object: its id, "" of a customer

namespace event_column {                                                // customer: its fact's key behind customer_id; 0 = a system event
enum { customer_id, at, has_sequence, sequence, rank, source, op_id, name, position, state, count_ };
}                                                                       // of whom only the session is known: the id that the session's identity has

namespace merge_entry_column { enum { kind, value, position, count_ }; }        // own key: all. Every merge and unmerge, by both identities it names

namespace container_column {                                            // customer: key (customer_id, code)
enum { customer_id, code, item_count, changed_at, state, count_ };
}
namespace container_item_column {                                       // customer: key all. What the states hold, to be found by product
enum { customer_id, code, product_id, count_ };
}

namespace container_item_index { enum { product }; }                    // in whose containers a product is
namespace old_message_owner_column { enum { message_id, customer_id, count_ }; }         // own key
namespace old_message_column { enum { customer_id, message_id, handed_over_at, state, count_ }; }  // customer: key (customer_id, message_id); 0 = nobody's

namespace tombstone_column { enum { hash, at, count_ }; }                 // own key. A keyed hash of what was erased: nothing up to `at` is taken

namespace product_index { enum { changed }; }                           // what was written since

namespace orders_index { enum { outline }; }                            // what orders can be scanned by without their state (model/outline.hpp)

const cartbell_schema &schema();

}  // namespace cartbell::store
