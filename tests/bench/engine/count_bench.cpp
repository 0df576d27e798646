// Counting a segment over everybody: P1, P2, P3, P6, P7 of the measured limits, exact, against SQL on a well indexed SQLite file with the same orders.
//
//   count_bench [customers] [rounds] [--export file.csv]
//
// Every count must be equal on both sides. --export writes the orders' lines for further peers (tests/bench/run.sh gives them to DuckDB).
#include <sqlite3.h>

#include <cmath>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "bench/support/host.hpp"
#include "bench/support/timing.hpp"

using namespace cartbell::bench;

namespace {

struct Predicate {
    const char *name;
    const char *json;
    const char *sql;   // :now is Shop::end_us
};

// `completed` and the like are statuses; cancelled and refunded orders are not in analytics, so `orders` is used where SQL sees every order.
constexpr Predicate predicates[] = {
    {"P1", R"({"all":[{"orders":{"count":{"between":[1,4]}}},{"orders":{"last":{"placed_at":{"ago":{"gt":"30d"}}}}}]})",
     "SELECT count(*) FROM (SELECT customer_id FROM orders GROUP BY customer_id HAVING count(*) BETWEEN 1 AND 4 AND max(placed_at) < :now - 2592000000000)"},
    {"P2", R"({"orders":{"where":{"status.general":"completed"},"period":{"past":"90d"},"sum":{"of":"total","is":{"ge":"200"}}}})",
     "SELECT count(*) FROM (SELECT customer_id FROM orders WHERE placed_at > :now - 7776000000000 AND general = 'completed' GROUP BY customer_id HAVING sum(total_e2) >= 20000)"},
    {"P3", R"({"lines":{"where":{"category.1":"cat-7"},"period":{"past":"180d"}}})",
     "SELECT count(DISTINCT o.customer_id) FROM lines l JOIN orders o ON o.order_id = l.order_id WHERE l.category = 'cat-7' AND o.placed_at > :now - 15552000000000"},
    {"P6", R"({"orders":{"count":0}})",
     "SELECT count(*) FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.customer_id)"},
    {"P7", R"({"orders":{"where":{"status.payment":"awaiting","status.delivery":{"ne":"delivered"}}}})",
     "SELECT count(DISTINCT customer_id) FROM orders WHERE payment = 'awaiting' AND delivery <> 'delivered'"},
};

void sql(sqlite3 *db, const char *text) {
    if (sqlite3_exec(db, text, nullptr, nullptr, nullptr) != SQLITE_OK) {
        std::fprintf(stderr, "%s: %s\n", text, sqlite3_errmsg(db));
        std::exit(1);
    }
}

void fill(sqlite3 *db, Shop shop, const char *export_file) {
    FILE *csv = export_file ? std::fopen(export_file, "w") : nullptr;
    if (csv) std::fputs("order_id,customer_id,placed_at,total_e2,general,delivery,payment,category\n", csv);
    sql(db, "CREATE TABLE customers(customer_id INTEGER PRIMARY KEY);"
            "CREATE TABLE orders(order_id INTEGER PRIMARY KEY, customer_id INTEGER, placed_at INTEGER, total_e2 INTEGER, general TEXT, delivery TEXT, payment TEXT);"
            "CREATE TABLE lines(order_id INTEGER, category TEXT, product INTEGER);BEGIN");
    sqlite3_stmt *customer = nullptr, *order_row = nullptr, *line_row = nullptr;
    sqlite3_prepare_v2(db, "INSERT INTO customers VALUES(?)", -1, &customer, nullptr);
    sqlite3_prepare_v2(db, "INSERT INTO orders VALUES(?,?,?,?,?,?,?)", -1, &order_row, nullptr);
    sqlite3_prepare_v2(db, "INSERT INTO lines VALUES(?,?,?)", -1, &line_row, nullptr);
    for (int number = 0; number < shop.customers(); ++number) {
        sqlite3_bind_int(customer, 1, number);
        sqlite3_step(customer);
        sqlite3_reset(customer);
    }
    Order order;
    while (shop.next(order)) {
        sqlite3_bind_int64(order_row, 1, order.number);
        sqlite3_bind_int(order_row, 2, order.customer);
        sqlite3_bind_int64(order_row, 3, order.placed_at_us);
        sqlite3_bind_int64(order_row, 4, order.total_e2);
        int column = 5;
        for (const char *code : {order.general, order.delivery, order.payment}) sqlite3_bind_text(order_row, column++, code, -1, SQLITE_STATIC);
        sqlite3_step(order_row);
        sqlite3_reset(order_row);
        for (const Line &line : order.lines) {
            const std::string category = "cat-" + std::to_string(line.product % 40);
            sqlite3_bind_int64(line_row, 1, order.number);
            sqlite3_bind_text(line_row, 2, category.c_str(), -1, SQLITE_TRANSIENT);
            sqlite3_bind_int(line_row, 3, line.product);
            sqlite3_step(line_row);
            sqlite3_reset(line_row);
            if (csv)
                std::fprintf(csv, "%lld,%d,%lld,%lld,%s,%s,%s,%s\n", static_cast<long long>(order.number), order.customer,
                             static_cast<long long>(order.placed_at_us), static_cast<long long>(order.total_e2), order.general, order.delivery,
                             order.payment, category.c_str());
        }
    }
    for (sqlite3_stmt *statement : {customer, order_row, line_row}) sqlite3_finalize(statement);
    sql(db, "COMMIT;CREATE INDEX o1 ON orders(customer_id, placed_at);CREATE INDEX o2 ON orders(placed_at, general, customer_id, total_e2);"
            "CREATE INDEX o3 ON orders(payment, delivery, customer_id);CREATE INDEX l1 ON lines(category, order_id);ANALYZE;");
    if (csv) std::fclose(csv);
}

int64_t count_of(Host &host, const char *predicate) {
    cartbell_buffer answer = CARTBELL_BUFFER_INIT;
    cartbell_error *error = nullptr;
    must(cartbell_segment_count(host.engine(), predicate, std::strlen(predicate), Shop::end_us, &answer, &error), error, predicate);
    const int64_t count = nlohmann::json::parse(std::string(answer.data, answer.size))["count"];
    cartbell_buffer_free(&answer);
    return count;
}

int64_t count_of(sqlite3 *db, const char *text) {
    sqlite3_stmt *statement = nullptr;
    if (sqlite3_prepare_v2(db, text, -1, &statement, nullptr) != SQLITE_OK) std::exit(1);
    if (const int now = sqlite3_bind_parameter_index(statement, ":now")) sqlite3_bind_int64(statement, now, Shop::end_us);
    sqlite3_step(statement);
    const int64_t count = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return count;
}

}  // namespace

