// The conformance suite for stores. The author of a store defines store_under_test(), compiles it together with the conformance_*.cpp files
// and a doctest main, and runs the result. It needs nothing of Cartbell but sys/store.h.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "cartbell/sys/store.h"

namespace conformance {

struct StoreUnderTest {
    const cartbell_store_functions *functions = nullptr;
    std::function<void *()> make_empty;  // a store object, not yet opened, over a new empty place
    std::function<void *()> make_again;  // another one over the same place as the last; none: this store's contents end with it
};
StoreUnderTest store_under_test();

// A cell that owns its bytes. Order: store.h.
struct Value {
    int32_t type = CARTBELL_CELL_NULL;
    int64_t integer = 0;
    std::string bytes;

    Value() = default;
    Value(int64_t number) : type(CARTBELL_CELL_INTEGER), integer(number) {}
    Value(int number) : Value(int64_t{number}) {}
    Value(const char *text) : type(CARTBELL_CELL_TEXT), bytes(text) {}
    Value(std::string text) : type(CARTBELL_CELL_TEXT), bytes(std::move(text)) {}
    friend bool operator==(const Value &, const Value &) = default;
};
bool operator<(const Value &a, const Value &b);
std::ostream &operator<<(std::ostream &out, const Value &value);
Value blob(std::string bytes);
inline const Value null;

using Row = std::vector<Value>;
using Rows = std::vector<Row>;

// The suite's own tables: all types, all placements, keys of all types.
enum Table : uint32_t { thing, owned, directory, queue, record, profile, binary, seen, seen_keys, extra };  // `extra` is in the grown schema only
const cartbell_schema &schema();         // version 1
const cartbell_schema &grown_schema();   // version 2: `thing` has one more column and an index, and there is one more table
enum OwnedIndex : int32_t { by_key = -1, by_placed, by_label };
inline constexpr uint64_t all = ~uint64_t{0};

struct Range {
    Table table = thing;
    int32_t index = by_key;
    Row lower{}, upper{};
    bool lower_open = false, upper_open = false, descending = false;
    uint64_t columns = all;
    uint64_t limit = 0;
    bool claim = false;
};

// An opened store; fails the test if a call that must succeed does not.
class Opened {
  public:
    explicit Opened(const StoreUnderTest &of);  // over an empty place
    Opened(const StoreUnderTest &of, void *made, const cartbell_schema &with, bool read_only);
    ~Opened();
    Opened(const Opened &) = delete;
    Opened &operator=(const Opened &) = delete;

    const StoreUnderTest under_test;  // whatever the store lies in lives as long as it
    const cartbell_store_functions &functions;
    const cartbell_schema &declared;
    void *store;
};

class Work {
  public:
    Work(Opened &opened, int32_t mode);
    ~Work();
    Work(const Work &) = delete;
    Work &operator=(const Work &) = delete;

    std::vector<bool> insert(Table table, const Rows &rows);  // what existed
    void put(Table table, const Rows &rows);
    void remove(Table table, const Rows &keys);
    Rows get(Table table, const Rows &keys, uint64_t columns = all);  // an empty row where nothing was found
    Rows scan(const Range &range, size_t block = 3);
    void commit();
    void rollback();
    void *raw() { return transaction_; }

  private:
    Opened &opened_;
    void *transaction_ = nullptr;
};

// What scan must give from these rows, written as plainly as store.h says it.
Rows expected_scan(const cartbell_table &table, const Rows &rows, const Range &range);

std::vector<cartbell_cell> cells_of(const Rows &rows);  // of rows that live on

}  // namespace conformance
