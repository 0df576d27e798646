// Random work against a std::map: whatever a store does inside, this is what it must look like.
#include <map>
#include <string>

#include "conformance/checks.hpp"
#include "conformance/rules.hpp"

namespace cartbell::conformance {
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
    range.columns = random.below(2) ? all : random.below(UINT64_MAX);
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
    if (kind == 0) expect_equal(work.insert(static_cast<Table>(table), rows), expected, "insert", rules::insert);
}

void compare(Random &random, Work &work, const Model &model) {
    auto table = static_cast<uint32_t>(random.below(schema().table_count));
    const cartbell_table &of = schema().tables[table];
    Range range = random_range(random, table);
    expect_equal(work.scan(range, 1 + random.below(9)), expected_scan(of, rows_of(model[table]), range), (std::string("scan of ") + of.name).c_str());
    Rows keys, expected;
    for (uint64_t count = 1 + random.below(6); count > 0; --count) {
        keys.push_back(random_row(random, of, of.key_count));
        auto found = model[table].find(keys.back());
        expected.push_back(found == model[table].end() ? Row{} : found->second);
    }
    expect_equal(work.get(static_cast<Table>(table), keys), expected, (std::string("get from ") + of.name).c_str(), rules::get);
}

void random_work(const Subject &subject) {
    Random random(subject.options.seed);
    Opened store(subject);
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
        if (subject.maintains() && random.below(10) == 0) {
            int32_t more = 0;
            expect_equal(subject.checked(subject.functions.maintain(store.store, &more), "maintain"), CARTBELL_OK, "maintain");
        }
    }
    Work work(store, CARTBELL_STORE_READ);
    for (uint32_t table = 0; table < schema().table_count; ++table)
        expect_equal(work.scan({.table = static_cast<Table>(table)}, 50), expected_scan(schema().tables[table], rows_of(committed[table]), {}),
                     (std::string("in the end, ") + schema().tables[table].name).c_str());
}

void random_work_with_its_seed(const Subject &subject) {
    try {
        random_work(subject);
    } catch (Failed &failed) {
        failed.message = "seed " + std::to_string(subject.options.seed) + ": " + failed.message;
        throw;
    }
}

constexpr Check checks[] = {{"random_work_looks_like_a_plain_map", rules::scan, random_work_with_its_seed}};

}  // namespace

std::span<const Check> random_checks() { return checks; }

}  // namespace cartbell::conformance
