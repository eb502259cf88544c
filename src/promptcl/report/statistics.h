// What several runs of one configuration say together.
#pragma once

#include <optional>
#include <span>

namespace promptcl::report {

struct Statistics {
    double mean = 0;
    std::optional<double> deviation;  // nothing for a single value
};

/// Mean m and sample standard deviation sqrt(sum (x - m)^2 / (n - 1)) of one value or more.
Statistics statistics(std::span<const double> values);

struct Spread {
    double median = 0, least = 0, most = 0;
};

/// Of one value or more; the median of an even number is the mean of the middle two.
Spread spread(std::span<const double> values);

}  // namespace promptcl::report
