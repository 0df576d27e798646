// How a check ends early: by an exception that stays inside the library.
#pragma once

#include <string>

#include "conformance/values.hpp"

namespace cartbell::conformance {

struct Failed {
    const char *rule;  // null: the check's own
    std::string message;
};
struct Skipped {
    const char *why;
};

[[noreturn]] void fail(std::string message, const char *rule = nullptr);
inline void expect(bool holds, const char *message, const char *rule = nullptr) {
    if (!holds) fail(message, rule);
}
void expect_equal(const Rows &given, const Rows &wanted, const char *asked, const char *rule = nullptr);
void expect_equal(const std::vector<bool> &given, const std::vector<bool> &wanted, const char *asked, const char *rule = nullptr);
void expect_equal(int64_t given, int64_t wanted, const char *asked, const char *rule = nullptr);

}  // namespace cartbell::conformance
