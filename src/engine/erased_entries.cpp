// Erasure: the journal. An entry of which nothing stays keeps its line: position, type, times and source, without object, body, result and id.
#include <algorithm>

#include "base/hash.hpp"
#include "codec/report_json.hpp"
#include "codec/result_json.hpp"
#include "codec/stripped_body.hpp"
#include "engine/erasure.hpp"
#include "engine/event_rows.hpp"
#include "engine/old_messages.hpp"
#include "engine/packed_result.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {
namespace {

namespace column = store::journal_column;
constexpr size_t entries_at_once = 512;
constexpr std::string_view pseudonym_prefix = "erased-";

void add_gone(Rows &rows, std::span<const store::Cell> row) {
    add_changed(rows, row,
                  {{column::op_id, store::text_cell("")}, {column::object, store::null_cell()},
                   {column::body, store::null_cell()}, {column::result, store::null_cell()}});
}

// The first answer of an entry that says less now: it was taken, and nothing of what it changed.
std::string answer_of(std::string_view id) {
    codec::OperationResult result;
    result.id = id;
    result.version = 1;
    std::string text, packed;
    codec::append_result(text, result);
    pack_result(text, packed);
    return packed;
}

}  // namespace

std::string Erasure::order_pseudonym(std::string_view order_id) const {
    // An order of the same id may come later, and be erased too: the place in the journal tells them apart.
    return std::string(pseudonym_prefix) + hex(key_.hash("order pseudonym", std::to_string(position_) + '/' + std::string(order_id)));
}

Status Erasure::gather() {
    for (const Person &person : people_) {
        if (person.stored) CARTBELL_TRY(read_entries(transaction_, entries_of_customer(person.id), person.state.entries, named_));
        const size_t before = named_.size();
        if (unit_.counters[Counter::events] != 0) CARTBELL_TRY(read_event_positions(transaction_, person.id, named_));
        unit_.counters[Counter::events] -= static_cast<int64_t>(named_.size() - before);
    }
    std::sort(named_.begin(), named_.end());
    named_.erase(std::unique(named_.begin(), named_.end()), named_.end());
    for (const Person &person : people_)
        if (person.stored) {
            CARTBELL_TRY(gather_orders(person));
            CARTBELL_TRY(gather_old_messages(person));
        }
    std::sort(unnamed_.begin(), unnamed_.end());
    unnamed_.erase(std::unique(unnamed_.begin(), unnamed_.end()), unnamed_.end());
    return {};
}

Status Erasure::gather_orders(const Person &person) {
    using namespace store::orders_column;
    std::vector<std::pair<std::string, EntryList>> found;
    {
        const store::Cell owner = store::integer_cell(person.id);
        store::ScanRange range;
        range.table = store::orders;
        range.lower = range.upper = {&owner, 1};
        range.columns = store::mask({customer_id, order_id, state});
        CARTBELL_ASSIGN(store::Cursor cursor, transaction_.scan(range));
        Order order;
        for (;;) {
            CARTBELL_ASSIGN(const auto rows, cursor.next());
            if (rows.empty()) break;
            for (size_t at = 0; at < rows.size(); at += cursor.width()) {
                CARTBELL_TRY(decode(store::text_of(rows[at + state]), order));
                found.emplace_back(store::text_of(rows[at + order_id]), order.entries);
                --unit_.counters[Counter::orders];
                unit_.counters[Counter::lines] -= static_cast<int64_t>(order.lines.size());
            }
        }
    }
    for (const auto &[id, entries] : found) {
        std::vector<int64_t> positions;
        CARTBELL_TRY(read_entries(transaction_, entries_of_order(person.id, id), entries, positions));
        orders_[id];
        note_unnamed(positions);
    }
    return {};
}

Status Erasure::gather_old_messages(const Person &person) {
    std::vector<OldMessage> messages;
    CARTBELL_TRY(read_old_messages(transaction_, person.id, messages));
    for (const OldMessage &message : messages) {
        std::vector<int64_t> positions;
        CARTBELL_TRY(read_entries(transaction_, entries_of_message(person.id, message.message_id), message.entries, positions));
        old_messages_.insert(message.message_id);
        note_unnamed(positions);
    }
    return {};
}

void Erasure::note_unnamed(const std::vector<int64_t> &positions) {
    for (const int64_t position : positions)
        if (!std::binary_search(named_.begin(), named_.end(), position)) unnamed_.push_back(position);
}

