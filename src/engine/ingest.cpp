#include "engine/ingest.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "engine/packed_result.hpp"
#include "model/outline.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {
namespace {

std::string key_of(const Operation &operation) {
    std::string key;
    key.reserve(operation.source.size() + operation.id.size() + 1);
    key += operation.source;
    key += '\0';  // no string holds U+0000
    key += operation.id;
    return key;
}

std::string_view hash_text(const Operation &operation) {
    return {reinterpret_cast<const char *>(operation.body_hash.data()), operation.body_hash.size()};
}

// What an order was, for changes_between, which does not look at its past: that can be thousands of rows.
Order as_compared(Order &order) {
    auto history = std::exchange(order.history, {});
    auto entries = std::exchange(order.entries, {});
    Order before = order;
    order.history = std::move(history);
    order.entries = std::move(entries);
    return before;
}

const Identity *named(const Operation &operation) { return operation.customer.empty() ? nullptr : &operation.customer.front(); }

}  // namespace

Status Ingest::run(std::span<Batch *const> batches, Applied &applied) {
    std::vector<Arrival> arrivals;
    std::vector<size_t> ends;
    for (Batch *batch : batches) {
        collect(*batch, arrivals);
        ends.push_back(arrivals.size());
    }
    first_position_ = unit_.counters[Counter::journal_position] + 1;
    accepted_.reserve(arrivals.size());
    CARTBELL_TRY(find_known(arrivals));
    CARTBELL_TRY(load_customers(arrivals));
    CARTBELL_TRY(load_orders(arrivals));
    CARTBELL_TRY(load_products(arrivals));
    for (Arrival &arrival : arrivals) CARTBELL_TRY(take(arrival, applied));
    CARTBELL_TRY(refold_customers());
    CARTBELL_TRY(products_.refold([this](auto positions, auto &loaded, auto &entries) { return load_entries(positions, loaded, entries); }));
    CARTBELL_TRY(write_entries());
    CARTBELL_TRY(write_orders());
    CARTBELL_TRY(write_customers());
    CARTBELL_TRY(products_.write(unit_.counters));
    unit_.counters[Counter::journal_position] += static_cast<int64_t>(accepted_.size());
    unit_.counters[Counter::operations] += static_cast<int64_t>(accepted_.size());
    size_t at = 0;
    for (const size_t end : ends) {
        std::string &out = applied.results.emplace_back("[");
        for (const size_t first = at; at < end; ++at) {
            if (at != first) out += ',';
            out += arrivals[at].result;
        }
        out += ']';
    }
    return {};
}

void Ingest::collect(Batch &batch, std::vector<Arrival> &arrivals) {
    codec::Batch &parsed = batch.impl().parsed;
    arrivals.reserve(arrivals.size() + parsed.operations.size());
    const bool stale = parsed.settings_version != settings_.version;
    for (codec::Parsed &one : parsed.operations) {
        if (stale && !one.body.empty()) parse_again(one, batch.impl());
        Arrival &arrival = arrivals.emplace_back();
        arrival.parsed = &one;
        if (one.ok()) arrival.key = key_of(one.operation);
    }
    if (stale) parsed.settings_version = settings_.version;
}

// formats.md §0: an operation is checked against the version in force when it enters, not when it was parsed.
void Ingest::parse_again(codec::Parsed &parsed, const Batch::Impl &batch) {
    auto again = codec::parse(parsed.body, codec::Form::operation, batch.default_source, settings_, with_.limits);
    if (!again.ok() || again->operations.size() != 1) return;  // malformed then, malformed now
    const std::string_view body = parsed.body;
    const uint32_t line = parsed.line;
    parsed = std::move(again->operations.front());
    parsed.body = body;
    parsed.line = line;
    if (parsed.operation.sent_at == no_instant) parsed.operation.sent_at = batch.parsed.sent_at;
}

