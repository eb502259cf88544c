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

}  // namespace promptcl::report
