#include "store/store.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace cartbell::store {
namespace {

constexpr size_t first_block_rows = 8, most_block_rows = 256;  // rows a cursor fetches at once: most scans are short

Code code_of(int32_t status) {
    return status <= -1 && status >= -14 ? static_cast<Code>(status) : Code::internal;
}

// Appended members of the table may be absent from an older author's (struct_size).
#define CARTBELL_STORE_HAS(functions, member)                                                              \
    ((functions)->struct_size >= offsetof(cartbell_store_functions, member) + sizeof((functions)->member) && \
     (functions)->member != nullptr)

bool complete(const cartbell_store_functions &f) {
    return CARTBELL_STORE_HAS(&f, end_scan) && f.open && f.close && f.begin && f.commit && f.rollback && f.get &&
           f.insert && f.put && f.remove && f.scan && f.next;
}

// The failure of a store's function, with the store's own words for it where it has any.
Error store_failure(const cartbell_store_functions *functions, void *store, int32_t status, const char *doing) {
    std::string message = std::string("store: ") + doing + " failed";
    if (CARTBELL_STORE_HAS(functions, last_message)) {
        const char *detail = functions->last_message(store);
        if (detail && *detail) message += std::string(": ") + detail;
    }
    return failure(code_of(status), "store_failed", std::move(message));
}

const cartbell_table &declared(Table table) { return schema().tables[table]; }

// A row that contradicts the declaration is a defect of the caller; it is caught here once, so that no store has to.
Status check_rows(Table table, std::span<const Cell> cells, size_t width) {
    const cartbell_table &of = declared(table);
    if (cells.size() % width != 0)
        return failure(Code::internal, "bad_row", std::string("store: cells of ") + of.name + " are no whole rows");
    for (size_t i = 0; i < cells.size(); ++i) {
        const cartbell_column &column = of.columns[i % width];
        bool fits = cells[i].type == column.type ||
                    (cells[i].type == CARTBELL_CELL_NULL && (column.flags & CARTBELL_COLUMN_NULLABLE));
        if (!fits)
            return failure(Code::internal, "bad_row",
                           std::string("store: cell does not fit column ") + of.name + "." + column.name);
    }
    return {};
}

}  // namespace

Cursor::~Cursor() {
    if (cursor_) functions_->end_scan(cursor_);
}

Cursor::Cursor(Cursor &&other) noexcept { *this = std::move(other); }

Cursor &Cursor::operator=(Cursor &&other) noexcept {
    std::swap(functions_, other.functions_);
    std::swap(cursor_, other.cursor_);
    std::swap(store_, other.store_);
    std::swap(width_, other.width_);
    std::swap(rows_, other.rows_);
    return *this;
}

Result<std::span<const Cell>> Cursor::next() {
    const size_t most = std::min(rows_.empty() ? first_block_rows : 2 * rows_.size() / width_, most_block_rows);
    rows_.resize(most * width_);
    size_t count = 0;
    int32_t status = functions_->next(cursor_, rows_.data(), most, &count);
    if (status != CARTBELL_OK) return store_failure(functions_, store_, status, "reading rows");
    return std::span<const Cell>(rows_.data(), count * width_);
}

Transaction::~Transaction() {
    if (transaction_) functions_->rollback(transaction_);
}

Transaction::Transaction(Transaction &&other) noexcept { *this = std::move(other); }

Transaction &Transaction::operator=(Transaction &&other) noexcept {
    std::swap(functions_, other.functions_);
    std::swap(store_, other.store_);
    std::swap(transaction_, other.transaction_);
    std::swap(spoiled_, other.spoiled_);
    return *this;
}

Status Transaction::finished(int32_t status, const char *doing) {
    if (status == CARTBELL_OK) return {};
    spoiled_ = true;
    return store_failure(functions_, store_, status, doing);
}

Status Transaction::usable() const {
    if (transaction_ && !spoiled_) return {};
    return failure(Code::internal, "transaction_over", "store: a transaction was used after it ended or failed");
}

Status Transaction::get(Table table, std::span<const Cell> keys, uint64_t columns, std::vector<Cell> &rows,
                        std::vector<uint8_t> &found) {
    CARTBELL_TRY(usable());
    const cartbell_table &of = declared(table);
    CARTBELL_TRY(check_rows(table, keys, of.key_count));
    size_t count = keys.size() / of.key_count;
    rows.assign(count * of.column_count, null_cell());
    found.assign(count, 0);
    if (count == 0) return {};
    return finished(functions_->get(transaction_, table, keys.data(), count, columns, rows.data(), found.data()),
                    "looking up rows");
}

