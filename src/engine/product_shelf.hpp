// Products in memory for as long as questions are asked of them.
#pragma once

#include <deque>
#include <memory>
#include <span>
#include <unordered_map>

#include "model/order.hpp"
#include "model/product.hpp"
#include "store/store.hpp"

namespace cartbell::engine {

// Immutable once loaded; any thread.
class ProductShelf final : public Products {
  public:
    // The whole catalogue in one scan; `as_of` is Counter::catalogue of the same transaction.
    static Result<std::shared_ptr<const ProductShelf>> load(store::Transaction &transaction, int64_t as_of);
    // The same, reading only what was written since `older`, which it may share; the whole catalogue when that was much.
    static Result<std::shared_ptr<const ProductShelf>> renew(store::Transaction &transaction, std::shared_ptr<const ProductShelf> older, int64_t as_of);
    // Only what the lines of these orders name, in one get. Nobody keeps it: it is as of no time.
    static Result<std::shared_ptr<const ProductShelf>> load_for(store::Transaction &transaction, std::span<const Order> orders);

    const Product *find(std::string_view product_id) const override;
    int64_t as_of() const { return as_of_; }

  private:
    Status add(std::string_view product_id, std::string_view state);
    Status add_all(store::Transaction &transaction, const store::ScanRange &range);

    std::shared_ptr<const ProductShelf> below_;  // what was written since is here; it has nothing below itself
    std::deque<Product> products_;               // never moved: the ids are theirs
    std::unordered_map<std::string_view, const Product *> by_id_;
    int64_t as_of_ = -1;
};

}  // namespace cartbell::engine
