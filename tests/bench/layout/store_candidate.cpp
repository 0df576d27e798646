// Cartbell's own SQLite store, called as the engine calls it.
#include <algorithm>

#include "candidate.hpp"
#include "store/store.hpp"

using namespace cartbell;
using namespace cartbell::store;

namespace layout_bench {
namespace {

template <typename T>
T must(Result<T> result) {
    if (!result.ok()) stop("store:", result.error().message.c_str());
    return std::move(*result);
}
void must(Status status) {
    if (!status.ok()) stop("store:", status.error().message.c_str());
}

class StoreCandidate : public Candidate {
  public:
    explicit StoreCandidate(std::string path) : path_(std::move(path)) { reopen(); }

    void reopen() override {
        store_.reset();
        store_ = std::make_unique<Store>(must(Store::open(sqlite_store_functions(), new_sqlite_store(path_), false)));
    }

    void apply(const std::vector<Operation> &batch) override {
        Transaction transaction = must(store_->begin_write());
        std::vector<Cell> operations, journal_rows, owner_keys, owners, order_keys, order_rows, identity_keys, identities, customer_keys, customers;
        for (const Operation &o : batch) {
            add(operations, text_cell("shop"), text_cell(o.op_id), integer_cell(o.position), bytes_cell(o.body_hash));
            add(journal_rows, integer_cell(o.position), integer_cell(o.placed_at), integer_cell(o.placed_at), text_cell("shop"), integer_cell(1),
                integer_cell(0), integer_cell(1), text_cell("order"), text_cell(o.op_id), text_cell(o.order_id),
                text_cell(o.body), null_cell());
            add(owner_keys, text_cell(o.order_id));
            add(owners, text_cell(o.order_id), integer_cell(o.customer_id));
            add(order_keys, integer_cell(o.customer_id), text_cell(o.order_id));
            add(order_rows, integer_cell(o.customer_id), text_cell(o.order_id), integer_cell(o.placed_at), text_cell("EUR"), integer_cell(998'000),
                text_cell("paid"), null_cell(), null_cell(), integer_cell(2), bytes_cell(o.state));
            add(identity_keys, text_cell("external_id"), text_cell(o.external_id));
            add(identities, text_cell("external_id"), text_cell(o.external_id), integer_cell(o.customer_id), null_cell());
            add(customer_keys, integer_cell(o.customer_id));
            add(customers, integer_cell(o.customer_id), text_cell(o.external_id), null_cell(), null_cell(), integer_cell(o.placed_at),
                bytes_cell(o.customer_state));
        }
        std::vector<Cell> rows;
        std::vector<uint8_t> flags;
        must(transaction.get(order_owner, owner_keys, all_columns, rows, flags));
        must(transaction.get(orders, order_keys, mask({orders_column::state}), rows, flags));
        must(transaction.get(identity, identity_keys, all_columns, rows, flags));
        must(transaction.get(customer, customer_keys, all_columns, rows, flags));
        must(transaction.insert(operation, operations, flags));
        must(transaction.insert(journal, journal_rows, flags));
        must(transaction.insert(order_owner, owners, flags));
        must(transaction.put(orders, order_rows));
        must(transaction.insert(identity, identities, flags));
        must(transaction.put(customer, customers));
        must(transaction.commit());
    }

    ReadResult scan_all() override { return read({.table = orders, .columns = mask({orders_column::state})}); }
    ReadResult scan_customer(int64_t id) override {
        const Cell key[] = {integer_cell(id)};
        return read({.table = orders, .lower = key, .upper = key, .columns = mask({orders_column::state})});
    }

  private:
    template <typename... Cells>
    static void add(std::vector<Cell> &rows, const Cells &...cells) {
        (rows.push_back(cells), ...);
    }

    ReadResult read(const ScanRange &range) {
        Transaction transaction = must(store_->begin_read());
        Cursor cursor = must(transaction.scan(range));
        ReadResult result;
        for (auto block = must(cursor.next()); !block.empty(); block = must(cursor.next()))
            for (size_t i = 0; i < block.size(); i += orders_column::count_) {
                ++result.rows;
                result.bytes += block[i + orders_column::state].size;
            }
        return result;
    }

    std::string path_;
    std::unique_ptr<Store> store_;
};

}  // namespace

std::unique_ptr<Candidate> make_store_candidate(std::string path) { return std::make_unique<StoreCandidate>(std::move(path)); }

}  // namespace layout_bench
