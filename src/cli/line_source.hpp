// NDJSON from a file or the standard input, cut at newlines.
#pragma once

#include <cstdio>
#include <memory>

#include "cli/operation_source.hpp"

namespace cartbell::cli {

// Reads lines of any length; "-" is the standard input.
class LineReader {
  public:
    explicit LineReader(const std::string &path);  // throws Failure
    bool next(std::string &line);                  // without its newline; false at the end. Throws Failure
    int64_t read_bytes() const { return read_bytes_; }
    int64_t size_bytes() const { return size_bytes_; }

  private:
    struct Close {
        void operator()(std::FILE *file) const;
    };
    std::string path_;
    std::unique_ptr<std::FILE, Close> file_;
    std::string block_;
    size_t at_ = 0;
    int64_t read_bytes_ = 0, size_bytes_ = 0;
};

class LineSource : public OperationSource {
  public:
    explicit LineSource(const std::string &path) : reader_(path) {}
    Piece next(size_t most_operations) override;
    int64_t size_bytes() const override { return reader_.size_bytes(); }
    std::string place(int64_t number) const override { return "line " + std::to_string(number); }

  private:
    LineReader reader_;
    std::string pending_;  // a line that no longer went into the piece before
    bool has_pending_ = false;
    int64_t line_ = 0;
};

}  // namespace cartbell::cli
