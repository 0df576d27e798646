// Which layout of an SQLite file takes orders fastest and gives them back in customer order: candidates beside the obvious tables, batch by
// batch in turn, so that whatever else the machine does meets all alike. Prints ratios; docs/decisions/0001-sqlite-layout.md quotes them.
//
//   layout_bench ORDERS [--only name,name] [--dir folder] [--ids sequential|random] [--check]
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/store.hpp"

namespace {

constexpr size_t batch_orders = 1000;
constexpr int64_t partitions = 1024;

[[noreturn]] void stop(const char *what, sqlite3 *db = nullptr) {
    std::fprintf(stderr, "layout_bench: %s%s%s\n", what, db ? ": " : "", db ? sqlite3_errmsg(db) : "");
    std::exit(1);
}

uint64_t mixed(uint64_t z) {
    z += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

// One operation: an order of a customer, new or seen before.
struct Operation {
    int64_t position;
    std::string op_id, order_id, external_id, body, state, customer_state, body_hash;
    int64_t customer_id;
    int64_t placed_at;
};

// Orders in time order; a few customers make most of them; one in twenty operations speaks of an earlier order.
class Generator {
  public:
    Generator(size_t orders, bool random_ids) : customers_(orders / 3 + 1), random_ids_(random_ids) {}

    Operation next() {
        auto position = static_cast<int64_t>(++count_);
        bool update = count_ > 100 && random() % 20 == 0;
        uint64_t order = update ? 1 + random() % orders_ : ++orders_;
        Operation operation;
        operation.position = position;
        operation.order_id = order_id(order);
        uint64_t customer = customer_of(order);
        operation.external_id = "C-" + std::to_string(customer);
        operation.customer_id =
            static_cast<int64_t>(mixed(customer) % partitions << 53) + static_cast<int64_t>(customer);
        operation.placed_at = 1'700'000'000'000'000 + static_cast<int64_t>(order) * 20'000'000;
        operation.op_id = uuid(mixed(count_ * 7 + 1), mixed(count_ * 7 + 2));
        operation.body = filler(700);
        operation.state = filler(350);
        operation.customer_state = filler(160);
        operation.body_hash = filler(16);
        return operation;
    }

    uint64_t orders() const { return orders_; }
    int64_t some_customer(uint64_t seed) const {
        uint64_t customer = customer_of(1 + mixed(seed) % orders_);
        return static_cast<int64_t>(mixed(customer) % partitions << 53) + static_cast<int64_t>(customer);
    }

  private:
    uint64_t random() { return state_ = mixed(state_); }

    uint64_t customer_of(uint64_t order) const {  // about Pareto: half of the orders by a tenth of the customers
        double u = static_cast<double>(mixed(order ^ 0x5eed) >> 11) / 9007199254740992.0;
        return 1 + static_cast<uint64_t>(static_cast<double>(customers_ - 1) * u * u * u);
    }

    std::string order_id(uint64_t order) const {
        if (random_ids_) return uuid(mixed(order * 11), mixed(order * 13));
        return std::to_string(10'000'000 + order);
    }

    static std::string uuid(uint64_t a, uint64_t b) {
        char text[40];
        std::snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%012llx", static_cast<unsigned>(a >> 32),
                      static_cast<unsigned>(a >> 16 & 0xffff), static_cast<unsigned>(a & 0xffff),
                      static_cast<unsigned>(b >> 48), static_cast<unsigned long long>(b & 0xffffffffffff));
        return text;
    }

    std::string filler(size_t size) {
        std::string text(size, 'x');
        for (size_t i = 0; i + 8 <= size; i += 8) {
            uint64_t word = random();
            for (size_t k = 0; k < 8; ++k) text[i + k] = static_cast<char>('a' + (word >> (8 * k) & 15));
        }
        return text;
    }

    uint64_t customers_;
    bool random_ids_;
    uint64_t state_ = 42, count_ = 0, orders_ = 0;
};

// A connection with prepared statements by number.
class Database {
  public:
    Database(const std::string &path, const std::string &settings) {
        if (sqlite3_open(path.c_str(), &db_) != SQLITE_OK) stop("open", db_);
        run(settings);
    }
    ~Database() {
        for (auto &[sql, statement] : statements_) sqlite3_finalize(statement);
        sqlite3_close(db_);
    }
    void run(const std::string &sql) {
        if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) stop(sql.c_str(), db_);
    }
    sqlite3_stmt *statement(const char *sql) {
        sqlite3_stmt *&known = statements_[sql];
        if (!known && sqlite3_prepare_v2(db_, sql, -1, &known, nullptr) != SQLITE_OK) stop(sql, db_);
        return known;
    }
    template <typename... Values>
    bool step(const char *sql, const Values &...values) {  // true: a row, in last()
        if (last_) sqlite3_reset(last_);
        last_ = statement(sql);
        int at = 0;
        (bind(++at, values), ...);
        int code = sqlite3_step(last_);
        if (code != SQLITE_ROW && code != SQLITE_DONE) stop(sql, db_);
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

struct ReadResult {
    uint64_t rows = 0, bytes = 0;
};

class Candidate {
  public:
    virtual ~Candidate() = default;
    virtual void apply(const std::vector<Operation> &batch) = 0;
    virtual ReadResult scan_all() = 0;                          // all orders, customer by customer
    virtual ReadResult scan_customer(int64_t customer_id) = 0;  // one customer's orders
    virtual void reopen() = 0;
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
    bool customer_appended = false;
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


constexpr Shape shapes[] = {
    {"clustered", true, 0, 4096, 0, 1000},
    {"appended", false, 0, 4096, 0, 1000},
    {"clustered+wal", true, 0, 4096, 64, 16384},
    {"appended+wal", false, 0, 4096, 64, 16384},
    {"appended+wal+opidx", false, 1, 4096, 64, 16384},
    {"appended+wal+ophash", false, 2, 4096, 64, 16384},
    {"appended+wal+2k", false, 1, 2048, 64, 32768},
    {"appended+wal+8k", false, 1, 8192, 64, 8192},
};

double seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Contender {
    std::string name, path;
    std::unique_ptr<Candidate> candidate;
    double first = 0, last = 0, total = 0;           // seconds: of the first tenth, the last tenth, all
    double scan = 0, warm = 0, cold = 0;  // a full scan; one customer, mean
    ReadResult read;
};

void forget_cached(const std::string &path) {
    for (const char *suffix : {"", "-wal"}) {
        int file = ::open((path + suffix).c_str(), O_RDONLY);
        if (file < 0) continue;
        ::fdatasync(file);
        ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
        ::close(file);
    }
}

void write_all(std::vector<Contender> &contenders, Generator &generator, size_t operations) {
    std::vector<Operation> batch;
    for (size_t done = 0; done < operations; done += batch.size()) {
        batch.clear();
        while (batch.size() < std::min(batch_orders, operations - done)) batch.push_back(generator.next());
        for (Contender &contender : contenders) {
            double begin = seconds();
            contender.candidate->apply(batch);
            double took = seconds() - begin;
            contender.total += took;
            if (done < operations / 10) contender.first += took;
            if (done >= operations - operations / 10) contender.last += took;
        }
        if (done % 100'000 == 0) std::fprintf(stderr, "%zu\n", done);
    }
}

void read_all(Contender &contender, const Generator &generator) {
    constexpr uint64_t customers = 2000, cold_customers = 100;
    contender.candidate->reopen();
    double begin = seconds();
    contender.read = contender.candidate->scan_all();
    contender.scan = seconds() - begin;
    begin = seconds();
    for (uint64_t i = 0; i < customers; ++i) contender.candidate->scan_customer(generator.some_customer(i));
    contender.warm = (seconds() - begin) / customers;
    contender.candidate->reopen();
    forget_cached(contender.path);
    begin = seconds();
    for (uint64_t i = 0; i < cold_customers; ++i) contender.candidate->scan_customer(generator.some_customer(i + customers));
    contender.cold = (seconds() - begin) / cold_customers;
}

}  // namespace

int main(int count, char **arguments) {
    size_t operations = 0;
    std::string only, folder = "/tmp/cartbell-layout-bench";
    bool random_ids = false, check = false;
    for (int i = 1; i < count; ++i) {
        std::string argument = arguments[i];
        if (argument == "--only" && i + 1 < count) only = "," + std::string(arguments[++i]) + ",";
        else if (argument == "--dir" && i + 1 < count) folder = arguments[++i];
        else if (argument == "--ids" && i + 1 < count) random_ids = std::string(arguments[++i]) == "random";
        else if (argument == "--check") check = true;
        else operations = std::strtoull(argument.c_str(), nullptr, 10);
    }
    if (operations == 0) stop("usage: layout_bench ORDERS [--only name,name] [--dir folder] [--ids sequential|random] [--check]");
    ::mkdir(folder.c_str(), 0755);

    std::vector<Contender> contenders;
    auto add = [&](const std::string &name, auto make) {
        if (!only.empty() && name != "plain" && only.find("," + name + ",") == std::string::npos) return;
        std::string path = folder + "/" + name + ".db";
        for (const char *suffix : {"", "-wal", "-shm", "-lock"}) ::unlink((path + suffix).c_str());
        contenders.push_back({name, path, make(path)});
    };
    add("plain", [](const std::string &path) { return std::make_unique<Plain>(path); });
    for (const Shape &shape : shapes)
        add(shape.name, [&](const std::string &path) { return std::make_unique<Shaped>(shape, path); });

    Generator generator(operations, random_ids);
    write_all(contenders, generator, operations);
    for (Contender &contender : contenders) read_all(contender, generator);

    const Contender &plain = contenders.front();
    std::printf("%zu operations of 1000 a batch, %zu orders, order ids %s; the peer writes %.0f operations/s\n", operations,
                static_cast<size_t>(generator.orders()), random_ids ? "random" : "sequential", static_cast<double>(operations) / plain.total);
    std::printf("%-22s %10s %12s %10s %12s %12s %12s\n", "", "write rate", "last:first", "file size", "scan rate", "one warm", "one cold");
    std::printf("%-22s %10s %12s %10s %12s %12s %12s\n", "", "x peer", "tenth", "MB", "x peer", "us", "us");
    for (const Contender &c : contenders) {
        struct stat info{};
        ::stat(c.path.c_str(), &info);
        std::printf("%-22s %10.2f %12.2f %10.0f %12.2f %12.1f %12.1f\n", c.name.c_str(), plain.total / c.total, c.first / c.last,
                    static_cast<double>(info.st_size) / 1e6, plain.scan / c.scan, c.warm * 1e6, c.cold * 1e6);
        if (c.read.rows != generator.orders()) stop("a candidate lost orders");
        if (check)
            for (const char *suffix : {"", "-wal", "-shm", "-lock"}) ::unlink((c.path + suffix).c_str());
    }
    return 0;
}
