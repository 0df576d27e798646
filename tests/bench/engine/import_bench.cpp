// Import through the C ABI (JSON in, durable, batches of 1000) against plain SQLite that inserts the same rows with the same uniqueness.
//
//   import_bench [orders] [rounds]
//
// The peer gets every value ready-made: it parses nothing, folds nothing, and its tables are what a shop would write by hand (text primary
// keys, an index on the customer), in WAL with synchronous=FULL. Printed: Cartbell's rate over the peer's, the rate over the last tenth
// against the first tenth, and the growth of resident memory between those.
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

#include "bench/support/host.hpp"
#include "bench/support/timing.hpp"

using namespace cartbell::bench;

namespace {

constexpr int batch = 1000;

size_t resident_kib() {
    size_t pages = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> pages >> resident;
    return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE)) / 1024;
}

struct Run {
    double total = 0, first_tenth = 0, last_tenth = 0;
    size_t memory_early_kib = 0, memory_end_kib = 0;
};

// Calls store(orders as JSON, orders) for each batch and adds up the time of that call alone.
template <typename Store>
Run measure(int64_t orders, Store &&store) {
    Shop shop(static_cast<int>(orders / 3) + 1, orders);
    Run run;
    std::vector<Order> batch_orders;
    std::string json;
    Order order;
    int64_t done = 0;
    while (done < orders) {
        json.clear();
        batch_orders.clear();
        while (batch_orders.size() < batch && shop.next(order)) {
            Shop::append_json(order, json);
            batch_orders.push_back(order);
        }
        const double seconds = seconds_of([&] { store(json, batch_orders); });
        run.total += seconds;
        if (done < orders / 10) run.first_tenth += seconds;
        if (done >= orders - orders / 10) run.last_tenth += seconds;
        done += static_cast<int64_t>(batch_orders.size());
        if (done >= orders / 10 && run.memory_early_kib == 0) run.memory_early_kib = resident_kib();
    }
    run.memory_end_kib = resident_kib();
    return run;
}

Run cartbell_run(int64_t orders) {
    Folder folder;
    Host host(folder.file("shop.db"));
    return measure(orders, [&](const std::string &json, const std::vector<Order> &) { host.ingest(json); });
}

void sql(sqlite3 *db, const char *text) {
    if (sqlite3_exec(db, text, nullptr, nullptr, nullptr) != SQLITE_OK) {
        std::fprintf(stderr, "%s: %s\n", text, sqlite3_errmsg(db));
        std::exit(1);
    }
}

class Statement {
  public:
    Statement(sqlite3 *db, const char *text) {
        if (sqlite3_prepare_v2(db, text, -1, &statement_, nullptr) != SQLITE_OK) std::exit(1);
    }
    ~Statement() { sqlite3_finalize(statement_); }
    Statement &text(const std::string &value) {
        sqlite3_bind_text(statement_, ++bound_, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
        return *this;
    }
    Statement &integer(int64_t value) {
        sqlite3_bind_int64(statement_, ++bound_, value);
        return *this;
    }
    void run() {
        if (sqlite3_step(statement_) != SQLITE_DONE) std::exit(1);
        sqlite3_reset(statement_);
        bound_ = 0;
    }

  private:
    sqlite3_stmt *statement_ = nullptr;
    int bound_ = 0;
};

Run sqlite_run(int64_t orders) {
    Folder folder;
    sqlite3 *db = nullptr;
    sqlite3_open(folder.file("plain.db").c_str(), &db);
    sql(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE journal(position INTEGER PRIMARY KEY, received_at INTEGER, occurred_at INTEGER, source TEXT, op_id TEXT, customer_id INTEGER, object TEXT, body TEXT, result TEXT);"
            "CREATE TABLE operation(source TEXT, op_id TEXT, position INTEGER, body_hash BLOB, PRIMARY KEY(source, op_id));"
            "CREATE TABLE identity(kind INTEGER, value TEXT, customer_id INTEGER, PRIMARY KEY(kind, value));"
            "CREATE TABLE customer(customer_id INTEGER PRIMARY KEY, external_id TEXT, email TEXT, created_at INTEGER, state BLOB);"
            "CREATE TABLE orders(order_id TEXT PRIMARY KEY, customer_id INTEGER, placed_at INTEGER, currency TEXT, total INTEGER, general TEXT, delivery TEXT, payment TEXT, state BLOB);"
            "CREATE INDEX orders_customer ON orders(customer_id);");
    Run run;
    {
        Statement journal(db, "INSERT INTO journal VALUES(?,?,?,?,?,?,?,?,?)");
        Statement operation(db, "INSERT INTO operation VALUES(?,?,?,?)");
        Statement identity(db, "INSERT OR IGNORE INTO identity VALUES(?,?,?)");
        Statement customer(db, "INSERT OR REPLACE INTO customer VALUES(?,?,?,?,?)");
        Statement rows(db, "INSERT INTO orders VALUES(?,?,?,?,?,?,?,?,?)");
        const std::string state(350, 's'), profile(120, 'c'), hash(16, 'h'), result(110, 'r');
        int64_t position = 0;
        run = measure(orders, [&](const std::string &json, const std::vector<Order> &batch_orders) {
            sql(db, "BEGIN IMMEDIATE");
            size_t from = 0;
            for (const Order &order : batch_orders) {
                const size_t end = json.find('\n', from);
                const std::string body = json.substr(from, end - from);
                from = end + 1;
                const std::string id = std::to_string(100'000 + order.number), op = "op-" + std::to_string(order.number);
                const std::string external = "C-" + std::to_string(order.customer), mail = "c" + std::to_string(order.customer) + "@example.org";
                journal.integer(++position).integer(Shop::end_us).integer(order.placed_at_us).text("system").text(op).integer(order.customer).text(id).text(body).text(result).run();
                operation.text("system").text(op).integer(position).text(hash).run();
                identity.integer(0).text(external).integer(order.customer).run();
                customer.integer(order.customer).text(external).text(mail).integer(order.placed_at_us).text(profile).run();
                rows.text(id).integer(order.customer).integer(order.placed_at_us).text("EUR").integer(order.total_e2 * 100).text(order.general).text(order.delivery).text(order.payment).text(state).run();
            }
            sql(db, "COMMIT");
        });
    }
    sqlite3_close(db);
    return run;
}

}  // namespace

int main(int argc, char **argv) {
    const int64_t orders = argc > 1 ? std::atoll(argv[1]) : 100'000;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
    std::vector<double> ratios, falls;
    Run last;
    for (int round = 0; round < rounds; ++round) {
        const Run ours = cartbell_run(orders), peer = sqlite_run(orders);
        ratios.push_back(peer.total / ours.total);
        falls.push_back(ours.first_tenth / ours.last_tenth);
        last = ours;
        std::printf("# round %d: Cartbell %.0f orders/s, plain SQLite %.0f rows-sets/s; peer's own last tenth / first %.2f\n", round + 1,
                    static_cast<double>(orders) / ours.total, static_cast<double>(orders) / peer.total, peer.first_tenth / peer.last_tenth);
    }
    std::printf("import of %lld orders, rate over plain SQLite's:            %.2f x\n", static_cast<long long>(orders), median(ratios));
    std::printf("import, rate of the last tenth over the first tenth:        %.2f x\n", median(falls));
    std::printf("import, memory at the end over memory after the first tenth: %.2f x (%zu MiB)\n",
                static_cast<double>(last.memory_end_kib) / static_cast<double>(last.memory_early_kib), last.memory_end_kib / 1024);
    return 0;
}
