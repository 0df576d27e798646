// Online Retail as bench data: its invoices with a customer, and as many copies of them as a wanted number of customers needs.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "bench/support/sale.hpp"

namespace cartbell::bench {

class Retail {
  public:
    // The file as it is, unpacked.
    explicit Retail(const std::string &csv_path) {
        std::ifstream file(csv_path);
        std::stringstream text;
        text << file.rdbuf();
        const std::string csv = text.str();
        size_t at = csv.find('\n') + 1;
        std::map<std::string, size_t> by_number;
        std::vector<std::string> row;
        std::vector<int64_t> totals_e4;
        while (read_row(csv, at, row)) {
            if (row.size() != 8 || row[6].empty()) continue;
            const auto [known, added] = by_number.try_emplace(row[0], sales_.size());
            if (added) {
                sales_.push_back({row[6].substr(0, row[6].find('.')), row[0], row[4].substr(0, 10) + "T" + row[4].substr(11) + "Z", "", {}});
                totals_e4.push_back(0);
            }
            Sale &sale = sales_[known->second];
            const int64_t price_e4 = std::llround(std::atof(row[5].c_str()) * 10'000);
            totals_e4[known->second] += std::atoll(row[3].c_str()) * price_e4;
            sale.lines.push_back({row[1], plain(row[2]), row[3], money_text(price_e4)});
        }
        for (size_t i = 0; i < sales_.size(); ++i) sales_[i].total = money_text(totals_e4[i]);
        std::map<std::string, int> customers;
        for (const Sale &sale : sales_) customers[sale.customer];
        customers_ = static_cast<int>(customers.size());
    }

    int customers() const { return customers_; }

    // The whole file once for each `customers()` of the wanted ones (at least once), in time order within a copy.
    template <typename Visit>
    void each(int wanted_customers, Visit &&visit) const {
        for (int copy = 0; copy == 0 || copy * customers_ < wanted_customers; ++copy) {
            Sale sale;
            for (const Sale &one : sales_) {
                sale = one;
                if (copy > 0) {
                    sale.customer += "-" + std::to_string(copy);
                    sale.order_id += "-" + std::to_string(copy);
                }
                visit(sale);
            }
        }
    }

  private:
    static bool read_row(const std::string &csv, size_t &at, std::vector<std::string> &row) {
        if (at >= csv.size()) return false;
        row.assign(1, "");
        for (bool quoted = false; at < csv.size(); ++at) {
            const char c = csv[at];
            if (c == '"') {
                if (quoted && at + 1 < csv.size() && csv[at + 1] == '"') row.back() += csv[at++];
                else quoted = !quoted;
            } else if (c == ',' && !quoted) {
                row.emplace_back();
            } else if (c == '\n' && !quoted) {
                ++at;
                break;
            } else if (c != '\r') {
                row.back() += c;
            }
        }
        return true;
    }

    // Names for HTML and JSON alike without escapes: both sides print the same bytes.
    static std::string plain(std::string text) {
        for (char &c : text)
            if (c == '"' || c == '\\' || c == '&' || c == '<' || c == '>' || c == '\'' || c == '/' || c < ' ') c = ' ';
        return text;
    }

    std::vector<Sale> sales_;
    int customers_ = 0;
};

}  // namespace cartbell::bench
