#include "store/mutants.hpp"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <tuple>

namespace mutants {
namespace {

struct Value {
    cartbell_cell cell{};
    std::string bytes;
};
using Row = std::vector<Value>;

std::atomic<Mutant> mistake{Mutant::none};
const cartbell_store_functions *inner = nullptr;
bool is(Mutant mutant) { return mistake == mutant; }

std::mutex graves_mutex;
std::deque<std::vector<Row>> graves;  // rows given out stay readable, so that a mistake is a wrong answer and not a crash
std::vector<std::pair<uint32_t, Row>> remembered;  // of stores that were closed
std::mutex claimed_mutex;
std::map<std::string, int64_t> claimed;  // rows, by the transaction that holds them

void let_claims_go() {
    if (is(Mutant::claims_for_ever)) return;
    const std::lock_guard held(claimed_mutex);
    claimed.clear();
}

struct Store {
    void *object = nullptr;
    const cartbell_store_functions *functions = inner;
    const cartbell_schema *schema = nullptr;
    void *writer = nullptr;  // the transaction under way
    void *fixed = nullptr;   // the one snapshot of a store that never looks again
    std::atomic<int> readers{0};
    std::atomic<bool> disturbed{false};  // by a second writer
    std::string message;
    int upkeeps = 0;
    cartbell_schema changed{};
};

struct Transaction {
    Store *store;
    void *object;
    bool writes;
    bool begun = true;
    int64_t serial = 0;
    int scans = 0;
    int64_t changes = 0, puts = 0;
    bool locked = false;
    size_t position = 0;  // of scans that share it
    std::vector<std::pair<uint32_t, Row>> left{};  // rows that an index did not lose
    std::vector<std::pair<uint32_t, std::vector<cartbell_cell>>> pending{};
    const cartbell_table &table(uint32_t number) const { return store->schema->tables[number]; }
    const cartbell_store_functions &functions() const { return *store->functions; }
};

struct Cursor {
    Transaction *transaction;
    cartbell_scan scan;                       // bounds in `lower`, `upper`
    std::vector<cartbell_cell> lower, upper;
    std::deque<std::string> bound_bytes;
    const cartbell_scan *lent;
    const cartbell_cell *lent_lower, *lent_upper;
    std::vector<Row> rows;
    size_t position = 0;
    int64_t changes;
    bool ended = false;
};

// ---- Cells

Value own(const cartbell_cell &cell) {
    Value value{cell, {}};
    if (cell.size && (cell.type == CARTBELL_CELL_TEXT || cell.type == CARTBELL_CELL_BYTES))
        value.bytes.assign(static_cast<const char *>(cell.data), cell.size);
    return value;
}

Row own_row(const cartbell_cell *cells, size_t count) {
    Row row;
    for (size_t i = 0; i < count; ++i) row.push_back(own(cells[i]));
    return row;
}

cartbell_cell lend(const Value &value) {
    cartbell_cell cell = value.cell;
    cell.data = value.bytes.data();
    cell.size = value.bytes.size();
    return cell;
}

std::vector<cartbell_cell> lend_row(const Row &row) {
    std::vector<cartbell_cell> cells;
    for (const Value &value : row) cells.push_back(lend(value));
    return cells;
}

// What a mistaken store keeps of a cell.
void spoil_in(Value &value) {
    const bool text = value.cell.type == CARTBELL_CELL_TEXT;
    if (is(Mutant::cuts_bytes_at_zero) && value.cell.type == CARTBELL_CELL_BYTES) value.bytes = value.bytes.c_str();
    if (is(Mutant::cuts_at_64_kib) && value.bytes.size() > 65536) value.bytes.resize(65536);
    if (is(Mutant::integers_are_doubles)) {
        const double number = static_cast<double>(value.cell.integer);
        if (number < 9.2e18) value.cell.integer = static_cast<int64_t>(number);
    }
    if (is(Mutant::keys_without_case) && text)
        for (char &letter : value.bytes) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    if (is(Mutant::keys_without_spaces_at_their_end) && text)
        while (!value.bytes.empty() && value.bytes.back() == ' ') value.bytes.pop_back();
}

std::vector<Row> spoiled_rows(const cartbell_cell *cells, size_t count, size_t width) {
    std::vector<Row> rows;
    for (size_t i = 0; i < count; ++i) {
        rows.push_back(own_row(cells + i * width, width));
        for (Value &value : rows.back()) spoil_in(value);
    }
    return rows;
}

std::vector<cartbell_cell> lend_rows(const std::vector<Row> &rows) {
    std::vector<cartbell_cell> cells;
    for (const Row &row : rows)
        for (const Value &value : row) cells.push_back(lend(value));
    return cells;
}

void spoil_out(const cartbell_table &of, size_t column, cartbell_cell &cell) {
    if (is(Mutant::sets_reserved)) cell.reserved = 1;
    if (is(Mutant::gives_bytes_as_text) && cell.type == CARTBELL_CELL_BYTES) cell.type = CARTBELL_CELL_TEXT;
    if (is(Mutant::empty_text_is_null) && cell.type == CARTBELL_CELL_TEXT && cell.size == 0 && column >= of.key_count) cell = {};
    if (is(Mutant::added_columns_are_zero) && column == 4 && cell.type == CARTBELL_CELL_NULL) cell = {CARTBELL_CELL_INTEGER, 0, 0, nullptr, 0};
}

int sign(int64_t number) { return (number > 0) - (number < 0); }

int compare_bytes(const cartbell_table &, std::string a, std::string b) {
    if (is(Mutant::orders_text_without_case)) {
        for (char &letter : a) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
        for (char &letter : b) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    }
    if (is(Mutant::orders_bytes_to_the_first_zero)) a = a.c_str(), b = b.c_str();
    if (is(Mutant::orders_short_text_first) && a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
    if (is(Mutant::orders_bytes_signed))
        return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return static_cast<signed char>(x) < static_cast<signed char>(y); })
                   ? -1
                   : a != b;
    return sign(a.compare(b));
}

int compare(const cartbell_table &of, const Value &a, const Value &b) {
    if (a.cell.type == CARTBELL_CELL_NULL || b.cell.type == CARTBELL_CELL_NULL) {
        const int order = (a.cell.type != CARTBELL_CELL_NULL) - (b.cell.type != CARTBELL_CELL_NULL);
        return is(Mutant::orders_null_above) ? -order : order;
    }
    if (a.cell.type != CARTBELL_CELL_INTEGER) return compare_bytes(of, a.bytes, b.bytes);
    const int64_t x = a.cell.integer, y = b.cell.integer;
    if (is(Mutant::orders_integers_as_text)) return sign(std::to_string(x).compare(std::to_string(y)));
    if (is(Mutant::orders_integers_unsigned)) return static_cast<uint64_t>(x) < static_cast<uint64_t>(y) ? -1 : x != y;
    return x < y ? -1 : x != y;
}

Row ordered_by(const cartbell_table &of, int32_t index, const Row &row) {
    Row columns;
    if (index >= 0)
        for (size_t i = 0; i < of.indexes[index].column_count; ++i) columns.push_back(row[of.indexes[index].columns[i]]);
    columns.insert(columns.end(), row.begin(), row.begin() + static_cast<std::ptrdiff_t>(of.key_count));
    return columns;
}

int compare_rows(const cartbell_table &of, const Row &a, const Row &b, size_t count, size_t index_columns) {
    for (size_t i = 0; i < count; ++i) {
        const int order = compare(of, a[i], b[i]);
        if (order) return is(Mutant::orders_equal_columns_backwards) && index_columns && i >= index_columns ? -order : order;
    }
    return 0;
}

// ---- Reading

std::vector<Row> all_rows(const Transaction &transaction, void *object, uint32_t table) {
    const cartbell_table &of = transaction.table(table);
    cartbell_scan scan{};
    scan.struct_size = sizeof scan;
    scan.table = table;
    scan.index = -1;
    scan.column_mask = ~uint64_t{0};
    void *cursor = nullptr;
    std::vector<Row> rows;
    if (transaction.functions().scan(object, &scan, &cursor) != CARTBELL_OK) return rows;
    std::vector<cartbell_cell> cells(64 * of.column_count);
    for (size_t count = 1; count > 0;) {
        if (transaction.functions().next(cursor, cells.data(), 64, &count) != CARTBELL_OK) break;
        for (size_t i = 0; i < count; ++i) rows.push_back(own_row(&cells[i * of.column_count], of.column_count));
    }
    transaction.functions().end_scan(cursor);
    return rows;
}

// The rows that a transaction sees, according to how it is mistaken about that.
std::vector<Row> seen_rows(Transaction &transaction, uint32_t table) {
    Store &store = *transaction.store;
    const bool anew = (is(Mutant::readers_follow_commits) && !transaction.writes) || (is(Mutant::scan_reads_what_is_committed) && transaction.writes) ||
                      (is(Mutant::scans_follow_commits) && !transaction.writes);
    if (anew) {
        void *other = nullptr;
        if (store.functions->begin(store.object, CARTBELL_STORE_READ, &other) != CARTBELL_OK) return {};
        std::vector<Row> rows = all_rows(transaction, other, table);
        store.functions->rollback(other);
        return rows;
    }
    if (is(Mutant::readers_see_what_is_not_committed) && store.writer && !transaction.writes)
        return all_rows(transaction, static_cast<Transaction *>(store.writer)->object, table);
    return all_rows(transaction, transaction.object, table);
}

// -1, 0, 1 of a row's columns to a bound.
int to_bound(const cartbell_table &of, const Row &columns, const std::vector<cartbell_cell> &bound, bool exact) {
    for (size_t i = 0; i < bound.size(); ++i) {
        const Value value = own(bound[i]);
        if (is(Mutant::null_bounds_match_nothing) && value.cell.type == CARTBELL_CELL_NULL) return 2;
        if (const int order = compare(of, columns[i], value)) return order;
    }
    return exact && columns.size() > bound.size() ? 1 : 0;
}

bool inside(const cartbell_table &of, const Cursor &cursor, const Row &columns) {
    const cartbell_scan &scan = cursor.scan;
    const bool lower_open = scan.lower_open && !is(Mutant::ignores_lower_open);
    const bool upper_open = scan.upper_open && !is(Mutant::ignores_upper_open) && !(is(Mutant::ignores_upper_open_descending) && scan.descending);
    std::vector<cartbell_cell> lower = cursor.lower, upper = cursor.upper;
    if (is(Mutant::turns_bounds_round) && !lower.empty() && !upper.empty() && compare(of, own(lower[0]), own(upper[0])) > 0) lower.swap(upper);
    if (!lower.empty()) {
        const int order = to_bound(of, columns, lower, is(Mutant::open_prefix_is_exact));
        if (order == 2 || (lower_open ? order <= 0 : order < 0)) return false;
    }
    if (!upper.empty()) {
        const int order = to_bound(of, columns, upper, is(Mutant::closed_prefix_is_exact));
        if (order == 2 || (upper_open ? order >= 0 : order > 0)) return false;
    }
    return true;
}

void sort_rows(const cartbell_table &of, const cartbell_scan &scan, std::vector<Row> &rows) {
    const size_t index_columns = scan.index >= 0 ? of.indexes[scan.index].column_count : 0, count = index_columns + of.key_count;
    std::stable_sort(rows.begin(), rows.end(), [&](const Row &a, const Row &b) {
        const Row x = ordered_by(of, scan.index, a), y = ordered_by(of, scan.index, b);
        if (is(Mutant::descends_by_the_first_column_only) && scan.descending) {
            const int first = compare(of, x[0], y[0]);
            return first ? first > 0 : compare_rows(of, x, y, count, index_columns) < 0;
        }
        return compare_rows(of, x, y, count, index_columns) < 0;
    });
    if (scan.descending && !is(Mutant::ignores_descending) && !is(Mutant::descends_by_the_first_column_only)) std::reverse(rows.begin(), rows.end());
    if (is(Mutant::unordered_scans_are_unordered) && (of.flags & CARTBELL_TABLE_UNORDERED) && scan.index < 0) std::reverse(rows.begin(), rows.end());
}

std::vector<Row> scanned_rows(Cursor &cursor) {
    Transaction &transaction = *cursor.transaction;
    const cartbell_table &of = transaction.table(cursor.scan.table);
    std::vector<Row> rows, inside_rows;
    rows = seen_rows(transaction, cursor.scan.table);
    if (cursor.scan.index >= 0)
        for (const auto &[table, row] : transaction.left)
            if (table == cursor.scan.table) rows.push_back(row);
    for (Row &row : rows)
        if ((is(Mutant::claims_everything) && cursor.scan.claim) || inside(of, cursor, ordered_by(of, cursor.scan.index, row))) inside_rows.push_back(std::move(row));
    sort_rows(of, cursor.scan, inside_rows);
    return inside_rows;
}

// ---- The functions

Store &store_of(void *self) { return *static_cast<Store *>(self); }
Transaction &transaction_of(void *self) { return *static_cast<Transaction *>(self); }

void flush(Transaction &transaction) {
    for (const auto &[table, cells] : transaction.pending)
        (void)transaction.functions().put(transaction.object, table, cells.data(), 1);
    transaction.pending.clear();
}

// A transaction that takes its snapshot late.
void late(Transaction &transaction) {
    if (transaction.begun) return;
    transaction.begun = true;
    transaction.functions().rollback(transaction.object);
    (void)transaction.functions().begin(transaction.store->object, CARTBELL_STORE_READ, &transaction.object);
}

std::vector<Row> &new_grave() {
    const std::lock_guard lock(graves_mutex);
    return graves.emplace_back();
}

void spoil_given(Mutant by) {
    if (!is(by)) return;
    const std::lock_guard lock(graves_mutex);
    for (std::vector<Row> &rows : graves)
        for (Row &row : rows)
            for (Value &value : row) std::fill(value.bytes.begin(), value.bytes.end(), '~');
}

int32_t open_with_rows(Store &store) {
    void *transaction = nullptr;
    if (store.functions->begin(store.object, CARTBELL_STORE_WRITE, &transaction) != CARTBELL_OK) return CARTBELL_OK;
    if (is(Mutant::a_new_place_holds_the_old_rows))
        for (const auto &[table, row] : remembered) (void)store.functions->put(transaction, table, lend_row(row).data(), 1);
    if (is(Mutant::open_forgets)) {
        const cartbell_cell key = {CARTBELL_CELL_TEXT, 0, 0, "b", 1};
        (void)store.functions->remove(transaction, 0, &key, 1);
    }
    return store.functions->commit(transaction);
}

int32_t open(void *self, const cartbell_schema *schema, int32_t read_only) {
    Store &store = store_of(self);
    store.schema = schema;
    const cartbell_schema *given = schema;
    if (is(Mutant::ignores_the_stored_version) || (is(Mutant::reading_upgrades) && read_only)) {
        store.changed = *schema;
        store.changed.version = is(Mutant::reading_upgrades) ? 1 : 2;
        given = &store.changed;
    }
    int32_t status = store.functions->open(store.object, given, is(Mutant::ignores_read_only) ? 0 : read_only);
    if (status == CARTBELL_BUSY && is(Mutant::second_engine_fails)) return CARTBELL_INTERNAL;
    if (status == CARTBELL_BUSY && is(Mutant::second_engine_has_its_own_rows)) {
        store.functions->close(store.object);
        store.functions = conformance_test::memory_subject().functions;
        store.object = conformance_test::memory_subject().make(CARTBELL_CONFORMANCE_NEW);
        return store.functions->open(store.object, schema, read_only);
    }
    if (status == CARTBELL_CORRUPT && is(Mutant::foreign_place_is_io)) return CARTBELL_IO;
    if (status != CARTBELL_OK) return status;
    if (is(Mutant::reading_store_stays_at_its_open) && read_only) (void)store.functions->begin(store.object, CARTBELL_STORE_READ, &store.fixed);
    return (is(Mutant::a_new_place_holds_the_old_rows) || is(Mutant::open_forgets)) ? open_with_rows(store) : CARTBELL_OK;
}

void close(void *self) {
    Store &store = store_of(self);
    if (store.fixed) store.functions->rollback(store.fixed);
    store.functions->close(store.object);
    delete &store;
}

int32_t begin(void *self, int32_t mode, void **out) {
    Store &store = store_of(self);
    const bool writes = mode == CARTBELL_STORE_WRITE;
    if (is(Mutant::one_reader_at_a_time) && !writes && store.readers > 0) return CARTBELL_BUSY;
    void *object = store.fixed;
    if (!object || writes) {
        const int32_t status = store.functions->begin(store.object, mode, &object);
        if (status == CARTBELL_BUSY) store.disturbed = true;
        if (status != CARTBELL_OK) return status;
    }
    auto *transaction = new Transaction{&store, object, writes};
    transaction->begun = !is(Mutant::snapshot_at_the_first_read) || writes;
    static std::atomic<int64_t> begun{0};
    transaction->serial = ++begun;
    if (writes) store.writer = transaction;
    if (!writes) ++store.readers;
    *out = transaction;
    return CARTBELL_OK;
}

void forget(Transaction &transaction) {
    if (transaction.writes) transaction.store->writer = nullptr;
    if (!transaction.writes) --transaction.store->readers;
    delete &transaction;
}

int32_t commit(void *self) {
    Transaction &transaction = transaction_of(self);
    flush(transaction);
    if (is(Mutant::a_new_place_holds_the_old_rows))
        for (Row &row : all_rows(transaction, transaction.object, 0)) remembered.push_back({0, std::move(row)});
    let_claims_go();
    int32_t status = CARTBELL_OK;
    const bool ended = is(Mutant::second_writer_ends_the_first) && transaction.store->disturbed;
    if (((is(Mutant::commit_rolls_back) || ended) && transaction.writes) || (is(Mutant::commit_of_a_reader_fails) && !transaction.writes))
        transaction.functions().rollback(transaction.object);
    else if (transaction.object != transaction.store->fixed)
        status = transaction.functions().commit(transaction.object);
    if (is(Mutant::commit_of_a_reader_fails) && !transaction.writes) status = CARTBELL_MISUSE;
    if (is(Mutant::status_is_positive)) status = 1;
    forget(transaction);
    return status;
}

void rollback(void *self) {
    Transaction &transaction = transaction_of(self);
    let_claims_go();
    if ((is(Mutant::rollback_commits) || is(Mutant::rollback_commits_to_disk)) && transaction.writes)
        (void)transaction.functions().commit(transaction.object);
    else if (transaction.object != transaction.store->fixed)
        transaction.functions().rollback(transaction.object);
    forget(transaction);
}

// The rows of get, from a buffer that the next write spoils.
void give_from_buffer(const cartbell_table &of, size_t count, cartbell_cell *rows) {
    std::vector<Row> &kept = new_grave();
    for (size_t i = 0; i < count; ++i) kept.push_back(own_row(rows + i * of.column_count, of.column_count));
    size_t at = 0;
    for (const Row &row : kept)
        for (const Value &value : row) rows[at++] = lend(value);
}

void spoil_get(const cartbell_table &of, const std::vector<Row> &keys, size_t count, cartbell_cell *rows, uint8_t *found) {
    for (size_t i = 0; i < count; ++i) {
        for (size_t c = 0; c < of.column_count && found[i]; ++c) spoil_out(of, c, rows[i * of.column_count + c]);
        if (is(Mutant::get_leaves_absent_rows_as_they_were) && !found[i]) rows[i * of.column_count] = {CARTBELL_CELL_INTEGER, 0, 5, nullptr, 0};
        for (size_t before = 0; before < i && is(Mutant::get_answers_a_repeated_key_once); ++before)
            if (compare_rows(of, keys[i], keys[before], of.key_count, 0) == 0) {
                found[i] = 0;
                std::fill(rows + i * of.column_count, rows + (i + 1) * of.column_count, cartbell_cell{});
            }
        if (is(Mutant::get_leaves_found_as_it_was) && !found[i]) found[i] = 7;
    }
    if (is(Mutant::get_writes_beyond_its_rows)) rows[count * of.column_count] = {};
}

int32_t get(void *self, uint32_t table, const cartbell_cell *keys, size_t count, uint64_t mask, cartbell_cell *rows, uint8_t *found) {
    Transaction &transaction = transaction_of(self);
    late(transaction);
    flush(transaction);
    const cartbell_table &of = transaction.table(table);
    if (is(Mutant::mask_of_32_bits)) mask &= 0xffffffffu;
    if (is(Mutant::get_ignores_the_mask)) mask = ~uint64_t{0};
    for (size_t i = 0; i < count * of.key_count; ++i)
        if (is(Mutant::refuses_data_that_is_null) && keys[i].type == CARTBELL_CELL_TEXT && !keys[i].data) return CARTBELL_INVALID;
    std::vector<Row> asked = spoiled_rows(keys, count, of.key_count);
    if (is(Mutant::get_sorts_its_answers))
        std::sort(asked.begin(), asked.end(), [&](const Row &a, const Row &b) { return compare_rows(of, a, b, of.key_count, 0) < 0; });
    void *object = transaction.object;
    if (is(Mutant::readers_see_what_is_not_committed) && transaction.store->writer && !transaction.writes)
        object = transaction_of(transaction.store->writer).object;
    if (is(Mutant::readers_follow_commits) && !transaction.writes) {
        transaction.functions().rollback(transaction.object);
        (void)transaction.functions().begin(transaction.store->object, CARTBELL_STORE_READ, &transaction.object);
        object = transaction.object;
    }
    const int32_t status = transaction.functions().get(object, table, lend_rows(asked).data(), count, mask, rows, found);
    if (status != CARTBELL_OK) return status;
    spoil_get(of, asked, count, rows, found);
    if (is(Mutant::get_shares_one_buffer)) give_from_buffer(of, count, rows);
    return CARTBELL_OK;
}

// What a write must come by before anything else: CARTBELL_OK, or that it is refused. `done`: it is over already.
int32_t may_write(Transaction &transaction, const cartbell_cell *cells, size_t width, bool &done) {
    done = false;
    if (!transaction.writes) {
        transaction.store->message = "a write in a read transaction";
        if (is(Mutant::message_holds_data) && cells->type == CARTBELL_CELL_TEXT) transaction.store->message += " of " + own(*cells).bytes;
        if (is(Mutant::message_has_two_lines)) transaction.store->message += "\nand more";
        if (is(Mutant::readers_write_nothing)) return done = true, CARTBELL_OK;
        return is(Mutant::readers_are_refused_as_misuse) ? CARTBELL_MISUSE : CARTBELL_READ_ONLY;
    }
    for (size_t i = 0; i < width; ++i)
        if (is(Mutant::refuses_data_that_is_null) && cells[i].type == CARTBELL_CELL_TEXT && !cells[i].data) return CARTBELL_INVALID;
    if (transaction.locked) return CARTBELL_BUSY;
    ++transaction.changes;
    spoil_given(Mutant::get_shares_one_buffer);
    spoil_given(Mutant::next_shares_one_buffer);
    return CARTBELL_OK;
}

// The stored row with the key of `row`, or an empty one.
Row stored(Transaction &transaction, uint32_t table, const Row &row) {
    const cartbell_table &of = transaction.table(table);
    for (Row &one : all_rows(transaction, transaction.object, table))
        if (compare_rows(of, one, row, of.key_count, 0) == 0) return one;
    return {};
}

int32_t insert(void *self, uint32_t table, const cartbell_cell *cells, size_t count, uint8_t *existed) {
    Transaction &transaction = transaction_of(self);
    const cartbell_table &of = transaction.table(table);
    bool done = false;
    const int32_t may = may_write(transaction, cells, of.column_count, done);
    if (may != CARTBELL_OK || done) return may;
    if (is(Mutant::keeps_rows_handed_in)) {
        for (size_t i = 0; i < count; ++i)
            transaction.pending.push_back({table, {cells + i * of.column_count, cells + (i + 1) * of.column_count}}), existed[i] = 0;
        return CARTBELL_OK;
    }
    std::vector<Row> rows = spoiled_rows(cells, count, of.column_count);
    if (is(Mutant::batches_end_at_4096) && rows.size() > 4096) {
        std::fill(existed, existed + count, uint8_t{0});
        rows.resize(4096);
    }
    if (is(Mutant::insert_adds_the_last_of_equal_keys)) std::reverse(rows.begin(), rows.end());
    const int32_t status = transaction.functions().insert(transaction.object, table, lend_rows(rows).data(), rows.size(), existed);
    if (is(Mutant::insert_adds_the_last_of_equal_keys)) std::reverse(existed, existed + count);
    for (size_t i = 0; i < rows.size(); ++i) {
        if (is(Mutant::insert_replaces) && existed[i]) (void)transaction.functions().put(transaction.object, table, lend_row(rows[i]).data(), 1);
        if (is(Mutant::insert_leaves_existed_as_it_was) && !existed[i]) existed[i] = 7;
        if (is(Mutant::insert_never_says_existed)) existed[i] = 0;
        if (is(Mutant::insert_forgets_rows_that_are_all_key) && of.key_count == of.column_count) existed[i] = 0;
    }
    return status;
}

int32_t put(void *self, uint32_t table, const cartbell_cell *cells, size_t count) {
    Transaction &transaction = transaction_of(self);
    const cartbell_table &of = transaction.table(table);
    if (is(Mutant::put_throws)) throw std::runtime_error("a store in C++ that lets an exception out");
    bool done = false;
    const int32_t may = may_write(transaction, cells, of.column_count, done);
    if (may != CARTBELL_OK || done) return may;
    if (is(Mutant::keeps_rows_handed_in)) {
        for (size_t i = 0; i < count; ++i) transaction.pending.push_back({table, {cells + i * of.column_count, cells + (i + 1) * of.column_count}});
        return CARTBELL_OK;
    }
    std::vector<Row> rows = spoiled_rows(cells, count, of.column_count);
    if (is(Mutant::put_keeps_the_first_of_equal_keys)) std::reverse(rows.begin(), rows.end());
    for (Row &row : rows) {
        if (is(Mutant::put_keeps_old_cells_for_nulls) || is(Mutant::put_leaves_old_rows_in_indexes)) {
            const Row old = stored(transaction, table, row);
            for (size_t i = of.key_count; i < old.size() && is(Mutant::put_keeps_old_cells_for_nulls); ++i)
                if (row[i].cell.type == CARTBELL_CELL_NULL) row[i] = old[i];
            if (!old.empty() && is(Mutant::put_leaves_old_rows_in_indexes)) transaction.left.push_back({table, old});
        }
        if (is(Mutant::commit_keeps_half) && ++transaction.puts % 2 == 0) continue;
        const int32_t status = transaction.functions().put(transaction.object, table, lend_row(row).data(), 1);
        if (status != CARTBELL_OK) return status;
        if (!is(Mutant::commits_row_by_row)) continue;
        (void)transaction.functions().commit(transaction.object);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));  // for readers to look
        (void)transaction.functions().begin(transaction.store->object, CARTBELL_STORE_WRITE, &transaction.object);
    }
    return CARTBELL_OK;
}