Status Transaction::insert(Table table, std::span<const Cell> rows, std::vector<uint8_t> &existed) {
    CARTBELL_TRY(usable());
    size_t width = declared(table).column_count;
    CARTBELL_TRY(check_rows(table, rows, width));
    existed.assign(rows.size() / width, 0);
    if (rows.empty()) return {};
    return finished(functions_->insert(transaction_, table, rows.data(), existed.size(), existed.data()),
                    "inserting rows");
}

Status Transaction::put(Table table, std::span<const Cell> rows) {
    CARTBELL_TRY(usable());
    size_t width = declared(table).column_count;
    CARTBELL_TRY(check_rows(table, rows, width));
    if (rows.empty()) return {};
    return finished(functions_->put(transaction_, table, rows.data(), rows.size() / width), "putting rows");
}

Status Transaction::remove(Table table, std::span<const Cell> keys) {
    CARTBELL_TRY(usable());
    size_t width = declared(table).key_count;
    CARTBELL_TRY(check_rows(table, keys, width));
    if (keys.empty()) return {};
    return finished(functions_->remove(transaction_, table, keys.data(), keys.size() / width), "removing rows");
}

Result<Cursor> Transaction::scan(const ScanRange &range) {
    CARTBELL_TRY(usable());
    cartbell_scan scan{};
    scan.struct_size = sizeof scan;
    scan.table = range.table;
    scan.index = range.index;
    scan.descending = range.descending;
    scan.lower = range.lower.empty() ? nullptr : range.lower.data();
    scan.lower_count = range.lower.size();
    scan.lower_open = range.lower_open;
    scan.upper = range.upper.empty() ? nullptr : range.upper.data();
    scan.upper_count = range.upper.size();
    scan.upper_open = range.upper_open;
    scan.column_mask = range.columns;
    scan.limit = range.limit;
    scan.claim = range.claim;
    Cursor cursor;
    CARTBELL_TRY(finished(functions_->scan(transaction_, &scan, &cursor.cursor_), "beginning a scan"));
    cursor.functions_ = functions_;
    cursor.store_ = store_;
    cursor.width_ = declared(range.table).column_count;
    return cursor;
}

Status Transaction::commit() {
    CARTBELL_TRY(usable());
    int32_t status = functions_->commit(std::exchange(transaction_, nullptr));
    return finished(status, "committing");
}

Result<Store> Store::open(const cartbell_store_functions *functions, void *store, bool read_only) {
    if (!store) return failure(Code::out_of_memory, "out_of_memory", "store: could not be made");
    // Nothing of a table that is not ours to read can be called, close neither.
    if (functions->version != CARTBELL_STORE_VERSION)
        return failure(Code::misuse, "store_version", "store: its table of functions has another version");
    if (!complete(*functions)) return failure(Code::misuse, "store_incomplete", "store: a required function is missing");
    Store opened;
    opened.functions_ = functions;
    opened.store_ = store;
    int32_t status = functions->open(store, &schema(), read_only);
    if (status != CARTBELL_OK) return store_failure(functions, store, status, "opening");
    return opened;
}

Store::Store(Store &&other) noexcept { *this = std::move(other); }

Store &Store::operator=(Store &&other) noexcept {
    std::swap(functions_, other.functions_);
    std::swap(store_, other.store_);
    return *this;
}

Store::~Store() {
    if (store_) functions_->close(store_);
}

Result<Transaction> Store::begin(int32_t mode) {
    Transaction transaction;
    int32_t status = functions_->begin(store_, mode, &transaction.transaction_);
    if (status != CARTBELL_OK) return store_failure(functions_, store_, status, "beginning a transaction");
    transaction.functions_ = functions_;
    transaction.store_ = store_;
    return transaction;
}

Result<Transaction> Store::begin_read() { return begin(CARTBELL_STORE_READ); }
Result<Transaction> Store::begin_write() { return begin(CARTBELL_STORE_WRITE); }

Result<bool> Store::maintain() {
    if (!CARTBELL_STORE_HAS(functions_, maintain)) return false;
    int32_t more = 0;
    int32_t status = functions_->maintain(store_, &more);
    if (status != CARTBELL_OK) return store_failure(functions_, store_, status, "upkeep");
    return more != 0;
}

}  // namespace cartbell::store
