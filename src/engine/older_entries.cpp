#include "engine/older_entries.hpp"

#include <algorithm>

#include "model/state_bytes.hpp"

namespace cartbell::engine {
namespace {

constexpr size_t positions_a_row = 32;
constexpr size_t most_here = 2 * positions_a_row;  // then the older half goes

}  // namespace

Status read_entries(store::Transaction &transaction, const EntriesOf &object, const EntryList &entries, std::vector<int64_t> &positions) {
    namespace column = store::older_entries_column;
    const size_t before = positions.size();
    if (entries.older > 0) {
        const store::Cell bound[] = {store::integer_cell(object.customer_id), store::text_cell(object.kind), store::text_cell(object.object)};
        store::ScanRange range;
        range.table = store::older_entries;
        range.lower = range.upper = bound;
        CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
        std::vector<int64_t> of_row;
        for (;;) {
            CARTBELL_ASSIGN(const auto rows, cursor.next());
            if (rows.empty()) break;
            for (size_t at = 0; at < rows.size(); at += cursor.width()) {
                CARTBELL_TRY(decode(store::text_of(rows[at + column::positions]), of_row));
                positions.insert(positions.end(), of_row.begin(), of_row.end());
            }
        }
        if (positions.size() - before != entries.older) return failure(Code::corrupt, "lost_entries", "rows of an object's older entries are missing");
    }
    positions.insert(positions.end(), entries.here.begin(), entries.here.end());
    std::sort(positions.begin() + static_cast<std::ptrdiff_t>(before), positions.end());  // what customers hand over may be older than their own
    return {};
}

void OlderEntries::shorten(const EntriesOf &object, EntryList &entries) {
    size_t done = 0;
    std::string bytes;
    for (; entries.here.size() - done >= most_here; done += positions_a_row) {
        bytes.clear();
        encode(std::span<const int64_t>(entries.here).subspan(done, positions_a_row), bytes);
        rows_.integer(object.customer_id).lend_text(object.kind).text(object.object).integer(static_cast<int64_t>(entries.older)).bytes(bytes);
        entries.older += positions_a_row;
    }
    entries.here.erase(entries.here.begin(), entries.here.begin() + static_cast<std::ptrdiff_t>(done));
}

void OlderEntries::drop(const EntriesOf &object, size_t older) {
    for (size_t first = 0; first < older; first += positions_a_row)
        gone_.integer(object.customer_id).lend_text(object.kind).text(object.object).integer(static_cast<int64_t>(first));
}

Status OlderEntries::move(const EntriesOf &from, const EntriesOf &to, EntryList &entries) {
    if (entries.older > 0) {
        std::vector<int64_t> positions;
        CARTBELL_TRY(read_entries(transaction_, from, entries, positions));
        drop(from, entries.older);
        entries = {0, std::move(positions)};
    }
    shorten(to, entries);
    return {};
}

Status OlderEntries::write() {
    if (!gone_.empty()) CARTBELL_TRY(transaction_.remove(store::older_entries, gone_));
    return rows_.empty() ? Status{} : transaction_.put(store::older_entries, rows_);
}

}  // namespace cartbell::engine
