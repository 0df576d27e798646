// The checks, by what they are about.
#pragma once

#include <span>

#include "conformance/work.hpp"

namespace cartbell::conformance {

struct Check {
    const char *name;
    const char *rule;
    void (*run)(const Subject &subject);
};

std::span<const Check> cell_checks();
std::span<const Check> row_checks();
std::span<const Check> order_checks();
std::span<const Check> scan_checks();
std::span<const Check> transaction_checks();
std::span<const Check> thread_checks();
std::span<const Check> place_checks();
std::span<const Check> random_checks();

}  // namespace cartbell::conformance
