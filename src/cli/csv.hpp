// Records of a comma-separated file (RFC 4180): quoted fields may hold commas, quotes and line ends.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/line_source.hpp"

namespace cartbell::cli {

class CsvReader {
  public:
    explicit CsvReader(const std::string &path) : lines_(path), path_(path) {}
    bool next(std::vector<std::string>
                  &fields);  // false at the end. Throws Failure for a quote that is never closed
    int64_t line() const { return line_; }  // on which the record began, from 1
    int64_t read_bytes() const { return lines_.read_bytes(); }
    int64_t size_bytes() const { return lines_.size_bytes(); }

  private:
    LineReader lines_;
    std::string path_, text_;
    int64_t line_ = 0, lines_read_ = 0;
};

inline constexpr size_t no_column = static_cast<size_t>(-1);
// The place of the column with this title in the first record of a file; no_column if there is none.
size_t csv_column(const std::vector<std::string> &head, std::string_view title);

}  // namespace cartbell::cli
