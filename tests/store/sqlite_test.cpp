// What only the SQLite store promises: a file that other tools read, one writing engine, and clear refusals of what is no store.
#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <map>
#include <random>
#include <string>

#include "store/store.hpp"
#include "store/temporary_folder.hpp"

using namespace cartbell;
using namespace cartbell::store;

namespace {

Result<Store> open(const std::string &path, bool read_only = false) {
    return Store::open(sqlite_store_functions(), new_sqlite_store(path), read_only);
}

// A partner's tool: any SQLite.
class Tool {
  public:
    explicit Tool(const std::string &path) { REQUIRE(sqlite3_open(path.c_str(), &db_) == SQLITE_OK); }
    ~Tool() { sqlite3_close(db_); }
    std::string ask(const std::string &sql) {
        std::string answer;
        auto row = [](void *out, int count, char **values, char **) {
            for (int i = 0; i < count; ++i) *static_cast<std::string *>(out) += std::string(i ? "|" : "") + (values[i] ? values[i] : "null");
            *static_cast<std::string *>(out) += "\n";
            return 0;
        };
        char *message = nullptr;
        int code = sqlite3_exec(db_, sql.c_str(), row, &answer, &message);
        if (message) answer = message;
        sqlite3_free(message);
        CHECK(code == SQLITE_OK);
        return answer;
    }

