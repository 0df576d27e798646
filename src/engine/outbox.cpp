// Engine: messages leased, reported on, read.
#include "engine/outbox.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>

#include "campaign/message_state.hpp"
#include "codec/report_json.hpp"
#include "engine/answers.hpp"
#include "engine/merged_messages.hpp"
#include "engine/message_counts.hpp"
#include "engine/rows.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {
namespace {

using campaign::MessageState;
namespace column = store::message_column;

constexpr uint64_t expired_at_once = 1024;
constexpr int queue_index = 0;
constexpr int until_index = 0;
constexpr char token_separator = '\x1f';

void add_message_key(Rows &keys, int64_t customer_id, std::string_view source, std::string_view key) {
    keys.integer(customer_id).text(source).text(key);
}

// A lease row that has ended stays, with `until` never: it finds the message by its id.
struct LeaseRow {
    std::string message_id, source, key, worker;
    int64_t customer_id = 0;
    Instant until = never;
    std::string positions;  // of the journal's reports on it, encoded; "" = none
};

LeaseRow lease_row(std::span<const store::Cell> row) {
    using namespace store::lease_column;
    LeaseRow lease;
    lease.message_id = store::text_of(row[message_id]);
    lease.customer_id = row[customer_id].integer;
    lease.source = store::text_of(row[source]);
    lease.key = store::text_of(row[key]);
    lease.until = row[until].integer;
    lease.worker = store::text_of(row[worker]);
    lease.positions = store::text_of(row[positions]);
    return lease;
}

void add_lease(Rows &rows, const LeaseRow &lease) {
    rows.text(lease.message_id).integer(lease.customer_id).text(lease.source).text(lease.key).integer(lease.until).text(lease.worker);
    lease.positions.empty() ? rows.null() : rows.bytes(lease.positions);
}

// One message under report: as stored, and as it becomes.
struct Reported {
    LeaseRow lease;
    std::vector<store::Cell> row;   // cells point into `memory`
    Arena memory;
    MessageState stored = MessageState::queued, state = MessageState::queued;
    std::string reason, provider_id;
    bool changed = false;
};

class ReportUnit {
  public:
    ReportUnit(Reading &unit, const std::vector<codec::MessageReport> &reports) : unit_(unit), reports_(reports) {}

    Status load() {
        std::vector<std::string_view> ids;
        for (const codec::MessageReport &report : reports_) ids.push_back(report.message_id);
        std::sort(ids.begin(), ids.end());
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
        if (ids.empty()) return {};
        Rows keys, message_keys;
        for (const std::string_view id : ids) keys.lend_text(id);
        Found found;
        CARTBELL_TRY(get(unit_.transaction, store::lease, store::lease_column::count_, keys, found));
        std::vector<Reported *> known;
        for (size_t i = 0; i < ids.size(); ++i) {
            if (!found.has(i)) continue;
            Reported &one = reported_[ids[i]];
            one.lease = lease_row(std::span(found.cells).subspan(i * found.width, found.width));
            known.push_back(&one);
            add_message_key(message_keys, one.lease.customer_id, one.lease.source, one.lease.key);
        }
        if (known.empty()) return {};
        CARTBELL_TRY(get(unit_.transaction, store::message, column::count_, message_keys, found));
        for (size_t i = 0; i < known.size(); ++i) {
            if (!found.has(i)) return failure(Code::corrupt, "lost_message", "a lease names a message that is not stored");
            CARTBELL_TRY(take(*known[i], std::span(found.cells).subspan(i * found.width, found.width)));
        }
        return {};
    }

    void answer(std::string &out) {
        out = "{\"reports\":[";
        for (const codec::MessageReport &report : reports_) {
            if (out.back() != '[') out += ',';
            out += '{';
            add_text(out, "message_id", report.message_id);
            const auto known = reported_.find(report.message_id);
            if (known == reported_.end())
                add_refusal(out, "unknown_message", "no message of this id was ever leased");
            else
                apply(out, report, known->second);
            out += '}';
        }
        out += "]}";
    }