int32_t remove(void *self, uint32_t table, const cartbell_cell *cells, size_t count) {
    Transaction &transaction = transaction_of(self);
    const cartbell_table &of = transaction.table(table);
    bool done = false;
    const int32_t may = may_write(transaction, cells, of.key_count, done);
    if (may != CARTBELL_OK || done) return may;
    const std::vector<Row> keys = spoiled_rows(cells, count, of.key_count);
    for (const Row &key : keys) {
        const bool looks = is(Mutant::remove_fails_on_absent_keys) || is(Mutant::remove_leaves_rows_in_indexes);
        const Row old = looks ? stored(transaction, table, key) : Row{};
        if (is(Mutant::remove_fails_on_absent_keys) && old.empty()) return CARTBELL_NOT_FOUND;
        if (is(Mutant::remove_leaves_rows_in_indexes) && !old.empty()) transaction.left.push_back({table, old});
    }
    return transaction.functions().remove(transaction.object, table, lend_rows(keys).data(), count);
}

int32_t scan(void *self, const cartbell_scan *wanted, void **out) {
    Transaction &transaction = transaction_of(self);
    late(transaction);
    flush(transaction);
    if (wanted->claim && !transaction.writes && !is(Mutant::readers_may_claim)) return CARTBELL_MISUSE;
    if (is(Mutant::one_scan_at_a_time) && transaction.scans > 0) return CARTBELL_BUSY;
    auto cursor = std::make_unique<Cursor>();
    cursor->transaction = &transaction;
    cursor->scan = *wanted;
    cursor->lent = wanted;
    cursor->lent_lower = wanted->lower;
    cursor->lent_upper = wanted->upper;
    for (auto [from, count, to] : {std::tuple{wanted->lower, wanted->lower_count, &cursor->lower}, std::tuple{wanted->upper, wanted->upper_count, &cursor->upper}})
        for (size_t i = 0; i < count; ++i) {
            to->push_back(from[i]);
            cursor->bound_bytes.push_back(own(from[i]).bytes);
            to->back().data = cursor->bound_bytes.back().data();
        }
    cursor->changes = transaction.changes;
    cursor->rows = scanned_rows(*cursor);
    if (is(Mutant::empty_ranges_are_not_found) && cursor->rows.empty()) return CARTBELL_NOT_FOUND;
    if (wanted->claim && (is(Mutant::claims_once) || is(Mutant::claims_for_ever))) {
        std::vector<Row> free_rows;
        for (Row &row : cursor->rows) {
            const std::lock_guard lock(claimed_mutex);
            const auto held = claimed.try_emplace(std::to_string(row[0].cell.integer), transaction.serial);
            if (held.second || (is(Mutant::claims_for_ever) && held.first->second == transaction.serial)) free_rows.push_back(row);
        }
        cursor->rows = free_rows;
    }
    ++transaction.scans;
    *out = cursor.release();
    return CARTBELL_OK;
}