Status Erasure::rewrite_entries() {
    for (const std::vector<int64_t> *positions : {&named_, &unnamed_})
        for (size_t first = 0; first < positions->size(); first += entries_at_once)
            CARTBELL_TRY(rewrite_block(std::span(*positions).subspan(first, std::min(entries_at_once, positions->size() - first))));
    for (auto &[id, positions] : orders_)
        if (!positions.empty()) anonymous_.push_back({0, order_pseudonym(id), std::move(positions)});
    for (const std::string &id : others_order_ids_) {
        const store::Cell key = store::text_cell(id);
        Found found;
        CARTBELL_TRY(get(transaction_, store::order_owner, store::order_owner_column::count_, {&key, 1}, found));
        if (!found.has(0)) return failure(Code::corrupt, "lost_order", "an entry is of an order that is not stored");
        others_orders_.push_back({found.cell(0, store::order_owner_column::customer_id).integer, id, {}});
    }
    return {};
}

// Identities that the entry carries, and those of them that it claims.
Status Erasure::note_named(const Operation &operation) {
    for (const Identity &identity : operation.customer) names_.insert(identity);
    std::vector<const Identity *> weaker;
    for (size_t i = 1; i < operation.customer.size(); ++i) weaker.push_back(&operation.customer[i]);
    if (const Identity &session = operation.event.session; !session.value.empty()) {
        names_.insert(session);
        if (!operation.customer.empty()) weaker.push_back(&session);
    }
    for (const Identity *identity : weaker) {
        CARTBELL_ASSIGN(Node *const node, identities_.find(*identity));
        claimed_.insert(node);
    }
    return {};
}

Result<Erasure::Fate> Erasure::fate_of(const LoadedEntry &entry) {
    const Operation &operation = entry.operation;
    const bool is_named = std::binary_search(named_.begin(), named_.end(), entry.stamp.position);
    if (is_named) CARTBELL_TRY(note_named(operation));
    const bool is_message = operation.type == OperationType::message;
    if (operation.type != OperationType::order && !is_message) return Fate::gone;
    const auto theirs = orders_.find(operation.order.order_id);
    if (is_message ? old_messages_.count(operation.message.message_id) == 0 : theirs == orders_.end()) {
        if (is_message)
            others_old_messages_.insert(operation.message.message_id);
        else
            others_order_ids_.insert(operation.order.order_id);
        return Fate::without_customer;
    }
    if (!is_named && !operation.customer.empty()) {
        CARTBELL_ASSIGN(Node *const known_by, identities_.find(operation.customer.front()));
        CARTBELL_ASSIGN(Node *const root, identities_.resolve(*known_by, entry.stamp.occurred_at));
        others_.insert(root);
        return Fate::identify;
    }
    if (mode_ == EraseMode::remove || is_message) return Fate::gone;
    theirs->second.push_back(entry.stamp.position);
    return Fate::anonymous;
}

Status Erasure::rewrite_block(std::span<const int64_t> positions) {
    std::deque<LoadedEntry> loaded;
    CARTBELL_TRY(reader_.load(positions, loaded));
    std::vector<Fate> fates;
    for (const LoadedEntry &entry : loaded) {
        CARTBELL_ASSIGN(const Fate fate, fate_of(entry));
        fates.push_back(fate);
    }
    Rows keys, rows, ids;
    for (const int64_t position : positions) keys.integer(position);
    Found found;
    CARTBELL_TRY(get(transaction_, store::journal, column::count_, keys, found));
    for (size_t i = 0; i < loaded.size(); ++i) {
        if (!found.has(i)) return failure(Code::corrupt, "lost_entry", "an object names an entry that the journal does not have");
        const auto row = std::span<const store::Cell>(found.cells).subspan(i * found.width, found.width);
        const Operation &operation = loaded[i].operation;
        const std::string_view body = store::text_of(row[column::body]);
        if (fates[i] == Fate::identify) {
            CARTBELL_ASSIGN(const std::string less, codec::body_as_identify(body));
            const std::string object = identity_text(operation.customer.front()), answer = answer_of(operation.id);
            add_changed(rows, row, {{column::type, store::text_cell("identify")}, {column::object, store::text_cell(object)},
                                      {column::body, store::text_cell(less)}, {column::result, store::text_cell(answer)}});
            continue;
        }
        const std::string hash = key_.of_operation(operation.source, operation.id);
        tombstones_.add(hash, never);
        ids.text(operation.source).text(operation.id);
        if (fates[i] == Fate::gone) {
            add_gone(rows, row);
            continue;
        }
        const std::string id = std::string(pseudonym_prefix) + hex(hash);
        std::string less, object = operation.type == OperationType::message ? operation.message.message_id : operation.order.order_id;
        if (fates[i] == Fate::without_customer) {
            CARTBELL_ASSIGN(less, codec::body_without_customer(body, id));
        } else {
            object = order_pseudonym(operation.order.order_id);
            const auto hidden = [&](std::string_view part) { return hex(key_.hash("order part", object + '/' + std::string(part))); };
            CARTBELL_ASSIGN(less, codec::body_of_anonymous_order(body, {id, object, *unit_.catalog->settings, hidden}));
        }
        const std::string answer = answer_of(id);
        add_changed(rows, row, {{column::op_id, store::text_cell(id)}, {column::object, store::text_cell(object)},
                                  {column::body, store::text_cell(less)}, {column::result, store::text_cell(answer)}});
    }
    CARTBELL_TRY(transaction_.put(store::journal, rows));
    if (!ids.empty()) CARTBELL_TRY(transaction_.remove(store::operation, ids));
    return tombstones_.write();
}

