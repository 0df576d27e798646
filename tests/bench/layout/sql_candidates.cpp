// Candidates written in SQL: the obvious tables, and Cartbell's tables in several shapes.
#include <sqlite3.h>

#include <algorithm>
#include <functional>
#include <map>
#include <unordered_map>

#include "candidate.hpp"

namespace layout_bench {
namespace {

// A connection with prepared statements by number.
class Database {
  public:
    Database(const std::string &path, const std::string &settings) {
        if (sqlite3_open(path.c_str(), &db_) != SQLITE_OK) stop("open", sqlite3_errmsg(db_));
        run(settings);
    }
    ~Database() {
        for (auto &[sql, statement] : statements_) sqlite3_finalize(statement);
        sqlite3_close(db_);
    }
    void run(const std::string &sql) {
        if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) stop(sql.c_str(), sqlite3_errmsg(db_));
    }
    sqlite3_stmt *statement(const char *sql) {
        sqlite3_stmt *&known = statements_[sql];
        if (!known && sqlite3_prepare_v2(db_, sql, -1, &known, nullptr) != SQLITE_OK) stop(sql, sqlite3_errmsg(db_));
        return known;
    }
    template <typename... Values>
    bool step(const char *sql, const Values &...values) {  // true: a row, in last()
        if (last_) sqlite3_reset(last_);
        last_ = statement(sql);
        int at = 0;
        (bind(++at, values), ...);
        int code = sqlite3_step(last_);
        if (code != SQLITE_ROW && code != SQLITE_DONE) stop(sql, sqlite3_errmsg(db_));
        if (code == SQLITE_DONE) sqlite3_reset(std::exchange(last_, nullptr));
        return code == SQLITE_ROW;
    }
    bool more() {
        int code = sqlite3_step(last_);
        if (code == SQLITE_DONE) sqlite3_reset(std::exchange(last_, nullptr));
        return code == SQLITE_ROW;
    }
    int64_t integer(int column) { return sqlite3_column_int64(last_, column); }
    int bytes(int column) {
        sqlite3_column_blob(last_, column);
        return sqlite3_column_bytes(last_, column);
    }
    int changes() { return sqlite3_changes(db_); }
    void rest() {
        if (last_) sqlite3_reset(std::exchange(last_, nullptr));
    }