// The rows of a scan that looks again, or uses what it was lent, when it goes on.
void look_again(Cursor &cursor) {
    Transaction &transaction = *cursor.transaction;
    const cartbell_table &of = transaction.table(cursor.scan.table);
    if (is(Mutant::uses_bounds_after_the_call)) {
        cursor.lower.assign(cursor.lent_lower, cursor.lent_lower + cursor.scan.lower_count);
        cursor.upper.assign(cursor.lent_upper, cursor.lent_upper + cursor.scan.upper_count);
        cursor.rows = scanned_rows(cursor);
    }
    if (is(Mutant::scans_by_offset)) cursor.rows = scanned_rows(cursor);
    if (is(Mutant::scans_follow_commits) && !transaction.writes && cursor.position > 0) {
        const Row last = ordered_by(of, cursor.scan.index, cursor.rows[cursor.position - 1]);
        std::vector<Row> rows(cursor.rows.begin(), cursor.rows.begin() + static_cast<std::ptrdiff_t>(cursor.position));
        for (Row &row : scanned_rows(cursor))
            if (compare_rows(of, ordered_by(of, cursor.scan.index, row), last, last.size(), 0) > 0) rows.push_back(row);
        cursor.rows = rows;
    }
    if (is(Mutant::scan_stops_when_others_change) && cursor.changes != transaction.changes) cursor.rows.clear();
}

