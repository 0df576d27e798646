// What ends a command: a message for people and an exit code.
#pragma once

#include <stdexcept>
#include <string>

namespace cartbell::cli {

// Exit codes, told in `cartbell --help`.
inline constexpr int exit_refused = 1;    // the input was refused, wholly or in part
inline constexpr int exit_usage = 2;      // the command line makes no sense
inline constexpr int exit_not_found = 3;  // no such order, customer, segment, template, mailing, message
inline constexpr int exit_store = 4;      // the store is busy, broken, full, missing or of a newer version
inline constexpr int exit_defect = 5;     // out of memory, or a defect of Cartbell

class Failure : public std::runtime_error {
  public:
    Failure(int code, const std::string &message) : std::runtime_error(message), code_(code) {}
    int code() const { return code_; }

  private:
    int code_;
};

}  // namespace cartbell::cli