int main(int argc, char **argv) {
    const int customers = argc > 1 ? std::atoi(argv[1]) : 100'000;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
    const char *export_file = argc > 4 && std::strcmp(argv[3], "--export") == 0 ? argv[4] : nullptr;
    const Shop shop(customers, static_cast<int64_t>(customers * 3.06));
    Folder folder;
    Host host(folder.file("shop.db"));
    host.fill(shop);
    sqlite3 *db = nullptr;
    sqlite3_open(folder.file("plain.db").c_str(), &db);
    fill(db, shop, export_file);
    bool equal = true;
    double logarithms = 0;
    for (const Predicate &predicate : predicates) {
        std::vector<double> ours, peer;
        int64_t our_count = 0, peer_count = 0;
        for (int round = 0; round < rounds; ++round) {
            ours.push_back(seconds_of([&] { our_count = count_of(host, predicate.json); }));
            peer.push_back(seconds_of([&] { peer_count = count_of(db, predicate.sql); }));
        }
        const double ratio = median(peer) / median(ours);
        logarithms += std::log(ratio);
        std::printf("%s over %d customers: %lld in it, speed over SQLite's SQL: %7.3f x   (ms: Cartbell %.2f)\n", predicate.name, customers,
                    static_cast<long long>(our_count), ratio, median(ours) * 1000);
        if (our_count != peer_count) {
            std::printf("  NOT EQUAL: SQLite counts %lld\n", static_cast<long long>(peer_count));
            equal = false;
        }
    }
    std::printf("P1 P2 P3 P6 P7, geometric mean of the speed over SQLite's SQL: %.3f x\n", std::exp(logarithms / 5));
    sqlite3_close(db);
    return equal ? 0 : 1;
}
