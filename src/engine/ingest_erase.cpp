// Ingest: an erase, and what tombstones refuse (docs/privacy.md).
#include <algorithm>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "codec/json_writer.hpp"
#include "engine/erasure.hpp"
#include "engine/ingest.hpp"
#include "engine/packed_result.hpp"
#include "engine/tombstones.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {
namespace {

struct Name {  // that an operation says somebody or something by
    std::string hash;
    std::string pointer;
};

std::vector<Name> names_of(const Operation &operation, const TombstoneKey &key) {
    std::vector<Name> names{{key.of_operation(operation.source, operation.id), "/id"}};
    if (operation.type == OperationType::erase) return names;  // who is erased again is erased
    for (const Identity &identity : operation.customer) names.push_back({key.of_identity(identity), "/customer/" + std::string(name_of(identity.kind))});
    if (!operation.event.session.value.empty()) names.push_back({key.of_identity(operation.event.session), "/session_id"});
    if (operation.type == OperationType::order) names.push_back({key.of_order(operation.order.order_id), "/order/order_id"});
    if (operation.type == OperationType::message) names.push_back({key.of_message(operation.message.message_id), "/message/message_id"});
    if (is_merge(operation.type)) {
        names.push_back({key.of_identity(operation.merge.from), "/from/" + std::string(name_of(operation.merge.from.kind))});
        names.push_back({key.of_identity(operation.merge.into), "/into/" + std::string(name_of(operation.merge.into.kind))});
    }
    return names;
}

// Where the operation of an erase is found again: its id may say whom it is of.
std::string hidden_id(const TombstoneKey &key, const Operation &operation) { return hex(key.of_operation(operation.source, operation.id)); }
std::string hidden_body(const TombstoneKey &key, const Operation &operation) {
    return key.hash("body", {reinterpret_cast<const char *>(operation.body_hash.data()), operation.body_hash.size()});
}

constexpr std::string_view no_id = R"({"id":"")";  // how a result without one begins

}  // namespace

// "a tombstone … refuses (`erased`) every operation whose `occurred_at` is not after it": one get for all of them.
Status Ingest::find_tombstones(std::span<Arrival> arrivals) {
    if (!has_tombstones(unit_.counters)) return {};
    const TombstoneKey key(unit_.counters);
    struct Asked {
        Arrival *arrival;
        std::string pointer;
    };
    std::vector<Asked> asked;
    Rows hashes;
    for (Arrival &arrival : arrivals) {
        if (!arrival.is_new()) continue;
        for (Name &name : names_of(arrival.parsed->operation, key)) {
            hashes.bytes(name.hash);
            asked.push_back({&arrival, std::move(name.pointer)});
        }
    }
    if (asked.empty()) return {};
    Found found;
    CARTBELL_TRY(get(transaction_, store::tombstone, store::tombstone_column::count_, hashes, found));
    for (size_t i = 0; i < asked.size(); ++i) {
        if (!found.has(i)) continue;
        const Instant until = found.cell(i, store::tombstone_column::at).integer;
        const Operation &operation = asked[i].arrival->parsed->operation;
        if (corrected_times(operation, now_, settings_, with_.zones).occurred_at > until) continue;
        std::string message = until == never ? "the operation of this id was erased" : "erased with all that happened up to " + format_instant(until);
        asked[i].arrival->erased.push_back({"erased", asked[i].pointer, std::move(message)});
    }
    return {};
}

Status Ingest::run_erase(Arrival &arrival, Applied &applied) {
    const Operation &operation = arrival.parsed->operation;
    codec::OperationResult result;
    result.id = operation.id;
    CARTBELL_TRY(find_known({&arrival, 1}));
    if (arrival.known_position != 0) {
        result.outcome = codec::Outcome::rejected;
        result.errors.push_back({"id_reused", "/id", "this id was used with another body"});
    } else {
        CARTBELL_ASSIGN(const bool is_known, find_known_erase(arrival, result));
        if (is_known && result.errors.empty()) {
            ++applied.duplicate;
            return {};
        }
        if (!is_known) CARTBELL_TRY(find_tombstones({&arrival, 1}));
        if (!arrival.erased.empty()) {
            result.outcome = codec::Outcome::rejected;
            result.errors = arrival.erased;
        } else if (!is_known) {
            CARTBELL_TRY(take_erase(arrival, result));
        }
    }
    codec::append_result(arrival.result, result);
    ++(result.outcome == codec::Outcome::rejected ? applied.rejected : applied.accepted);
    return {};
}

