// Events through the C ABI (JSON in, durable, batches of 1000) against plain SQLite that inserts the same rows with a (customer, time) index.
//
//   events_bench [events] [rounds]
//
// Visits of known customers and of anonymous ones, a session of eight views each, in the order of time. The peer gets every value ready-made,
// parses nothing, and knows already whose each event is; its one table has the journal's columns, a unique (source, id) and the index, in WAL
// with synchronous=FULL. Printed: Cartbell's rate over the peer's; and what ten times the events cost (10 x would be linear).
#include <sqlite3.h>

#include <random>

#include "bench/support/host.hpp"
#include "bench/support/timing.hpp"

using namespace cartbell::bench;

namespace {

constexpr int batch = 1000, views = 8;

struct View {
    int64_t number, at_us, session;
    int customer, product;
    bool is_anonymous;
};

class Site {
  public:
    explicit Site(int64_t events) : customers_(static_cast<int>(events / 40) + 1), events_(events) {}
    bool next(View &view) {
        if (done_ == events_) return false;
        if (done_ % views == 0) customer_ = static_cast<int>(random_() % static_cast<uint32_t>(customers_));
        view = {done_, Shop::start_us + done_ * 1'000'000, done_ / views, customer_, static_cast<int>(random_() % 5000), customer_ % 3 == 0};
        ++done_;
        return true;
    }

  private:
    std::mt19937 random_{42};
    int customers_, customer_ = 0;
    int64_t events_, done_ = 0;
};

std::string customer_of(const View &view) {
    return view.is_anonymous ? R"("anonymous_id":"a-)" + std::to_string(view.customer) + "\"" : R"("external_id":"C-)" + std::to_string(view.customer) + "\"";
}

void append_json(const View &view, std::string &out) {
    out += R"({"type":"event","id":"e-)" + std::to_string(view.number) + R"(","occurred_at":")" + Shop::rfc3339(view.at_us) + R"(","customer":{)" +
           customer_of(view) + R"(},"session_id":"s-)" + std::to_string(view.session) + R"(","name":"product.viewed","context":{"product_id":"SKU-)" +
           std::to_string(view.product) + R"(","price":")" + std::to_string(view.product % 90 + 1) + R"(.90","url":"https://shop.example/p/)" +
           std::to_string(view.product) + "\"}}\n";
}

// Calls store(NDJSON, views) for each batch; the seconds of those calls.
template <typename Store>
double seconds_for(int64_t events, Store &&store) {
    Site site(events);
    double seconds = 0;
    std::string json;
    std::vector<View> block;
    View view;
    for (bool more = true; more;) {
        json.clear();
        block.clear();
        while (block.size() < batch && (more = site.next(view))) {
            append_json(view, json);
            block.push_back(view);
        }
        if (!block.empty()) seconds += seconds_of([&] { store(json, block); });
    }
    return seconds;
}

double cartbell_seconds(int64_t events) {
    Folder folder;
    Host host(folder.file("shop.db"));
    return seconds_for(events, [&](const std::string &json, const std::vector<View> &) { host.ingest(json); });
}

void sql(sqlite3 *db, const char *text) {
    if (sqlite3_exec(db, text, nullptr, nullptr, nullptr) == SQLITE_OK) return;
    std::fprintf(stderr, "%s: %s\n", text, sqlite3_errmsg(db));
    std::exit(1);
}

double sqlite_seconds(int64_t events) {
    Folder folder;
    sqlite3 *db = nullptr;
    sqlite3_open(folder.file("plain.db").c_str(), &db);
    sql(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE event(position INTEGER PRIMARY KEY, received_at INTEGER, occurred_at INTEGER, source TEXT, op_id TEXT, customer TEXT, session_id TEXT,"
            " name TEXT, body TEXT, UNIQUE(source, op_id));"
            "CREATE INDEX event_customer ON event(customer, occurred_at);");
    sqlite3_stmt *insert = nullptr;
    sqlite3_prepare_v2(db, "INSERT INTO event VALUES(?,?,?,'system',?,?,?,'product.viewed',?)", -1, &insert, nullptr);
    const double seconds = seconds_for(events, [&](const std::string &json, const std::vector<View> &block) {
        sql(db, "BEGIN IMMEDIATE");
        size_t from = 0;
        for (const View &view : block) {
            const size_t end = json.find('\n', from);
            const std::string id = "e-" + std::to_string(view.number), session = "s-" + std::to_string(view.session), whose = customer_of(view);
            sqlite3_bind_int64(insert, 1, view.number + 1);
            sqlite3_bind_int64(insert, 2, Shop::end_us);
            sqlite3_bind_int64(insert, 3, view.at_us);
            sqlite3_bind_text(insert, 4, id.data(), static_cast<int>(id.size()), SQLITE_STATIC);
            sqlite3_bind_text(insert, 5, whose.data(), static_cast<int>(whose.size()), SQLITE_STATIC);
            sqlite3_bind_text(insert, 6, session.data(), static_cast<int>(session.size()), SQLITE_STATIC);
            sqlite3_bind_text(insert, 7, json.data() + from, static_cast<int>(end - from), SQLITE_STATIC);
            if (sqlite3_step(insert) != SQLITE_DONE) std::exit(1);
            sqlite3_reset(insert);
            from = end + 1;
        }
        sql(db, "COMMIT");
    });
    sqlite3_finalize(insert);
    sqlite3_close(db);
    return seconds;
}

}  // namespace

int main(int argc, char **argv) {
    const int64_t events = argc > 1 ? std::atoll(argv[1]) : 200'000;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
    std::vector<double> ratios, growths;
    for (int round = 0; round < rounds; ++round) {
        const double ours = cartbell_seconds(events), peer = sqlite_seconds(events), tenth = cartbell_seconds(events / 10);
        ratios.push_back(peer / ours);
        growths.push_back(ours / tenth);
        std::printf("# round %d: Cartbell %.0f events/s, plain SQLite %.0f\n", round + 1, static_cast<double>(events) / ours, static_cast<double>(events) / peer);
    }
    std::printf("%lld events, rate over plain SQLite's:  %.2f x\n", static_cast<long long>(events), median(ratios));
    std::printf("ten times the events cost:             %.1f x\n", median(growths));
    return 0;
}