    // `position`: of the journal's line about it.
    Status save(int64_t position) {
        Rows rows, leases;
        MessageCounts counts;
        for (auto &[id, one] : reported_) {
            if (!one.changed) continue;
            any_changed_ = true;
            counts.take(one.lease.source, one.stored, store::text_of(one.row[column::reason]));
            counts.add(one.lease.source, one.state);
            add_changed(rows, one.row,
                        {{column::state, store::text_cell(campaign::name_of(one.state))},
                         {column::reason, one.reason.empty() ? store::null_cell() : store::text_cell(one.reason)},
                         {column::provider_id, one.provider_id.empty() ? store::null_cell() : store::text_cell(one.provider_id)}});
            one.lease.until = never;
            CARTBELL_TRY(add_position(one.lease, position));
            add_lease(leases, one.lease);
        }
        if (rows.empty()) return {};
        CARTBELL_TRY(counts.save(unit_.transaction));
        CARTBELL_TRY(unit_.transaction.put(store::message, rows));
        CARTBELL_TRY(unit_.transaction.put(store::lease, leases));
        for (const auto &[id, one] : reported_)  // a provider took it after all: its twin need not be sent
            if (one.changed && one.stored == MessageState::retracted)
                CARTBELL_TRY(retract_twins(unit_.transaction, one.lease.customer_id, one.lease.source, planned_key(one.lease.key, id)));
        return {};
    }

    bool any_changed() const { return any_changed_; }
    bool has_changed(std::string_view message_id) const {
        const auto known = reported_.find(message_id);
        return known != reported_.end() && known->second.changed;
    }

  private:
    static Status add_position(LeaseRow &lease, int64_t position) {
        std::vector<int64_t> positions;
        if (!lease.positions.empty()) CARTBELL_TRY(decode(lease.positions, positions));
        positions.push_back(position);
        lease.positions.clear();
        encode(positions, lease.positions);
        return {};
    }
    static Status take(Reported &one, std::span<const store::Cell> row) {
        for (store::Cell cell : row) {
            if (cell.type == CARTBELL_CELL_TEXT) cell = store::text_cell(one.memory.keep(store::text_of(cell)));
            one.row.push_back(cell);
        }
        const auto state = campaign::message_state(store::text_of(one.row[column::state]));
        if (!state) return failure(Code::corrupt, "bad_message", "a message has an unknown state");
        one.stored = one.state = *state;
        one.reason = store::text_of(one.row[column::reason]);
        one.provider_id = store::text_of(one.row[column::provider_id]);
        return {};
    }

    static void add_refusal(std::string &out, std::string_view code, std::string_view message) {
        add_text(out, "outcome", "refused");
        add_name(out, "error");
        codec::append_note(out, {std::string(code), "", std::string(message)});
    }

    static void apply(std::string &out, const codec::MessageReport &report, Reported &one) {
        const MessageState said = *campaign::message_state(report.outcome);  // the codec let only states of reports in
        const bool gave_up = said == MessageState::failed || said == MessageState::bounced;
        const bool of_another = !report.worker.empty() && one.lease.worker != report.worker;
        campaign::Move move = campaign::move_on_report(one.state, said);
        // A hand-over that is known by its provider's id and said once more, after the provider gave the message up.
        if (one.state == MessageState::failed && said == MessageState::handed_over && !one.provider_id.empty() && report.provider_id == one.provider_id)
            move = campaign::Move::stays;
        // Once a lease has run out, only that a provider took the message is still of interest; and that is undone by none but the
        // worker who handed it over, or by a report of no worker: the provider's own word.
        if (one.state == MessageState::queued && (said == MessageState::failed || (gave_up && !report.worker.empty()))) {
            add_refusal(out, "not_leased", "the lease ran out and the message is queued again");
        } else if (one.state == MessageState::leased && of_another && gave_up) {
            add_refusal(out, "not_leased", "another worker holds this message now");
        } else if ((one.state == MessageState::handed_over || one.state == MessageState::delivered) && of_another && gave_up) {
            add_refusal(out, "not_leased", "another worker handed this message over");
        } else if (move == campaign::Move::refused) {
            add_refusal(out, "contradiction", "the message is " + std::string(campaign::name_of(one.state)));
        } else {
            if (move == campaign::Move::moves) {
                if (!gave_up && one.state != MessageState::handed_over && !report.worker.empty()) one.lease.worker = report.worker;
                one.state = said;
                one.reason = report.reason;
                if (!report.provider_id.empty()) one.provider_id = report.provider_id;
                one.changed = true;
            }
            add_text(out, "outcome", move == campaign::Move::moves ? "changed" : "unchanged");
        }
        add_text(out, "state", campaign::name_of(one.state));
    }

