// One operation, parsed and checked, ready for the fold. Immutable once parsed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/status.hpp"
#include "model/fact.hpp"
#include "model/identity.hpp"
#include "model/settings.hpp"
#include "model/value.hpp"

namespace cartbell {

enum class OperationType : uint8_t { order, customer, list, identify, merge, unmerge, product, event, consent, container, message, erase };
inline constexpr std::array<std::string_view, 12> operation_type_names{"order",   "customer", "list",    "identify",  "merge",   "unmerge",
                                                                   "product", "event",    "consent", "container", "message", "erase"};

constexpr bool is_operation(std::string_view type_name) {
    for (const std::string_view name : operation_type_names)
        if (name == type_name) return true;
    return false;
}
constexpr bool is_merge(OperationType type) { return type == OperationType::merge || type == OperationType::unmerge; }

struct StatusChange {
    bool said = false;         // the set is named in this operation
    std::string code;          // "" = cleared (null)
    Instant at = no_instant;   // own time (in an entry: corrected, like its occurred_at); none = the operation's occurred_at
};

// `lines` or `payments`, as said: a whole composition, and changes of single elements merged after it.
struct ListPatch {
    struct Change {
        std::string id;        // line_id or payment_id
        bool remove = false;
        Record patch;
    };
    bool replaces = false;     // the composition was sent (null = an empty one)
    std::vector<Record> composition;
    std::vector<Change> changes;
    bool empty() const { return !replaces && changes.empty(); }
};

struct OrderPatch {
    std::string order_id;
    Record attributes;         // a patch: missing values clear
    std::array<StatusChange, 3> status;
    ListPatch lines, payments;
};

struct CustomerPatch {
    Record profile;            // a patch
};

struct ListChange {
    std::string list;          // its code
    bool member = false;       // is in it from this fact on, or is not
};

struct ConsentChange {
    std::string channel;       // its code, "" for a category of kind tracking
    std::string category;      // its code
    bool granted = false;
    Instant expires_at = no_instant;
    std::string proof;
};

enum class ContainerAct : uint8_t { add, remove, set, replace, clear };
inline constexpr std::array<std::string_view, 5> container_act_names{"add", "remove", "set", "replace", "clear"};

struct ContainerChange {
    std::string container;     // its code
    ContainerAct act = ContainerAct::add;
    std::vector<Record> items; // Object::item, as sent; of `replace` the whole content, of `clear` none, else one
};

enum class EraseMode : uint8_t { remove, anonymise };
inline constexpr std::array<std::string_view, 2> erase_mode_names{"delete", "anonymise"};

struct MergePatch {            // of `merge` and `unmerge`
    Identity from, into;
};

struct ProductPatch {
    std::string product_id;
    Record attributes;         // a patch: missing values clear
};

struct MessagePatch {          // a message that an earlier system sent
    std::string message_id;    // that system's
    Record attributes;         // a patch: missing values clear
};

struct SentEvent {
    std::string name;
    EventKind kind = EventKind::customer;    // by its definition; of a name that has none, by what it carries
    std::string session_id;                  // "" = none
    Identity session;                        // of source and session_id; no value without one
    Record context;                          // all of it custom: typed where it is declared, else JSON
};

struct Note {                  // a warning or an error of one operation
    std::string code;
    std::string pointer;
    std::string message;
};

struct Operation {
    OperationType type = OperationType::order;
    std::string id;
    std::string source;                      // resolved code
    std::vector<Identity> customer;          // strongest first, at most one of a kind; may be empty for an order, event or message, is for merges and products
    Instant occurred_at = no_instant;        // as sent; none = when received
    Instant sent_at = no_instant;
    bool has_sequence = false;
    int64_t sequence = 0;
    bool backfill = false;
    bool whole = false;
    int64_t if_version = -1;                 // -1 = not said
    OrderPatch order;
    CustomerPatch profile;
    ListChange list;
    ConsentChange consent;
    ContainerChange container;
    MergePatch merge;
    EraseMode erase = EraseMode::remove;
    ProductPatch product;
    SentEvent event;
    MessagePatch message;
    std::array<uint8_t, 16> body_hash{};     // of the canonical body (keys sorted, without sent_at)
    std::vector<std::string> ignored;        // pointers of unknown members (public sources)
    std::vector<Note> warnings;
};

// What its entry is known by (formats.md §1.1): the strongest identity, of an event without one its session. Null: it is nobody's.
inline const Identity *known_by(const Operation &operation) {
    if (!operation.customer.empty()) return &operation.customer.front();
    return operation.event.session.value.empty() ? nullptr : &operation.event.session;
}

// A domain event: what an operation really changed (the arrival's own; formats.md §1 "Result").
struct DomainEvent {
    std::string name;                                    // "order.created"
    std::vector<std::pair<std::string, Value>> context;  // order_id, set, from, to, paths (list), added/removed/changed (lists), product_id, percent, container, quantity, price
};

}  // namespace cartbell
