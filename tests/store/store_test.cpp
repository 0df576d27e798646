// The C++ face over a table of functions: failures arrive with the store's own words, and nothing is committed after one.
#include "store/store.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <string>

using namespace cartbell;
using namespace cartbell::store;

namespace {

// The memory store behind functions that fail when told to.
struct Failing {
    void *inner = nullptr;
    std::string at;      // the function that fails
    int32_t status = CARTBELL_OK;
    int closed = 0, rolled_back = 0, ended = 0;
};
Failing failing;  // functions of a transaction get no store

const cartbell_store_functions &inner() { return *memory_store_functions(); }
int32_t fails(const char *name) { return failing.at == name ? failing.status : CARTBELL_OK; }

int32_t open(void *, const cartbell_schema *schema, int32_t read_only) {
    int32_t status = fails("open");
    return status ? status : inner().open(failing.inner, schema, read_only);
}
void close(void *) {
    ++failing.closed;
    inner().close(failing.inner);
}
int32_t begin(void *, int32_t mode, void **transaction) {
    int32_t status = fails("begin");
    return status ? status : inner().begin(failing.inner, mode, transaction);
}
int32_t commit(void *transaction) {
    if (int32_t status = fails("commit")) {
        inner().rollback(transaction);
        return status;
    }
    return inner().commit(transaction);
}
void rollback(void *transaction) {
    ++failing.rolled_back;
    inner().rollback(transaction);
}
int32_t get(void *transaction, uint32_t table, const Cell *keys, size_t count, uint64_t mask_, Cell *rows, uint8_t *found) {
    int32_t status = fails("get");
    return status ? status : inner().get(transaction, table, keys, count, mask_, rows, found);
}
int32_t insert(void *transaction, uint32_t table, const Cell *rows, size_t count, uint8_t *existed) {
    int32_t status = fails("insert");
    return status ? status : inner().insert(transaction, table, rows, count, existed);
}
int32_t put(void *transaction, uint32_t table, const Cell *rows, size_t count) {
    int32_t status = fails("put");
    return status ? status : inner().put(transaction, table, rows, count);
}
int32_t remove(void *transaction, uint32_t table, const Cell *keys, size_t count) {
    int32_t status = fails("remove");
    return status ? status : inner().remove(transaction, table, keys, count);
}
int32_t scan(void *transaction, const cartbell_scan *wanted, void **cursor) {
    int32_t status = fails("scan");
    return status ? status : inner().scan(transaction, wanted, cursor);
}
int32_t next(void *cursor, Cell *rows, size_t most, size_t *count) {
    int32_t status = fails("next");
    return status ? status : inner().next(cursor, rows, most, count);
}
void end_scan(void *cursor) {
    ++failing.ended;
    inner().end_scan(cursor);
}
const char *last_message(void *) { return "the disk said so"; }
int32_t maintain(void *, int32_t *more) {
    *more = 1;
    return fails("maintain");
}

cartbell_store_functions table_of_functions() {
    return {sizeof(cartbell_store_functions), CARTBELL_STORE_VERSION, open, close, begin, commit, rollback, get, insert, put, remove,
            scan, next, end_scan, last_message, maintain};
}

void fail_at(const char *name, int32_t status) {
    failing.at = name;
    failing.status = status;
}

const Cell meta_row[] = {text_cell("name"), integer_cell(5)};

Status work(Store &opened) {  // uses every function once
    CARTBELL_ASSIGN(Transaction transaction, opened.begin_write());
    std::vector<uint8_t> flags;
    std::vector<Cell> rows;
    CARTBELL_TRY(transaction.insert(meta, meta_row, flags));
    CARTBELL_TRY(transaction.put(meta, meta_row));
    CARTBELL_TRY(transaction.get(meta, std::span(meta_row, 1), all_columns, rows, flags));
    {
        CARTBELL_ASSIGN(Cursor cursor, transaction.scan({.table = meta}));
        CARTBELL_ASSIGN(auto block, cursor.next());
        if (block.size() != 2) return failure(Code::internal, "test", "wrong rows");
    }
    CARTBELL_TRY(transaction.remove(meta, std::span(meta_row, 1)));
    CARTBELL_TRY(transaction.commit());
    return opened.maintain().ok() ? Status{} : Status(opened.maintain().take_error());
}

}  // namespace

TEST_CASE("every function's failure arrives as its status with the store's last message") {
    const cartbell_store_functions functions = table_of_functions();
    for (const char *name : {"begin", "insert", "put", "get", "scan", "next", "remove", "commit", "maintain"})
        for (int32_t status : {CARTBELL_BUSY, CARTBELL_CORRUPT, CARTBELL_IO, CARTBELL_FULL, CARTBELL_OUT_OF_MEMORY}) {
            CAPTURE(name);
            failing = {};
            failing.inner = new_memory_store();
            {
                Result<Store> opened = Store::open(&functions, &failing, false);
                REQUIRE(opened.ok());
                REQUIRE(work(*opened).ok());
                fail_at(name, status);
                Status failed = work(*opened);
                CHECK(failed.code() == static_cast<Code>(status));
                CHECK(failed.error().message.find("the disk said so") != std::string::npos);
                fail_at("", CARTBELL_OK);
                CHECK(work(*opened).ok());  // nothing was left open
            }
            CHECK(failing.closed == 1);
        }
}