int32_t next(void *self, cartbell_cell *rows, size_t most, size_t *count) {
    Cursor &cursor = *static_cast<Cursor *>(self);
    const cartbell_table &of = cursor.transaction->table(cursor.scan.table);
    look_again(cursor);
    size_t &position = is(Mutant::scans_share_their_position) ? cursor.transaction->position : cursor.position;
    uint64_t left = cursor.scan.limit && !is(Mutant::ignores_the_limit) ? cursor.scan.limit - std::min<uint64_t>(position, cursor.scan.limit) : UINT64_MAX;
    if (is(Mutant::limits_every_block)) left = cursor.scan.limit ? cursor.scan.limit : UINT64_MAX;
    uint64_t mask = cursor.scan.column_mask;
    if (is(Mutant::mask_of_32_bits)) mask &= 0xffffffffu;
    if (is(Mutant::scan_ignores_the_mask)) mask = ~uint64_t{0};
    if (is(Mutant::next_writes_too_many)) ++most;
    spoil_given(Mutant::next_shares_one_buffer);
    std::vector<Row> &given = new_grave();
    *count = 0;
    while (*count < most && left-- > 0 && position < cursor.rows.size() && !cursor.ended) {
        given.push_back(cursor.rows[position++]);
        ++*count;
    }
    for (size_t i = 0; i < given.size(); ++i)
        for (size_t c = 0; c < of.column_count; ++c) {
            cartbell_cell &cell = rows[i * of.column_count + c];
            cell = mask >> c & 1 ? lend(given[i][c]) : cartbell_cell{};
            if (mask >> c & 1) spoil_out(of, c, cell);
        }
    if (is(Mutant::next_writes_too_many) && *count == most) --*count;
    if (is(Mutant::next_ends_at_its_block)) cursor.ended = true;
    return CARTBELL_OK;
}

