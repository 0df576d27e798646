// An order: the fold of its facts (architecture.md idea 1).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "model/entry_list.hpp"
#include "model/fact.hpp"
#include "model/identity.hpp"
#include "model/lazy_rows.hpp"
#include "model/settings.hpp"
#include "model/value.hpp"

namespace cartbell {

struct StatusNow {
    std::string code;      // "" = the set has no status
    std::string previous;  // code before
    Instant at = no_instant;  // since when
    friend bool operator==(const StatusNow &, const StatusNow &) = default;
};

// One change of one status set, in fold order.
struct HistoryRow {
    StatusSet set = StatusSet::general;
    std::string from, to, source;
    Instant at = no_instant;
    Instant received_at = no_instant;          // not in the digest
    std::array<std::string, 3> after;          // codes of all sets just after it
    friend bool operator==(const HistoryRow &, const HistoryRow &) = default;
};

struct Order {
    Record record;                  // order_id, sent attributes, and the computed placed_at (default rule), source, updated_at, received_at
    LazyRows<Record> lines;         // in composition order; each has line_id
    LazyRows<Record> payments;      // each has payment_id
    std::array<StatusNow, 3> status;
    LazyRows<HistoryRow> history;
    std::optional<Identity> owner;  // strongest identity of the newest fact (by key) that names a customer; known by it
    Instant owner_at = no_instant;  // at that fact's instant
    Instant sent_placed_at = no_instant;      // placed_at as sent, if it was
    Instant least_occurred_at = never;        // of its entries: placed_at's default
    std::string first_source;                 // of the least fact by key: `source` where none was sent
    FactKey newest;                 // greatest key folded so far: a fact above it is applied on top, any other makes it refold
    uint8_t least_trust = 1;        // of its entries
    size_t status_facts = 0;        // said by its entries; more than the history has rows where a code was said twice
    size_t object_facts = 0;        // entries that say more of the order than statuses and its customer
    EntryList entries;              // version = entries.size()
    std::vector<std::string> other_currencies;  // sorted; a second currency is kept and reported

    std::string_view id() const { return record.text(order_field::order_id); }
    Currency currency(const Settings &settings) const;  // its own, else the shop's
    int64_t version() const { return static_cast<int64_t>(entries.size()); }
    void open() const;      // all its rows: from here on nothing points into stored bytes
    bool damaged() const { return lines.damaged() || payments.damaged() || history.damaged(); }
};

// All statuses are in_analytics; a set without a status counts (formats.md §2). An order that is, is a purchase.
bool in_analytics(const Order &order, const Settings &settings);

// formats.md §2: order rows by placed_at, equal times by order_id.
bool earlier(const Order &a, const Order &b);

}  // namespace cartbell
