// What came out of a run, read back from its results.json.
#pragma once

#include "promptcl/config/config.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace promptcl::report {

/// Fractions, after the last task that was evaluated.
struct Figures {
    double accuracy = 0;  // mean over the test sets
    std::optional<double>
        forgetting;  // of streams with one test set a task, from the second task on
};

struct RunResults {
    config::Config config;
    std::int64_t tasks_done = 0, num_tasks = 0;
    Figures configured;  // prompts chosen as configured: batch-wise, where they vote
    Figures instance;    // each image alone
    double wall_seconds = 0;
    std::int64_t threads = 0;
    std::string backbone_path, backbone_sha256;
    std::string backbone_geometry;  // "patch 16, width 768, ..."

    bool finished() const { return tasks_done == num_tasks; }
};

/// Throws Error naming the file when it cannot be read or is not a promptcl-results-1.
RunResults read_run_results(const std::filesystem::path& results_file);

}  // namespace promptcl::report
