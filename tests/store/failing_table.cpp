#include "store/failing_table.hpp"

#include <memory>
#include <mutex>

namespace failing_table {
namespace {

struct Store {
    const cartbell_store_functions *over;
    void *object;
    const cartbell_schema *schema = nullptr;
    long transactions = 0;
};
struct Transaction {
    Store *store;
    void *object;
    bool failed = false;
    long cursors = 0;
};
struct Cursor {
    Transaction *transaction;
    void *object;
};

long made = 0, failing = 0, open_now = 0;
int32_t failure = CARTBELL_OK;
Commit committing = Commit::undone;
std::string name_of_failed;
std::vector<std::string> broken;
Store *newest = nullptr;

void promise(bool kept, const char *what) {
    if (!kept) broken.push_back(what);
}

// Whether this call is the one; it is counted.
bool fails(const char *name) {
    if (++made != failing) return false;
    name_of_failed = name;
    return true;
}

bool fails(const char *name, Transaction &transaction) {
    promise(!transaction.failed, "a transaction is used after a call of it failed");
    if (!fails(name)) return false;
    transaction.failed = true;
    return true;
}

int32_t noted(int32_t status, Transaction &transaction) {
    if (status != CARTBELL_OK) transaction.failed = true;
    return status;
}

Store &store_of(void *self) { return *static_cast<Store *>(self); }
Transaction &transaction_of(void *self) { return *static_cast<Transaction *>(self); }
Cursor &cursor_of(void *self) { return *static_cast<Cursor *>(self); }

bool fits(const cartbell_column &column, const cartbell_cell &cell, bool key) {
    if (cell.reserved != 0 || (cell.size && !cell.data && cell.type != CARTBELL_CELL_INTEGER)) return false;
    if (cell.type == CARTBELL_CELL_NULL) return !key && (column.flags & CARTBELL_COLUMN_NULLABLE);
    return cell.type == column.type;
}

void promise_rows(const Transaction &transaction, uint32_t number, const cartbell_cell *cells, size_t count, bool whole) {
    const cartbell_table &table = transaction.store->schema->tables[number];
    const size_t width = whole ? table.column_count : table.key_count;
    for (size_t i = 0; i < count * width; ++i)
        promise(fits(table.columns[i % width], cells[i], i % width < table.key_count), "a row does not fit its declaration");
}

int32_t open(void *self, const cartbell_schema *schema, int32_t read_only) {
    Store &store = store_of(self);
    promise(!store.schema, "a store is opened twice");
    store.schema = schema;
    newest = &store;
    if (fails("open")) return failure;
    return store.over->open(store.object, schema, read_only);
}

void close(void *self) {
    std::unique_ptr<Store> store(&store_of(self));
    promise(store->transactions == 0, "a store is closed before its transactions have ended");
    store->over->close(store->object);
    if (newest == store.get()) newest = nullptr;
    --open_now;
}

int32_t begin(void *self, int32_t mode, void **out) {
    Store &store = store_of(self);
    if (fails("begin")) return failure;
    void *object = nullptr;
    if (const int32_t status = store.over->begin(store.object, mode, &object)) return status;
    *out = new Transaction{&store, object};
    ++store.transactions;
    ++open_now;
    return CARTBELL_OK;
}

void over(Transaction &transaction) {
    promise(transaction.cursors == 0, "a transaction ends before its cursors");
    --transaction.store->transactions;
    --open_now;
    delete &transaction;
}

int32_t commit(void *self) {
    Transaction &transaction = transaction_of(self);
    const cartbell_store_functions &f = *transaction.store->over;
    int32_t status = CARTBELL_OK;
    if (fails("commit", transaction)) {
        status = failure;
        if (committing == Commit::undone) f.rollback(transaction.object);
        if (committing == Commit::done) promise(f.commit(transaction.object) == CARTBELL_OK, "the commit below failed by itself");
    } else {
        status = f.commit(transaction.object);
    }
    over(transaction);
    return status;
}

void rollback(void *self) {
    Transaction &transaction = transaction_of(self);
    transaction.store->over->rollback(transaction.object);
    over(transaction);
}

int32_t get(void *self, uint32_t table, const cartbell_cell *keys, size_t count, uint64_t mask, cartbell_cell *rows, uint8_t *found) {
    Transaction &transaction = transaction_of(self);
    promise_rows(transaction, table, keys, count, false);
    if (fails("get", transaction)) return failure;
    return noted(transaction.store->over->get(transaction.object, table, keys, count, mask, rows, found), transaction);
}

int32_t insert(void *self, uint32_t table, const cartbell_cell *rows, size_t count, uint8_t *existed) {
    Transaction &transaction = transaction_of(self);
    promise_rows(transaction, table, rows, count, true);
    if (fails("insert", transaction)) return failure;
    return noted(transaction.store->over->insert(transaction.object, table, rows, count, existed), transaction);
}

int32_t put(void *self, uint32_t table, const cartbell_cell *rows, size_t count) {
    Transaction &transaction = transaction_of(self);
    promise_rows(transaction, table, rows, count, true);
    if (fails("put", transaction)) return failure;
    return noted(transaction.store->over->put(transaction.object, table, rows, count), transaction);
}

int32_t remove(void *self, uint32_t table, const cartbell_cell *keys, size_t count) {
    Transaction &transaction = transaction_of(self);
    promise_rows(transaction, table, keys, count, false);
    if (fails("remove", transaction)) return failure;
    return noted(transaction.store->over->remove(transaction.object, table, keys, count), transaction);
}

int32_t scan(void *self, const cartbell_scan *wanted, void **out) {
    Transaction &transaction = transaction_of(self);
    if (fails("scan", transaction)) return failure;
    void *object = nullptr;
    if (const int32_t status = noted(transaction.store->over->scan(transaction.object, wanted, &object), transaction)) return status;
    *out = new Cursor{&transaction, object};
    ++transaction.cursors;
    ++open_now;
    return CARTBELL_OK;
}

int32_t next(void *self, cartbell_cell *rows, size_t most, size_t *count) {
    Cursor &cursor = cursor_of(self);
    if (fails("next", *cursor.transaction)) return failure;
    return noted(cursor.transaction->store->over->next(cursor.object, rows, most, count), *cursor.transaction);
}

void end_scan(void *self) {
    std::unique_ptr<Cursor> cursor(&cursor_of(self));
    cursor->transaction->store->over->end_scan(cursor->object);
    --cursor->transaction->cursors;
    --open_now;
}

const char *last_message(void *) { return "the table was told to fail"; }

int32_t maintain(void *self, int32_t *more) {
    Store &store = store_of(self);
    if (fails("maintain")) return failure;
    *more = 0;
    return store.over->maintain ? store.over->maintain(store.object, more) : CARTBELL_OK;
}

void append(std::string &out, const cartbell_cell &cell) {
    out += static_cast<char>('0' + cell.type);
    if (cell.type == CARTBELL_CELL_INTEGER) out += std::to_string(cell.integer);
    if (cell.type == CARTBELL_CELL_TEXT || cell.type == CARTBELL_CELL_BYTES) out.append(static_cast<const char *>(cell.data), cell.size);
    out += '|';
}

}  // namespace

const cartbell_store_functions *functions() {
    static constexpr cartbell_store_functions table = {sizeof(cartbell_store_functions), CARTBELL_STORE_VERSION, open, close, begin, commit, rollback, get,
                                                       insert, put, remove, scan, next, end_scan, last_message, maintain};
    return &table;
}

void *make(const cartbell_store_functions *over, void *object) {
    ++open_now;
    return new Store{over, object};
}

void fail_at(long call, int32_t status, Commit commit) {
    made = 0;
    failing = call;
    failure = status;
    committing = commit;
    name_of_failed.clear();
    broken.clear();
}

long calls() { return made; }
bool fired() { return !name_of_failed.empty(); }
const std::string &failed_call() { return name_of_failed; }
long open_objects() { return open_now; }
const std::vector<std::string> &broken_promises() { return broken; }

std::string dump() {
    std::string out;
    if (!newest) return out;
    const cartbell_store_functions &f = *newest->over;
    void *transaction = nullptr;
    if (f.begin(newest->object, CARTBELL_STORE_READ, &transaction) != CARTBELL_OK) return "unreadable";
    for (uint32_t table = 0; table < newest->schema->table_count; ++table) {
        const size_t width = newest->schema->tables[table].column_count;
        cartbell_scan wanted{};
        wanted.struct_size = sizeof wanted;
        wanted.table = table;
        wanted.index = -1;
        wanted.column_mask = ~uint64_t{0};
        void *cursor = nullptr;
        if (f.scan(transaction, &wanted, &cursor) != CARTBELL_OK) return "unreadable";
        std::vector<cartbell_cell> cells(64 * width);
        for (size_t count = 1; count > 0;) {
            if (f.next(cursor, cells.data(), 64, &count) != CARTBELL_OK) return "unreadable";
            for (size_t i = 0; i < count * width; ++i) append(out += i % width ? "" : "\n", cells[i]);
        }
        f.end_scan(cursor);
        out += "\n--";
    }
    f.rollback(transaction);
    return out;
}

}  // namespace failing_table
