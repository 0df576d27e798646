// Engine: the messages of one customer, those of the outbox and those that an earlier system sent.
#include <algorithm>
#include <charconv>
#include <tuple>

#include "codec/message_json.hpp"
#include "engine/answers.hpp"
#include "engine/engine_impl.hpp"
#include "engine/old_messages.hpp"
#include "engine/outbox.hpp"
#include "model/field.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {
namespace {

constexpr size_t page_bytes = 16u << 20;  // a page that grew beyond ends early

// Where a message stands in the listing. A token is the place of a page's last message, so that what comes in between changes no other.
struct Place {
    Instant at = least_instant;  // planned_at; of an old message handed_over_at, or else the least of its times
    bool is_old = false;
    std::string message_id;
    std::string source, key;     // of one of the outbox

    auto order() const { return std::tie(at, is_old, message_id); }
    bool before(const Place &other) const { return order() > other.order(); }  // newest first
    std::string token() const { return std::to_string(at) + (is_old ? " old " : " own ") + message_id; }
};

Result<Place> place_of(std::string_view token) {
    const Error bad_token = failure(Code::invalid, "bad_token", "this is no page's next");
    Place place;
    const auto [rest, fault] = std::from_chars(token.data(), token.data() + token.size(), place.at);
    if (fault != std::errc()) return bad_token;
    std::string_view left = token.substr(static_cast<size_t>(rest - token.data()));
    place.is_old = left.starts_with(" old ");
    if (!place.is_old && !left.starts_with(" own ")) return bad_token;
    left.remove_prefix(5);
    place.message_id = left;
    return place;
}

Instant sent_at(const OldMessage &message) {
    const Record record = record_of(message);
    if (const Value *at = record.find(message_field::handed_over_at)) return at->number;
    Instant least = greatest_instant;
    for (FieldId field = message_field::planned_at; field <= message_field::unsubscribed_at; ++field)
        if (const Value *at = record.find(field)) least = std::min(least, at->number);
    return least == greatest_instant ? least_instant : least;
}

Result<std::vector<Place>> places_of(store::Transaction &transaction, int64_t customer_id) {
    namespace column = store::message_column;
    std::vector<Place> places;
    std::vector<OldMessage> old;
    CARTBELL_TRY(read_old_messages(transaction, customer_id, old));
    for (const OldMessage &message : old) places.push_back({sent_at(message), true, message.message_id, {}, {}});
    const store::Cell owner = store::integer_cell(customer_id);
    store::ScanRange range;
    range.table = store::message;
    range.lower = range.upper = {&owner, 1};
    range.columns = store::mask({column::customer_id, column::source, column::key, column::message_id, column::planned_at});
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) break;
        for (size_t at = 0; at < rows.size(); at += cursor.width()) {
            const auto text = [&](int which) { return std::string(store::text_of(rows[at + static_cast<size_t>(which)])); };
            places.push_back({rows[at + column::planned_at].integer, false, text(column::message_id), text(column::source), text(column::key)});
        }
    }
    std::sort(places.begin(), places.end(), [](const Place &a, const Place &b) { return a.before(b); });
    return places;
}

Status append(std::string &out, store::Transaction &transaction, int64_t customer_id, const Place &place) {
    Rows key;
    Found found;
    key.integer(customer_id);
    if (place.is_old) {
        key.lend_text(place.message_id);
        CARTBELL_TRY(get(transaction, store::old_message, store::old_message_column::count_, key, found));
    } else {
        key.lend_text(place.source).lend_text(place.key);
        CARTBELL_TRY(get(transaction, store::message, store::message_column::count_, key, found));
    }
    if (!found.has(0)) return failure(Code::corrupt, "lost_message", "a message was listed and is not stored");
    if (!place.is_old) {
        append_message(out, found.cells);
        return {};
    }
    OldMessage message;
    CARTBELL_TRY(decode(store::text_of(found.cell(0, store::old_message_column::state)), message));
    codec::append_old_message(out, message);
    return {};
}

}  // namespace

Result<std::string> Engine::customer_messages(std::string_view identity, std::string_view after, size_t limit) const {
    if (limit > impl_->options.limits.page_rows) return failure(Code::limit, "page_rows", "the page is too large");
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    CARTBELL_ASSIGN(const Identity wanted, read_identity(identity));
    CARTBELL_ASSIGN(const int64_t id, find_customer(reading.transaction, wanted));
    if (id == 0) return failure(Code::not_found, "no_customer", "there is no such customer");
    CARTBELL_ASSIGN(const std::vector<Place> places, places_of(reading.transaction, id));
    size_t at = 0;
    if (!after.empty()) {
        CARTBELL_ASSIGN(const Place last, place_of(after));
        at = static_cast<size_t>(std::upper_bound(places.begin(), places.end(), last, [](const Place &a, const Place &b) { return a.before(b); }) - places.begin());
    }
    std::string out = "{\"messages\":[";
    const size_t first = at;
    for (; at < places.size() && at - first < limit && out.size() < page_bytes; ++at) {
        if (at != first) out += ',';
        CARTBELL_TRY(append(out, reading.transaction, id, places[at]));
    }
    out += "],\"next\":";
    if (at > first && at < places.size())
        append_json_string(out, places[at - 1].token());
    else
        out += "null";
    return out += '}';
}

}  // namespace cartbell::engine
