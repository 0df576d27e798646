#include "engine/ingest.hpp"

#include <algorithm>
#include <new>

#include "base/hash.hpp"
#include "engine/packed_result.hpp"

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

// What an entry is about, for who reads the journal.
std::string object_of(const Operation &operation) {
    if (operation.type == OperationType::order) return operation.order.order_id;
    if (operation.type == OperationType::product) return operation.product.product_id;
    if (operation.type == OperationType::event) return operation.event.name;
    if (operation.type == OperationType::message) return operation.message.message_id;
    return identity_text(is_merge(operation.type) ? operation.merge.from : operation.customer.front());
}

}  // namespace

Status Intake::run(std::span<Batch *const> batches, Applied &applied) {
    std::vector<size_t> ends;
    for (Batch *batch : batches) {
        collect(*batch, arrivals_);
        ends.push_back(arrivals_.size());
    }
    const std::span<Arrival> all(arrivals_);
    size_t at = 0;
    do {
        size_t end = at;
        while (end < all.size() && !all[end].is_erase()) ++end;
        if (end == at && end < all.size()) ++end;
        last_ = std::make_unique<Ingest>(unit_, with_, now_, kept_);
        CARTBELL_TRY(last_->run(all.subspan(at, end - at), applied));
        at = end;
    } while (at < all.size());
    at = 0;
    for (const size_t end : ends) {
        std::string &out = applied.results.emplace_back("[");
        for (const size_t first = at; at < end; ++at) {
            if (at != first) out += ',';
            out += arrivals_[at].result;
        }
        out += ']';
    }
    return {};
}

void Intake::keep_facts() noexcept {
    if (last_) last_->keep_facts();
}

Status Ingest::run(std::span<Arrival> arrivals, Applied &applied) {
    first_position_ = unit_.counters[Counter::journal_position] + 1;
    if (arrivals.size() == 1 && arrivals.front().is_erase()) return run_erase(arrivals.front(), applied);
    accepted_.reserve(arrivals.size());
    CARTBELL_TRY(find_known(arrivals));
    CARTBELL_TRY(find_tombstones(arrivals));
    CARTBELL_TRY(load_customers(arrivals));
    CARTBELL_TRY(load_containers(arrivals));
    CARTBELL_TRY(load_orders(arrivals));
    CARTBELL_TRY(load_products(arrivals));
    CARTBELL_TRY(load_old_messages(arrivals));
    for (Arrival &arrival : arrivals) CARTBELL_TRY(take(arrival, applied));
    CARTBELL_TRY(write_entries());
    CARTBELL_TRY(write_events());
    CARTBELL_TRY(write_orders());
    CARTBELL_TRY(old_messages_.write(unit_.counters, older_, owner_of_));
    CARTBELL_TRY(write_customers());
    CARTBELL_TRY(write_containers());
    CARTBELL_TRY(identities_.save());
    CARTBELL_TRY(products_.write(unit_.counters, older_));
    CARTBELL_TRY(older_.write());
    unit_.counters[Counter::journal_position] += static_cast<int64_t>(accepted_.size());
    unit_.counters[Counter::operations] += static_cast<int64_t>(accepted_.size());
    return {};
}

void Intake::collect(Batch &batch, std::vector<Arrival> &arrivals) {
    codec::Batch &parsed = batch.impl().parsed;
    arrivals.reserve(arrivals.size() + parsed.operations.size());
    const Settings &settings = *unit_.catalog->settings;
    const bool stale = parsed.settings_version != settings.version;
    for (codec::Parsed &one : parsed.operations) {
        if (stale && !one.body.empty()) parse_again(one, batch.impl());
        Arrival &arrival = arrivals.emplace_back();
        arrival.parsed = &one;
        if (one.ok()) arrival.key = key_of(one.operation);
    }
    if (stale) parsed.settings_version = settings.version;
}