Status Ingest::find_known(std::vector<Arrival> &arrivals) {
    using namespace store::operation_column;
    std::vector<Arrival *> sorted;
    for (Arrival &arrival : arrivals)
        if (arrival.parsed->ok()) sorted.push_back(&arrival);
    std::sort(sorted.begin(), sorted.end(), [](const Arrival *a, const Arrival *b) { return a->key < b->key; });
    Rows keys;
    for (const Arrival *arrival : sorted)
        keys.lend_text(arrival->parsed->operation.source).lend_text(arrival->parsed->operation.id);
    if (keys.empty()) return {};
    Found found;
    CARTBELL_TRY(get(transaction_, store::operation, count_, keys, found));
    Rows positions;
    std::vector<const Arrival *> known;
    for (size_t row = 0; row < sorted.size(); ++row) {
        if (!found.has(row)) continue;
        Arrival &arrival = *sorted[row];
        arrival.known_position = found.cell(row, position).integer;
        arrival.same_body = store::text_of(found.cell(row, body_hash)) == hash_text(arrival.parsed->operation);
        if (!arrival.same_body) continue;
        known.push_back(&arrival);
        positions.integer(arrival.known_position);
    }
    if (known.empty()) return {};
    CARTBELL_TRY(get(transaction_, store::journal, store::journal_column::count_, positions, found,
                     store::mask({store::journal_column::position, store::journal_column::result})));
    for (size_t row = 0; row < known.size(); ++row) {
        if (!found.has(row)) return failure(Code::corrupt, "lost_entry", "an operation's entry is not in the journal");
        known_results_[known[row]->key] = unpack_result(store::text_of(found.cell(row, store::journal_column::result)));
    }
    return {};
}

// The customers that the new operations name: first their ids, then the states of those that exist. One get each.
Status Ingest::load_customers(const std::vector<Arrival> &arrivals) {
    std::vector<const Identity *> identities;
    for (const Arrival &arrival : arrivals)
        if (arrival.parsed->ok() && arrival.known_position == 0)
            if (const Identity *identity = named(arrival.parsed->operation)) identities.push_back(identity);
    std::sort(identities.begin(), identities.end(), [](const Identity *a, const Identity *b) {
        const std::string_view kind_a = name_of(a->kind), kind_b = name_of(b->kind);
        return kind_a != kind_b ? kind_a < kind_b : a->value < b->value;
    });
    identities.erase(std::unique(identities.begin(), identities.end(), [](const Identity *a, const Identity *b) { return *a == *b; }),
                     identities.end());
    if (identities.empty()) return {};
    Rows keys;
    for (const Identity *identity : identities) keys.lend_text(name_of(identity->kind)).lend_text(identity->value);
    Found found;
    CARTBELL_TRY(get(transaction_, store::identity, store::identity_column::count_, keys, found));
    customers_.reserve(identities.size() * 2);
    for (size_t row = 0; row < identities.size(); ++row) {
        if (!found.has(row)) continue;  // becomes a customer when an operation of it is accepted
        CustomerSlot &slot = customers_[identity_text(*identities[row])];
        slot.customer_id = found.cell(row, store::identity_column::customer_id).integer;
        slot.stored = true;
    }
    return load_customer_states();
}

Status Ingest::load_customer_states() {
    std::vector<CustomerSlot *> slots;
    for (auto &[text, slot] : customers_)
        if (slot.stored) slots.push_back(&slot);
    std::sort(slots.begin(), slots.end(), [](const CustomerSlot *a, const CustomerSlot *b) { return a->customer_id < b->customer_id; });
    if (slots.empty()) return {};
    Rows keys;
    for (const CustomerSlot *slot : slots) keys.integer(slot->customer_id);
    Found found;
    using namespace store::customer_column;
    CARTBELL_TRY(get(transaction_, store::customer, count_, keys, found, store::mask({customer_id, state})));
    for (size_t row = 0; row < slots.size(); ++row) {
        if (!found.has(row)) return failure(Code::corrupt, "lost_customer", "an identity names a customer that is not stored");
        CARTBELL_TRY(decode(store::text_of(found.cell(row, state)), slots[row]->state));
    }
    return {};
}

