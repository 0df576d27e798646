// Customers with their orders, in customer order, customers and orders read side by side: never a lookup per customer, but for single orders
// that someone completes.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/rows.hpp"
#include "model/outline.hpp"
#include "segment/facts.hpp"
#include "store/store.hpp"

namespace cartbell::engine {

class FactsScan {
  public:
    // Customers whose id is greater than `after`, at most `most` of them (0: all). `outlines`: so much of the orders' outlines, for which the
    // orders themselves are not touched; no value: whole orders. `products`: of the same transaction, or null.
    static Result<FactsScan> begin(store::Transaction &transaction, int64_t after, uint64_t most, const std::optional<OutlineUse> &outlines,
                                   std::shared_ptr<const Products> products);
    // False at the end. The facts are valid until the next call; their memory is used again.
    Result<bool> next();
    // Makes an outline of the current customer's orders the whole order. `order`: its position in facts().
    Status complete(size_t order);
    int64_t customer_id() const { return customer_id_; }
    const Customer &customer() const { return customer_; }
    segment::Facts facts() const { return {&customer_, {orders_.data(), order_count_}, products_.get()}; }

  private:
    struct Side {  // one of the two cursors with the block in hand
        store::Cursor cursor;
        std::span<const store::Cell> rows{};
        size_t at = 0;
        bool ended = false;
        Result<bool> more();  // whether there is a row at `at`
        const store::Cell &cell(int column) const { return rows[at + static_cast<size_t>(column)]; }
        void step() { at += cursor.width(); }
    };
    Status carry_over();
    Status take_order();

    store::Transaction *transaction_ = nullptr;
    bool whole_ = true;
    std::shared_ptr<const Products> products_;
    Side customers_, order_rows_;
    int64_t customer_id_ = 0;
    Customer customer_;
    std::vector<Order> orders_;   // never shrinks: decoded states reuse its memory
    std::vector<std::string_view> states_;  // of the customer's orders: their rows are sealed in them
    std::vector<char> carried_;   // states of blocks before the one in hand
    std::deque<std::string> completed_;  // states of outlines made whole, by position
    size_t order_count_ = 0;
    Rows key_;     // of complete()
    Found found_;
};

// One customer's facts, for questions about a single one.
struct OwnedFacts {
    Customer customer;
    std::vector<Order> orders;
    std::shared_ptr<const Products> products;  // null until somebody asks for it
    segment::Facts facts() const { return {&customer, orders, products.get()}; }
};
Status load_facts(store::Transaction &transaction, int64_t customer_id, OwnedFacts &facts);

}  // namespace cartbell::engine
