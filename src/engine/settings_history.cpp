// Engine: the versions of the settings and what differs between two (formats.md §0).
#include <charconv>

#include "codec/settings_difference.hpp"
#include "engine/answers.hpp"
#include "engine/engine_impl.hpp"
#include "engine/entries.hpp"
#include "engine/rows.hpp"

namespace cartbell::engine {
namespace {

// A page's token is the last version on it.
Result<int64_t> version_of(std::string_view token) {
    int64_t version = 0;
    const auto [end, fault] = std::from_chars(token.data(), token.data() + token.size(), version);
    if (fault != std::errc() || end != token.data() + token.size() || version < 1) return failure(Code::invalid, "bad_token", "this is no page's next");
    return version;
}

}  // namespace

Result<std::string> Engine::settings_versions(std::string_view after, size_t limit) const {
    if (limit > impl_->options.limits.page_rows) return failure(Code::limit, "page_rows", "the page is too large");
    int64_t before = INT64_MAX;
    if (!after.empty()) {
        CARTBELL_ASSIGN(before, version_of(after));
    }
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    Rows lower, upper;
    lower.lend_text("settings").lend_text("");
    upper.lend_text("settings").lend_text("").integer(before);
    store::ScanRange range;
    range.table = store::definition;
    range.lower = lower;
    range.upper = upper;
    range.upper_open = true;
    range.descending = true;
    std::string out = "{\"versions\":[";
    size_t listed = 0;
    bool more_to_come = false;
    CARTBELL_ASSIGN(store::Cursor cursor, reading.transaction.scan(range));
    while (!more_to_come && limit > 0) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) break;
        for (size_t at = 0; at < rows.size(); at += cursor.width()) {
            const auto row = rows.subspan(at, cursor.width());
            const int64_t version = row[store::definition_column::version].integer;
            if (version >= before) return failure(Code::corrupt, "corrupt", "the stored settings are not in order");
            if (listed == limit) {
                more_to_come = true;
                break;
            }
            if (listed++ != 0) out += ',';
            out += '{';
            add_number(out, "version", version);
            add_instant(out, "created_at", row[store::definition_column::created_at].integer);
            out += '}';
            before = version;
        }
    }
    out += "],\"next\":";
    out += more_to_come ? '"' + std::to_string(before) + '"' : "null";
    return out += '}';
}

Result<std::string> Engine::settings_difference(int64_t from, int64_t to) const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    const int64_t newest = reading.catalog->settings->version;
    if (to < 0) to = newest;
    if (from < 0) from = to > 0 ? to - 1 : 0;
    if (from > newest || to > newest) return failure(Code::not_found, "no_version", "there is no such version of the settings");
    CARTBELL_ASSIGN(const auto before, load_settings(reading.transaction, from));
    CARTBELL_ASSIGN(const auto after, load_settings(reading.transaction, to));
    std::string out = "{";
    add_number(out, "from", from);
    add_number(out, "to", to);
    add_name(out, "changes");
    codec::append_settings_difference(out, *before, *after);
    return out += '}';
}

}  // namespace cartbell::engine