// formats.md §1 `id`, of an erase: "the same id and the same canonical body is a duplicate, answered with the first result; another body is `id_reused`".
Result<bool> Ingest::find_known_erase(Arrival &arrival, codec::OperationResult &result) {
    if (!has_tombstones(unit_.counters)) return false;
    const Operation &operation = arrival.parsed->operation;
    const TombstoneKey key(unit_.counters);
    const std::string id = hidden_id(key, operation);
    const store::Cell wanted[] = {store::text_cell(operation.source), store::text_cell(id)};
    Found found;
    CARTBELL_TRY(get(transaction_, store::operation, store::operation_column::count_, wanted, found));
    if (!found.has(0)) return false;
    if (store::text_of(found.cell(0, store::operation_column::body_hash)) != hidden_body(key, operation)) {
        result.outcome = codec::Outcome::rejected;
        result.errors.push_back({"id_reused", "/id", "this id was used with another body"});
        return true;
    }
    const store::Cell position = store::integer_cell(found.cell(0, store::operation_column::position).integer);
    CARTBELL_TRY(get(transaction_, store::journal, store::journal_column::count_, {&position, 1}, found));
    if (!found.has(0)) return failure(Code::corrupt, "lost_entry", "an operation's entry is not in the journal");
    CARTBELL_ASSIGN(std::string answer, codec::result_as_duplicate(unpack_result(store::text_of(found.cell(0, store::journal_column::result)))));
    if (!answer.starts_with(no_id)) return failure(Code::corrupt, "lost_entry", "an entry of the journal cannot be read");
    arrival.result = R"({"id":)";
    append_json_string(arrival.result, operation.id);
    arrival.result += std::string_view(answer).substr(no_id.size());
    return true;
}

// It acts on what is stored when it arrives.
Status Ingest::take_erase(const Arrival &arrival, codec::OperationResult &result) {
    const Operation &operation = arrival.parsed->operation;
    const Times times = corrected_times(operation, now_, settings_, with_.zones);
    if (!has_tombstones(unit_.counters)) {
        std::string seed = std::to_string(now_) + ' ' + std::to_string(first_position_) + ' ';
        TombstoneKey::make(unit_.counters, seed += arrival.parsed->body);
    }
    const TombstoneKey key(unit_.counters);
    kept_.clear();
    result.warnings = operation.warnings;
    result.warnings.insert(result.warnings.end(), times.notes.begin(), times.notes.end());
    result.version = 0;
    std::set<std::string> hashes;
    std::vector<Identity> left;
    Erasure erasure(unit_, identities_, reader_, operation.erase, times.occurred_at, first_position_);
    CARTBELL_TRY(erasure.find(operation.customer, result.warnings));
    CARTBELL_TRY(erase(erasure, hashes, left));
    // Somebody else's entries can become the person's when the person's merges are gone: they go too.
    while (!left.empty()) {
        Ingest rest(unit_, with_, now_, kept_);
        rest.first_position_ = first_position_;
        Erasure again(unit_, rest.identities_, rest.reader_, operation.erase, times.occurred_at, first_position_);
        CARTBELL_TRY(again.find_rest(left));
        CARTBELL_TRY(rest.erase(again, hashes, left));
    }
    return write_erase(arrival, times, key, hashes, result);
}

// `left`: of the identities that led to the person those that are somebody again.
Status Ingest::erase(Erasure &erasure, std::set<std::string> &hashes, std::vector<Identity> &left) {
    CARTBELL_TRY(erasure.carry_out());
    erasure.add_hashes(hashes);
    CARTBELL_TRY(fold_without(erasure));
    CARTBELL_TRY(write_orders());
    CARTBELL_TRY(old_messages_.write(unit_.counters, older_, owner_of_));
    CARTBELL_TRY(write_customers());
    CARTBELL_TRY(write_containers());
    left.clear();
    for (const Identity &identity : erasure.own()) {
        CARTBELL_ASSIGN(const Node *const node, identities_.find(identity));
        if (node->has_customer()) left.push_back(identity);
    }
    CARTBELL_TRY(identities_.save());
    return older_.write();
}

