#include "promptcl/report/statistics.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace promptcl::report {

Statistics statistics(std::span<const double> values) {
    require(!values.empty(), "statistics need a value");
    const auto n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    if (values.size() == 1) return {.mean = mean, .deviation = std::nullopt};
    double squares = 0;
    for (const double value : values)
        squares += (value - mean) * (value - mean);
    return {.mean = mean, .deviation = std::sqrt(squares / (n - 1))};
}

Spread spread(std::span<const double> values) {
    require(!values.empty(), "a spread needs a value");
    std::vector<double> sorted(values.begin(), values.end());
    std::ranges::sort(sorted);
    const std::size_t middle = sorted.size() / 2;
    const double upper = sorted[middle];
    const double median = sorted.size() % 2 == 1 ? upper : (sorted[middle - 1] + upper) / 2;
    return {.median = median, .least = sorted.front(), .most = sorted.back()};
}

}  // namespace promptcl::report