Status Ingest::load_orders(const std::vector<Arrival> &arrivals) {
    std::vector<std::string_view> ids;
    for (const Arrival &arrival : arrivals) {
        const Operation &operation = arrival.parsed->operation;
        if (arrival.parsed->ok() && arrival.known_position == 0 && operation.type == OperationType::order)
            ids.push_back(operation.order.order_id);
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    if (ids.empty()) return {};
    Rows keys;
    for (const std::string_view id : ids) keys.lend_text(id);
    Found found;
    CARTBELL_TRY(get(transaction_, store::order_owner, store::order_owner_column::count_, keys, found));
    std::vector<std::pair<int64_t, std::string_view>> stored;
    orders_.reserve(ids.size() * 2);
    for (size_t row = 0; row < ids.size(); ++row) {
        OrderSlot &slot = orders_[ids[row]];
        if (!found.has(row)) continue;
        slot.stored_owner = found.cell(row, store::order_owner_column::customer_id).integer;
        stored.emplace_back(slot.stored_owner, ids[row]);
    }
    if (stored.empty()) return {};
    std::sort(stored.begin(), stored.end());
    Rows state_keys;
    for (const auto &[owner, id] : stored) state_keys.integer(owner).lend_text(id);
    using namespace store::orders_column;
    CARTBELL_TRY(get(transaction_, store::orders, count_, state_keys, found, store::mask({customer_id, order_id, state})));
    for (size_t row = 0; row < stored.size(); ++row) {
        if (!found.has(row)) return failure(Code::corrupt, "lost_order", "the directory names an order that is not stored");
        OrderSlot &slot = orders_[stored[row].second];
        CARTBELL_TRY(decode(store::text_of(found.cell(row, state)), slot.state));
        slot.stored_lines = slot.state.lines.size();
    }
    return {};
}

Status Ingest::load_products(const std::vector<Arrival> &arrivals) {
    std::vector<std::string_view> ids;
    for (const Arrival &arrival : arrivals)
        if (arrival.parsed->ok() && arrival.known_position == 0 && arrival.parsed->operation.type == OperationType::product)
            ids.push_back(arrival.parsed->operation.product.product_id);
    return products_.load(std::move(ids));
}

// formats.md §1 `id`: the same id and the same body is answered with the first result, another body is refused.
Status Ingest::take(Arrival &arrival, Applied &applied) {
    codec::OperationResult result;
    result.id = arrival.parsed->operation.id;
    const auto first = arrival.parsed->ok() ? in_unit_.find(arrival.key) : in_unit_.end();
    if (!arrival.parsed->ok()) {
        result.outcome = codec::Outcome::rejected;
        result.errors = arrival.parsed->errors;
        result.ignored = arrival.parsed->operation.ignored;
    } else if (arrival.known_position != 0 || first != in_unit_.end()) {
        const bool same = first == in_unit_.end()
                              ? arrival.same_body
                              : accepted_[first->second].operation->body_hash == arrival.parsed->operation.body_hash;
        if (same) {
            const std::string &stored = first == in_unit_.end() ? known_results_[arrival.key] : accepted_[first->second].arrival->result;
            CARTBELL_ASSIGN(arrival.result, codec::result_as_duplicate(stored));
            ++applied.duplicate;
            return {};
        }
        result.outcome = codec::Outcome::rejected;
        result.errors.push_back({"id_reused", "/id", "this id was used with another body"});
    } else {
        CARTBELL_TRY(take_new(arrival, result));
    }
    codec::append_result(arrival.result, result);
    switch (result.outcome) {
        case codec::Outcome::accepted: ++applied.accepted; break;
        case codec::Outcome::late: ++applied.late; break;
        default: ++applied.rejected; break;
    }
    return {};
}

Status Ingest::take_new(Arrival &arrival, codec::OperationResult &result) {
    const Operation *operation = &arrival.parsed->operation;
    const Identity *identity = named(*operation);
    const bool is_order = operation->type == OperationType::order, is_product = operation->type == OperationType::product;
    OrderSlot *order = is_order ? &orders_[operation->order.order_id] : nullptr;
    if (operation->if_version >= 0) {  // before a customer is made for it
        const auto slot = identity != nullptr ? customers_.find(identity_text(*identity)) : customers_.end();
        const int64_t version = is_product                 ? products_.version(operation->product.product_id)
                                : is_order                 ? order->state.version()
                                : slot != customers_.end() ? slot->second.state.version()
                                                           : 0;
        if (version != operation->if_version) {
            result.outcome = codec::Outcome::rejected;
            result.errors.push_back({"version", "/if_version", "the object has version " + std::to_string(version)});
            return {};
        }
    }
    const Times times = corrected_times(*operation, now_, settings_, with_.zones);
    result.ignored = operation->ignored;
    result.warnings = operation->warnings;
    result.warnings.insert(result.warnings.end(), times.notes.begin(), times.notes.end());
    if (moves_status_times(*operation, times)) {
        operation = &moved_.emplace_back(*operation);
        move_status_times(moved_.back(), times);
    }
    const int64_t position = first_position_ + static_cast<int64_t>(accepted_.size());
    const Entry entry{make_stamp(*operation, times, settings_, now_, position), operation};
    Accepted &accepted = accepted_.emplace_back();
    accepted.arrival = &arrival;
    accepted.operation = operation;
    accepted.stamp = entry.stamp;
    CARTBELL_ASSIGN(accepted.body, body_to_keep(arrival, *operation, times.skewed));
    in_unit_.emplace(arrival.key, accepted_.size() - 1);
    if (is_product) products_.take(entry, result);
    if (identity != nullptr) {
        CustomerSlot &slot = customer_slot(*identity);
        accepted.customer_id = slot.customer_id;
        if (!is_order && !applies_on_top(slot.state, entry)) result.outcome = codec::Outcome::late;
        fold_into_customer(slot, entry);
        if (!is_order) result.version = slot.state.version();
    }
    return is_order ? fold_into_order(*order, entry, result) : Status{};
}

Status Ingest::fold_into_order(OrderSlot &slot, const Entry &entry, codec::OperationResult &result) {
    const bool existed = !slot.state.entries.empty();
    slot.changed = true;
    if (!existed) {
        apply_on_top(slot.state, entry);
        result.changed = changes_between(nullptr, slot.state);
    } else {
        const Order before = as_compared(slot.state);
        const bool on_top = applies_on_top(slot.state, entry);
        if (!on_top) {
            result.outcome = codec::Outcome::late;
            if (!slot.facts) CARTBELL_TRY(load_facts_of(slot));
        }
        if (slot.facts)
            slot.facts->timeline->add(slot.facts->entries.emplace_back(entry), slot.state);
        else
            apply_on_top(slot.state, entry);
        result.changed = changes_between(&before, slot.state);
    }
    const std::vector<Note> notes = notes_on(slot.state);
    result.warnings.insert(result.warnings.end(), notes.begin(), notes.end());
    result.version = slot.state.version();
    return {};
}

// Once a unit: the next late fact of this order finds them here.
Status Ingest::load_facts_of(OrderSlot &slot) {
    slot.facts = std::make_unique<Facts>();
    std::vector<Entry> entries;
    CARTBELL_TRY(load_entries(slot.state.entries, slot.facts->loaded, entries));
    slot.facts->entries.assign(entries.begin(), entries.end());
    slot.facts->timeline.emplace(slot.facts->entries);
    return {};
}

void Ingest::fold_into_customer(CustomerSlot &slot, const Entry &entry) {
    slot.changed = true;
    if (applies_on_top(slot.state, entry)) {
        apply_on_top(slot.state, entry);
    } else if (!apply_out_of_order(slot.state, entry)) {
        slot.refold = true;  // its newest key stays what it is, so what comes after is judged rightly
        slot.state.entries.push_back(entry.stamp.position);
    }
}

Ingest::CustomerSlot &Ingest::customer_slot(const Identity &identity) {
    std::string text = identity_text(identity);
    const Sha256 hash = sha256(text);
    CustomerSlot &slot = customers_[std::move(text)];
    if (slot.customer_id == 0) {  // architecture.md §4 "Ids": the partition in the high bits, a serial below
        const int64_t partition = (int64_t{hash[0]} << 2) | (hash[1] >> 6);
        slot.customer_id = (partition << 53) | ++unit_.counters[Counter::customer_serial];
        ++unit_.counters[Counter::customers];
    }
    return slot;
}

Status Ingest::load_entries(std::span<const int64_t> positions, std::deque<LoadedEntry> &loaded, std::vector<Entry> &entries) {
    const auto first_new = std::lower_bound(positions.begin(), positions.end(), first_position_);
    const auto stored = static_cast<size_t>(first_new - positions.begin());
    CARTBELL_TRY(reader_.load(positions.first(stored), loaded));
    entries = entries_of(loaded);
    for (const int64_t position : positions.subspan(stored)) {
        const Accepted &accepted = accepted_[static_cast<size_t>(position - first_position_)];
        entries.push_back({accepted.stamp, accepted.operation});
    }
    return {};
}

Status Ingest::refold_customers() {
    for (auto &[text, slot] : customers_) {
        if (!slot.refold) continue;
        std::deque<LoadedEntry> loaded;
        std::vector<Entry> entries;
        CARTBELL_TRY(load_entries(slot.state.entries, loaded, entries));
        slot.state = fold_customer(entries);
    }
    return {};
}

// The journal must say what the batch said for all its operations (formats.md §1 `sent_at`): an entry is read alone.
Result<std::string_view> Ingest::body_to_keep(const Arrival &arrival, const Operation &operation, bool skewed) {
    if (!skewed) return arrival.parsed->body;
    CARTBELL_ASSIGN(const Operation alone, codec::parse_entry(arrival.parsed->body, operation.source, settings_));
    if (alone.sent_at != no_instant) return arrival.parsed->body;
    CARTBELL_ASSIGN(bodies_.emplace_back(), codec::body_with_sent_at(arrival.parsed->body, operation.sent_at));
    return std::string_view(bodies_.back());
}

// The customer an order belongs to now: that of its newest fact that names one; 0 = nobody.
Result<int64_t> Ingest::owner_id(const Order &order) {
    if (!order.owner) return int64_t{0};
    if (const auto slot = customers_.find(identity_text(*order.owner)); slot != customers_.end()) return slot->second.customer_id;
    CARTBELL_ASSIGN(const int64_t id, find_customer(transaction_, *order.owner));
    if (id == 0) return failure(Code::corrupt, "lost_customer", "an order's owner is not stored");
    return id;
}

Status Ingest::write_entries() {
    if (accepted_.empty()) return {};
    Rows journal, operations;
    std::string packed;
    std::vector<const Accepted *> sorted;
    for (const Accepted &accepted : accepted_) {
        const Operation &operation = *accepted.operation;
        const bool is_order = operation.type == OperationType::order;
        journal.integer(accepted.stamp.position).integer(accepted.stamp.received_at).integer(accepted.stamp.occurred_at);
        journal.lend_text(operation.source).integer(accepted.stamp.trust).integer(accepted.stamp.rank);
        journal.integer(accepted.stamp.settings_version).lend_text(operation_type_names[static_cast<size_t>(operation.type)]).lend_text(operation.id);
        journal.add(accepted.customer_id != 0 ? store::integer_cell(accepted.customer_id) : store::null_cell());
        if (is_order)
            journal.lend_text(operation.order.order_id);
        else if (operation.type == OperationType::product)
            journal.lend_text(operation.product.product_id);
        else
            journal.text(identity_text(operation.customer.front()));
        pack_result(accepted.arrival->result, packed);
        journal.lend_text(accepted.body).text(packed);
        sorted.push_back(&accepted);
    }
    std::sort(sorted.begin(), sorted.end(), [](const Accepted *a, const Accepted *b) { return a->arrival->key < b->arrival->key; });
    for (const Accepted *accepted : sorted) {
        operations.lend_text(accepted->operation->source).lend_text(accepted->operation->id);
        operations.integer(accepted->stamp.position).lend_bytes(hash_text(*accepted->operation));
    }
    std::vector<uint8_t> existed;
    CARTBELL_TRY(transaction_.insert(store::journal, journal, existed));
    return transaction_.insert(store::operation, operations, existed);
}

Status Ingest::write_orders() {
    struct Row {
        int64_t owner;
        std::string_view id;
        OrderSlot *slot;
    };
    std::vector<Row> changed;
    Rows gone, owners;
    for (auto &[id, slot] : orders_) {
        if (!slot.changed) continue;
        if (slot.facts) slot.facts->timeline->finish(slot.state);
        CARTBELL_ASSIGN(const int64_t owner, owner_id(slot.state));
        changed.push_back({owner, id, &slot});
        if (slot.stored_owner == -1) ++unit_.counters[Counter::orders];
        unit_.counters[Counter::lines] += static_cast<int64_t>(slot.state.lines.size()) - static_cast<int64_t>(slot.stored_lines);
        if (slot.stored_owner >= 0 && slot.stored_owner != owner) gone.integer(slot.stored_owner).lend_text(id);
    }
    if (changed.empty()) return {};
    std::sort(changed.begin(), changed.end(), [](const Row &a, const Row &b) { return a.id < b.id; });
    for (const Row &row : changed)
        if (row.slot->stored_owner != row.owner) owners.lend_text(row.id).integer(row.owner);
    std::sort(changed.begin(), changed.end(), [](const Row &a, const Row &b) { return a.owner != b.owner ? a.owner < b.owner : a.id < b.id; });
    Rows rows;
    std::string bytes;
    for (const Row &row : changed) {
        const Order &order = row.slot->state;
        const Outline outline = outline_of(order, settings_);
        rows.integer(row.owner).lend_text(row.id);
        rows.add(outline.placed_at ? store::integer_cell(*outline.placed_at) : store::null_cell());
        rows.text_or_null(outline.currency.text());
        rows.add(outline.total_e4 ? store::integer_cell(*outline.total_e4) : store::null_cell());
        for (const std::string_view code : outline.status_codes) rows.text_or_null(code);
        rows.integer(static_cast<int64_t>(order.lines.size()));
        bytes.clear();
        encode(order, bytes);
        rows.bytes(bytes);
    }
    if (!gone.empty()) CARTBELL_TRY(transaction_.remove(store::orders, gone));
    CARTBELL_TRY(transaction_.put(store::orders, rows));
    return owners.empty() ? Status{} : transaction_.put(store::order_owner, owners);
}

Status Ingest::write_customers() {
    struct Row {
        std::string_view identity;
        CustomerSlot *slot;
    };
    std::vector<Row> changed;
    for (auto &[text, slot] : customers_)
        if (slot.changed) changed.push_back({text, &slot});
    if (changed.empty()) return {};
    std::sort(changed.begin(), changed.end(), [](const Row &a, const Row &b) { return a.identity < b.identity; });
    Rows identities;
    for (const Row &row : changed) {
        if (row.slot->stored) continue;
        const size_t colon = row.identity.find(':');
        identities.lend_text(row.identity.substr(0, colon)).lend_text(row.identity.substr(colon + 1)).integer(row.slot->customer_id);
    }
    std::sort(changed.begin(), changed.end(), [](const Row &a, const Row &b) { return a.slot->customer_id < b.slot->customer_id; });
    Rows rows;
    std::string bytes;
    for (const Row &row : changed) {
        const Customer &customer = row.slot->state;
        const Value *created = customer.record.find(customer_field::created_at);
        rows.integer(row.slot->customer_id);
        for (const FieldId field : {customer_field::external_id, customer_field::email, customer_field::phone})
            rows.text_or_null(customer.record.text(field));
        rows.add(created != nullptr ? store::integer_cell(created->number) : store::null_cell());
        bytes.clear();
        encode(customer, bytes);
        rows.bytes(bytes);
    }
    std::vector<uint8_t> existed;
    if (!identities.empty()) CARTBELL_TRY(transaction_.insert(store::identity, identities, existed));
    return transaction_.put(store::customer, rows);
}

}  // namespace cartbell::engine
