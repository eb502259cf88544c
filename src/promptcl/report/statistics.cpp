#include "promptcl/report/statistics.h"

#include "promptcl/core/error.h"

#include <cmath>
#include <numeric>

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

}  // namespace promptcl::report
