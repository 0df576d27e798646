// How far long work is: a bar that moves on a terminal, plain lines elsewhere; on the standard error, so that
// answers stay clean.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace cartbell::cli {

class Progress {
  public:
    Progress(std::string what, int64_t whole, bool quiet);  // whole: in any unit, 0 if unknown
    ~Progress();
    Progress(const Progress &) = delete;
    Progress &operator=(const Progress &) = delete;

    // part: in the unit of `whole`; count: what is told, "14,010 operations".
    void show(int64_t part, int64_t count, const std::string &unit);
    void end();  // leaves the cursor on a new line
    double seconds() const;

  private:
    using Clock = std::chrono::steady_clock;
    std::string what_;
    int64_t whole_;
    bool quiet_;
    bool terminal_;
    bool drawn_ = false;
    Clock::time_point began_ = Clock::now();
    Clock::time_point last_{};
};

}  // namespace cartbell::cli
