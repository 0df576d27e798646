// Stores, transactions and cursors under test, closed whatever happens. A call that does not do what it must ends the check.
#pragma once

#include <exception>
#include <functional>
#include <thread>

#include "cartbell/sys/store_conformance.h"
#include "conformance/failure.hpp"
#include "conformance/tables.hpp"

namespace cartbell::conformance {

// The table of functions, and how to make objects for it.
struct Subject {
    const cartbell_store_functions &functions;
    const cartbell_conformance_options &options;

    const char *last_message(void *store) const;  // "" without one
    bool maintains() const;
    void *make(int32_t place) const;  // ends the check as skipped if there is no such place
    // A status must be CARTBELL_OK or a failure of base.h; `doing` is the call.
    int32_t checked(int32_t status, const char *doing) const;
};

// A store object that is closed, opened or not.
class Made {
  public:
    Made(const Subject &of, int32_t place) : subject(of), store(of.make(place)) {}
    ~Made() { subject.functions.close(store); }
    Made(const Made &) = delete;
    Made &operator=(const Made &) = delete;
    int32_t open(const cartbell_schema &with, bool read_only);

    const Subject &subject;
    void *const store;
};

class Opened {
  public:
    explicit Opened(const Subject &of) : Opened(of, CARTBELL_CONFORMANCE_NEW) {}
    Opened(const Subject &subject, int32_t place, const cartbell_schema &with = schema(), bool read_only = false);

    const Subject &subject;
    const cartbell_schema &declared;

  private:
    Made made_;

  public:
    void *const store;
};

// A transaction: rolled back unless committed.
class Work {
  public:
    Work(const Opened &opened, int32_t mode);
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

    const Opened &opened() const { return opened_; }
    const cartbell_table &declared(Table table) const { return opened_.declared.tables[table]; }
    void *raw() { return transaction_; }

  private:
    void must(int32_t status, const char *doing) const;
    const Opened &opened_;
    void *transaction_ = nullptr;
};

// The bounds of a scan and its struct. They are overwritten when the call has returned, and kept, so that a store that goes on using them
// reads nonsense instead of memory that is gone.
class Bounds {
  public:
    explicit Bounds(const Range &range);
    Bounds(const Bounds &) = delete;
    Bounds &operator=(const Bounds &) = delete;
    int32_t begin_scan(Work &work, void **cursor);  // once

  private:
    Row lower_values_, upper_values_;
    std::vector<cartbell_cell> lower_, upper_;
    cartbell_scan scan_{};
};

// A scan that goes on by itself: ended at the latest by its destructor, before its transaction.
class Scan {
  public:
    Scan(Work &work, const Range &range);
    ~Scan();
    Scan(const Scan &) = delete;
    Scan &operator=(const Scan &) = delete;
    Rows next(size_t most);  // empty at the end
    Rows rest(size_t block);
    const std::vector<cartbell_cell> &cells() const { return cells_; }  // of the last next

  private:
    Work &work_;
    size_t width_;
    Bounds bounds_;
    std::vector<cartbell_cell> cells_;
    void *cursor_ = nullptr;
};

// Work on another thread; what fails there fails the check when it is joined.
class Beside {
  public:
    explicit Beside(std::function<void()> work);
    ~Beside();
    Beside(const Beside &) = delete;
    Beside &operator=(const Beside &) = delete;
    void join();

  private:
    std::exception_ptr failure_;
    std::thread thread_;
};

}  // namespace cartbell::conformance
