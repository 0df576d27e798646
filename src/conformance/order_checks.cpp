// The order of rows, and which of them a range names.
#include "conformance/checks.hpp"
#include "conformance/owned_rows.hpp"
#include "conformance/rules.hpp"

namespace cartbell::conformance {
namespace {

void keys_order(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    work.put(profile, {{256, blob("")}, {2, blob("")}, {-1, blob("")}, {INT64_MAX, blob("")}, {INT64_MIN, blob("")}, {10, blob("")}});
    expect_equal(work.scan({.table = profile}),
                 {{INT64_MIN, blob("")}, {-1, blob("")}, {2, blob("")}, {10, blob("")}, {256, blob("")}, {INT64_MAX, blob("")}}, "integers");
    work.put(thing, {{"b", null, null, null}, {"B", null, null, null}, {"10", null, null, null}, {"9", null, null, null},
                     {"\xc3\xa9", null, null, null}, {"ab", null, null, null}, {"", null, null, null}, {"a", null, null, null}});
    Rows names;
    for (const Row &row : work.scan({.table = thing})) names.push_back({row[0]});
    expect_equal(names, {{""}, {"10"}, {"9"}, {"B"}, {"a"}, {"ab"}, {"b"}, {"\xc3\xa9"}}, "text");
    work.put(binary, {{blob("\xff"), 1, null}, {blob(std::string("a\0", 2)), -1, null}, {blob("a"), 2, null}, {blob("a"), -2, null},
                      {blob(std::string("a\0b", 3)), 0, null}, {blob(""), 0, null}, {blob(std::string(1, '\0')), 0, null}});
    expect_equal(work.scan({.table = binary}),
                 {{blob(""), 0, null}, {blob(std::string(1, '\0')), 0, null}, {blob("a"), -2, null}, {blob("a"), 2, null},
                  {blob(std::string("a\0", 2)), -1, null}, {blob(std::string("a\0b", 3)), 0, null}, {blob("\xff"), 1, null}},
                 "bytes, then an integer");
}

void index_order(const Subject &subject) {
    Opened store(subject);
    fill_owned(store);
    Work work(store, CARTBELL_STORE_READ);
    expect_equal(items_of(work.scan({.table = owned, .index = by_placed})),
                 {{-5, "a"}, {1, "a"}, {300, "\xc3\xa9"}, {300, "a"}, {1, "b"}, {1, ""}, {1, "aa"}, {2, "a"}, {2, "Z"}}, "by an integer with nulls");
    expect_equal(items_of(work.scan({.table = owned, .index = by_label})),
                 {{-5, "a"}, {1, "b"}, {1, "aa"}, {1, "a"}, {300, "\xc3\xa9"}, {1, ""}, {2, "a"}, {300, "a"}, {2, "Z"}}, "by a text and an integer");
}

void prefixes(const Subject &subject) {
    Opened store(subject);
    fill_owned(store);
    Work work(store, CARTBELL_STORE_READ);
    auto gives = [&](const Range &range, const Rows &wanted, const char *asked, const char *rule) {
        expect_equal(items_of(work.scan(range)), wanted, asked, rule);
    };
    gives({.table = owned, .lower = {1}, .upper = {1}}, {{1, ""}, {1, "a"}, {1, "aa"}, {1, "b"}}, "from (1) to (1)", rules::upper);
    gives({.table = owned, .lower = {1}, .lower_open = true}, {{2, "Z"}, {2, "a"}, {300, "a"}, {300, "\xc3\xa9"}}, "after (1)", rules::lower_open);
    gives({.table = owned, .upper = {1}, .upper_open = true}, {{-5, "a"}}, "below (1)", rules::upper);
    gives({.table = owned, .upper = {1}}, {{-5, "a"}, {1, ""}, {1, "a"}, {1, "aa"}, {1, "b"}}, "up to (1)", rules::upper);
    gives({.table = owned, .lower = {1, "a"}, .upper = {2, "Z"}}, {{1, "a"}, {1, "aa"}, {1, "b"}, {2, "Z"}}, "from (1, a) to (2, Z)", rules::lower);
    gives({.table = owned, .lower = {1, "a"}, .upper = {2, "a"}, .lower_open = true, .upper_open = true}, {{1, "aa"}, {1, "b"}, {2, "Z"}},
          "after (1, a), below (2, a)", rules::lower_open);
    gives({.table = owned, .lower = {1}, .upper = {1}, .lower_open = true}, {}, "after (1), up to (1)", rules::lower_open);
    gives({.table = owned, .lower = {2}, .upper = {1}}, {}, "from (2) to (1)", rules::upper);
    gives({.table = owned, .lower = {1, "a"}, .upper = {1}, .upper_open = true}, {}, "from (1, a), below (1)", rules::upper);
    gives({.table = owned, .lower = {1}, .upper = {1, "a"}}, {{1, ""}, {1, "a"}}, "from (1) to (1, a)", rules::upper);
}

void null_bounds(const Subject &subject) {
    Opened store(subject);
    fill_owned(store);
    Work work(store, CARTBELL_STORE_READ);
    expect_equal(items_of(work.scan({.table = owned, .index = by_placed, .lower = {null}, .upper = {null}})), {{-5, "a"}, {1, "a"}, {300, "\xc3\xa9"}},
                 "from null to null");
    expect_equal(items_of(work.scan({.table = owned, .index = by_placed, .lower = {null}, .lower_open = true})),
                 {{300, "a"}, {1, "b"}, {1, ""}, {1, "aa"}, {2, "a"}, {2, "Z"}}, "after null");
    expect_equal(items_of(work.scan({.table = owned, .index = by_placed, .upper = {-3}})),
                 {{-5, "a"}, {1, "a"}, {300, "\xc3\xa9"}, {300, "a"}, {1, "b"}}, "up to -3");
    expect_equal(items_of(work.scan({.table = owned, .index = by_label, .lower = {"x", null}, .upper = {"x", 9}})), {{1, "a"}, {300, "\xc3\xa9"}},
                 "from (x, null) to (x, 9)");
    expect_equal(items_of(work.scan({.table = owned, .index = by_label, .lower = {"x", null, 1, "a"}, .upper = {"x"}, .lower_open = true})),
                 {{300, "\xc3\xa9"}, {1, ""}, {2, "a"}}, "after (x, null, 1, a), up to (x)");
}

void every_range(const Subject &subject) {
    Opened store(subject);
    fill_owned(store);
    Work work(store, CARTBELL_STORE_READ);
    const Rows bounds[] = {
        {{}, {0}, {1}, {1, ""}, {1, "a"}, {1, "a0"}, {2, "b"}, {300}, {INT64_MAX}},
        {{}, {null}, {null, 1}, {null, 1, "a"}, {-3}, {10}, {10, 1}, {10, 1, "a"}, {10, 2}, {INT64_MAX}, {INT64_MAX, 5, "q"}},
        {{}, {null}, {null, null}, {null, -3, 1, "b"}, {""}, {"x"}, {"x", null}, {"x", null, 2}, {"x", 10}, {"x", 10, 1, ""}, {"xx"}, {"zz"}},
    };
    size_t compared = 0;
    for (int32_t index = by_key; index <= by_label; ++index)
        for (const Row &lower : bounds[index + 1])
            for (const Row &upper : bounds[index + 1])
                for (int flags = 0; flags < 8; ++flags, ++compared) {
                    Range range{.table = owned, .index = index, .lower = lower, .upper = upper};
                    range.lower_open = flags & 1;
                    range.upper_open = flags & 2;
                    range.descending = flags & 4;
                    const Rows given = work.scan(range, 1 + compared % 4), wanted = expected_scan(work.declared(owned), owned_rows(), range);
                    if (given == wanted) continue;
                    fail("index " + std::to_string(index) + " from " + shown(lower) + (flags & 1 ? " open" : "") + " to " + shown(upper) +
                         (flags & 2 ? " open" : "") + (flags & 4 ? ", descending: " : ": ") + difference(given, wanted));
                }
}

void descending(const Subject &subject) {
    Opened store(subject);
    fill_owned(store);
    Work work(store, CARTBELL_STORE_READ);
    for (int32_t index = by_key; index <= by_label; ++index) {
        Rows up = work.scan({.table = owned, .index = index});
        expect_equal(work.scan({.table = owned, .index = index, .descending = true}), Rows(up.rbegin(), up.rend()), "all rows from the last to the first");
    }
    expect_equal(items_of(work.scan({.table = owned, .index = by_label, .descending = true, .limit = 2})), {{2, "Z"}, {300, "a"}}, "the last two");
}

void scan_masks(const Subject &subject) {
    Opened store(subject);
    fill_owned(store);
    Work work(store, CARTBELL_STORE_READ);
    for (uint64_t columns : {0u, 1u, 1u << 2, 1u << 1 | 1u << 4, 1u << 3, 31u})
        for (int32_t index = by_key; index <= by_label; ++index) {
            const Range range{.table = owned, .index = index, .columns = columns};
            const std::string asked = "columns of mask " + std::to_string(columns) + " by index " + std::to_string(index);
            expect_equal(work.scan(range), expected_scan(work.declared(owned), owned_rows(), range), asked.c_str());
        }
}

constexpr Check checks[] = {
    {"keys_come_in_order", rules::order, keys_order},
    {"an_index_orders_by_its_columns_then_the_key", rules::index_order, index_order},
    {"bounds_are_prefixes_open_or_closed", rules::bounds, prefixes},
    {"bounds_may_name_nulls", rules::order, null_bounds},
    {"every_range_by_every_order_up_and_down", rules::bounds, every_range},
    {"descending_is_the_same_backwards", rules::descending, descending},
    {"a_scan_leaves_unwanted_columns_null", rules::mask, scan_masks},
};

}  // namespace

std::span<const Check> order_checks() { return checks; }

}  // namespace cartbell::conformance
