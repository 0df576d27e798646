#include "conformance/failure.hpp"

namespace cartbell::conformance {
namespace {

std::string shown(const std::vector<bool> &flags) {
    std::string out;
    for (bool flag : flags) out += flag ? '1' : '0';
    return out;
}

}  // namespace

void fail(std::string message, const char *rule) { throw Failed{rule, std::move(message)}; }

void expect_equal(const Rows &given, const Rows &wanted, const char *asked, const char *rule) {
    if (given != wanted) fail(std::string(asked) + ": " + difference(given, wanted), rule);
}

void expect_equal(const std::vector<bool> &given, const std::vector<bool> &wanted, const char *asked, const char *rule) {
    if (given != wanted) fail(std::string(asked) + ": wanted " + shown(wanted) + ", given " + shown(given), rule);
}

void expect_equal(int64_t given, int64_t wanted, const char *asked, const char *rule) {
    if (given != wanted) fail(std::string(asked) + ": wanted " + std::to_string(wanted) + ", given " + std::to_string(given), rule);
}

}  // namespace cartbell::conformance
