#include "conformance/failure.hpp"

namespace cartbell::conformance {
namespace {

constexpr size_t most_flags = 64;

std::string shown(const std::vector<bool> &flags) {
    std::string out;
    for (size_t i = 0; i < flags.size() && i < most_flags; ++i) out += flags[i] ? '1' : '0';
    return flags.size() > most_flags ? out + "... (" + std::to_string(flags.size()) + ")" : out;
}

}  // namespace

void fail(std::string message, const char *rule) { throw Failed{rule, std::move(message)}; }

void expect_equal(const Rows &given, const Rows &wanted, const char *asked, const char *rule) {
    if (given != wanted) fail(std::string(asked) + ": " + difference(given, wanted), rule);
}

void expect_equal(const std::vector<bool> &given, const std::vector<bool> &wanted, const char *asked, const char *rule) {
    if (given == wanted) return;
    size_t at = 0;
    while (at < given.size() && at < wanted.size() && given[at] == wanted[at]) ++at;
    fail(std::string(asked) + ": wanted " + shown(wanted) + ", given " + shown(given) + ", first other at row " + std::to_string(at), rule);
}

void expect_equal(int64_t given, int64_t wanted, const char *asked, const char *rule) {
    if (given != wanted) fail(std::string(asked) + ": wanted " + std::to_string(wanted) + ", given " + std::to_string(given), rule);
}

}  // namespace cartbell::conformance