    Reading &unit_;
    const std::vector<codec::MessageReport> &reports_;
    std::map<std::string_view, Reported> reported_;
    bool any_changed_ = false;
};

Result<Identity> root_of(store::Transaction &transaction, int64_t customer_id) {
    const store::Cell key = store::integer_cell(customer_id);
    Found found;
    Customer customer;
    CARTBELL_TRY(get(transaction, store::customer, store::customer_column::count_, {&key, 1}, found));
    if (!found.has(0)) return failure(Code::corrupt, "lost_customer", "a message is of a customer that is not stored");
    CARTBELL_TRY(decode(store::text_of(found.cell(0, store::customer_column::state)), customer));
    return customer.root;
}

// Page tokens: source and key of the last row and its customer's root; the customer's id stays inside (architecture.md §4 "Ids").
Status position_of(store::Transaction &transaction, std::string_view token, Rows &bound) {
    const size_t first = token.find(token_separator), second = token.find(token_separator, first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) return failure(Code::invalid, "bad_token", "this is no page's next");
    CARTBELL_ASSIGN(const Identity identity, read_identity(token.substr(second + 1)));
    CARTBELL_ASSIGN(const int64_t id, find_page(transaction, identity));
    if (id == 0) return failure(Code::invalid, "bad_token", "this is no page's next");
    bound.integer(id).text(token.substr(0, first)).text(token.substr(first + 1, second - first - 1));
    return {};
}

// The key of a message, kept while its row goes. A page that does not go forward, in a damaged store, would be followed for ever.
struct MessagePosition {
    int64_t customer_id = INT64_MIN;
    std::string source, key;

    // Goes on to a row; false if it is not above.
    bool advance(std::span<const store::Cell> row) {
        const std::string_view row_source = store::text_of(row[column::source]), row_key = store::text_of(row[column::key]);
        const int64_t id = row[column::customer_id].integer;
        if (std::tuple(id, row_source, row_key) <= std::tuple<int64_t, std::string_view, std::string_view>(customer_id, source, key)) return false;
        customer_id = id;
        source = row_source;
        key = row_key;
        return true;
    }
};

}  // namespace

void append_message(std::string &out, std::span<const store::Cell> row) {
    const auto cell = [&](int which) -> const store::Cell & { return row[static_cast<size_t>(which)]; };
    const auto instant = [&](std::string_view name, int which) {
        add_instant(out, name, store::is_null(cell(which)) ? never : cell(which).integer);
    };
    out += '{';
    add_cell(out, "message_id", cell(column::message_id));
    add_cell(out, "source", cell(column::source));
    add_cell(out, "key", cell(column::key));
    add_cell(out, "customer", cell(column::identity));
    add_cell(out, "channel", cell(column::channel));
    add_cell(out, "category", cell(column::category));
    add_cell(out, "template", cell(column::template_code));
    add_cell(out, "state", cell(column::state));
    add_cell(out, "reason", cell(column::reason));
    instant("planned_at", column::planned_at);
    instant("due_at", column::due_at);
    add_number(out, "attempts", cell(column::attempts).integer);
    add_cell(out, "provider_id", cell(column::provider_id));
    add_json(out, "parts", store::is_null(cell(column::parts)) ? std::string_view("null") : store::text_of(cell(column::parts)));
    out += '}';
}

Result<bool> requeue_expired(Reading &unit, Instant now) {
    std::vector<LeaseRow> expired;
    {
        const store::Cell bound = store::integer_cell(now);
        store::ScanRange range;
        range.table = store::lease;
        range.index = until_index;
        range.upper = {&bound, 1};
        range.limit = expired_at_once;
        CARTBELL_ASSIGN(store::Cursor cursor, unit.transaction.scan(range));
        for (;;) {
            CARTBELL_ASSIGN(const auto rows, cursor.next());
            if (rows.empty()) break;
            for (size_t at = 0; at < rows.size(); at += cursor.width()) expired.push_back(lease_row(rows.subspan(at, cursor.width())));
        }
    }
    if (expired.empty()) return false;
    std::sort(expired.begin(), expired.end(), [](const LeaseRow &a, const LeaseRow &b) { return a.customer_id < b.customer_id; });
    Rows keys, rows, leases;
    for (LeaseRow &lease : expired) {
        add_message_key(keys, lease.customer_id, lease.source, lease.key);
        lease.until = never;
        add_lease(leases, lease);
    }
    Found found;
    MessageCounts counts;
    CARTBELL_TRY(get(unit.transaction, store::message, column::count_, keys, found));
    for (size_t i = 0; i < expired.size(); ++i) {
        if (!found.has(i) || store::text_of(found.cell(i, column::state)) != campaign::name_of(MessageState::leased)) continue;
        add_changed(rows, std::span(found.cells).subspan(i * found.width, found.width),
                    {{column::state, store::text_cell(campaign::name_of(MessageState::queued))}});
        counts.take(expired[i].source, MessageState::leased);
        counts.add(expired[i].source, MessageState::queued);
    }
    CARTBELL_TRY(counts.save(unit.transaction));
    if (!rows.empty()) CARTBELL_TRY(unit.transaction.put(store::message, rows));
    CARTBELL_TRY(unit.transaction.put(store::lease, leases));
    for (const LeaseRow &lease : expired)  // its customer may have been merged meanwhile
        CARTBELL_TRY(retract_twins(unit.transaction, lease.customer_id, lease.source, planned_key(lease.key, lease.message_id)));
    return true;
}

