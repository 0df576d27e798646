// Engine: what the store holds, in numbers.
#include <map>

#include "engine/answers.hpp"
#include "engine/engine_impl.hpp"

namespace cartbell::engine {

Result<std::string> Engine::stats() const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    const Catalog &catalog = *reading.catalog;
    std::map<std::string, int64_t, std::less<>> states;
    store::ScanRange range;
    range.table = store::message;
    range.index = 0;
    range.columns = store::mask({store::message_column::state});
    CARTBELL_ASSIGN(store::Cursor cursor, reading.transaction.scan(range));
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) break;
        for (size_t at = 0; at < rows.size(); at += cursor.width()) {
            const std::string_view state = store::text_of(rows[at + store::message_column::state]);
            if (const auto known = states.find(state); known != states.end())
                ++known->second;
            else
                states.emplace(state, 1);
        }
    }
    std::string out = "{";
    add_number(out, "customers", reading.counters[Counter::customers]);
    add_number(out, "orders", reading.counters[Counter::orders]);
    add_number(out, "lines", reading.counters[Counter::lines]);
    add_number(out, "events", reading.counters[Counter::events]);
    add_number(out, "containers", reading.counters[Counter::containers]);
    add_number(out, "products", reading.counters[Counter::products]);
    add_number(out, "operations", reading.counters[Counter::operations]);
    add_number(out, "journal", reading.counters[Counter::journal_position]);
    add_number(out, "settings_version", catalog.settings->version);
    add_number(out, "segments", static_cast<int64_t>(catalog.segments.size()));
    add_number(out, "templates", static_cast<int64_t>(catalog.templates.size()));
    add_number(out, "mailings", static_cast<int64_t>(catalog.mailings.size()));
    add_number(out, "messages", reading.counters[Counter::messages]);
    add_name(out, "outbox");
    out += '{';
    for (const auto &[state, count] : states) add_number(out, state, count);
    return out += "}}";
}

}  // namespace cartbell::engine
