// Shopify's order JSON (the REST Admin API's and its webhooks') as operations: a snapshot of the order as of
// its updated_at, and of its customer. docs/import.md has the table of what goes where.
#pragma once

#include <string_view>

#include "cli/operation_source.hpp"

namespace cartbell::cli {

class ShopifySource : public OperationSource {
  public:
    // text: one order, an array, {"order":{…}} or {"orders":[…]}, or several of these one after another.
    // input: its name, for errors. Throws Failure with line and column if any of it makes no sense.
    ShopifySource(std::string_view text, std::string_view input);
    Piece next(size_t most_operations) override;
    int64_t size_bytes() const override {
        return static_cast<int64_t>(operations_.size());
    }  // the unit is the operation
    std::string place(int64_t number) const override;
    std::string summary() const override;
    ShopSettings settings() const override { return settings_; }

  private:
    struct Operation {
        std::string json;
        size_t order;
    };
    std::vector<Operation> operations_;
    std::vector<std::string> places_;  // of the orders
    ShopSettings settings_;
    size_t at_ = 0;
};

}  // namespace cartbell::cli
