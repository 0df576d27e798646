#include "engine/facts_scan.hpp"

#include <algorithm>

#include "model/outline.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {

Result<FactsScan> FactsScan::begin(store::Transaction &transaction, int64_t after, uint64_t most, const std::optional<OutlineUse> &outlines,
                                   std::shared_ptr<const Products> products) {
    namespace column = store::orders_column;
    const store::Cell bound = store::integer_cell(after);
    FactsScan scan;
    scan.transaction_ = &transaction;
    scan.whole_ = !outlines;
    scan.products_ = std::move(products);
    scan.customer_id_ = after;
    store::ScanRange customers;
    customers.table = store::customer;
    customers.lower = {&bound, 1};
    customers.lower_open = true;
    customers.columns = store::mask({store::customer_column::customer_id, store::customer_column::state});
    customers.limit = most;
    CARTBELL_ASSIGN(scan.customers_.cursor, transaction.scan(customers));
    store::ScanRange orders;
    orders.table = store::orders;
    orders.lower = {&bound, 1};
    orders.lower_open = true;
    orders.columns = store::mask({column::customer_id, column::state});
    if (outlines) {
        orders.index = store::orders_index::outline;
        orders.columns = store::mask({column::customer_id, column::order_id, column::placed_at});
        if (outlines->total) orders.columns |= store::mask({column::currency, column::total_e4});
        if (outlines->statuses) orders.columns |= store::mask({column::general, column::delivery, column::payment});
    }
    CARTBELL_ASSIGN(scan.order_rows_.cursor, transaction.scan(orders));
    return scan;
}

Result<bool> FactsScan::Side::more() {
    if (ended) return false;
    if (at < rows.size()) return true;
    CARTBELL_ASSIGN(rows, cursor.next());
    at = 0;
    ended = rows.empty();
    return !ended;
}

Result<bool> FactsScan::next() {
    for (const Order &order : facts().orders)
        if (order.damaged()) return failure(Code::corrupt, "corrupt", "the stored rows of an order make no sense");
    CARTBELL_ASSIGN(const bool more, customers_.more());
    if (!more) return false;
    const int64_t id = customers_.cell(store::customer_column::customer_id).integer;
    // Whoever goes on after the last customer would go round and round in a damaged store.
    if (id <= customer_id_) return failure(Code::corrupt, "corrupt", "the stored customers are not in order");
    customer_id_ = id;
    CARTBELL_TRY(decode(store::text_of(customers_.cell(store::customer_column::state)), customer_));
    customers_.step();
    order_count_ = 0;
    for (;;) {
        if (whole_ && order_rows_.at == order_rows_.rows.size()) CARTBELL_TRY(carry_over());
        CARTBELL_ASSIGN(const bool another, order_rows_.more());
        if (!another) return true;
        const int64_t owner = order_rows_.cell(store::orders_column::customer_id).integer;
        if (owner > customer_id_) return true;
        if (owner == customer_id_) CARTBELL_TRY(take_order());
        order_rows_.step();
    }
}

Status FactsScan::take_order() {
    namespace column = store::orders_column;
    if (order_count_ == orders_.size()) orders_.emplace_back();
    Order &order = orders_[order_count_];
    if (whole_) {
        if (order_count_ == states_.size()) states_.emplace_back();
        states_[order_count_] = store::text_of(order_rows_.cell(column::state));
        CARTBELL_TRY(decode_facts(states_[order_count_], order));
    } else {
        Outline outline;
        const store::Cell &placed = order_rows_.cell(column::placed_at), &total = order_rows_.cell(column::total_e4);
        outline.order_id = store::text_of(order_rows_.cell(column::order_id));
        if (!store::is_null(placed)) outline.placed_at = placed.integer;
        if (!store::is_null(total)) outline.total_e4 = total.integer;
        outline.currency = Currency::of(store::text_of(order_rows_.cell(column::currency)));
        outline.status_codes = {store::text_of(order_rows_.cell(column::general)), store::text_of(order_rows_.cell(column::delivery)),
                                store::text_of(order_rows_.cell(column::payment))};
        assign(order, outline);
    }
    ++order_count_;
    return {};
}

Status FactsScan::complete(size_t order) {
    key_.clear();
    key_.integer(customer_id_).lend_text(orders_[order].id());
    namespace column = store::orders_column;
    CARTBELL_TRY(get(*transaction_, store::orders, column::count_, key_, found_, store::mask({column::state})));
    if (!found_.has(0)) return failure(Code::corrupt, "lost_order", "an index names an order that is not stored");
    while (completed_.size() <= order) completed_.emplace_back();
    completed_[order].assign(store::text_of(found_.cell(0, column::state)));
    return decode_facts(completed_[order], orders_[order]);
}

// The next block takes the place of this one, into which the customer's sealed rows point.
Status FactsScan::carry_over() {
    size_t bytes = 0;
    for (size_t i = 0; i < order_count_; ++i) bytes += states_[i].size();
    std::vector<char> copies(bytes);
    char *place = copies.data();
    for (size_t i = 0; i < order_count_; ++i) {
        const std::string_view state = states_[i];
        std::copy(state.begin(), state.end(), place);
        states_[i] = {place, state.size()};
        place += state.size();
        CARTBELL_TRY(decode_facts(states_[i], orders_[i]));
    }
    carried_ = std::move(copies);
    return {};
}

Status load_facts(store::Transaction &transaction, int64_t customer_id, OwnedFacts &facts) {
    const store::Cell key = store::integer_cell(customer_id);
    Found found;
    CARTBELL_TRY(get(transaction, store::customer, store::customer_column::count_, {&key, 1}, found));
    if (!found.has(0)) return failure(Code::corrupt, "lost_customer", "an identity names a customer that is not stored");
    CARTBELL_TRY(decode(store::text_of(found.cell(0, store::customer_column::state)), facts.customer));
    store::ScanRange range;
    range.table = store::orders;
    range.lower = range.upper = {&key, 1};
    range.columns = store::mask({store::orders_column::customer_id, store::orders_column::state});
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return {};
        for (size_t at = 0; at < rows.size(); at += cursor.width()) {
            Order &order = facts.orders.emplace_back();
            CARTBELL_TRY(decode(store::text_of(rows[at + store::orders_column::state]), order));
        }
    }
}

}  // namespace cartbell::engine
