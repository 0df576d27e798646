// Records of a comma-separated file (RFC 4180): quoted fields may hold commas, quotes and line ends.
#pragma once

#include <string>
#include <vector>

#include "cli/line_source.hpp"

namespace cartbell::cli {

class CsvReader {
  public:
    explicit CsvReader(const std::string &path) : lines_(path) {}
    bool next(std::vector<std::string>
                  &fields);  // false at the end. Throws Failure for a quote that is never closed
    int64_t line() const { return line_; }  // on which the record began, from 1
    int64_t read_bytes() const { return lines_.read_bytes(); }
    int64_t size_bytes() const { return lines_.size_bytes(); }

  private:
    LineReader lines_;
    std::string text_;
    int64_t line_ = 0, lines_read_ = 0;
};

}  // namespace cartbell::cli