  private:
    void bind(int at, int64_t value) { sqlite3_bind_int64(last_, at, value); }
    void bind(int at, const std::string &value) {
        sqlite3_bind_text(last_, at, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
    }
    void bind(int at, const char *value) { sqlite3_bind_text(last_, at, value, -1, SQLITE_STATIC); }

    sqlite3 *db_ = nullptr;
    sqlite3_stmt *last_ = nullptr;
    std::unordered_map<const char *, sqlite3_stmt *> statements_;
};

// The peer: what everybody would write first.
class Plain : public Candidate {
  public:
    explicit Plain(std::string path) : path_(std::move(path)) {
        reopen();
        db_->run("CREATE TABLE orders(order_id TEXT PRIMARY KEY, customer INTEGER, placed_at INTEGER, body TEXT);"
                 "CREATE INDEX orders_customer ON orders(customer);"
                 "CREATE TABLE operations(source TEXT, op_id TEXT, UNIQUE(source, op_id));");
    }
    void reopen() override {
        db_.reset();
        db_ = std::make_unique<Database>(path_, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
    }
    void apply(const std::vector<Operation> &batch) override {
        db_->run("BEGIN IMMEDIATE");
        for (const Operation &o : batch) {
            db_->step("INSERT INTO operations VALUES(?,?) ON CONFLICT DO NOTHING", "shop", o.op_id);
            if (db_->changes() == 0) continue;
            db_->step("INSERT INTO orders VALUES(?,?,?,?) ON CONFLICT(order_id) DO UPDATE SET body=excluded.body",
                      o.order_id, o.customer_id, o.placed_at, o.body);
        }
        db_->run("COMMIT");
    }
    ReadResult scan_all() override { return read("SELECT body FROM orders ORDER BY customer"); }
    ReadResult scan_customer(int64_t id) override { return read("SELECT body FROM orders WHERE customer=?", id); }

  private:
    template <typename... Values>
    ReadResult read(const char *sql, const Values &...values) {
        ReadResult result;
        for (bool row = db_->step(sql, values...); row; row = db_->more()) {
            ++result.rows;
            result.bytes += static_cast<uint64_t>(db_->bytes(0));
        }
        return result;
    }
    std::string path_;
    std::unique_ptr<Database> db_;
};

struct Shape {
    const char *name;
    bool clustered_orders;
    int operations;  // 0: rows in key order; 1: appended rows and an index of the text key; 2: appended rows and an index of a 64-bit hash
    int page_size;
    int cache_mib;  // 0: SQLite's default
    int checkpoint_pages;
};

// Cartbell's tables in one of several shapes, written and read as the engine does.
class Shaped : public Candidate {
  public:
    Shaped(const Shape &shape, std::string path) : shape_(shape), path_(std::move(path)) {
        reopen();
        std::string orders = "customer_id INTEGER NOT NULL, order_id TEXT NOT NULL, placed_at INTEGER, state BLOB";
        db_->run(shape_.clustered_orders
                     ? "CREATE TABLE orders(" + orders + ", PRIMARY KEY(customer_id, order_id)) WITHOUT ROWID"
                     : "CREATE TABLE orders(" + orders + "); CREATE UNIQUE INDEX orders_key ON orders(customer_id, order_id)");
        std::string operation = "source TEXT NOT NULL, op_id TEXT NOT NULL, position INTEGER NOT NULL, body_hash BLOB";
        if (shape_.operations == 0)
            db_->run("CREATE TABLE operation(" + operation + ", PRIMARY KEY(source, op_id)) WITHOUT ROWID");
        else if (shape_.operations == 1)
            db_->run("CREATE TABLE operation(" + operation + "); CREATE UNIQUE INDEX operation_key ON operation(source, op_id)");
        else
            db_->run("CREATE TABLE operation(" + operation + ", hash INTEGER); CREATE INDEX operation_key ON operation(hash)");
        db_->run("CREATE TABLE journal(position INTEGER PRIMARY KEY, received_at INTEGER, op_id TEXT, customer_id INTEGER, object TEXT, body TEXT);"
                 "CREATE TABLE order_owner(order_id TEXT PRIMARY KEY, customer_id INTEGER) WITHOUT ROWID;"
                 "CREATE TABLE identity(kind TEXT, value TEXT, customer_id INTEGER, PRIMARY KEY(kind, value)) WITHOUT ROWID;"
                 "CREATE TABLE customer(customer_id INTEGER PRIMARY KEY, external_id TEXT, state BLOB);");
    }
    void reopen() override {
        db_.reset();
        std::string settings = "PRAGMA page_size=" + std::to_string(shape_.page_size) +
                               "; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=" +
                               std::to_string(shape_.checkpoint_pages) + ";";
        if (shape_.cache_mib) settings += "PRAGMA cache_size=-" + std::to_string(shape_.cache_mib * 1024) + ";";
        db_ = std::make_unique<Database>(path_, settings);
    }
    void apply(const std::vector<Operation> &batch) override {
        std::vector<const Operation *> sorted;
        for (const Operation &o : batch) sorted.push_back(&o);
        auto by = [&](auto member) {
            std::sort(sorted.begin(), sorted.end(),
                      [&](const Operation *a, const Operation *b) { return a->*member < b->*member; });
        };
        db_->run("BEGIN IMMEDIATE");
        by(&Operation::op_id);
        for (const Operation *o : sorted) operation(*o);
        for (const Operation &o : batch)
            db_->step("INSERT INTO journal VALUES(?,?,?,?,?,?)", o.position, o.placed_at, o.op_id, o.customer_id,
                      o.order_id, o.body);
        by(&Operation::order_id);
        for (const Operation *o : sorted)
            if (!db_->step("SELECT customer_id FROM order_owner WHERE order_id=?", o->order_id))
                db_->step("INSERT INTO order_owner VALUES(?,?)", o->order_id, o->customer_id);
        by(&Operation::external_id);
        for (const Operation *o : sorted)
            if (!db_->step("SELECT customer_id FROM identity WHERE kind=? AND value=?", "external_id", o->external_id))
                db_->step("INSERT INTO identity VALUES(?,?,?)", "external_id", o->external_id, o->customer_id);
        by(&Operation::customer_id);
        for (const Operation *o : sorted) {
            db_->step("SELECT state FROM orders WHERE customer_id=? AND order_id=?", o->customer_id, o->order_id);
            db_->step("INSERT INTO orders(customer_id, order_id, placed_at, state) VALUES(?,?,?,?) "
                      "ON CONFLICT(customer_id, order_id) DO UPDATE SET state=excluded.state",
                      o->customer_id, o->order_id, o->placed_at, o->state);
        }
        for (const Operation *o : sorted) {
            db_->step("SELECT state FROM customer WHERE customer_id=?", o->customer_id);
            db_->step("INSERT INTO customer VALUES(?,?,?) ON CONFLICT(customer_id) DO UPDATE SET state=excluded.state",
                      o->customer_id, o->external_id, o->customer_state);
        }
        db_->rest();
        db_->run("COMMIT");
    }
    ReadResult scan_all() override { return read("SELECT state FROM orders ORDER BY customer_id, order_id"); }
    ReadResult scan_customer(int64_t id) override {
        return read("SELECT state FROM orders WHERE customer_id=? ORDER BY order_id", id);
    }