Result<Instant> next_lease_end(store::Transaction &transaction) {
    store::ScanRange range;
    range.table = store::lease;
    range.index = until_index;
    range.limit = 1;
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    CARTBELL_ASSIGN(const auto rows, cursor.next());
    return rows.empty() ? never : rows[store::lease_column::until].integer;
}

Result<std::string> Engine::lease(std::string_view worker, size_t most, int64_t lease_us, Instant now) {
    if (lease_us < 1 || lease_us > never - std::max<Instant>(now, 0) - 1) return failure(Code::invalid, "bad_lease", "a lease lasts at least a microsecond");
    if (!valid_utf8(worker) || has_nul(worker)) return failure(Code::invalid, "bad_utf8", "the worker's name is no text");
    if (most > impl_->options.limits.page_rows) return failure(Code::limit, "page_rows", "too many messages in one lease");
    const std::lock_guard turn(impl_->turn);
    CARTBELL_ASSIGN(Reading unit, impl_->begin_write());
    CARTBELL_ASSIGN(const bool requeued, requeue_expired(unit, now));
    std::string out = "{\"messages\":[";
    Rows rows, leases;
    MessageCounts counts;
    if (most > 0) {
        const std::string_view queued = campaign::name_of(MessageState::queued), leased = campaign::name_of(MessageState::leased);
        const store::Cell lower[] = {store::text_cell(queued)}, upper[] = {store::text_cell(queued), store::integer_cell(now)};
        store::ScanRange range;
        range.table = store::message;
        range.index = queue_index;
        range.lower = lower;
        range.upper = upper;
        range.limit = most;
        range.claim = true;
        CARTBELL_ASSIGN(store::Cursor cursor, unit.transaction.scan(range));
        for (;;) {
            CARTBELL_ASSIGN(const auto block, cursor.next());
            if (block.empty()) break;
            for (size_t at = 0; at < block.size(); at += cursor.width()) {
                std::vector<store::Cell> row(block.begin() + static_cast<ptrdiff_t>(at), block.begin() + static_cast<ptrdiff_t>(at + cursor.width()));
                row[column::state] = store::text_cell(leased);
                counts.take(store::text_of(row[column::source]), MessageState::queued);
                counts.add(store::text_of(row[column::source]), MessageState::leased);
                ++row[column::attempts].integer;
                add_changed(rows, row, {});
                leases.text(store::text_of(row[column::message_id])).integer(row[column::customer_id].integer);
                leases.text(store::text_of(row[column::source])).text(store::text_of(row[column::key])).integer(now + lease_us).lend_text(worker).null();
                if (out.back() != '[') out += ',';
                append_message(out, row);
            }
        }
    }
    out += "]}";
    if (!rows.empty()) {
        CARTBELL_TRY(counts.save(unit.transaction));
        CARTBELL_TRY(unit.transaction.put(store::message, rows));
        CARTBELL_TRY(unit.transaction.put(store::lease, leases));
    }
    if (!rows.empty() || requeued) CARTBELL_TRY(impl_->commit(unit));
    return out;
}

