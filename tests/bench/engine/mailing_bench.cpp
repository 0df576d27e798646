// A mailing to everybody (segment → context → render → outbox) against what is done without Cartbell: for each customer a few SQLite lookups,
// an mstch render, and one row in an outbox table in the same file.
//
//   mailing_bench [customers] [rounds] [online_retail.csv]
//
// With the file: Online Retail's customers and invoices, copied until there are so many customers; else the generated shop. Both sides read and write an SQLite file in WAL with synchronous=FULL and render the same text of the last order and its lines; the texts are
// compared byte by byte.
#include <sqlite3.h>

#include <cstring>
#include <map>
#include <memory>
#include <mstch/mstch.hpp>
#include <nlohmann/json.hpp>

#include "bench/support/host.hpp"
#include "bench/support/retail.hpp"
#include "bench/support/timing.hpp"

using namespace cartbell::bench;

namespace {

// Their names are the same on both sides, so that one text serves both.
constexpr const char *body =
    "<h1>Your order {{order_id}}</h1>\n<p>{{customer_id}}, thank you. It was {{total}} in all.</p>\n<table>\n"
    "{{#lines}}<tr><td>{{product_id}}</td><td>{{name}}</td><td>{{quantity}}</td><td>{{price}}</td></tr>\n{{/lines}}</table>\n";

std::string our_body() {   // the same text, said in Cartbell's views
    std::string text = body;
    auto replace = [&](const char *from, const char *to) {
        for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += std::strlen(to)) text.replace(at, std::strlen(from), to);
    };
    replace("{{order_id}}", "{{orders.last.order_id}}");
    replace("{{customer_id}}", "{{customer.external_id}}");
    replace("{{total}}", "{{orders.last.total}}");
    replace("{{#lines}}", "{{#orders.last.lines}}");
    replace("{{/lines}}", "{{/orders.last.lines}}");
    return text;
}

// Calls `customer(id)` for those who never order and `sale(sale)` for each order.
class Data {
  public:
    Data(int customers, const char *csv) : customers_(customers) {
        if (csv != nullptr) retail_ = std::make_unique<Retail>(csv);
    }
    const char *name() const { return retail_ ? "Online Retail" : "the generated shop"; }

