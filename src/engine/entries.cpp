#include "engine/entries.hpp"

#include "codec/operation_json.hpp"
#include "codec/settings_json.hpp"
#include "engine/rows.hpp"

namespace cartbell::engine {
namespace {

constexpr int64_t skew_tolerated_us = 120 * second_us;  // formats.md §1: "differs … by more than 2 minutes"
constexpr size_t entries_at_once = 512;

std::string note_of_move(Instant raw) { return "the time as sent, " + format_instant(raw) + ", was corrected"; }

Instant corrected(Instant raw, int64_t shift_us, Instant received_at, Instant latest) {
    const Instant moved = raw + shift_us;
    if (moved > latest || moved < least_instant || moved > greatest_instant) return received_at;
    return moved;
}

}  // namespace

Times corrected_times(const Operation &operation, Instant received_at, const Settings &settings, const Zones &zones) {
    Times times;
    int64_t shift_us = 0;
    if (operation.sent_at != no_instant) {
        const int64_t skew_us = received_at - operation.sent_at;
        if (skew_us > skew_tolerated_us || skew_us < -skew_tolerated_us) shift_us = skew_us;
    }
    times.occurred_at = received_at;
    if (operation.occurred_at == no_instant && operation.order.status[0].at == no_instant &&
        operation.order.status[1].at == no_instant && operation.order.status[2].at == no_instant)
        return times;
    const Zone *zone = zones.find(settings.shop.zone);
    const Instant latest = add(received_at, settings.shop.future, zone != nullptr ? *zone : utc());
    if (operation.occurred_at != no_instant) {
        times.occurred_at = corrected(operation.occurred_at, shift_us, received_at, latest);
        if (times.occurred_at != operation.occurred_at)
            times.notes.push_back({"time_moved", "/occurred_at", note_of_move(operation.occurred_at)});
    }
    for (size_t set = 0; set < operation.order.status.size(); ++set) {
        const Instant raw = operation.order.status[set].at;
        if (raw == no_instant) continue;
        times.status_at[set] = corrected(raw, shift_us, received_at, latest);
        if (times.status_at[set] != raw)
            times.notes.push_back({"time_moved", "/order/status/" + std::string(status_set_names[set]) + "/at", note_of_move(raw)});
    }
    times.skewed = shift_us != 0 && !times.notes.empty();
    return times;
}

bool moves_status_times(const Operation &operation, const Times &times) {
    for (size_t set = 0; set < times.status_at.size(); ++set)
        if (times.status_at[set] != operation.order.status[set].at) return true;
    return false;
}

void move_status_times(Operation &operation, const Times &times) {
    for (size_t set = 0; set < times.status_at.size(); ++set) operation.order.status[set].at = times.status_at[set];
}

Stamp make_stamp(const Operation &operation, const Times &times, const Settings &settings, Instant received_at, int64_t position) {
    Stamp stamp;
    stamp.position = position;
    stamp.received_at = received_at;
    stamp.occurred_at = times.occurred_at;
    stamp.settings_version = settings.version;
    if (const Source *source = settings.find_source(operation.source)) {
        stamp.trust = static_cast<uint8_t>(source->trust);
        stamp.rank = source->rank;
    }
    stamp.has_sequence = operation.has_sequence;
    stamp.sequence = operation.sequence;
    if (!operation.has_sequence && operation.occurred_at == no_instant) {  // formats.md §1 `sequence`: then it is the journal position
        stamp.has_sequence = true;
        stamp.sequence = position;
    }
    return stamp;
}

Status EntryReader::load(std::span<const int64_t> positions, std::deque<LoadedEntry> &entries) {
    using namespace store::journal_column;
    constexpr uint64_t columns = store::mask({position, received_at, occurred_at, source, trust, rank, settings_version, body});
    for (size_t first = 0; first < positions.size(); first += entries_at_once) {
        const auto part = positions.subspan(first, std::min(entries_at_once, positions.size() - first));
        Rows keys;
        for (const int64_t wanted : part) keys.integer(wanted);
        Found found;
        CARTBELL_TRY(get(transaction_, store::journal, count_, keys, found, columns));
        for (size_t row = 0; row < part.size(); ++row) {
            if (!found.has(row)) return failure(Code::corrupt, "lost_entry", "an object names an entry that the journal does not have");
            CARTBELL_ASSIGN(const auto settings, settings_of(found.cell(row, settings_version).integer));
            auto parsed = codec::parse_entry(store::text_of(found.cell(row, body)), store::text_of(found.cell(row, source)), *settings);
            if (parsed.code() == Code::out_of_memory) return parsed.take_error();
            if (!parsed.ok()) return failure(Code::corrupt, "lost_entry", "an entry of the journal cannot be read");
            Operation operation = std::move(*parsed);
            const Instant received = found.cell(row, received_at).integer;
            const Times times = corrected_times(operation, received, *settings, zones_);
            LoadedEntry &entry = entries.emplace_back();
            entry.stamp = make_stamp(operation, times, *settings, received, part[row]);
            entry.stamp.trust = static_cast<uint8_t>(found.cell(row, trust).integer);
            entry.stamp.rank = found.cell(row, rank).integer;
            move_status_times(operation, times);
            entry.operation = std::move(operation);
        }
    }
    return {};
}

Result<std::shared_ptr<const Settings>> EntryReader::settings_of(int64_t version) {
    if (version == current_->version) return current_;
    if (const auto known = older_.find(version); known != older_.end()) return known->second;
    // The transaction's next get would end the rows in hand, so older versions are read by a scan.
    CARTBELL_ASSIGN(std::shared_ptr<const Settings> settings, load_settings(transaction_, version));
    older_.emplace(version, settings);
    return settings;
}

Result<std::shared_ptr<const Settings>> load_settings(store::Transaction &transaction, int64_t version) {
    if (version == 0) return std::make_shared<const Settings>(default_settings());
    Rows bound;
    bound.lend_text("settings").lend_text("").integer(version);
    store::ScanRange range;
    range.table = store::definition;
    range.lower = range.upper = bound;
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    CARTBELL_ASSIGN(const auto rows, cursor.next());
    if (rows.empty()) return failure(Code::corrupt, "lost_settings", "an entry names settings that are not stored");
    auto read = codec::read_settings(store::text_of(rows[store::definition_column::body]), nullptr, library_limits);
    if (!read.ok()) return failure(Code::corrupt, "bad_settings", "stored settings cannot be read");
    read.settings.version = version;
    return std::make_shared<const Settings>(std::move(read.settings));
}

std::vector<Entry> entries_of(const std::deque<LoadedEntry> &loaded) {
    std::vector<Entry> entries;
    entries.reserve(loaded.size());
    for (const LoadedEntry &entry : loaded) entries.push_back({entry.stamp, &entry.operation});
    return entries;
}

}  // namespace cartbell::engine