Result<std::string> Engine::report(std::string_view json, Instant now) {
    CARTBELL_ASSIGN(const std::vector<codec::MessageReport> reports, codec::read_reports(json, impl_->options.limits));
    const std::lock_guard turn(impl_->turn);
    CARTBELL_ASSIGN(Reading unit, impl_->begin_write());
    ReportUnit work(unit, reports);
    CARTBELL_TRY(work.load());
    std::string out;
    work.answer(out);
    CARTBELL_TRY(work.save(unit.counters[Counter::journal_position] + 1));
    if (!work.any_changed()) return out;
    // What is told of messages that are not there may be about somebody who was erased.
    CARTBELL_ASSIGN(const std::string taken, codec::reports_on(json, [&](std::string_view message_id) { return work.has_changed(message_id); }));
    CARTBELL_TRY(append_journal(unit, "report", "", taken, now));
    CARTBELL_TRY(impl_->commit(unit));
    return out;
}

Result<std::string> Engine::message(std::string_view message_id) const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    const store::Cell id = store::text_cell(message_id);
    Found found;
    Rows key;
    CARTBELL_TRY(get(reading.transaction, store::lease, store::lease_column::count_, {&id, 1}, found));
    if (found.has(0)) {
        const LeaseRow lease = lease_row(found.cells);
        add_message_key(key, lease.customer_id, lease.source, lease.key);
    } else {  // never leased: ids have no index of their own before somebody outside can know them
        store::ScanRange range;
        range.table = store::message;
        range.columns = store::mask({column::customer_id, column::source, column::key, column::message_id});
        CARTBELL_ASSIGN(store::Cursor cursor, reading.transaction.scan(range));
        while (key.empty()) {
            CARTBELL_ASSIGN(const auto rows, cursor.next());
            if (rows.empty()) break;
            for (size_t at = 0; at < rows.size() && key.empty(); at += cursor.width())
                if (store::text_of(rows[at + column::message_id]) == message_id)
                    add_message_key(key, rows[at].integer, store::text_of(rows[at + column::source]), store::text_of(rows[at + column::key]));
        }
    }
    if (key.empty()) return failure(Code::not_found, "no_message", "there is no such message");
    CARTBELL_TRY(get(reading.transaction, store::message, column::count_, key, found));
    if (!found.has(0)) return failure(Code::corrupt, "lost_message", "a lease names a message that is not stored");
    std::string out;
    append_message(out, found.cells);
    return out;
}

Result<std::string> Engine::export_messages(std::string_view source, std::string_view after, size_t limit) const {
    if (limit > impl_->options.limits.page_rows) return failure(Code::limit, "page_rows", "the page is too large");
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    Rows bound;
    MessagePosition at_row;
    if (!after.empty()) {
        CARTBELL_TRY(position_of(reading.transaction, after, bound));
        at_row = {bound.cells()[0].integer, std::string(store::text_of(bound.cells()[1])), std::string(store::text_of(bound.cells()[2]))};
    }
    store::ScanRange range;
    range.table = store::message;
    range.lower = bound;
    range.lower_open = !after.empty();
    std::string out = "{\"messages\":[", last;
    int64_t last_id = 0;
    size_t listed = 0;
    bool more_to_come = false;
    CARTBELL_ASSIGN(store::Cursor cursor, reading.transaction.scan(range));
    while (!more_to_come && limit > 0) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) break;
        for (size_t at = 0; at < rows.size(); at += cursor.width()) {
            const auto row = rows.subspan(at, cursor.width());
            if (!at_row.advance(row)) return failure(Code::corrupt, "corrupt", "the stored messages are not in order");
            if (!source.empty() && store::text_of(row[column::source]) != source) continue;
            if (listed == limit) {
                more_to_come = true;
                break;
            }
            if (listed++ != 0) out += ',';
            append_message(out, row);
            last_id = at_row.customer_id;
            last = store::text_of(row[column::source]);
            last += token_separator;
            last += store::text_of(row[column::key]);
            last += token_separator;
        }
    }
    if (more_to_come) {
        CARTBELL_ASSIGN(const Identity root, root_of(reading.transaction, last_id));
        last += identity_text(root);
        Rows next;
        const Status found = position_of(reading.transaction, last, next);
        if (!found.ok() && found.code() != Code::invalid) return found.error();
        if (!found.ok() || next.cells()[0].integer != last_id)
            return failure(Code::corrupt, "corrupt", "a message is of another customer than its identity names");
    }
    out += "],\"next\":";
    if (more_to_come)
        append_json_string(out, last);
    else
        out += "null";
    return out += '}';
}

}  // namespace cartbell::engine
