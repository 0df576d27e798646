// Engine: events as JSON.
#include <charconv>

#include "codec/event_json.hpp"
#include "engine/answers.hpp"
#include "engine/engine_impl.hpp"
#include "engine/entries.hpp"
#include "engine/event_rows.hpp"

namespace cartbell::engine {
namespace {

constexpr size_t page_bytes = 16u << 20;  // a page that grew beyond ends early

// The key of the event at this position of the journal, where a page ended.
Result<FactKey> key_at(Reading &reading, const Zones &zones, std::string_view token) {
    int64_t position = 0;
    const auto [rest, fault] = std::from_chars(token.data(), token.data() + token.size(), position);
    EntryReader reader(reading.transaction, reading.catalog->settings, zones);
    std::deque<LoadedEntry> loaded;
    if (fault == std::errc() && rest == token.data() + token.size()) {
        const Status status = reader.load({&position, 1}, loaded);
        if (status.code() != Code::corrupt && !status.ok()) return Error(status.error());
    }
    if (loaded.size() != 1 || loaded.front().operation.type != OperationType::event)
        return failure(Code::invalid, "bad_token", "this is no page's next");
    return event_of({loaded.front().stamp, &loaded.front().operation}).key;
}

}  // namespace

Result<Instant> last_seen(store::Transaction &transaction, int64_t customer_id) {
    EventScan::Range all;
    all.newest_first = true;
    CARTBELL_ASSIGN(EventScan events, EventScan::begin(transaction, customer_id, all));
    for (;;) {
        CARTBELL_ASSIGN(const std::optional<Event> event, events.next());
        if (!event) return no_instant;
        if (event->kind == EventKind::web) return event->key.at;
    }
}

Result<std::string> Engine::events(std::string_view identity, std::string_view after, size_t limit) const {
    if (limit > impl_->options.limits.page_rows) return failure(Code::limit, "page_rows", "the page is too large");
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    int64_t id = 0;  // nobody's: the system's
    if (!identity.empty()) {
        CARTBELL_ASSIGN(const Identity wanted, read_identity(identity));
        CARTBELL_ASSIGN(id, find_customer(reading.transaction, wanted));
        if (id == 0) return failure(Code::not_found, "no_customer", "there is no such customer");
    }
    EventScan::Range range;
    range.newest_first = true;
    FactKey last;
    if (!after.empty()) {
        CARTBELL_ASSIGN(last, key_at(reading, *impl_->zones, after));
        range.below = &last;
    }
    CARTBELL_ASSIGN(EventScan events, EventScan::begin(reading.transaction, id, range));
    std::string out = "{\"events\":[";
    int64_t position = 0;
    bool is_more = limit == 0;
    for (size_t count = 0; !is_more; ++count) {
        CARTBELL_ASSIGN(const std::optional<Event> event, events.next());
        if (!event) break;
        is_more = count == limit || out.size() > page_bytes;
        if (is_more) break;
        if (count > 0) out += ',';
        codec::append_event(out, *event, *reading.catalog->settings);
        position = event->position;
    }
    out += "],\"next\":";
    out += is_more && position != 0 ? '"' + std::to_string(position) + '"' : "null";
    return out += '}';
}

}  // namespace cartbell::engine