  private:
    void operation(const Operation &o) {
        if (shape_.operations < 2) {
            db_->step("INSERT INTO operation VALUES(?,?,?,?) ON CONFLICT(source, op_id) DO NOTHING", "shop", o.op_id,
                      o.position, o.body_hash);
            return;
        }
        auto hash = static_cast<int64_t>(std::hash<std::string>{}(o.op_id));
        for (bool row = db_->step("SELECT op_id FROM operation WHERE hash=?", hash); row; row = db_->more())
            if (db_->bytes(0) == 0) stop("impossible");
        db_->step("INSERT INTO operation VALUES(?,?,?,?,?)", "shop", o.op_id, o.position, o.body_hash, hash);
    }
    template <typename... Values>
    ReadResult read(const char *sql, const Values &...values) {
        ReadResult result;
        for (bool row = db_->step(sql, values...); row; row = db_->more()) {
            ++result.rows;
            result.bytes += static_cast<uint64_t>(db_->bytes(0));
        }
        return result;
    }
    Shape shape_;
    std::string path_;
    std::unique_ptr<Database> db_;
};


// Rows go into memory and, in order of arrival, into a log; when `limit` operations are there they are merged into clustered tables in key order.
class Merged : public Candidate {
  public:
    Merged(size_t limit, std::string path) : limit_(limit), path_(std::move(path)) {
        reopen();
        db_->run("CREATE TABLE orders(customer_id INTEGER, order_id TEXT, placed_at INTEGER, state BLOB, PRIMARY KEY(customer_id, order_id)) WITHOUT ROWID;"
                 "CREATE TABLE operation(source TEXT, op_id TEXT, position INTEGER, body_hash BLOB, PRIMARY KEY(source, op_id)) WITHOUT ROWID;"
                 "CREATE TABLE journal(position INTEGER PRIMARY KEY, received_at INTEGER, op_id TEXT, customer_id INTEGER, object TEXT, body TEXT);"
                 "CREATE TABLE order_owner(order_id TEXT PRIMARY KEY, customer_id INTEGER) WITHOUT ROWID;"
                 "CREATE TABLE identity(kind TEXT, value TEXT, customer_id INTEGER, PRIMARY KEY(kind, value)) WITHOUT ROWID;"
                 "CREATE TABLE customer(customer_id INTEGER PRIMARY KEY, external_id TEXT, state BLOB);"
                 "CREATE TABLE recent_orders(sequence INTEGER PRIMARY KEY, customer_id INTEGER, order_id TEXT, placed_at INTEGER, state BLOB);"
                 "CREATE TABLE recent_operation(sequence INTEGER PRIMARY KEY, source TEXT, op_id TEXT, position INTEGER, body_hash BLOB);"
                 "CREATE TABLE recent_order_owner(sequence INTEGER PRIMARY KEY, order_id TEXT, customer_id INTEGER);"
                 "CREATE TABLE recent_identity(sequence INTEGER PRIMARY KEY, kind TEXT, value TEXT, customer_id INTEGER);"
                 "CREATE TABLE recent_customer(sequence INTEGER PRIMARY KEY, customer_id INTEGER, external_id TEXT, state BLOB);");
    }
    void reopen() override {
        if (db_) merge();
        db_.reset();
        db_ = std::make_unique<Database>(path_, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=16384; PRAGMA cache_size=-65536;");
    }
    void apply(const std::vector<Operation> &batch) override {
        db_->run("BEGIN IMMEDIATE");
        for (const Operation &o : batch) {
            if (!operations_.count(o.op_id) && !db_->step("SELECT 1 FROM operation WHERE source=? AND op_id=?", "shop", o.op_id)) {
                operations_[o.op_id] = {o.position, o.body_hash};
                db_->step("INSERT INTO recent_operation VALUES(NULL,?,?,?,?)", "shop", o.op_id, o.position, o.body_hash);
            }
            db_->step("INSERT INTO journal VALUES(?,?,?,?,?,?)", o.position, o.placed_at, o.op_id, o.customer_id, o.order_id, o.body);
            if (!owners_.count(o.order_id) && !db_->step("SELECT customer_id FROM order_owner WHERE order_id=?", o.order_id)) {
                owners_[o.order_id] = o.customer_id;
                db_->step("INSERT INTO recent_order_owner VALUES(NULL,?,?)", o.order_id, o.customer_id);
            }
            if (!identities_.count(o.external_id) &&
                !db_->step("SELECT customer_id FROM identity WHERE kind=? AND value=?", "external_id", o.external_id)) {
                identities_[o.external_id] = o.customer_id;
                db_->step("INSERT INTO recent_identity VALUES(NULL,?,?,?)", "external_id", o.external_id, o.customer_id);
            }
            auto key = std::pair(o.customer_id, o.order_id);
            if (!orders_.count(key)) db_->step("SELECT state FROM orders WHERE customer_id=? AND order_id=?", o.customer_id, o.order_id);
            orders_[key] = {o.placed_at, o.state};
            db_->step("INSERT INTO recent_orders VALUES(NULL,?,?,?,?)", o.customer_id, o.order_id, o.placed_at, o.state);
            if (!customers_.count(o.customer_id)) db_->step("SELECT state FROM customer WHERE customer_id=?", o.customer_id);
            customers_[o.customer_id] = {o.external_id, o.customer_state};
            db_->step("INSERT INTO recent_customer VALUES(NULL,?,?,?)", o.customer_id, o.external_id, o.customer_state);
        }
        db_->rest();
        db_->run("COMMIT");
        if (operations_.size() >= limit_) merge();
    }
    ReadResult scan_all() override { return read("SELECT state FROM orders ORDER BY customer_id, order_id"); }
    ReadResult scan_customer(int64_t id) override { return read("SELECT state FROM orders WHERE customer_id=? ORDER BY order_id", id); }

  private:
    void merge() {
        db_->run("BEGIN IMMEDIATE");
        for (auto &[key, row] : operations_) db_->step("INSERT INTO operation VALUES(?,?,?,?)", "shop", key, row.first, row.second);
        for (auto &[key, row] : owners_) db_->step("INSERT INTO order_owner VALUES(?,?)", key, row);
        for (auto &[key, row] : identities_) db_->step("INSERT INTO identity VALUES(?,?,?)", "external_id", key, row);
        for (auto &[key, row] : orders_)
            db_->step("INSERT INTO orders VALUES(?,?,?,?) ON CONFLICT(customer_id, order_id) DO UPDATE SET state=excluded.state", key.first,
                      key.second, row.first, row.second);
        for (auto &[key, row] : customers_)
            db_->step("INSERT INTO customer VALUES(?,?,?) ON CONFLICT(customer_id) DO UPDATE SET state=excluded.state", key, row.first, row.second);
        db_->rest();
        db_->run("DELETE FROM recent_operation; DELETE FROM recent_order_owner; DELETE FROM recent_identity; DELETE FROM recent_orders; DELETE FROM recent_customer;");
        db_->run("COMMIT");
        operations_.clear(), owners_.clear(), identities_.clear(), orders_.clear(), customers_.clear();
    }
    template <typename... Values>
    ReadResult read(const char *sql, const Values &...values) {
        ReadResult result;
        for (bool row = db_->step(sql, values...); row; row = db_->more()) {
            ++result.rows;
            result.bytes += static_cast<uint64_t>(db_->bytes(0));
        }
        return result;
    }
    size_t limit_;
    std::string path_;
    std::unique_ptr<Database> db_;
    std::map<std::string, std::pair<int64_t, std::string>> operations_;
    std::map<std::string, int64_t> owners_, identities_;
    std::map<std::pair<int64_t, std::string>, std::pair<int64_t, std::string>> orders_;
    std::map<int64_t, std::pair<std::string, std::string>> customers_;
};

constexpr Shape clustered{"clustered", true, 0, 4096, 0, 1000};
constexpr Shape appended{"appended", false, 0, 4096, 0, 1000};
constexpr Shape clustered_log{"clustered+log", true, 0, 4096, 64, 65536};
constexpr Shape appended_log{"appended+log", false, 0, 4096, 64, 65536};
constexpr Shape appended_log_index{"appended+log+index", false, 1, 4096, 64, 65536};
constexpr Shape appended_log_hash{"appended+log+hash", false, 2, 4096, 64, 65536};
constexpr Shape appended_log_2k{"appended+log+hash+2k", false, 2, 2048, 64, 131072};
constexpr Shape appended_log_8k{"appended+log+hash+8k", false, 2, 8192, 64, 32768};

template <const Shape &shape>
std::unique_ptr<Candidate> make_shaped(std::string path) {
    return std::make_unique<Shaped>(shape, std::move(path));
}
template <size_t limit>
std::unique_ptr<Candidate> make_merged(std::string path) {
    return std::make_unique<Merged>(limit, std::move(path));
}
std::unique_ptr<Candidate> make_plain(std::string path) { return std::make_unique<Plain>(std::move(path)); }

}  // namespace

std::vector<std::pair<std::string, std::unique_ptr<Candidate> (*)(std::string path)>> candidates() {
    return {
        {"plain", make_plain},
        {clustered.name, make_shaped<clustered>},
        {appended.name, make_shaped<appended>},
        {clustered_log.name, make_shaped<clustered_log>},
        {appended_log.name, make_shaped<appended_log>},
        {appended_log_index.name, make_shaped<appended_log_index>},
        {appended_log_hash.name, make_shaped<appended_log_hash>},
        {appended_log_2k.name, make_shaped<appended_log_2k>},
        {appended_log_8k.name, make_shaped<appended_log_8k>},
        {"merged-100k", make_merged<100'000>},
        {"store", make_store_candidate},
    };
}

}  // namespace layout_bench