// A merge of one of the person's identities goes. One of somebody else's into the person becomes an unmerge from nobody: what that identity was
// merged into before must not come back.
Status Erasure::rewrite_merges() {
    Rows rows, ids, gone;
    for (const auto &[position, entry] : merges_) {
        const Operation &operation = entry.operation;
        const store::Cell key = store::integer_cell(position);
        Found found;
        CARTBELL_TRY(get(transaction_, store::journal, column::count_, {&key, 1}, found));
        if (!found.has(0)) return failure(Code::corrupt, "lost_entry", "a merge's entry is not in the journal");
        CARTBELL_ASSIGN(const std::string less,
                        codec::body_as_unmerge(store::text_of(found.cell(0, column::body)),
                                               std::string(pseudonym_prefix) + hex(key_.of_identity(operation.merge.into))));
        const std::string answer = answer_of(operation.id);
        const auto add_name = [&, at = entry.stamp.position](const Identity &identity) { gone.text(name_of(identity.kind)).text(identity.value).integer(at); };
        add_name(operation.merge.into);
        // find() may ask the store: the row's cells are copied before.
        Rows whole;
        add_changed(whole, found.cells, {});
        CARTBELL_ASSIGN(Node *const from, identities_.find(operation.merge.from));
        if (own_.count(from) == 0) {
            add_changed(rows, whole.cells(), {{column::type, store::text_cell("unmerge")}, {column::body, store::text_cell(less)},
                                                {column::result, store::text_cell(answer)}});
            continue;
        }
        add_name(operation.merge.from);
        add_gone(rows, whole.cells());
        tombstones_.add(key_.of_operation(operation.source, operation.id), never);
        ids.text(operation.source).text(operation.id);
    }
    if (rows.empty()) return {};
    CARTBELL_TRY(transaction_.put(store::journal, rows));
    if (!ids.empty()) CARTBELL_TRY(transaction_.remove(store::operation, ids));
    return transaction_.remove(store::merge_entry, gone);
}

// All lines of reports; those that speak of none of the messages come back as they were.
Status Erasure::find_old_reports() {
    store::ScanRange range;
    range.table = store::journal;
    range.columns = store::mask({column::position, column::type});
    return each_row(transaction_, range, [&](std::span<const store::Cell> row) -> Result<bool> {
        if (store::text_of(row[column::type]) == "report") reports_.insert(row[column::position].integer);
        return true;
    });
}

// A report may quote an address, and its message's id is made of the customer's identity.
Status Erasure::rewrite_reports() {
    if (has_old_reports_) CARTBELL_TRY(find_old_reports());
    for (const int64_t position : reports_) {
        const store::Cell key = store::integer_cell(position);
        Found found;
        Rows rows;
        CARTBELL_TRY(get(transaction_, store::journal, column::count_, {&key, 1}, found));
        if (!found.has(0)) return failure(Code::corrupt, "lost_entry", "a report is not in the journal");
        CARTBELL_ASSIGN(const std::string less, codec::reports_on(store::text_of(found.cell(0, column::body)),
                                                                  [&](std::string_view id) { return messages_.find(id) == messages_.end(); }));
        if (less == store::text_of(found.cell(0, column::body))) continue;
        add_changed(rows, found.cells, {{column::body, store::text_cell(less)}});
        CARTBELL_TRY(transaction_.put(store::journal, rows));
    }
    return {};
}

Status Erasure::write_tombstones() {
    for (const Identity &identity : names_) tombstones_.add(key_.of_identity(identity), at_);
    for (const auto &order : orders_) tombstones_.add(key_.of_order(order.first), at_);
    for (const std::string &id : old_messages_) tombstones_.add(key_.of_message(id), at_);
    return tombstones_.write();
}

}  // namespace cartbell::engine
