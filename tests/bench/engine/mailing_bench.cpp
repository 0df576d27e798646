// A mailing to everybody (segment → context → render → outbox) against what is done without Cartbell: for each customer a few SQLite lookups,
// an mstch render, and one row in an outbox table in the same file.
//
//   mailing_bench [customers] [rounds]
//
// Both sides read and write an SQLite file in WAL with synchronous=FULL and render the same text of the last order and its lines; the texts are
// compared byte by byte.
#include <sqlite3.h>

#include <cstring>
#include <map>
#include <mstch/mstch.hpp>
#include <nlohmann/json.hpp>

#include "bench/support/host.hpp"
#include "bench/support/timing.hpp"

using namespace cartbell::bench;

namespace {

// Their names are the same on both sides, so that one text serves both.
constexpr const char *body =
    "<h1>Your order {{order_id}}</h1>\n<p>{{city}}, thank you. It was {{total}} in all.</p>\n<table>\n"
    "{{#lines}}<tr><td>{{product_id}}</td><td>{{name}}</td><td>{{quantity}}</td><td>{{price}}</td></tr>\n{{/lines}}</table>\n";

std::string our_body() {   // the same text, said in Cartbell's views
    std::string text = body;
    auto replace = [&](const char *from, const char *to) {
        for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += std::strlen(to)) text.replace(at, std::strlen(from), to);
    };
    replace("{{order_id}}", "{{orders.last.order_id}}");
    replace("{{city}}", "{{customer.city}}");
    replace("{{total}}", "{{orders.last.total}}");
    replace("{{#lines}}", "{{#orders.last.lines}}");
    replace("{{/lines}}", "{{/orders.last.lines}}");
    return text;
}

constexpr const char *audience = R"({"orders":{"count":{"ge":1}}})";

std::map<std::string, std::string> cartbell_mailing(const std::string &path, int round, double &seconds) {
    cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
    options.path = path.c_str();
    cartbell_engine *engine = nullptr;
    cartbell_error *error = nullptr;
    must(cartbell_engine_open(&options, &engine, &error), error, "open");
    const std::string code = "m" + std::to_string(round);
    const std::string text = nlohmann::json{{"code", "t"}, {"channel", "email"}, {"subject", "Your order"}, {"body", our_body()}}.dump();
    const std::string mailing = nlohmann::json{{"code", code}, {"audience", nlohmann::json::parse(audience)}, {"channel", "email"},
                                               {"category", "promo"}, {"template", "t"}}.dump();
    must(cartbell_template_put(engine, "t", text.data(), text.size(), Shop::end_us, nullptr, &error), error, "template");
    must(cartbell_mailing_put(engine, code.c_str(), mailing.data(), mailing.size(), Shop::end_us, nullptr, &error), error, "mailing");
    seconds = seconds_of([&] {
        must(cartbell_mailing_start(engine, code.c_str(), Shop::end_us, nullptr, &error), error, "start");
        for (int64_t due = 0; due != CARTBELL_NEVER;)
            must(cartbell_engine_tick(engine, Shop::end_us, 100, nullptr, &due, &error), error, "tick");
    });
    std::map<std::string, std::string> texts;
    cartbell_export *cursor = nullptr;
    must(cartbell_export_open(engine, ("mailing:" + code).c_str(), &cursor, &error), error, "export");
    cartbell_buffer answer = CARTBELL_BUFFER_INIT;
    for (size_t count = 1; count != 0;) {
        must(cartbell_export_next(cursor, 1000, &count, &answer, &error), error, "export");
        for (const auto &message : nlohmann::json::parse(std::string(answer.data, answer.size)))
            texts[message.at("customer")] = message.at("parts").at("body");
    }
    cartbell_buffer_free(&answer);
    cartbell_export_close(cursor);
    cartbell_engine_close(engine);
    return texts;
}

std::string column(sqlite3_stmt *statement, int index) {
    const auto *text = reinterpret_cast<const char *>(sqlite3_column_text(statement, index));
    return text ? text : "";
}