    template <typename Customer, typename Visit>
    void each(Customer &&customer, Visit &&visit) const {
        if (retail_) return retail_->each(customers_, visit);
        for (int number = 0; number < customers_; ++number) customer("C-" + std::to_string(number));
        Shop shop(customers_, static_cast<int64_t>(customers_ * 3.06));
        Order order;
        Sale sale;
        while (shop.next(order)) {
            sale.customer = "C-" + std::to_string(order.customer);
            sale.order_id = std::to_string(100'000 + order.number);
            sale.placed_at = Shop::rfc3339(order.placed_at_us);
            sale.total = money_text(order.total_e2 * 100);
            sale.lines.clear();
            for (const Line &line : order.lines)
                sale.lines.push_back({"SKU-" + std::to_string(line.product), "Product " + std::to_string(line.product), std::to_string(line.quantity),
                                      money_text(line.price_e2 * 100)});
            visit(sale);
        }
    }

  private:
    int customers_;
    std::unique_ptr<Retail> retail_;
};

void fill(Host &host, const Data &data) {
    std::string block;
    int held = 0;
    const auto flush = [&] {
        if (held > 0) host.ingest(block);
        block.clear();
        held = 0;
    };
    const auto added = [&] {
        if (++held == 1000 || block.size() > 1'000'000) flush();
    };
    data.each(
        [&](const std::string &id) {
            block += R"({"type":"customer","id":"c-)" + id + R"(","occurred_at":"2010-01-01T00:00:00Z","customer":{"external_id":")" + id + "\"}}\n";
            added();
        },
        [&](const Sale &sale) {
            append_json(sale, block);
            added();
        });
    flush();
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
            texts[std::string(message.at("customer")).substr(std::strlen("external_id:"))] = message.at("parts").at("body");
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

void sql(sqlite3 *db, const char *text) {
    if (sqlite3_exec(db, text, nullptr, nullptr, nullptr) != SQLITE_OK) {
        std::fprintf(stderr, "%s: %s\n", text, sqlite3_errmsg(db));
        std::exit(1);
    }
}

class Statement {
  public:
    Statement(sqlite3 *db, const std::string &text) { sqlite3_prepare_v2(db, text.c_str(), -1, &statement_, nullptr); }
    ~Statement() { sqlite3_finalize(statement_); }
    Statement(const Statement &) = delete;
    Statement &operator=(const Statement &) = delete;
    sqlite3_stmt *get() const { return statement_; }
    Statement &text(int at, const std::string &value) {
        sqlite3_bind_text(statement_, at, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
        return *this;
    }
    Statement &integer(int at, int64_t value) {
        sqlite3_bind_int64(statement_, at, value);
        return *this;
    }
    bool step() { return sqlite3_step(statement_) == SQLITE_ROW; }
    void reset() { sqlite3_reset(statement_); }
    void run() {
        step();
        reset();
    }

  private:
    sqlite3_stmt *statement_ = nullptr;
};

void fill_plain(const std::string &path, const Data &data) {
    sqlite3 *db = nullptr;
    sqlite3_open(path.c_str(), &db);
    sql(db, "PRAGMA journal_mode=WAL;CREATE TABLE customers(id INTEGER PRIMARY KEY, external_id TEXT UNIQUE);"
            "CREATE TABLE orders(order_id TEXT PRIMARY KEY, customer_id INTEGER, placed_at TEXT, total TEXT);"
            "CREATE TABLE lines(order_id TEXT, position INTEGER, product_id TEXT, name TEXT, quantity TEXT, price TEXT, PRIMARY KEY(order_id, position)) WITHOUT ROWID;BEGIN");
    {
        Statement customer(db, "INSERT OR IGNORE INTO customers(external_id) VALUES(?)");
        Statement order(db, "INSERT INTO orders VALUES(?1,(SELECT id FROM customers WHERE external_id = ?2),?3,?4)");
        Statement line(db, "INSERT INTO lines VALUES(?,?,?,?,?,?)");
        data.each([&](const std::string &id) { customer.text(1, id).run(); },
                  [&](const Sale &sale) {
                      customer.text(1, sale.customer).run();
                      order.text(1, sale.order_id).text(2, sale.customer).text(3, sale.placed_at).text(4, sale.total).run();
                      int64_t position = 0;
                      for (const Sale::Line &one : sale.lines)
                          line.text(1, sale.order_id).integer(2, ++position).text(3, one.product).text(4, one.name).text(5, one.quantity).text(6, one.price).run();
                  });
    }
    sql(db, "COMMIT;CREATE INDEX o1 ON orders(customer_id, placed_at);ANALYZE;");
    sqlite3_close(db);
}

std::map<std::string, std::string> plain_mailing(const std::string &path, int round, double &seconds) {
    sqlite3 *db = nullptr;
    sqlite3_open(path.c_str(), &db);
    const std::string table = "outbox" + std::to_string(round);
    sql(db, ("PRAGMA synchronous=FULL;CREATE TABLE " + table + "(customer_id INTEGER PRIMARY KEY, state TEXT, body TEXT)").c_str());
    std::map<std::string, std::string> texts;
    const std::string text = body;
    {
        Statement customers(db, "SELECT id, external_id FROM customers");
        Statement last(db, "SELECT order_id, total FROM orders WHERE customer_id = ? ORDER BY placed_at DESC, order_id DESC LIMIT 1");
        Statement lines(db, "SELECT product_id, name, quantity, price FROM lines WHERE order_id = ? ORDER BY position");
        Statement insert(db, "INSERT INTO " + table + " VALUES(?, 'queued', ?)");
        seconds = seconds_of([&] {
            sql(db, "BEGIN IMMEDIATE");
            int pending = 0;
            while (customers.step()) {
                const int64_t id = sqlite3_column_int64(customers.get(), 0);
                last.integer(1, id);
                if (last.step()) {
                    mstch::array rows;
                    lines.text(1, column(last.get(), 0));
                    while (lines.step())
                        rows.push_back(mstch::map{{"product_id", column(lines.get(), 0)}, {"name", column(lines.get(), 1)},
                                                  {"quantity", column(lines.get(), 2)}, {"price", column(lines.get(), 3)}});
                    lines.reset();
                    const std::string customer = column(customers.get(), 1);
                    const std::string rendered = mstch::render(
                        text, mstch::map{{"order_id", column(last.get(), 0)}, {"customer_id", customer}, {"total", column(last.get(), 1)}, {"lines", rows}});
                    insert.integer(1, id).text(2, rendered).run();
                    texts.emplace(customer, rendered);
                    if (++pending % 4096 == 0) sql(db, "COMMIT;BEGIN IMMEDIATE");
                }
                last.reset();
            }
            sql(db, "COMMIT");
        });
    }
    sqlite3_close(db);
    return texts;
}

}  // namespace

int main(int argc, char **argv) {
    const int customers = argc > 1 ? std::atoi(argv[1]) : 100'000;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
    const Data data(customers, argc > 3 ? argv[3] : nullptr);
    Folder folder;
    {
        Host host(folder.file("shop.db"));
        fill(host, data);
    }
    fill_plain(folder.file("plain.db"), data);
    std::vector<double> ratios;
    size_t messages = 0;
    for (int round = 0; round < rounds; ++round) {
        double ours = 0, peer = 0;
        const auto our_texts = cartbell_mailing(folder.file("shop.db"), round, ours);
        const auto peer_texts = plain_mailing(folder.file("plain.db"), round, peer);
        if (our_texts != peer_texts) {
            std::printf("the texts differ: %zu of Cartbell, %zu of the peer\n", our_texts.size(), peer_texts.size());
            return 1;
        }
        messages = our_texts.size();
        std::printf("# round %d: Cartbell %.1f µs a message, SQLite lookups + mstch %.1f µs\n", round + 1,
                    ours * 1e6 / static_cast<double>(messages), peer * 1e6 / static_cast<double>(messages));
        ratios.push_back(peer / ours);
    }
    std::printf("mailing over %s, %zu messages, speed over SQLite lookups + mstch: %.2f x\n", data.name(), messages, median(ratios));
    return 0;
}
