// Scans as they go on: limits, blocks, resuming, several at once, changes under them, claims.
#include <algorithm>
#include <memory>

#include "conformance/checks.hpp"
#include "conformance/owned_rows.hpp"
#include "conformance/rules.hpp"

namespace cartbell::conformance {
namespace {

void limits(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    Rows rows;
    for (int i = 0; i < 1000; ++i) rows.push_back({i, "body"});
    work.put(record, rows);
    for (uint64_t limit : {uint64_t{1}, uint64_t{2}, uint64_t{7}, uint64_t{999}, uint64_t{1000}, uint64_t{5000}, UINT64_MAX})
        for (size_t block : {1, 3, 7, 1024}) {
            const Range up{.table = record, .limit = limit}, down{.table = record, .descending = true, .limit = limit};
            const std::string asked = "limit " + std::to_string(limit) + " in blocks of " + std::to_string(block);
            expect_equal(work.scan(up, block), expected_scan(work.declared(record), rows, up), asked.c_str());
            expect_equal(work.scan(down, block), expected_scan(work.declared(record), rows, down), (asked + ", descending").c_str());
        }
    expect_equal(work.scan({.table = record}, 64), rows, "limit 0");
}

void empty_ranges(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    work.put(record, {{1, "one"}, {5, "five"}});
    expect_equal(work.scan({.table = record, .lower = {2000}}), {}, "from beyond the last row");
    expect_equal(work.scan({.table = record, .lower = {2}, .upper = {4}}), {}, "between two rows");
    expect_equal(work.scan({.table = thing}), {}, "a table without rows");
    expect_equal(work.scan({.table = owned, .index = by_label, .descending = true}), {}, "an index without rows");
}

void resuming(const Subject &subject) {
    Opened store(subject);
    Rows rows;
    for (int i = 0; i < 100; ++i) rows.push_back({i / 7, std::to_string(100 + i), i % 5 ? Value(i % 5) : null, "l", blob("")});
    {
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(owned, rows);
        work.commit();
    }
    for (int32_t index : {static_cast<int32_t>(by_key), static_cast<int32_t>(by_placed)}) {
        Range range{.table = owned, .index = index, .limit = 9};
        Rows given;
        while (given.size() <= rows.size()) {
            Work work(store, CARTBELL_STORE_READ);
            Rows page = work.scan(range);
            if (page.empty()) break;
            given.insert(given.end(), page.begin(), page.end());
            const Row &last = page.back();
            range.lower = index == by_key ? Row{last[0], last[1]} : Row{last[2], last[0], last[1]};
            range.lower_open = true;
        }
        expect_equal(given, expected_scan(store.declared.tables[owned], rows, {.table = owned, .index = index}), "pages of 9, each after the last key");
    }
}

void several_scans(const Subject &subject) {
    Opened store(subject);
    fill_owned(store);
    Work work(store, CARTBELL_STORE_READ);
    std::vector<std::unique_ptr<Scan>> scans;
    for (int i = 0; i < 40; ++i) scans.push_back(std::make_unique<Scan>(work, Range{.table = owned, .index = i % 3 - 1, .descending = i % 2 == 1}));
    std::vector<Rows> given(scans.size());
    for (size_t row = 0; row <= owned_rows().size(); ++row)
        for (size_t i = 0; i < scans.size(); ++i)
            for (Row &one : scans[i]->next(1)) given[i].push_back(std::move(one));
    for (size_t i = 0; i < scans.size(); ++i) {
        const Range range{.table = owned, .index = static_cast<int32_t>(i) % 3 - 1, .descending = i % 2 == 1};
        expect_equal(given[i], expected_scan(work.declared(owned), owned_rows(), range), "one of 40 scans side by side");
    }
}

void ending_early(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    Rows rows;
    for (int i = 0; i < 300; ++i) rows.push_back({i, "body"});
    work.put(record, rows);
    for (size_t taken : {0, 1, 200}) {
        Scan scan(work, {.table = record});
        if (taken) expect(!scan.next(taken).empty(), "a scan of 300 rows gave none");
    }
    work.put(record, {{300, "after"}});
    rows.push_back({300, "after"});
    expect_equal(work.scan({.table = record}, 50), rows, "a scan after others were ended early");
    work.commit();
    Work reader(store, CARTBELL_STORE_READ);
    expect_equal(reader.scan({.table = record}, 50), rows, "what was committed after scans were ended early");
}

void own_changes(const Subject &subject) {
    Opened store(subject);
    fill_owned(store);
    Work work(store, CARTBELL_STORE_WRITE);
    work.remove(owned, {{1, "a"}, {1, "b"}});
    work.put(owned, {{1, "ab", 11, "x", blob("new")}});
    expect_equal(items_of(work.scan({.table = owned, .lower = {1}, .upper = {1}})), {{1, ""}, {1, "aa"}, {1, "ab"}}, "by key, after own changes");
    expect_equal(items_of(work.scan({.table = owned, .index = by_placed, .lower = {10}, .upper = {11}})), {{1, ""}, {1, "aa"}, {2, "a"}, {1, "ab"}},
                 "by an index, after own changes");
}

void removing_under_a_scan(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    Rows rows, given;
    for (int i = 0; i < 500; ++i) rows.push_back({i, "timer", "x"});
    work.put(queue, rows);
    Scan scan(work, {.table = queue});
    for (Rows some = scan.next(10); !some.empty() && given.size() < 1000; some = scan.next(10)) {
        given.insert(given.end(), some.begin(), some.end());
        work.remove(queue, some);
    }
    expect_equal(given, rows, "a scan whose rows are removed behind it");
    expect_equal(work.scan({.table = queue}), {}, "what is left");
}

void changing_under_a_scan(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_WRITE);
    Rows rows;
    for (int i = 0; i < 400; ++i) rows.push_back({i, "item", i, "l", blob("old")});
    work.put(owned, rows);
    for (int32_t index : {static_cast<int32_t>(by_key), static_cast<int32_t>(by_placed)})
        for (bool down : {false, true}) {
            Scan scan(work, {.table = owned, .index = index, .descending = down});
            Rows left_alone;
            for (int step = 0;; ++step) {
                Rows some = scan.next(7);
                if (some.empty() || step > 1000) break;
                for (const Row &row : some)
                    if (row[1] == Value("item") && row[0].integer % 2 == 0) left_alone.push_back(row);
                // Rows of odd owners move in the index, grow and go; new ones come before, between and behind. Even ones are left alone.
                const int64_t odd = (step * 37 + 1) % 400 | 1;
                work.put(owned, {{odd, "item", (step * 91) % 500, "moved", blob(std::string(200, 'n'))}, {(step * 53) % 400, "new", step % 400, "l", blob("")}});
                work.remove(owned, {{(step * 17 + 5) % 400 | 1, "item"}});
            }
            Rows wanted;
            for (int i = 0; i < 400; i += 2) wanted.push_back(rows[static_cast<size_t>(down ? 398 - i : i)]);
            expect_equal(left_alone, wanted, "rows left alone while others are changed, removed and added");
        }
}

void claims(const Subject &subject) {
    Opened store(subject);
    {
        Work work(store, CARTBELL_STORE_WRITE);
        work.put(queue, {{1, "k", "a"}, {2, "k", "b"}, {3, "k", "c"}, {4, "k", "d"}});
        expect_equal(work.scan({.table = queue, .limit = 1, .claim = true}), {{1, "k", "a"}}, "one claimed row");
        Rows claimed = work.scan({.table = queue, .upper = {2}, .claim = true});
        expect_equal(claimed, {{1, "k", "a"}, {2, "k", "b"}}, "claimed rows up to 2, of which this transaction holds one already");
        work.remove(queue, claimed);
        expect_equal(work.scan({.table = queue, .claim = true}), {{3, "k", "c"}, {4, "k", "d"}}, "claimed rows after the first are removed");
        work.commit();
    }
    {
        Work work(store, CARTBELL_STORE_WRITE);
        expect_equal(work.scan({.table = queue, .claim = true}), {{3, "k", "c"}, {4, "k", "d"}}, "claimed rows after the commit of who held them");
    }
    Work work(store, CARTBELL_STORE_WRITE);
    expect_equal(work.scan({.table = queue, .claim = true}), {{3, "k", "c"}, {4, "k", "d"}}, "claimed rows after the rollback of who held them");
}

void claims_when_reading(const Subject &subject) {
    Opened store(subject);
    Work work(store, CARTBELL_STORE_READ);
    Bounds bounds({.table = queue, .claim = true});
    void *cursor = nullptr;
    const int32_t status = bounds.begin_scan(work, &cursor);
    if (status == CARTBELL_OK) subject.functions.end_scan(cursor);
    expect_equal(status, CARTBELL_MISUSE, "a claiming scan in a read transaction");
}

constexpr Check checks[] = {
    {"a_limit_ends_the_scan", rules::limit, limits},
    {"an_empty_range_gives_no_row", rules::next, empty_ranges},
    {"a_long_scan_goes_on_after_the_last_key", rules::lower_open, resuming},
    {"several_scans_go_on_side_by_side", rules::scans, several_scans},
    {"a_scan_may_be_ended_early", rules::end_scan, ending_early},
    {"a_scan_sees_what_its_transaction_did_before", rules::changes, own_changes},
    {"rows_may_be_removed_under_a_scan", rules::changes, removing_under_a_scan},
    {"rows_left_alone_come_whatever_happens_to_others", rules::changes, changing_under_a_scan},
    {"a_claim_gives_the_rows_of_a_range", rules::claim, claims},
    {"a_claim_is_for_writing_only", rules::claim, claims_when_reading},
};

}  // namespace

std::span<const Check> scan_checks() { return checks; }

}  // namespace cartbell::conformance
