// The original's flags in the words of this program.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace promptcl::cli {

/// `--my_config FILE` becomes `--config FILE`, `--my_config.KEY=VALUE` and `--my_config.KEY VALUE`
/// become `--set=KEY=VALUE`; all else stays. Throws UsageError for a KEY without VALUE.
std::vector<std::string> with_own_flags(std::span<const std::string> arguments);

}  // namespace promptcl::cli