  private:
    sqlite3 *db_ = nullptr;
};

void put_order(Store &opened, const char *order_id) {
    Transaction transaction = *opened.begin_write();
    const Cell row[] = {integer_cell(7),       text_cell(order_id), integer_cell(1'700'000'000'000'000), text_cell("EUR"),
                        integer_cell(998'000), text_cell("paid"),   null_cell(),                         null_cell(),
                        integer_cell(2),       bytes_cell("opaque")};
    REQUIRE(transaction.put(orders, row).ok());
    REQUIRE(transaction.commit().ok());
}

void write_file(const std::string &path, const std::string &bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::string read_file(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a partner reads the tables with any SQL tool, by their names") {
    TemporaryFolder folder;
    Result<Store> opened = open(folder.file("shop.db"));
    REQUIRE(opened.ok());
    put_order(*opened, "100045");
    Tool tool(folder.file("shop.db"));
    CHECK(tool.ask("SELECT order_id, total_e4, general, delivery, line_count FROM orders WHERE customer_id = 7") == "100045|998000|paid|null|2\n");
    for (size_t i = 0; i < schema().table_count; ++i) {
        const cartbell_table &table = schema().tables[i];
        for (size_t c = 0; c < table.column_count; ++c)
            CHECK(tool.ask("SELECT count(\"" + std::string(table.columns[c].name) + "\") FROM \"" + table.name + "\"").find("error") == std::string::npos);
    }
    CHECK(tool.ask("PRAGMA journal_mode") == "wal\n");
    CHECK(tool.ask("PRAGMA user_version") == std::to_string(schema().version) + "\n");
    CHECK(tool.ask("PRAGMA integrity_check") == "ok\n");
}

TEST_CASE("an insert of many messages tells those that existed apart, whatever rowid another table's row got before") {
    TemporaryFolder folder;
    Store opened = *open(folder.file("messages.db"));
    put_order(opened, "1");  // rowid 1 of its table, as the first message's will be
    const auto rows_of = [](std::initializer_list<int64_t> customers, std::string_view reason) {
        std::vector<Cell> rows;
        for (const int64_t customer : customers) {
            std::vector<Cell> row(message_column::count_, null_cell());
            row[message_column::customer_id] = integer_cell(customer);
            for (const int column : {message_column::source, message_column::key, message_column::message_id, message_column::channel})
                row[static_cast<size_t>(column)] = text_cell(column == message_column::key ? "" : "x");  // an empty text is not null
            row[message_column::state] = text_cell("queued");
            row[message_column::reason] = text_cell(reason);
            row[message_column::planned_at] = row[message_column::attempts] = integer_cell(0);
            rows.insert(rows.end(), row.begin(), row.end());
        }
        return rows;
    };
    std::vector<uint8_t> existed;
    Transaction transaction = *opened.begin_write();
    REQUIRE(transaction.insert(message, rows_of({5, 3, 5, 9}, "first"), existed).ok());
    CHECK(existed == std::vector<uint8_t>{0, 0, 1, 0});  // of equal keys in one call the first is added
    REQUIRE(transaction.insert(message, rows_of({9, 4, 3, 1}, "second"), existed).ok());
    CHECK(existed == std::vector<uint8_t>{1, 0, 1, 0});
    REQUIRE(transaction.insert(message, rows_of({1, 3, 4}, "third"), existed).ok());
    CHECK(existed == std::vector<uint8_t>{1, 1, 1});
    REQUIRE(transaction.commit().ok());
    CHECK(Tool(folder.file("messages.db")).ask("SELECT customer_id, reason, key = '', category IS NULL FROM message ORDER BY customer_id") ==
          "1|second|1|1\n3|first|1|1\n4|second|1|1\n5|first|1|1\n9|first|1|1\n");
}

TEST_CASE("an insert of many messages says what one row at a time says, also after one that failed") {
    TemporaryFolder folder;
    Store many = *open(folder.file("many.db")), single = *open(folder.file("single.db"));
    std::mt19937 random(7);
    const auto pick = [&](uint32_t below) { return static_cast<uint32_t>(random() % below); };
    const std::string huge(3 << 20, 'h'), with_nul("a\0b", 3);
    std::vector<std::string> texts{"", "a", with_nul, "a\xff", huge};
    const auto row_of = [&](int64_t customer) {
        std::vector<Cell> row(message_column::count_, null_cell());
        for (size_t c = 0; c < row.size(); ++c) {
            const cartbell_column &column = schema().tables[message].columns[c];
            if ((column.flags & CARTBELL_COLUMN_NULLABLE) && pick(3) == 0) continue;
            row[c] = column.type == CARTBELL_CELL_INTEGER ? integer_cell(int64_t{pick(3)} - 1) : text_cell(texts[pick(pick(500) ? 4 : 5)]);
        }
        row[message_column::customer_id] = integer_cell(customer);
        return row;
    };
    for (int round = 0; round < 60; ++round) {
        CAPTURE(round);
        const size_t count = round % 20 == 0 ? 4000 : pick(round % 3 ? 5 : 200);
        std::vector<Cell> rows;
        for (size_t i = 0; i < count; ++i) {
            const auto row = row_of(static_cast<int64_t>(pick(400)) - 200);
            rows.insert(rows.end(), row.begin(), row.end());
        }
        const bool breaks = count > 2 && round % 5 == 4;
        if (breaks) rows[(count / 2) * message_column::count_ + message_column::state] = null_cell();
        Transaction writing = *many.begin_write();
        std::vector<uint8_t> existed;
        const Status status = writing.insert(message, rows, existed);
        if (breaks) {
            CHECK(!status.ok());
            continue;  // rolled back
        }
        REQUIRE(status.ok());
        REQUIRE(writing.commit().ok());
        Transaction plain = *single.begin_write();
        std::vector<uint8_t> one;
        for (size_t i = 0; i < count; ++i) {
            REQUIRE(plain.insert(message, std::span<const Cell>(rows).subspan(i * message_column::count_, message_column::count_), one).ok());
            REQUIRE(one.size() == 1);
            CHECK(one[0] == existed[i]);
        }
        REQUIRE(plain.commit().ok());
    }
    const auto all = [&](const char *name) {
        return Tool(folder.file(name)).ask("SELECT customer_id, hex(source), hex(key), hex(message_id), hex(reason), reason IS NULL, due_at, attempts, "
                                           "length(CAST(parts AS BLOB)), typeof(parts) FROM message ORDER BY 1, 2, 3");
    };
    CHECK(all("many.db") == all("single.db"));
    CHECK(Tool(folder.file("many.db")).ask("PRAGMA integrity_check") == "ok\n");
}

TEST_CASE("operations inserted after a get of their ids, or of others, are told apart from those that existed as a map tells them") {
    // "a row whose key exists is left as it is and has existed[i] = 1, else 0. Of equal keys in one call the first is added, the others existed."
    TemporaryFolder folder;
    Store store = *open(folder.file("shop.db"));
    std::mt19937 random(11);
    const auto pick = [&](uint32_t below) { return static_cast<uint32_t>(random() % below); };
    std::vector<std::string> ids;
    for (int i = 0; i < 60; ++i) ids.push_back("o-" + std::to_string(i));
    const auto some = [&] {
        std::vector<size_t> chosen(pick(6));
        for (size_t &one : chosen) one = pick(60);
        return chosen;
    };
    const auto keys_of = [&](const std::vector<size_t> &chosen) {
        std::vector<Cell> keys;
        for (const size_t one : chosen) keys.insert(keys.end(), {text_cell("crm"), text_cell(ids[one])});
        return keys;
    };
    std::map<size_t, int64_t> kept;
    int64_t position = 0;
    size_t added = 0, refused = 0;
    for (int round = 0; round < 200; ++round) {
        CAPTURE(round);
        Transaction transaction = *store.begin_write();
        std::map<size_t, int64_t> inside = kept;
        for (int step = 0; step < 4; ++step) {
            const std::vector<size_t> asked = some();
            std::vector<Cell> found_rows;
            std::vector<uint8_t> found, existed, expected;
            REQUIRE(transaction.get(operation, keys_of(asked), all_columns, found_rows, found).ok());
            for (size_t i = 0; i < asked.size(); ++i) {
                REQUIRE(found[i] == inside.count(asked[i]));
                if (found[i]) CHECK(found_rows[i * operation_column::count_ + operation_column::position].integer == inside[asked[i]]);
            }
            if (pick(3) == 0 && !asked.empty()) {
                REQUIRE(transaction.remove(operation, keys_of({asked.front()})).ok());
                inside.erase(asked.front());
            }
            for (int time = pick(5) == 0 ? 2 : 1; time > 0; --time) {  // now and then the same once more
                std::vector<Cell> rows;
                expected.clear();
                for (const size_t one : pick(4) == 0 ? some() : asked) {
                    rows.insert(rows.end(), {text_cell("crm"), text_cell(ids[one]), integer_cell(++position), bytes_cell("hash")});
                    expected.push_back(!inside.emplace(one, position).second);
                    ++(expected.back() ? refused : added);
                }
                REQUIRE(transaction.insert(operation, rows, existed).ok());
                CHECK(existed == expected);
            }
        }
        if (pick(3) == 0) continue;  // rolled back
        REQUIRE(transaction.commit().ok());
        kept = inside;
        if (round % 20 != 0) continue;
        Transaction clears = *store.begin_write();
        for (const auto &[one, at] : kept) REQUIRE(clears.remove(operation, keys_of({one})).ok());
        REQUIRE(clears.commit().ok());
        kept.clear();
    }
    CHECK(added > 100);
    CHECK(refused > 100);
    std::string all;
    std::map<std::string, int64_t> by_id;
    for (const auto &[one, at] : kept) by_id[ids[one]] = at;
    for (const auto &[id, at] : by_id) all += id + "|" + std::to_string(at) + "\n";
    CHECK(Tool(folder.file("shop.db")).ask("SELECT op_id, position FROM operation ORDER BY 1") == all);
    CHECK(Tool(folder.file("shop.db")).ask("PRAGMA integrity_check") == "ok\n");
}

TEST_CASE("an insert of many rows by an integer key tells those that existed apart, whatever the integer") {
    TemporaryFolder folder;
    Store store = *open(folder.file("shop.db"));
    const auto rows_of = [](const std::vector<int64_t> &ids, std::string_view email) {
        std::vector<Cell> rows;
        for (const int64_t id : ids)
            rows.insert(rows.end(), {integer_cell(id), null_cell(), text_cell(email), null_cell(), null_cell(), bytes_cell("state")});
        return rows;
    };
    std::vector<uint8_t> existed;
    Transaction transaction = *store.begin_write();
    REQUIRE(transaction.insert(customer, rows_of({0, -1, 5, 0, INT64_MAX}, "first"), existed).ok());
    CHECK(existed == std::vector<uint8_t>{0, 0, 0, 1, 0});
    REQUIRE(transaction.insert(customer, rows_of({INT64_MIN, INT64_MAX, -1, 1, 0}, "second"), existed).ok());
    CHECK(existed == std::vector<uint8_t>{0, 1, 1, 0, 1});
    REQUIRE(transaction.commit().ok());
    CHECK(Tool(folder.file("shop.db")).ask("SELECT customer_id, email FROM customer ORDER BY 1") ==
          "-9223372036854775808|second\n-1|first\n0|first\n1|second\n5|first\n9223372036854775807|first\n");
}

TEST_CASE("a file of a newer version is refused clearly, for writing and for reading, and left as it is") {
    TemporaryFolder folder;
    std::string path = folder.file("shop.db");
    { REQUIRE(open(path).ok()); }
    SUBCASE("a newer schema") { Tool(path).ask("PRAGMA user_version = 99"); }
    SUBCASE("a newer layout") { Tool(path).ask("PRAGMA application_id = " + std::to_string(0x43424c39)); }
    std::string before = read_file(path);
    for (bool read_only : {false, true}) {
        Result<Store> opened = open(path, read_only);
        REQUIRE(!opened.ok());
        CHECK(opened.code() == Code::newer);
        CHECK(opened.error().message.find("version") != std::string::npos);
    }
    CHECK(read_file(path) == before);
}

TEST_CASE("a file of a layout from before the first release is refused by its mark, not misread") {
    TemporaryFolder folder;
    std::string path = folder.file("shop.db");
    { REQUIRE(open(path).ok()); }
    Tool(path).ask("PRAGMA application_id = " + std::to_string(0x43424c31));
    for (bool read_only : {false, true}) {
        Result<Store> opened = open(path, read_only);
        REQUIRE(!opened.ok());
        CHECK(opened.code() == Code::corrupt);
        CHECK(opened.error().message.find("before the first release") != std::string::npos);
    }
}

TEST_CASE("what is no store is corrupt, and left as it is without a file beside it") {
    TemporaryFolder folder;
    std::string path = folder.file("shop.db");
    SUBCASE("garbage") { write_file(path, std::string(5000, 'g')); }
    SUBCASE("a short text") { write_file(path, "hello, I am a text file and not a database"); }
    SUBCASE("another program's SQLite file") { Tool(path).ask("CREATE TABLE mine(a); INSERT INTO mine VALUES(1)"); }
    SUBCASE("another program's SQLite file with its mark") { Tool(path).ask("PRAGMA application_id = 77; CREATE TABLE mine(a)"); }
    std::string before = read_file(path);
    for (bool read_only : {false, true}) {
        Result<Store> opened = open(path, read_only);
        REQUIRE(!opened.ok());
        CHECK(opened.code() == Code::corrupt);
    }
    CHECK(read_file(path) == before);
    CHECK(!std::filesystem::exists(path + "-lock"));
    CHECK(!std::filesystem::exists(path + "-wal"));
}

TEST_CASE("pages overwritten with garbage end in a status, never in a crash") {
    TemporaryFolder folder;
    std::string path = folder.file("shop.db");
    {
        Result<Store> opened = open(path);
        REQUIRE(opened.ok());
        for (int i = 0; i < 200; ++i) put_order(*opened, std::to_string(i).c_str());
    }
    std::string whole = read_file(path);
    size_t failed = 0;
    for (size_t page = 1; page < whole.size() / 4096; ++page) {
        std::string damaged = whole;
        for (size_t i = 0; i < 4096; ++i) damaged[page * 4096 + i] = static_cast<char>(i * 131 + page);
        write_file(path, damaged);
        Result<Store> opened = open(path);
        Status status;
        if (opened.ok()) {
            Transaction transaction = *opened->begin_read();
            for (uint32_t table = 0; table < table_count && status.ok(); ++table) {
                Result<Cursor> cursor = transaction.scan({.table = static_cast<Table>(table)});
                Result<std::span<const Cell>> block = cursor->next();
                while (block.ok() && !block->empty()) block = cursor->next();
                if (!block.ok()) status = block.take_error();
            }
        } else {
            status = opened.take_error();
        }
        if (status.ok()) continue;
        ++failed;
        CHECK(status.code() == Code::corrupt);
    }
    CHECK(failed >= 2);
}

TEST_CASE("a cell of another type, written by a foreign hand, is corrupt") {
    TemporaryFolder folder;
    std::string path = folder.file("shop.db");
    Result<Store> opened = open(path);
    REQUIRE(opened.ok());
    put_order(*opened, "1");
    Tool(path).ask("UPDATE orders SET line_count = 'two'");
    Transaction transaction = *opened->begin_read();
    CHECK((*transaction.scan({.table = orders})).next().code() == Code::corrupt);
    const Cell key[] = {integer_cell(7), text_cell("1")};
    std::vector<Cell> rows;
    std::vector<uint8_t> found;
    CHECK(transaction.get(orders, key, all_columns, rows, found).code() == Code::corrupt);
}

TEST_CASE("paths that name no file are refused") {
    for (const char *path : {"", ":memory:"}) CHECK(open(path).code() == Code::invalid);
    CHECK(open(std::string("a\0b", 3)).code() == Code::invalid);
    TemporaryFolder folder;
    CHECK(open(folder.file("no/such/folder/shop.db")).code() == Code::io);
    CHECK(open(folder.file("absent.db"), true).code() == Code::io);
    CHECK(!std::filesystem::exists(folder.file("absent.db")));
    write_file(folder.file("empty.db"), "");
    CHECK(open(folder.file("empty.db"), true).code() == Code::corrupt);
    CHECK(open(folder.file("empty.db")).ok());
}

TEST_CASE("a path that looks like a URI is a file name") {
    TemporaryFolder folder;
    std::filesystem::path before = std::filesystem::current_path();
    std::filesystem::current_path(folder.file(""));
    CHECK(open("file:shop.db?mode=memory").ok());
    std::filesystem::current_path(before);
    CHECK(std::filesystem::exists(folder.file("file:shop.db?mode=memory")));
}

TEST_CASE("one engine writes a file: a second is busy, by another name of the file too, until the first closes") {
    TemporaryFolder folder;
    std::string path = folder.file("shop.db");
    std::filesystem::create_symlink(path, folder.file("link.db"));
    {
        Result<Store> first = open(path);
        REQUIRE(first.ok());
        for (const std::string &name : {path, folder.file("link.db"), folder.file("./shop.db")}) {
            Result<Store> second = open(name);
            REQUIRE(!second.ok());
            CHECK(second.code() == Code::busy);
            CHECK(second.error().message.find("another engine") != std::string::npos);
        }
        CHECK(open(path, true).ok());
        put_order(*first, "still");
    }
    CHECK(open(folder.file("link.db")).ok());
}

TEST_CASE("another process that writes the file makes it busy, and killed gives it free") {
    TemporaryFolder folder;
    std::string path = folder.file("shop.db");
    int ready[2];
    REQUIRE(pipe(ready) == 0);
    pid_t child = fork();
    if (child == 0) {
        Result<Store> held = open(path);
        Result<Transaction> under_way = held.ok() ? held->begin_write() : Result<Transaction>(held.take_error());
        const Cell row[] = {text_cell("lost"), integer_cell(1)};
        char said = under_way.ok() && under_way->put(meta, row).ok() ? 'y' : 'n';
        if (write(ready[1], &said, 1) != 1) _exit(1);
        for (;;) pause();
    }
    char said = 0;
    REQUIRE(read(ready[0], &said, 1) == 1);
    CHECK(said == 'y');
    CHECK(open(path).code() == Code::busy);
    CHECK(open(path, true).ok());
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    ::close(ready[0]);
    ::close(ready[1]);
    Result<Store> opened = open(path);
    REQUIRE(opened.ok());
    Transaction transaction = *opened->begin_read();
    CHECK(transaction.scan({.table = meta})->next()->empty());
}

TEST_CASE("a tool that holds the file's write lock makes a write transaction busy, not a reading one") {
    TemporaryFolder folder;
    std::string path = folder.file("shop.db");
    Result<Store> opened = open(path);
    REQUIRE(opened.ok());
    Tool tool(path);
    tool.ask("BEGIN IMMEDIATE");
    CHECK(opened->begin_read().ok());
    CHECK(opened->begin_write().code() == Code::busy);
    tool.ask("ROLLBACK");
    put_order(*opened, "1");
}

TEST_CASE("the log is written back in upkeep") {
    TemporaryFolder folder;
    std::string path = folder.file("shop.db");
    Result<Store> opened = open(path);
    REQUIRE(opened.ok());
    for (int i = 0; i < 50; ++i) put_order(*opened, std::to_string(i).c_str());
    auto size = std::filesystem::file_size(path);
    while (*opened->maintain()) continue;
    CHECK(std::filesystem::file_size(path) > size);
}

TEST_CASE("a reading engine does not upgrade an older file") {
    TemporaryFolder folder;
    std::string path = folder.file("shop.db");
    { REQUIRE(open(path).ok()); }
    Tool(path).ask("PRAGMA user_version = 0");
    CHECK(open(path, true).code() == Code::read_only);
    CHECK(open(path).ok());
    CHECK(open(path, true).ok());
}