// formats.md §0: an operation is checked against the version in force when it enters, not when it was parsed.
void Intake::parse_again(codec::Parsed &parsed, const Batch::Impl &batch) {
    auto again = codec::parse(parsed.body, codec::Form::operation, batch.default_source, *unit_.catalog->settings, with_.limits);
    if (!again.ok() || again->operations.size() != 1) return;  // malformed then, malformed now
    const std::string_view body = parsed.body;
    const uint32_t line = parsed.line;
    parsed = std::move(again->operations.front());
    parsed.body = body;
    parsed.line = line;
    if (parsed.operation.sent_at == no_instant) parsed.operation.sent_at = batch.parsed.sent_at;
}

Status Ingest::find_known(std::span<Arrival> arrivals) {
    using namespace store::operation_column;
    std::vector<Arrival *> asked;
    Rows keys;
    for (Arrival &arrival : arrivals) {
        if (!arrival.parsed->ok()) continue;
        asked.push_back(&arrival);
        keys.lend_text(arrival.parsed->operation.source).lend_text(arrival.parsed->operation.id);
    }
    if (keys.empty()) return {};
    Found found;
    CARTBELL_TRY(get(transaction_, store::operation, count_, keys, found));
    Rows positions;
    std::vector<const Arrival *> known;
    for (size_t row = 0; row < asked.size(); ++row) {
        if (!found.has(row)) continue;
        Arrival &arrival = *asked[row];
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

Status Ingest::load_products(std::span<const Arrival> arrivals) {
    std::vector<std::string_view> ids;
    for (const Arrival &arrival : arrivals)
        if (arrival.is_new() && arrival.parsed->operation.type == OperationType::product)
            ids.push_back(arrival.parsed->operation.product.product_id);
    return products_.load(std::move(ids));
}

Status Ingest::load_old_messages(std::span<const Arrival> arrivals) {
    std::vector<std::string_view> ids;
    for (const Arrival &arrival : arrivals)
        if (arrival.parsed->ok() && arrival.known_position == 0 && arrival.parsed->operation.type == OperationType::message)
            ids.push_back(arrival.parsed->operation.message.message_id);
    return old_messages_.load(std::move(ids));
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
    } else if (!arrival.erased.empty()) {
        result.outcome = codec::Outcome::rejected;
        result.errors = arrival.erased;
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
    const Times times = corrected_times(*operation, now_, settings_, with_.zones);
    if (operation->if_version >= 0) {  // before a customer is made for it
        CARTBELL_ASSIGN(const int64_t version, version_of(*operation, times.occurred_at));
        if (version != operation->if_version) {
            result.outcome = codec::Outcome::rejected;
            result.errors.push_back({"version", "/if_version", "the object has version " + std::to_string(version)});
            return {};
        }
    }
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
    if (operation->type == OperationType::product)
        CARTBELL_TRY(products_.take(entry, result, [this](const EntriesOf &object, const EntryList &entries) { return load_entries(object, entries); }));
    CARTBELL_TRY(fold_in(entry, result));
    return tell_containers(entry, result);
}

Status Ingest::fold_in(const Entry &entry, codec::OperationResult &result) {
    const Operation &operation = *entry.operation;
    if (is_merge(operation.type)) return take_merge(entry, result);
    const bool is_somebodys = !operation.customer.empty();
    if (is_somebodys) CARTBELL_TRY(claim_identities(entry, result));
    if (operation.type == OperationType::event) return take_event(entry, result);
    bool above_all = false;
    if (operation.type == OperationType::container) {
        CARTBELL_ASSIGN(above_all, is_first_of_customer(entry));
    }
    if (is_somebodys) CARTBELL_TRY(fold_into_customer(entry, result));
    if (operation.type == OperationType::container) return take_container(entry, above_all, result);
    if (operation.type == OperationType::message) old_messages_.take(entry, result);
    if (operation.type != OperationType::order) return {};
    if (is_somebodys && empties_cart(entry, settings_)) CARTBELL_TRY(empty_cart(entry));
    return fold_into_order(orders_[operation.order.order_id], entry, result);
}

Result<int64_t> Ingest::version_of(const Operation &operation, Instant at) {
    if (operation.type == OperationType::order) return orders_[operation.order.order_id].state.version();
    if (operation.type == OperationType::product) return products_.version(operation.product.product_id);
    if (operation.type == OperationType::message) return old_messages_.version(operation.message.message_id);
    CARTBELL_ASSIGN(Node *const root, root_of(operation.customer.front(), at));
    if (operation.type == OperationType::container) {
        if (root->has_customer()) CARTBELL_TRY(customer_slot(*root));
        CARTBELL_ASSIGN(const ContainerSlot *const container, container_slot(*root, operation.container.container));
        return container->state.facts;
    }
    if (!root->has_customer() && known_slot(*root) == nullptr) return int64_t{0};
    CARTBELL_ASSIGN(const CustomerSlot *const slot, customer_slot(*root));
    return slot->state.version();
}

Result<std::deque<LoadedEntry>> Ingest::load_entries(const EntriesOf &object, const EntryList &entries) {
    std::vector<int64_t> positions;
    std::deque<LoadedEntry> loaded;
    CARTBELL_TRY(read_entries(transaction_, object, entries, positions));
    const auto first_new = std::lower_bound(positions.begin(), positions.end(), first_position_);
    CARTBELL_TRY(reader_.load({positions.begin(), first_new}, loaded));
    for (auto at = first_new; at != positions.end(); ++at) {
        const Accepted &accepted = accepted_[static_cast<size_t>(*at - first_position_)];
        loaded.push_back({*accepted.operation, accepted.stamp});
    }
    return loaded;
}

void Ingest::keep_facts() noexcept {
    try {
        for (auto &[id, slot] : orders_)
            if (slot.facts) kept_.orders.keep(id, std::move(slot.facts));
        for (auto &[root, slot] : customers_)
            if (slot.facts) kept_.customers.keep(std::to_string(root->customer_id), std::move(slot.facts));
        products_.keep_facts();
    } catch (const std::bad_alloc &) {  // the unit is committed all the same
        kept_.clear();
    }
    kept_.as_of = unit_.counters[Counter::operations];
}

// The journal must say what the batch said for all its operations (formats.md §1 `sent_at`): an entry is read alone.
Result<std::string_view> Ingest::body_to_keep(const Arrival &arrival, const Operation &operation, bool skewed) {
    if (!skewed) return arrival.parsed->body;
    CARTBELL_ASSIGN(const Operation alone, codec::parse_entry(arrival.parsed->body, operation.source, settings_));
    if (alone.sent_at != no_instant) return arrival.parsed->body;
    CARTBELL_ASSIGN(bodies_.emplace_back(), codec::body_with_sent_at(arrival.parsed->body, operation.sent_at));
    return std::string_view(bodies_.back());
}

Status Ingest::write_entries() {
    if (accepted_.empty()) return {};
    Rows journal, operations;
    std::string packed;
    for (const Accepted &accepted : accepted_) {
        const Operation &operation = *accepted.operation;
        journal.integer(accepted.stamp.position).integer(accepted.stamp.received_at).integer(accepted.stamp.occurred_at);
        journal.lend_text(operation.source).integer(accepted.stamp.trust).integer(accepted.stamp.rank);
        journal.integer(accepted.stamp.settings_version).lend_text(operation_type_names[static_cast<size_t>(operation.type)]).lend_text(operation.id);
        journal.text(object_of(operation));
        pack_result(accepted.arrival->result, packed);
        journal.lend_text(accepted.body).text(packed);
        operations.lend_text(operation.source).lend_text(operation.id).integer(accepted.stamp.position).lend_bytes(hash_text(operation));
    }
    std::vector<uint8_t> existed;
    CARTBELL_TRY(transaction_.insert(store::journal, journal, existed));
    return transaction_.insert(store::operation, operations, existed);
}

}  // namespace cartbell::engine