void end_scan(void *self) {
    std::unique_ptr<Cursor> cursor(static_cast<Cursor *>(self));
    --cursor->transaction->scans;
    if (is(Mutant::ending_early_locks_the_table) && cursor->position < cursor->rows.size()) cursor->transaction->locked = true;
}

const char *last_message(void *self) { return store_of(self).message.c_str(); }

int32_t maintain(void *self, int32_t *more) {
    Store &store = store_of(self);
    *more = is(Mutant::upkeep_never_ends);
    if (is(Mutant::upkeep_loses_rows) && store.upkeeps++ == 0) {
        void *transaction = nullptr;
        if (store.functions->begin(store.object, CARTBELL_STORE_WRITE, &transaction) != CARTBELL_OK) return CARTBELL_OK;
        const cartbell_cell key[] = {{CARTBELL_CELL_INTEGER, 0, 0, nullptr, 0}, {CARTBELL_CELL_TEXT, 0, 0, "0", 1}};
        (void)store.functions->remove(transaction, 1, key, 1);
        return store.functions->commit(transaction);
    }
    return CARTBELL_OK;
}

constexpr cartbell_store_functions functions = {sizeof(cartbell_store_functions), CARTBELL_STORE_VERSION, open, close, begin, commit, rollback, get, insert, put,
                                                remove, scan, next, end_scan, last_message, maintain};

}  // namespace

const std::vector<Described> &described() {
    static const std::vector<Described> all = {
#define CARTBELL_MUTANT_DESCRIBED(name, keeps, ...) {Mutant::name, #name, keeps, {__VA_ARGS__}},
        CARTBELL_MUTANTS(CARTBELL_MUTANT_DESCRIBED)
#undef CARTBELL_MUTANT_DESCRIBED
    };
    return all;
}

conformance_test::Subject subject(Mutant mutant, bool keeps) {
    mistake = mutant;
    graves.clear();
    remembered.clear();
    claimed.clear();
    const conformance_test::Subject over = keeps ? conformance_test::sqlite_subject() : conformance_test::memory_subject();
    inner = over.functions;
    return {&functions, [over](int32_t place) -> void * {
                void *object = over.make(place);
                if (!object) return nullptr;
                auto *store = new Store;
                store->object = object;
                return store;
            }};
}

}  // namespace mutants