TEST_CASE("a store that cannot be opened is closed, with its message kept") {
    const cartbell_store_functions functions = table_of_functions();
    failing = {};
    failing.inner = new_memory_store();
    fail_at("open", CARTBELL_NEWER);
    Result<Store> opened = Store::open(&functions, &failing, false);
    REQUIRE(!opened.ok());
    CHECK(opened.code() == Code::newer);
    CHECK(opened.error().message.find("the disk said so") != std::string::npos);
    CHECK(failing.closed == 1);
}

TEST_CASE("a status that base.h does not know is a defect, not a success") {
    const cartbell_store_functions functions = table_of_functions();
    for (int32_t status : {1, -99, -15}) {
        failing = {};
        failing.inner = new_memory_store();
        fail_at("begin", status);
        Result<Store> opened = Store::open(&functions, &failing, false);
        REQUIRE(opened.ok());
        CHECK(opened->begin_write().code() == Code::internal);
    }
}

TEST_CASE("after a failed call a transaction commits nothing") {
    const cartbell_store_functions functions = table_of_functions();
    failing = {};
    failing.inner = new_memory_store();
    Result<Store> opened = Store::open(&functions, &failing, false);
    REQUIRE(opened.ok());
    {
        Transaction transaction = *opened->begin_write();
        REQUIRE(transaction.put(meta, meta_row).ok());
        fail_at("put", CARTBELL_FULL);
        CHECK(transaction.put(meta, meta_row).code() == Code::full);
        fail_at("", CARTBELL_OK);
        CHECK(!transaction.put(meta, meta_row).ok());
        CHECK(!transaction.commit().ok());
    }
    CHECK(failing.rolled_back == 1);
    Transaction reader = *opened->begin_read();
    std::vector<Cell> rows;
    std::vector<uint8_t> found;
    REQUIRE(reader.get(meta, std::span(meta_row, 1), all_columns, rows, found).ok());
    CHECK(found[0] == 0);
}

TEST_CASE("a row that contradicts the declaration reaches no store") {
    Result<Store> opened = Store::open(memory_store_functions(), new_memory_store(), false);
    REQUIRE(opened.ok());
    Transaction transaction = *opened->begin_write();
    const Cell wrong_type[] = {text_cell("name"), text_cell("5")};
    const Cell null_key[] = {null_cell(), integer_cell(5)};
    const Cell incomplete[] = {text_cell("name")};
    std::vector<uint8_t> flags;
    std::vector<Cell> rows;
    CHECK(transaction.put(meta, wrong_type).code() == Code::internal);
    CHECK(transaction.put(meta, null_key).code() == Code::internal);
    CHECK(transaction.insert(meta, incomplete, flags).code() == Code::internal);
    CHECK(transaction.get(meta, std::span(null_key, 1), all_columns, rows, flags).code() == Code::internal);
    CHECK(transaction.commit().ok());  // nothing was begun that failed
}

TEST_CASE("a table of functions of another version or with a hole is refused, and none of it called") {
    cartbell_store_functions functions = table_of_functions();
    failing = {};
    functions.version = CARTBELL_STORE_VERSION + 1;
    CHECK(Store::open(&functions, &failing, false).code() == Code::misuse);
    functions = table_of_functions();
    functions.scan = nullptr;
    CHECK(Store::open(&functions, &failing, false).code() == Code::misuse);
    CHECK(Store::open(memory_store_functions(), nullptr, false).code() == Code::out_of_memory);
    CHECK(failing.closed == 0);
}

TEST_CASE("optional functions may be absent, by NULL or by an older struct_size") {
    for (bool by_size : {false, true}) {
        cartbell_store_functions functions = table_of_functions();
        if (by_size)
            functions.struct_size = offsetof(cartbell_store_functions, last_message);
        else
            functions.last_message = nullptr, functions.maintain = nullptr;
        failing = {};
        failing.inner = new_memory_store();
        Result<Store> opened = Store::open(&functions, &failing, false);
        REQUIRE(opened.ok());
        CHECK(*opened->maintain() == false);
        fail_at("begin", CARTBELL_IO);
        CHECK(opened->begin_read().error().message == "store: beginning a transaction failed");
        fail_at("", CARTBELL_OK);
    }
}

TEST_CASE("the declared tables keep the rules of store.h: keys first and never null, an owned table's key begins with its owner") {
    const cartbell_schema &declared = schema();
    REQUIRE(declared.table_count == table_count);
    for (size_t i = 0; i < declared.table_count; ++i) {
        const cartbell_table &table = declared.tables[i];
        CAPTURE(table.name);
        CHECK(table.column_count <= 64);
        CHECK((table.key_count >= 1 && table.key_count <= table.column_count));
        for (size_t c = 0; c < table.key_count; ++c) CHECK((table.columns[c].flags & CARTBELL_COLUMN_NULLABLE) == 0);
        if (table.placement == CARTBELL_PLACE_CUSTOMER) CHECK(table.owner_column == 0);
        if (table.owner_column >= 0) CHECK(table.columns[table.owner_column].type == CARTBELL_CELL_INTEGER);
        for (size_t x = 0; x < table.index_count; ++x)
            for (size_t c = 0; c < table.indexes[x].column_count; ++c) CHECK(table.indexes[x].columns[c] < table.column_count);
    }
}
