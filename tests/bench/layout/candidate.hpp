// A way to keep orders in one SQLite file.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "workload.hpp"

namespace layout_bench {

[[noreturn]] void stop(const char *what, const char *why = "");

struct ReadResult {
    uint64_t rows = 0, bytes = 0;
};

class Candidate {
  public:
    virtual ~Candidate() = default;
    virtual void apply(const std::vector<Operation> &batch) = 0;
    virtual ReadResult scan_all() = 0;                          // all orders, customer by customer
    virtual ReadResult scan_customer(int64_t customer_id) = 0;  // one customer's orders
    virtual void reopen() = 0;
};

// The SQL candidates, the peer ("plain") first; and Cartbell's own store.
std::vector<std::pair<std::string, std::unique_ptr<Candidate> (*)(std::string path)>> candidates();
std::unique_ptr<Candidate> make_store_candidate(std::string path);

}  // namespace layout_bench
