#include "conformance/work.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "conformance/rules.hpp"

namespace cartbell::conformance {
namespace {

constexpr int32_t least_status = CARTBELL_READ_ONLY;  // of base.h
constexpr cartbell_cell untouched = {77, 77, 0x5a5a5a5a, nullptr, 99};
constexpr uint8_t untouched_flag = 7;

bool is_untouched(const cartbell_cell &cell) {
    return cell.type == untouched.type && cell.reserved == untouched.reserved && cell.integer == untouched.integer && cell.size == untouched.size;
}

// The cells after the ones that a call may write to must be as they were.
void expect_untouched(const cartbell_cell *cells, size_t width, const char *doing, const char *rule) {
    for (size_t i = 0; i < width; ++i)
        if (!is_untouched(cells[i])) fail(std::string(doing) + " wrote beyond the rows it was given room for", rule);
}

std::vector<bool> flags_of(const std::vector<uint8_t> &flags, const char *doing, const char *rule) {
    if (flags.back() != untouched_flag) fail(std::string(doing) + " wrote more flags than it was given rows", rule);
    std::vector<bool> out;
    for (size_t i = 0; i + 1 < flags.size(); ++i) {
        if (flags[i] > 1) fail(std::string(doing) + " left or wrote the flag " + std::to_string(flags[i]) + " instead of 0 or 1", rule);
        out.push_back(flags[i] != 0);
    }
    return out;
}

void overwrite(std::vector<cartbell_cell> &cells, Row &bound) {
    for (Value &value : bound) std::fill(value.bytes.begin(), value.bytes.end(), '~');
    for (cartbell_cell &cell : cells) cell = {CARTBELL_CELL_INTEGER, 0, 0x5a5a5a5a5a5a, nullptr, 0};
}

}  // namespace

const char *Subject::last_message(void *store) const {
    if (functions.struct_size < offsetof(cartbell_store_functions, last_message) + sizeof functions.last_message || !functions.last_message)
        return "";
    const char *said = functions.last_message(store);
    return said ? said : "";
}

bool Subject::maintains() const {
    return functions.struct_size >= offsetof(cartbell_store_functions, maintain) + sizeof functions.maintain && functions.maintain;
}

void *Subject::make(int32_t place) const {
    void *store = options.make(options.user_data, place);
    if (store) return store;
    if (place == CARTBELL_CONFORMANCE_NEW) fail("options.make gave no store over a new place");
    throw Skipped{place == CARTBELL_CONFORMANCE_SAME ? "a store's contents end with it" : "there is no foreign place"};
}

int32_t Subject::checked(int32_t status, const char *doing) const {
    if (status > CARTBELL_OK || status < least_status)
        fail(std::string(doing) + " returned " + std::to_string(status) + ", which is no status", rules::statuses);
    return status;
}

int32_t Made::open(const cartbell_schema &with, bool read_only) {
    return subject.checked(subject.functions.open(store, &with, read_only), "open");
}

Opened::Opened(const Subject &of, int32_t place, const cartbell_schema &with, bool read_only)
    : subject(of), declared(with), made_(of, place), store(made_.store) {
    const int32_t status = made_.open(with, read_only);
    if (status != CARTBELL_OK) fail("open returned " + std::to_string(status) + " " + subject.last_message(store), rules::makes_tables);
}

Work::Work(const Opened &opened, int32_t mode) : opened_(opened) {
    must(opened_.subject.functions.begin(opened_.store, mode, &transaction_), mode == CARTBELL_STORE_WRITE ? "begin to write" : "begin to read");
}

Work::~Work() {
    if (transaction_) opened_.subject.functions.rollback(transaction_);
}

void Work::must(int32_t status, const char *doing) const {
    if (opened_.subject.checked(status, doing) == CARTBELL_OK) return;
    fail(std::string(doing) + " returned " + std::to_string(status) + " " + opened_.subject.last_message(opened_.store));
}

std::vector<bool> Work::insert(Table table, const Rows &rows) {
    std::vector<uint8_t> existed(rows.size() + 1, untouched_flag);
    must(opened_.subject.functions.insert(transaction_, table, cells_of(rows).data(), rows.size(), existed.data()), "insert");
    return flags_of(existed, "insert", rules::insert);
}

void Work::put(Table table, const Rows &rows) {
    must(opened_.subject.functions.put(transaction_, table, cells_of(rows).data(), rows.size()), "put");
}

void Work::remove(Table table, const Rows &keys) {
    must(opened_.subject.functions.remove(transaction_, table, cells_of(keys).data(), keys.size()), "remove");
}

Rows Work::get(Table table, const Rows &keys, uint64_t columns) {
    const size_t width = declared(table).column_count;
    std::vector<cartbell_cell> cells((keys.size() + 1) * width, untouched);
    std::vector<uint8_t> flags(keys.size() + 1, untouched_flag);
    must(opened_.subject.functions.get(transaction_, table, cells_of(keys).data(), keys.size(), columns, cells.data(), flags.data()), "get");
    expect_untouched(&cells[keys.size() * width], width, "get", rules::get);
    const std::vector<bool> found = flags_of(flags, "get", rules::get);
    Rows rows;
    for (size_t i = 0; i < keys.size(); ++i) {
        Row row = row_of(&cells[i * width], width);
        if (!found[i] && row != Row(width)) fail("get found nothing, yet wrote " + shown(row), rules::get_nulls);
        rows.push_back(found[i] ? std::move(row) : Row{});
    }
    return rows;
}

Rows Work::scan(const Range &range, size_t block) { return Scan(*this, range).rest(block); }

void Work::commit() { must(opened_.subject.functions.commit(std::exchange(transaction_, nullptr)), "commit"); }

void Work::rollback() { opened_.subject.functions.rollback(std::exchange(transaction_, nullptr)); }

Bounds::Bounds(const Range &range)
    : lower_values_(range.lower), upper_values_(range.upper), lower_(cells_of(lower_values_)), upper_(cells_of(upper_values_)) {
    scan_.struct_size = sizeof scan_;
    scan_.table = range.table;
    scan_.index = range.index;
    scan_.descending = range.descending;
    scan_.lower = lower_.empty() ? nullptr : lower_.data();
    scan_.lower_count = lower_.size();
    scan_.lower_open = range.lower_open;
    scan_.upper = upper_.empty() ? nullptr : upper_.data();
    scan_.upper_count = upper_.size();
    scan_.upper_open = range.upper_open;
    scan_.column_mask = range.columns;
    scan_.limit = range.limit;
    scan_.claim = range.claim;
}

int32_t Bounds::begin_scan(Work &work, void **cursor) {
    const Subject &subject = work.opened().subject;
    const int32_t status = subject.checked(subject.functions.scan(work.raw(), &scan_, cursor), "scan");
    overwrite(lower_, lower_values_);
    overwrite(upper_, upper_values_);
    scan_.column_mask = 0;
    scan_.limit = 1;
    scan_.lower_open = !scan_.lower_open;
    scan_.upper_open = !scan_.upper_open;
    scan_.descending = !scan_.descending;
    return status;
}

Scan::Scan(Work &work, const Range &range) : work_(work), width_(work.declared(range.table).column_count), bounds_(range) {
    if (const int32_t status = bounds_.begin_scan(work, &cursor_)) {
        const Opened &opened = work.opened();
        cursor_ = nullptr;
        fail("scan returned " + std::to_string(status) + " " + opened.subject.last_message(opened.store));
    }
}

Scan::~Scan() {
    if (cursor_) work_.opened().subject.functions.end_scan(cursor_);
}

Rows Scan::next(size_t most) {
    cells_.assign((most + 1) * width_, untouched);
    size_t count = most + 1;
    const Opened &opened = work_.opened();
    const int32_t status = opened.subject.checked(opened.subject.functions.next(cursor_, cells_.data(), most, &count), "next");
    if (status != CARTBELL_OK) fail("next returned " + std::to_string(status) + " " + opened.subject.last_message(opened.store));
    if (count > most) fail("next was asked for " + std::to_string(most) + " rows and says " + std::to_string(count), rules::next);
    expect_untouched(&cells_[most * width_], width_, "next", rules::next);
    Rows rows;
    for (size_t i = 0; i < count; ++i) rows.push_back(row_of(&cells_[i * width_], width_));
    return rows;
}

Rows Scan::rest(size_t block) {
    Rows rows;
    for (Rows some = next(block); !some.empty(); some = next(block)) rows.insert(rows.end(), some.begin(), some.end());
    return rows;
}

Beside::Beside(std::function<void()> work)
    : thread_([this, work = std::move(work)] {
          try {
              work();
          } catch (...) {
              failure_ = std::current_exception();
          }
      }) {}

Beside::~Beside() {
    if (thread_.joinable()) thread_.join();
}

void Beside::join() {
    thread_.join();
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

}  // namespace cartbell::conformance