// What others are without what was erased.
Status Ingest::fold_without(const Erasure &erasure) {
    const auto fold = [this](const std::vector<int64_t> &positions, std::string id, size_t lines, int64_t stored_owner) -> Status {
        std::deque<LoadedEntry> loaded;
        CARTBELL_TRY(reader_.load(positions, loaded));
        OrderSlot &slot = orders_[moved_orders_.emplace_back(std::move(id))];
        slot.stored_owner = stored_owner;
        slot.stored_lines = lines;
        slot.changed = true;
        slot.state = fold_order(entries_of(loaded));
        return {};
    };
    CARTBELL_TRY(mark_containers({erasure.others().begin(), erasure.others().end()}));
    CARTBELL_TRY(mark_containers(erasure.owners()));
    for (const Erasure::OrderOf &order : erasure.anonymous_orders()) CARTBELL_TRY(fold(order.positions, order.id, 0, -1));
    for (const Erasure::OrderOf &order : erasure.others_orders()) {
        const store::Cell key[] = {store::integer_cell(order.owner), store::text_cell(order.id)};
        Found found;
        CARTBELL_TRY(get(transaction_, store::orders, store::orders_column::count_, key, found));
        if (!found.has(0)) return failure(Code::corrupt, "lost_order", "the directory names an order that is not stored");
        Order stored;
        CARTBELL_TRY(decode(store::text_of(found.cell(0, store::orders_column::state)), stored));
        std::vector<int64_t> positions;
        const EntriesOf entries = entries_of_order(order.owner, order.id);
        CARTBELL_TRY(read_entries(transaction_, entries, stored.entries, positions));
        older_.drop(entries, stored.entries.older);
        CARTBELL_TRY(fold(positions, order.id, stored.lines.size(), order.owner));
    }
    for (const std::string &id : erasure.others_old_messages()) CARTBELL_TRY(old_messages_.fold_anew(id, reader_, older_));
    for (Node *root : erasure.others()) {
        CARTBELL_ASSIGN(CustomerSlot *const slot, customer_slot(*root));
        CARTBELL_ASSIGN(const std::deque<LoadedEntry> loaded, load_entries(entries_of_customer(root->customer_id), slot->state.entries));
        CARTBELL_TRY(refold(*root, *slot, entries_of(loaded)));
        slot->facts.reset();
    }
    if (!erasure.owners().empty()) {
        for (Node *identity : erasure.changed()) CARTBELL_TRY(regroup(erasure.owners(), *identity, least_instant));
        CARTBELL_TRY(regroup_events(erasure.owners(), least_instant, greatest_instant));
    }
    return refold_marked_containers();
}

// "the erase entry keeps only the hashes"
Status Ingest::write_erase(const Arrival &arrival, const Times &times, const TombstoneKey &key, const std::set<std::string> &hashes,
                           const codec::OperationResult &result) {
    const Operation &operation = arrival.parsed->operation;
    const Stamp stamp = make_stamp(operation, times, settings_, now_, first_position_);
    codec::OperationResult answer = result;
    answer.id.clear();
    std::string text, packed, body;
    codec::JsonWriter out(body);
    out.open('{').key("type").text("erase").key("mode").text(erase_mode_names[static_cast<size_t>(operation.erase)]).key("hashes").open('[');
    for (const std::string &hash : hashes) out.text(hash);
    out.close(']').close('}');
    codec::append_result(text, answer);
    pack_result(text, packed);
    Rows journal, ids;
    journal.integer(stamp.position).integer(stamp.received_at).integer(stamp.occurred_at).lend_text(operation.source).integer(stamp.trust).integer(stamp.rank);
    journal.integer(stamp.settings_version).lend_text(operation_type_names[static_cast<size_t>(operation.type)]).lend_text("").null();
    journal.lend_text(body).lend_text(packed);
    ids.lend_text(operation.source).text(hidden_id(key, operation)).integer(stamp.position).bytes(hidden_body(key, operation));
    NewTombstones id(transaction_, unit_.counters);
    id.add(key.of_operation(operation.source, operation.id), never);
    CARTBELL_TRY(id.write());
    std::vector<uint8_t> existed;
    CARTBELL_TRY(transaction_.insert(store::journal, journal, existed));
    CARTBELL_TRY(transaction_.insert(store::operation, ids, existed));
    ++unit_.counters[Counter::journal_position];
    ++unit_.counters[Counter::operations];
    return {};
}

}  // namespace cartbell::engine
