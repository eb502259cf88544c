// Whether a step costs the same with more tasks, classes and prompts.
#pragma once

#include "promptcl/backbone/checkpoint.h"
#include "promptcl/cli/bench_options.h"

namespace promptcl::cli {

/// Prints time for an image, and memory, along each of the three; returns the exit code.
int run_growth(const BenchOptions& options, const backbone::Checkpoint& checkpoint);

}  // namespace promptcl::cli
