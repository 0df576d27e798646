// The older journal positions of objects with many entries, in rows of their own (model/entry_list.hpp).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "model/entry_list.hpp"
#include "engine/rows.hpp"

namespace cartbell::engine {

// Whose entries: an object, and the customer it lies with (0: nobody).
struct EntriesOf {
    int64_t customer_id = 0;
    std::string_view kind;    // "order", "customer", "product", "message"
    std::string_view object;  // its id, borrowed; "" of a customer
};
inline EntriesOf entries_of_order(int64_t owner, std::string_view order_id) { return {owner, "order", order_id}; }
inline EntriesOf entries_of_customer(int64_t customer_id) { return {customer_id, "customer", {}}; }
inline EntriesOf entries_of_message(int64_t owner, std::string_view message_id) { return {owner, "message", message_id}; }
inline EntriesOf entries_of_product(std::string_view product_id) { return {0, "product", product_id}; }

// Appends all positions in the list, ascending. Error: `corrupt` when the rows are not those that the list counts.
Status read_entries(store::Transaction &transaction, const EntriesOf &object, const EntryList &entries, std::vector<int64_t> &positions);

// Rows that a unit writes: collected object by object, then written at once.
class OlderEntries {
  public:
    explicit OlderEntries(store::Transaction &transaction) : transaction_(transaction) {}
    // Before the object's state is written: moves what became too long for it into rows. The list must be the stored one but for positions added.
    void shorten(const EntriesOf &object, EntryList &entries);
    // The rows of a stored list go: the object has other entries now, or none.
    void drop(const EntriesOf &object, size_t older);
    // The object lies with another customer.
    Status move(const EntriesOf &from, const EntriesOf &to, EntryList &entries);
    Status write();

  private:
    store::Transaction &transaction_;
    Rows gone_, rows_;
};

}  // namespace cartbell::engine
