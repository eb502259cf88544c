// Runs what is missing of a table.
#pragma once

#include "promptcl/cli/table_plan.h"

#include <filesystem>

namespace promptcl::cli {

/// Trains every run that is not finished, `parallel` at a time, each in a process of its own, and
/// reads its results or why it has none; a run that fails does not stop the others. After SIGINT or
/// SIGTERM (cli/interrupt.h) it hands the signal on once, starts no more and waits until all have
/// saved. Throws Error naming the file or folder that is missing before any is started, and when
/// another process is at work in `workdir`.
void run_missing(std::vector<PlannedRow>& rows, const std::filesystem::path& workdir,
                 std::int64_t parallel);

}  // namespace promptcl::cli
