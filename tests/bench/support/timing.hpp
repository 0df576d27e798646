// Wall time of a piece of work, and the median of several: benches print ratios of these, never the times alone.
#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

namespace cartbell::bench {

template <typename Work>
double seconds_of(Work &&work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace cartbell::bench
