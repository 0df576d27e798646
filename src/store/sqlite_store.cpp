// The SQLite store: one file, one writing connection, a pool of reading ones. Layout: sqlite_layout.hpp.
#include <algorithm>
#include <mutex>
#include <new>
#include <thread>

#include "store/sqlite_transaction.hpp"

namespace cartbell::store {
namespace {

constexpr int64_t application_id = 0x43424c36;         // "CBL6", in the file's header
constexpr int64_t oldest_application_id = 0x43424c35;  // "CBL5": the same layout with fewer tables, which bring_up_to_date makes
constexpr int external_writer_wait_ms = 2000;   // a partner's tool may hold the file for a moment
constexpr size_t idle_readers = 8;              // connections kept for the next read

constexpr char writer_settings[] =
    "PRAGMA synchronous = FULL;"            // a commit is durable when it returns
    "PRAGMA secure_delete = ON;"            // what was erased does not stay in free pages (docs/privacy.md)
    "PRAGMA cache_size = -65536;"           // KiB: the inner pages and hot leaves of the indexes
    "PRAGMA wal_autocheckpoint = 32768;";   // pages (256 MiB): a page changed by many batches is written back once
constexpr char reader_settings[] = "PRAGMA cache_size = -16384;";

}  // namespace

class SqliteStore {
  public:
    explicit SqliteStore(std::string_view path) : path_(path) {}

    int32_t open(const cartbell_schema &schema, bool read_only);
    int32_t begin(bool writes, SqliteTransaction *&out);
    void end(SqliteTransaction *transaction);  // its connection goes back to where it came from
    int32_t maintain(int32_t *more);

    // Notes what the connection says about a failure, for this thread to ask for.
    int32_t noted(int32_t status, const SqliteConnection &connection);
    int32_t noted(int32_t status, std::string message);
    const char *last_message();

  private:
    int32_t inspect(SqliteConnection &connection, bool &fresh, int64_t &version);
    int32_t become_writer(SqliteConnection &connection);
    int32_t make_current(SqliteConnection &connection, bool fresh, int64_t version);
    int32_t open_reader(SqliteConnection &connection);
    int32_t open_as(SqliteConnection &connection, bool read_only);

