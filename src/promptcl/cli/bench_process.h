// An engine in a process of its own: how long it takes to its first step, and its memory.
#pragma once

#include "promptcl/cli/bench_figures.h"

#include <filesystem>
#include <string>

namespace promptcl::cli {

/// Runs `promptcl bench --once` on a configuration file. Throws Error when that fails.
FreshStart measure_fresh_process(const std::filesystem::path& config, const std::string& engine);

}  // namespace promptcl::cli
