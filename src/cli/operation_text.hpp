// What importers write operations with: JSON objects, exact amounts, times.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cartbell::cli {

// A JSON object under construction.
class ObjectText {
  public:
    ObjectText &text(std::string_view name, std::string_view value);  // left out if it is empty
    ObjectText &raw(std::string_view name, std::string_view json);    // the same for JSON as it stands
    bool empty() const { return members_.empty(); }
    std::string json() const { return "{" + members_ + "}"; }
    std::string json_or_nothing() const { return empty() ? std::string() : json(); }

  private:
    std::string members_;
};

// Appends to the elements of a JSON array, which are kept without its brackets.
void append_element(std::string &elements, std::string_view json);

// A decimal of at most 4 decimals in ten-thousandths; false if it is none or too large.
bool parse_e4(std::string_view text, int64_t &out);
std::string format_e4(int64_t number_e4);               // at least 2 decimals
bool multiply(int64_t a, int64_t b, int64_t &product);  // false if it is too large
bool add(int64_t &sum, int64_t more);                   // the same

// "2010-12-01 08:26:00", which is UTC, as "2010-12-01T08:26:00Z", which sorts as it reads; empty if it is no
// such time.
std::string utc_instant(std::string_view text);

}  // namespace cartbell::cli
