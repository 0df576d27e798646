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
    Piece next() override;
    int64_t size_bytes() const override {
        return static_cast<int64_t>(invoices_.size());
    }  // the unit is the invoice
    std::string place(int64_t number) const override;
    int64_t rows() const { return rows_; }
    int64_t repaired_texts() const { return repaired_texts_; }  // that were no UTF-8 and were read as Latin-1

    // The settings it needs: currency, and the status, unless `statuses` (the store's) knows it as not in
    // analytics.
    static std::string settings(const struct Json &statuses);

  private:
    struct Invoice {
        std::string number, customer, country, placed_at, lines;  // lines: JSON objects with commas between
        int64_t line_count = 0;
        int64_t total_e4 = 0;
        int64_t row = 0;  // its first
    };
    struct Columns {
        size_t invoice, product, description, quantity, placed_at, price, customer, country, count;
    };
    static Columns columns_of(const std::vector<std::string> &head);
    void add_row(const std::vector<std::string> &fields, const Columns &columns, int64_t row);
    std::string text(const std::string &raw);
    static void append_operation(std::string &out, const Invoice &invoice);

    std::vector<Invoice> invoices_;  // in order of appearance
    std::map<std::string, size_t> by_number_;
    size_t at_ = 0;
    int64_t rows_ = 0, repaired_texts_ = 0;
};

// A decimal of at most 4 decimals in ten-thousandths; false if it is none or too large.
bool parse_e4(std::string_view text, int64_t &out);
std::string format_e4(int64_t number_e4);  // at least 2 decimals
bool valid_utf8(std::string_view text);
std::string latin1_to_utf8(std::string_view text);

}  // namespace cartbell::cli
