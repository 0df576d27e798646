// The Olist files (orders and payments of a Brazilian marketplace, 2016-2018) as the dated facts of each
// order:
//   purchase, with the file's order_status as general, the payments and their sum; then payment: approved,
//   delivery: shipped, delivery: delivered, each if it has a date. Times are UTC.
#pragma once

#include <array>
#include <unordered_map>

#include "cli/csv.hpp"
#include "cli/operation_source.hpp"

namespace cartbell::cli {

class OlistSource : public OperationSource {
  public:
    // A folder that holds both files, or the two files: they are told apart by their columns. Reads all of
    // them, so that nothing is stored of files that make no sense. Throws Failure
    explicit OlistSource(const std::vector<std::string> &paths);
    Piece next(size_t most_operations) override;
    int64_t size_bytes() const override { return facts_; }  // the unit is the fact
    std::string place(int64_t number) const override;
    std::string summary() const override;
    std::string warning() const override;
    ShopSettings settings() const override;

  private:
    static constexpr size_t facts_of_order = 4;
    struct Payments {
        std::vector<std::pair<int64_t, std::string>> rows;  // payment_sequential and JSON
        int64_t sum_e4 = 0;
        bool used = false;
    };
    struct Order {
        std::string order_id, customer_id, status, promised_at;
        std::array<std::string, facts_of_order> at;  // in order of the facts; empty if it did not happen
        int64_t line = 0;
    };
    void find_files(const std::vector<std::string> &paths);
    void read_payments();
    void read_orders();
    std::string operation_of(const Order &order, size_t fact) const;

    std::string orders_path_, payments_path_;
    std::unordered_map<std::string, Payments> payments_;  // by order
    std::vector<Order> orders_;
    int64_t facts_ = 0, payment_rows_ = 0;
    size_t order_ = 0, fact_ = 0;  // the next one
    int64_t facts_given_ = 0;
};

}  // namespace cartbell::cli
