// The Online Retail file (UCI, 2015) as orders: an invoice is an order, its lines numbered by row.
//   placed_at is the earliest row, total the sum of quantity x price, the prefix C of an invoice is general:
//   cancelled.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/csv.hpp"
#include "cli/operation_source.hpp"

namespace cartbell::cli {

class OnlineRetailSource : public OperationSource {
  public:
    explicit OnlineRetailSource(
        const std::string &path);  // reads the whole file: rows of an invoice may lie apart. Throws Failure
    Piece next(size_t most_operations) override;
    int64_t size_bytes() const override {
        return static_cast<int64_t>(invoices_.size());
    }  // the unit is the invoice
    std::string place(int64_t number) const override;
    std::string summary() const override;
    std::string warning() const override;
    ShopSettings settings() const override;

  private:
    struct Invoice {
        std::string number, customer, country, placed_at, lines;  // lines: JSON objects with commas between
        int64_t line_count = 0;
        int64_t total_e4 = 0;
        int64_t row = 0;  // its first
        bool cancelled() const { return number.front() == 'C'; }
    };
    struct Columns {
        size_t invoice, product, description, quantity, placed_at, price, customer, country, count;
    };
    static Columns columns_of(const std::vector<std::string> &head);
    void add_row(const std::vector<std::string> &fields, const Columns &columns, int64_t row);
    std::string text(const std::string &raw);
    static std::string operation_of(const Invoice &invoice);

    std::vector<Invoice> invoices_;  // in order of appearance
    std::map<std::string, size_t> by_number_;
    size_t at_ = 0;
    int64_t rows_ = 0;
    int64_t repaired_texts_ = 0;  // that were no UTF-8 and were read as Latin-1
};

}  // namespace cartbell::cli
