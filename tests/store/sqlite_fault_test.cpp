// Every write, sync and truncate of SQLite failing in turn: the status says so, and the file holds all of a transaction or nothing of it.
#include <doctest/doctest.h>

#include <string>

#include "store/failing_vfs.hpp"
#include "store/store.hpp"
#include "store/temporary_folder.hpp"

using namespace cartbell;
using namespace cartbell::store;

namespace {

Result<Store> open(const std::string &path) { return Store::open(sqlite_store_functions(), new_sqlite_store(path), false); }

// Puts the number into many rows of several tables, one of them with cells larger than a page.
Status put_everywhere(Store &opened, int64_t number) {
    CARTBELL_ASSIGN(Transaction transaction, opened.begin_write());
    std::string said = std::to_string(number), long_text(9000, static_cast<char>('a' + number));
    for (int i = 0; i < 12; ++i) {
        std::string name = "row " + std::to_string(i);
        const Cell counter[] = {text_cell(name), integer_cell(number)};
        const Cell long_work[] = {text_cell(name), null_cell(), text_cell(said), text_cell(long_text)};
        CARTBELL_TRY(transaction.put(meta, counter));
        CARTBELL_TRY(transaction.put(progress, long_work));
    }
    return transaction.commit();
}

// The number that all rows have; -1 if they differ.
int64_t number_of(Store &opened) {
    Result<Transaction> transaction = opened.begin_read();
    REQUIRE(transaction.ok());
    int64_t number = 0;
    size_t rows = 0;
    Cursor counters = *transaction->scan({.table = meta});
    Result<std::span<const Cell>> block = counters.next();
    for (; block.ok() && !block->empty(); block = counters.next())
        for (size_t i = 0; i < block->size(); i += 2, ++rows) {
            if (rows && (*block)[i + 1].integer != number) return -1;
            number = (*block)[i + 1].integer;
        }
    REQUIRE(block.ok());
    Cursor works = *transaction->scan({.table = progress});
    for (block = works.next(); block.ok() && !block->empty(); block = works.next())
        for (size_t i = 0; i < block->size(); i += 4, ++rows)
            if (text_of((*block)[i + 2]) != std::to_string(number)) return -1;
    REQUIRE(block.ok());
    CHECK((rows == 24 || rows == 0));
    return number;
}

bool expected(int code, Code status) {
    if (code == SQLITE_FULL) return status == Code::full;
    if (code == SQLITE_IOERR_NOMEM) return status == Code::out_of_memory;
    return status == Code::io;
}

}  // namespace

TEST_CASE("whichever write fails, its status comes back and all or nothing is stored") {
    failing_vfs::install();
    for (int code : {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_NOMEM}) {
        bool passed_all = false;
        int failures = 0;
        for (int64_t good = 0; !passed_all && good < 400; good += good < 30 ? 1 : 5) {
            CAPTURE(code);
            CAPTURE(good);
            TemporaryFolder folder;
            failing_vfs::heal();
            int64_t before = 1, now = 2;
            {
                Result<Store> opened = open(folder.file("shop.db"));
                REQUIRE(opened.ok());
                REQUIRE(put_everywhere(*opened, before).ok());
                failing_vfs::fail_after(good, code);
                Status status = put_everywhere(*opened, now);
                passed_all = failing_vfs::calls() <= good;
                if (!status.ok()) {
                    ++failures;
                    CHECK(expected(code, status.code()));
                    CHECK(status.error().message.find("SQLite") != std::string::npos);
                }
                failing_vfs::heal();
                int64_t stored = number_of(*opened);
                CHECK((status.ok() ? stored == now : (stored == before || stored == now)));
                CHECK(put_everywhere(*opened, 3).ok());  // the engine goes on when there is room again
                CHECK(number_of(*opened) == 3);
            }
            Result<Store> again = open(folder.file("shop.db"));
            REQUIRE(again.ok());
            CHECK(number_of(*again) == 3);
        }
        CHECK(passed_all);
        CHECK(failures > 20);
    }
}

TEST_CASE("a disk that is full while a store is made leaves something that opens later") {
    failing_vfs::install();
    bool passed_all = false;
    for (int64_t good = 0; !passed_all && good < 400; ++good) {
        TemporaryFolder folder;
        failing_vfs::fail_after(good, SQLITE_FULL);
        Code code = open(folder.file("shop.db")).code();
        passed_all = failing_vfs::calls() <= good;
        CHECK((code == Code::ok || code == Code::full));
        failing_vfs::heal();
        Result<Store> opened = open(folder.file("shop.db"));
        REQUIRE(opened.ok());
        CHECK(put_everywhere(*opened, 1).ok());
    }
    CHECK(passed_all);
}

TEST_CASE("upkeep that fails says so, and the rows stay") {
    failing_vfs::install();
    failing_vfs::heal();
    TemporaryFolder folder;
    Result<Store> opened = open(folder.file("shop.db"));
    REQUIRE(opened.ok());
    REQUIRE(put_everywhere(*opened, 1).ok());
    failing_vfs::fail_after(0, SQLITE_FULL);
    CHECK(opened->maintain().code() == Code::full);
    failing_vfs::heal();
    CHECK(opened->maintain().ok());
    CHECK(number_of(*opened) == 1);
}