std::string money(int64_t e2) {
    char text[32];
    std::snprintf(text, sizeof text, "%lld.%02lld", static_cast<long long>(e2 / 100), static_cast<long long>(e2 % 100));
    return text;
}

void sql(sqlite3 *db, const char *text) {
    if (sqlite3_exec(db, text, nullptr, nullptr, nullptr) != SQLITE_OK) {
        std::fprintf(stderr, "%s: %s\n", text, sqlite3_errmsg(db));
        std::exit(1);
    }
}

void fill_plain(const std::string &path, Shop shop) {
    sqlite3 *db = nullptr;
    sqlite3_open(path.c_str(), &db);
    sql(db, "PRAGMA journal_mode=WAL;CREATE TABLE customers(customer_id INTEGER PRIMARY KEY, city TEXT);"
            "CREATE TABLE orders(order_id TEXT PRIMARY KEY, customer_id INTEGER, placed_at INTEGER, total_e2 INTEGER);"
            "CREATE TABLE lines(order_id TEXT, position INTEGER, product_id TEXT, name TEXT, quantity INTEGER, price_e2 INTEGER, PRIMARY KEY(order_id, position)) WITHOUT ROWID;BEGIN");
    sqlite3_stmt *customer = nullptr, *order_row = nullptr, *line_row = nullptr;
    sqlite3_prepare_v2(db, "INSERT INTO customers VALUES(?,'Riga')", -1, &customer, nullptr);
    sqlite3_prepare_v2(db, "INSERT INTO orders VALUES(?,?,?,?)", -1, &order_row, nullptr);
    sqlite3_prepare_v2(db, "INSERT INTO lines VALUES(?,?,?,?,?,?)", -1, &line_row, nullptr);
    for (int number = 0; number < shop.customers(); ++number) {
        sqlite3_bind_int(customer, 1, number);
        sqlite3_step(customer);
        sqlite3_reset(customer);
    }
    Order order;
    while (shop.next(order)) {
        const std::string id = std::to_string(100'000 + order.number);
        sqlite3_bind_text(order_row, 1, id.c_str(), -1, SQLITE_TRANSIENT);
        sqlite3_bind_int(order_row, 2, order.customer);
        sqlite3_bind_int64(order_row, 3, order.placed_at_us);
        sqlite3_bind_int64(order_row, 4, order.total_e2);
        sqlite3_step(order_row);
        sqlite3_reset(order_row);
        for (size_t position = 0; position < order.lines.size(); ++position) {
            const Line &line = order.lines[position];
            const std::string product = "SKU-" + std::to_string(line.product), name = "Product " + std::to_string(line.product);
            sqlite3_bind_text(line_row, 1, id.c_str(), -1, SQLITE_TRANSIENT);
            sqlite3_bind_int64(line_row, 2, static_cast<int64_t>(position));
            sqlite3_bind_text(line_row, 3, product.c_str(), -1, SQLITE_TRANSIENT);
            sqlite3_bind_text(line_row, 4, name.c_str(), -1, SQLITE_TRANSIENT);
            sqlite3_bind_int(line_row, 5, line.quantity);
            sqlite3_bind_int64(line_row, 6, line.price_e2);
            sqlite3_step(line_row);
            sqlite3_reset(line_row);
        }
    }
    for (sqlite3_stmt *statement : {customer, order_row, line_row}) sqlite3_finalize(statement);
    sql(db, "COMMIT;CREATE INDEX o1 ON orders(customer_id, placed_at);ANALYZE;");
    sqlite3_close(db);
}

std::map<std::string, std::string> plain_mailing(const std::string &path, int round, double &seconds) {
    sqlite3 *db = nullptr;
    sqlite3_open(path.c_str(), &db);
    const std::string table = "outbox" + std::to_string(round);
    sql(db, ("PRAGMA synchronous=FULL;CREATE TABLE " + table + "(customer_id INTEGER PRIMARY KEY, state TEXT, body TEXT)").c_str());
    sqlite3_stmt *customers = nullptr, *last = nullptr, *lines = nullptr, *insert = nullptr;
    sqlite3_prepare_v2(db, "SELECT customer_id, city FROM customers", -1, &customers, nullptr);
    sqlite3_prepare_v2(db, "SELECT order_id, total_e2 FROM orders WHERE customer_id = ? ORDER BY placed_at DESC, order_id DESC LIMIT 1", -1, &last, nullptr);
    sqlite3_prepare_v2(db, "SELECT product_id, name, quantity, price_e2 FROM lines WHERE order_id = ? ORDER BY position", -1, &lines, nullptr);
    sqlite3_prepare_v2(db, ("INSERT INTO " + table + " VALUES(?, 'queued', ?)").c_str(), -1, &insert, nullptr);
    std::map<std::string, std::string> texts;
    const std::string text = body;
    seconds = seconds_of([&] {
        sql(db, "BEGIN IMMEDIATE");
        int pending = 0;
        while (sqlite3_step(customers) == SQLITE_ROW) {
            sqlite3_bind_int64(last, 1, sqlite3_column_int64(customers, 0));
            if (sqlite3_step(last) == SQLITE_ROW) {
                mstch::array rows;
                sqlite3_bind_text(lines, 1, column(last, 0).c_str(), -1, SQLITE_TRANSIENT);
                while (sqlite3_step(lines) == SQLITE_ROW)
                    rows.push_back(mstch::map{{"product_id", column(lines, 0)}, {"name", column(lines, 1)}, {"quantity", column(lines, 2)},
                                              {"price", money(sqlite3_column_int64(lines, 3))}});
                sqlite3_reset(lines);
                const std::string rendered = mstch::render(
                    text, mstch::map{{"order_id", column(last, 0)}, {"city", column(customers, 1)}, {"total", money(sqlite3_column_int64(last, 1))}, {"lines", rows}});
                sqlite3_bind_int64(insert, 1, sqlite3_column_int64(customers, 0));
                sqlite3_bind_text(insert, 2, rendered.data(), static_cast<int>(rendered.size()), SQLITE_STATIC);
                sqlite3_step(insert);
                sqlite3_reset(insert);
                texts.emplace("external_id:C-" + column(customers, 0), rendered);
                if (++pending % 25'600 == 0) sql(db, "COMMIT;BEGIN IMMEDIATE");
            }
            sqlite3_reset(last);
        }
        sql(db, "COMMIT");
    });
    for (sqlite3_stmt *statement : {customers, last, lines, insert}) sqlite3_finalize(statement);
    sqlite3_close(db);
    return texts;
}

}  // namespace

int main(int argc, char **argv) {
    const int customers = argc > 1 ? std::atoi(argv[1]) : 100'000;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
    const Shop shop(customers, static_cast<int64_t>(customers * 3.06));
    Folder folder;
    { Host(folder.file("shop.db")).fill(shop); }
    fill_plain(folder.file("plain.db"), shop);
    std::vector<double> ratios;
    for (int round = 0; round < rounds; ++round) {
        double ours = 0, peer = 0;
        const auto our_texts = cartbell_mailing(folder.file("shop.db"), round, ours);
        const auto peer_texts = plain_mailing(folder.file("plain.db"), round, peer);
        if (our_texts != peer_texts) {
            std::printf("the texts differ: %zu of Cartbell, %zu of the peer\n", our_texts.size(), peer_texts.size());
            return 1;
        }
        std::printf("# round %d: %zu messages, Cartbell %.1f µs a message, SQLite lookups + mstch %.1f µs\n", round + 1, our_texts.size(),
                    ours * 1e6 / static_cast<double>(our_texts.size()), peer * 1e6 / static_cast<double>(our_texts.size()));
        ratios.push_back(peer / ours);
    }
    std::printf("mailing over %d customers, speed over SQLite lookups + mstch: %.2f x\n", customers, median(ratios));
    return 0;
}
