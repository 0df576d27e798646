// Where an import's operations come from: pieces of NDJSON within the limits of a batch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/shop_settings.hpp"

namespace cartbell::cli {

inline constexpr size_t piece_operations = 5000;  // if the person does not say: large units meet each page of an index more often
inline constexpr size_t piece_bytes = 4u << 20;   // a longer line makes a piece of its own

struct Piece {
    std::string ndjson;
    std::vector<int64_t> places;  // of each operation in the input: a line, or a row; from 1
    int64_t read_bytes = 0;       // of the input so far
    bool empty() const { return places.empty(); }
};

class OperationSource {
  public:
    virtual ~OperationSource() = default;
    virtual Piece next(size_t most_operations) = 0;       // empty at the end. Throws Failure
    virtual int64_t size_bytes() const = 0;               // of the whole input, 0 if unknown
    virtual std::string place(int64_t number) const = 0;  // "line 12"
    virtual std::string summary() const { return {}; }    // "5 rows, 3 invoices", if it was read in advance
    virtual std::string warning() const { return {}; }    // what is odd about the whole input
    virtual ShopSettings settings() const { return {}; }  // that the operations need
};

}  // namespace cartbell::cli
