// Random work against a std::map: whatever a store does inside, this is what it must look like.
#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>

#include "conformance.hpp"

using namespace conformance;

namespace {

class Random {
  public:
    explicit Random(uint64_t seed) : state_(seed) {}
    uint64_t below(uint64_t limit) {
        state_ = state_ * 6364136223846793005u + 1442695040888963407u;
        uint64_t z = state_ ^ state_ >> 29;
        z *= 0xbf58476d1ce4e5b9u;
        return (z ^ z >> 32) % limit;
    }

  private:
    uint64_t state_;
};

Value random_value(Random &random, const cartbell_column &column) {
    if ((column.flags & CARTBELL_COLUMN_NULLABLE) && random.below(3) == 0) return null;
    if (column.type == CARTBELL_CELL_INTEGER) {
        static constexpr int64_t extremes[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, 255, 256, INT64_MAX};
        return random.below(5) == 0 ? extremes[random.below(8)] : static_cast<int64_t>(random.below(7));
    }
    std::string text;
    for (uint64_t size = random.below(4); size > 0; --size) text.push_back("abB~"[random.below(4)]);
    if (column.type == CARTBELL_CELL_TEXT) return text;
    if (random.below(4) == 0) text.push_back('\0');
    if (random.below(50) == 0) text += std::string(6000, 'z');
    return blob(text);
}

Row random_row(Random &random, const cartbell_table &table, size_t columns) {
    Row row;
    for (size_t i = 0; i < columns; ++i) row.push_back(random_value(random, table.columns[i]));
    return row;
}

Range random_range(Random &random, uint32_t table) {
    const cartbell_table &of = schema().tables[table];
    Range range;
    range.table = static_cast<Table>(table);
    range.index = static_cast<int32_t>(random.below(of.index_count + 1)) - 1;
    std::vector<uint32_t> order;
    if (range.index >= 0) {
        const cartbell_index &index = of.indexes[range.index];
        order.assign(index.columns, index.columns + index.column_count);
    }
    for (uint32_t i = 0; i < of.key_count; ++i) order.push_back(i);
    auto bound = [&] {
        Row cells;
        for (size_t i = 0, count = random.below(order.size() + 1); i < count; ++i)
            cells.push_back(random_value(random, of.columns[order[i]]));
        return cells;
    };
    range.lower = bound();
    range.upper = random.below(3) ? bound() : range.lower;
    range.lower_open = random.below(2);
    range.upper_open = random.below(2);
    range.descending = random.below(2);
    range.columns = random.below(2) ? all : random.below(1u << of.column_count);
    range.limit = random.below(2) ? 0 : random.below(10);
    return range;
}

using Model = std::vector<std::map<Row, Row>>;  // by table: key -> row

Rows rows_of(const std::map<Row, Row> &table) {
    Rows rows;
    for (const auto &[key, row] : table) rows.push_back(row);
    return rows;
}

void change(Random &random, Work &work, Model &model) {
    auto table = static_cast<uint32_t>(random.below(schema().table_count));
    const cartbell_table &of = schema().tables[table];
    uint64_t kind = random.below(3);
    Rows rows;
    for (uint64_t count = 1 + random.below(12); count > 0; --count)
        rows.push_back(random_row(random, of, kind == 2 ? of.key_count : of.column_count));
    std::vector<bool> expected;
    for (const Row &row : rows) {
        Row key(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(of.key_count));
        if (kind == 2) model[table].erase(key);
        if (kind == 1) model[table].insert_or_assign(key, row);
        if (kind == 0) expected.push_back(!model[table].try_emplace(key, row).second);
    }
    if (kind == 2) work.remove(static_cast<Table>(table), rows);
    if (kind == 1) work.put(static_cast<Table>(table), rows);
    if (kind == 0) CHECK(work.insert(static_cast<Table>(table), rows) == expected);
}

void compare(Random &random, Work &work, const Model &model) {
    auto table = static_cast<uint32_t>(random.below(schema().table_count));
    const cartbell_table &of = schema().tables[table];
    Range range = random_range(random, table);
    CHECK(work.scan(range, 1 + random.below(9)) == expected_scan(of, rows_of(model[table]), range));
    Rows keys, expected;
    for (uint64_t count = 1 + random.below(6); count > 0; --count) {
        keys.push_back(random_row(random, of, of.key_count));
        auto found = model[table].find(keys.back());
        expected.push_back(found == model[table].end() ? Row{} : found->second);
    }
    CHECK(work.get(static_cast<Table>(table), keys) == expected);
}

}  // namespace

TEST_CASE("random work, committed and rolled back, looks like a plain map") {
    const char *given = std::getenv("CARTBELL_SEED");
    uint64_t seed = given ? std::strtoull(given, nullptr, 10) : static_cast<uint64_t>(std::time(nullptr));
    MESSAGE("CARTBELL_SEED=" << seed);
    Random random(seed);
    Opened store(store_under_test());
    Model committed(schema().table_count);
    for (int transaction = 0; transaction < 150; ++transaction) {
        Work reader(store, CARTBELL_STORE_READ);
        Work work(store, CARTBELL_STORE_WRITE);
        Model model = committed;
        for (uint64_t steps = random.below(20); steps > 0; --steps) {
            change(random, work, model);
            if (random.below(2)) compare(random, work, model);
        }
        compare(random, reader, committed);
        if (random.below(4)) {
            work.commit();
            compare(random, reader, committed);
            committed = model;
        } else {
            work.rollback();
        }
        if (store.functions.maintain && random.below(10) == 0) {
            int32_t more = 0;
            REQUIRE(store.functions.maintain(store.store, &more) == CARTBELL_OK);
        }
    }
    Work work(store, CARTBELL_STORE_READ);
    for (uint32_t table = 0; table < schema().table_count; ++table)
        CHECK(work.scan({.table = static_cast<Table>(table)}, 50) ==
              expected_scan(schema().tables[table], rows_of(committed[table]), {}));
}