    std::string path_;
    const cartbell_schema *schema_ = nullptr;
    bool read_only_ = false;
    SqliteConnection lock_;  // holds the side file that makes this engine the only writing one
    std::mutex mutex_;       // guards the members below
    std::unique_ptr<SqliteConnection> writer_;
    std::vector<std::unique_ptr<SqliteConnection>> readers_;
    std::map<std::thread::id, std::string> messages_;
};

int32_t SqliteStore::noted(int32_t status, std::string message) {
    std::lock_guard lock(mutex_);
    messages_[std::this_thread::get_id()] = std::move(message);
    return status;
}

int32_t SqliteStore::noted(int32_t status, const SqliteConnection &connection) {
    return status == CARTBELL_OK ? status : noted(status, connection.message());
}

const char *SqliteStore::last_message() {
    std::lock_guard lock(mutex_);
    auto found = messages_.find(std::this_thread::get_id());
    return found == messages_.end() ? "" : found->second.c_str();
}

// What the file is: fresh (nothing in it yet), ours with its schema version, or a failure.
int32_t SqliteStore::inspect(SqliteConnection &connection, bool &fresh, int64_t &version) {
    int64_t application = 0, tables = 0;
    int32_t status = connection.integer("PRAGMA application_id", application);
    if (status == CARTBELL_OK) status = connection.integer("SELECT count(*) FROM sqlite_schema", tables);
    if (status == CARTBELL_OK) status = connection.integer("PRAGMA user_version", version);
    // Nothing was asked yet that can be asked wrongly: SQLite's general error is about the file ("unsupported file format").
    if (status == CARTBELL_INTERNAL) return connection.fail(CARTBELL_CORRUPT, connection.message());
    if (status != CARTBELL_OK) return status;
    fresh = application == 0 && tables == 0 && version == 0;
    if (fresh) return CARTBELL_OK;
    if (application >> 8 == application_id >> 8 && application > application_id)
        return connection.fail(CARTBELL_NEWER, "the file has the layout of a newer version");
    if (application >> 8 == application_id >> 8 && application < oldest_application_id)
        return connection.fail(CARTBELL_CORRUPT, "the file has a layout from before the first release, which is no longer read");
    if (application >> 8 != application_id >> 8)
        return connection.fail(CARTBELL_CORRUPT, "an SQLite file, but not of Cartbell");
    if (version > schema_->version)
        return connection.fail(CARTBELL_NEWER, "the file's schema version is " + std::to_string(version) +
                                                   ", this program knows " + std::to_string(schema_->version));
    return CARTBELL_OK;
}

// An empty database beside the file, locked for as long as this engine lives. SQLite's own locks hold between processes and between two
// connections of one process, end with a killed process, and readers of the store itself never meet them.
int32_t SqliteStore::become_writer(SqliteConnection &connection) {
    std::string side = std::string(sqlite3_db_filename(connection.handle(), "main")) + "-lock";
    int32_t status = lock_.open(side, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (status == CARTBELL_OK) status = lock_.run("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    if (status == CARTBELL_BUSY) return connection.fail(CARTBELL_BUSY, "another engine writes this store");
    return status == CARTBELL_OK ? status : connection.fail(status, lock_.message());
}

int32_t SqliteStore::make_current(SqliteConnection &connection, bool fresh, int64_t version) {
    std::string mode;
    if (fresh)  // twice SQLite's page: a scan in customer order reads appended rows with half the calls
        if (int32_t status = connection.run("PRAGMA page_size = 8192")) return status;
    if (int32_t status = connection.text("PRAGMA journal_mode = WAL", mode)) return status;
    if (mode != "wal") return connection.fail(CARTBELL_IO, "the file system allows no write-ahead log");
    if (int32_t status = connection.run(writer_settings)) return status;
    if (!fresh && version == schema_->version) return CARTBELL_OK;
    int32_t status = connection.run("BEGIN IMMEDIATE");
    if (status == CARTBELL_OK) status = bring_up_to_date(connection, *schema_);
    if (status == CARTBELL_OK)
        status = connection.run(("PRAGMA application_id = " + std::to_string(application_id)).c_str());
    if (status == CARTBELL_OK) status = connection.run("COMMIT");
    return status;
}

int32_t SqliteStore::open_reader(SqliteConnection &connection) {
    if (int32_t status = connection.open(path_, SQLITE_OPEN_READONLY)) return status;
    sqlite3_busy_timeout(connection.handle(), external_writer_wait_ms);
    return connection.run(reader_settings);
}

int32_t SqliteStore::open_as(SqliteConnection &connection, bool read_only) {
    bool fresh = false;
    int64_t version = 0;
    if (read_only) {
        if (int32_t status = open_reader(connection)) return status;
        if (int32_t status = inspect(connection, fresh, version)) return status;
        if (fresh) return connection.fail(CARTBELL_CORRUPT, "the file is empty");
        if (version < schema_->version)
            return connection.fail(CARTBELL_READ_ONLY, "the file is of an older version: open it for writing once, which adds what it lacks");
        return CARTBELL_OK;
    }
    if (int32_t status = connection.open(path_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) return status;
    sqlite3_busy_timeout(connection.handle(), external_writer_wait_ms);
    // Once before any side file is made beside what is not ours, once when nobody else can change it.
    if (int32_t status = inspect(connection, fresh, version)) return status;
    if (int32_t status = become_writer(connection)) return status;
    if (int32_t status = inspect(connection, fresh, version)) return status;
    return make_current(connection, fresh, version);
}

int32_t SqliteStore::open(const cartbell_schema &schema, bool read_only) {
    if (path_.empty() || path_ == ":memory:" || path_.find('\0') != std::string::npos)
        return noted(CARTBELL_INVALID, "a path of a file is needed");
    if (!sqlite3_threadsafe()) return noted(CARTBELL_MISUSE, "this SQLite was built for one thread");
    if (path_[0] == ':' || path_.compare(0, 5, "file:") == 0) path_.insert(0, "./");  // a name, whatever the host configured
    schema_ = &schema;
    read_only_ = read_only;
    auto connection = std::make_unique<SqliteConnection>();
    if (int32_t status = open_as(*connection, read_only)) return noted(status, *connection);
    if (read_only)
        readers_.push_back(std::move(connection));
    else
        writer_ = std::move(connection);
    return CARTBELL_OK;
}

int32_t SqliteStore::begin(bool writes, SqliteTransaction *&out) {
    if (writes && read_only_) return noted(CARTBELL_READ_ONLY, "the store is open for reading only");
    std::unique_ptr<SqliteConnection> connection;
    {
        std::lock_guard lock(mutex_);
        if (writes) {
            connection = std::move(writer_);
        } else if (!readers_.empty()) {
            connection = std::move(readers_.back());
            readers_.pop_back();
        }
    }
    if (!connection && writes) return noted(CARTBELL_BUSY, "a write transaction is under way");
    if (!connection) {
        connection = std::make_unique<SqliteConnection>();
        if (int32_t status = open_reader(*connection)) return noted(status, *connection);
    }
    auto transaction = std::make_unique<SqliteTransaction>(*this, *schema_, writes);
    int32_t status = transaction->begin(std::move(connection));
    if (status != CARTBELL_OK) {
        noted(status, transaction->connection());
        transaction->rollback();
        end(transaction.release());
        return status;
    }
    out = transaction.release();
    return CARTBELL_OK;
}

void SqliteStore::end(SqliteTransaction *transaction) {
    std::unique_ptr<SqliteTransaction> owned(transaction);
    std::unique_ptr<SqliteConnection> connection = owned->take_connection();
    std::lock_guard lock(mutex_);
    if (owned->writes())
        writer_ = std::move(connection);
    else if (readers_.size() < idle_readers)
        readers_.push_back(std::move(connection));
}

int32_t SqliteStore::maintain(int32_t *more) {
    *more = 0;
    if (read_only_) return CARTBELL_OK;
    std::unique_ptr<SqliteConnection> connection;
    {
        std::lock_guard lock(mutex_);
        connection = std::move(writer_);
    }
    if (!connection) return CARTBELL_OK;  // it is writing; later
    int code = sqlite3_wal_checkpoint_v2(connection->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    int32_t status = code == SQLITE_OK || code == SQLITE_BUSY ? CARTBELL_OK : noted(connection->fail(code), *connection);
    std::lock_guard lock(mutex_);
    writer_ = std::move(connection);
    return status;
}

namespace {

SqliteStore &store_of(void *self) { return *static_cast<SqliteStore *>(self); }
SqliteTransaction &transaction_of(void *self) { return *static_cast<SqliteTransaction *>(self); }
SqliteCursor &cursor_of(void *self) { return *static_cast<SqliteCursor *>(self); }

// Runs a function of a transaction and keeps its message for the thread that asks.
template <typename Body>
int32_t in_transaction(void *self, Body &&body) {
    return guard_store([&] {
        SqliteTransaction &transaction = transaction_of(self);
        return transaction.store().noted(body(transaction), transaction.connection());
    });
}

int32_t open_sqlite(void *self, const cartbell_schema *schema, int32_t read_only) {
    return guard_store([&] { return store_of(self).open(*schema, read_only != 0); });
}

void close_sqlite(void *self) { delete static_cast<SqliteStore *>(self); }

int32_t begin_sqlite(void *self, int32_t mode, void **out) {
    return guard_store([&] {
        SqliteTransaction *transaction = nullptr;
        int32_t status = store_of(self).begin(mode == CARTBELL_STORE_WRITE, transaction);
        *out = transaction;
        return status;
    });
}

int32_t commit_sqlite(void *self) {
    int32_t status = in_transaction(self, [](SqliteTransaction &transaction) { return transaction.commit(); });
    transaction_of(self).store().end(&transaction_of(self));
    return status;
}

void rollback_sqlite(void *self) {
    (void)in_transaction(self, [](SqliteTransaction &transaction) { return transaction.rollback(), CARTBELL_OK; });
    transaction_of(self).store().end(&transaction_of(self));
}

int32_t get_sqlite(void *self, uint32_t table, const Cell *keys, size_t count, uint64_t columns, Cell *rows,
                   uint8_t *found) {
    return in_transaction(self, [&](SqliteTransaction &transaction) {
        return transaction.get(table, keys, count, columns, rows, found);
    });
}

int32_t insert_sqlite(void *self, uint32_t table, const Cell *rows, size_t count, uint8_t *existed) {
    return in_transaction(
        self, [&](SqliteTransaction &transaction) { return transaction.insert(table, rows, count, existed); });
}

int32_t put_sqlite(void *self, uint32_t table, const Cell *rows, size_t count) {
    return in_transaction(self,
                          [&](SqliteTransaction &transaction) { return transaction.put(table, rows, count); });
}

int32_t remove_sqlite(void *self, uint32_t table, const Cell *keys, size_t count) {
    return in_transaction(self,
                          [&](SqliteTransaction &transaction) { return transaction.remove(table, keys, count); });
}

int32_t scan_sqlite(void *self, const cartbell_scan *scan, void **out) {
    return in_transaction(self, [&](SqliteTransaction &transaction) {
        auto cursor = std::make_unique<SqliteCursor>(transaction);
        int32_t status = cursor->begin(*scan);
        if (status == CARTBELL_OK) *out = cursor.release();
        return status;
    });
}

int32_t next_sqlite(void *self, Cell *rows, size_t most, size_t *count) {
    return in_transaction(&cursor_of(self).transaction(),
                          [&](SqliteTransaction &) { return cursor_of(self).next(rows, most, count); });
}

void end_scan_sqlite(void *self) { delete static_cast<SqliteCursor *>(self); }

const char *last_message_sqlite(void *self) { return store_of(self).last_message(); }

int32_t maintain_sqlite(void *self, int32_t *more) {
    return guard_store([&] { return store_of(self).maintain(more); });
}

constexpr cartbell_store_functions functions = {
    sizeof(cartbell_store_functions),
    CARTBELL_STORE_VERSION,
    open_sqlite,
    close_sqlite,
    begin_sqlite,
    commit_sqlite,
    rollback_sqlite,
    get_sqlite,
    insert_sqlite,
    put_sqlite,
    remove_sqlite,
    scan_sqlite,
    next_sqlite,
    end_scan_sqlite,
    last_message_sqlite,
    maintain_sqlite,
};

}  // namespace

const cartbell_store_functions *sqlite_store_functions() { return &functions; }

void *new_sqlite_store(std::string_view path) {
    try {
        return new SqliteStore(path);
    } catch (const std::bad_alloc &) {
        return nullptr;
    }
}

}  // namespace cartbell::store
