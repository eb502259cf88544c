#include "promptcl/config/config.h"

#include "promptcl/config/print.h"
#include "promptcl/core/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace promptcl::config {

bool operator==(const Config& left, const Config& right) {
    return differences(left, right).empty();
}

void require_valid(const Config& config) {
    const auto problems = config.problems();
    if (problems.empty()) return;
    if (problems.size() == 1) throw UsageError(problems.front());
    throw UsageError(fmt::format("the configuration has {} problems:\n  - {}", problems.size(),
                                 fmt::join(problems, "\n  - ")));
}

}  // namespace promptcl::config
