// What came out of a run, read back from its results.json.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/metrics/accuracy_matrix.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace promptcl::report {

/// Fractions, after the last task that was evaluated.
struct Figures {
    double accuracy = 0;  // mean over the test sets
    std::optional<double>
        forgetting;  // of streams with one test set a task, from the second task on
    metrics::AccuracyMatrix matrix = {};  // a missing entry is one that was not evaluated
};

/// What a run cost. An older results.json does not know all of it: 0.
struct Cost {
    double train_seconds = 0;  // waiting for images among them
    double input_wait_seconds = 0;
    double eval_seconds = 0;
    double train_images_per_second = 0, eval_images_per_second = 0;
    std::int64_t peak_memory_bytes = 0;
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
    Cost cost = {};
    std::vector<std::string> class_names = {};  // by global class
    std::string data_sha256 = {};
    std::string version = {}, tensor_library = {};  // of promptcl and LibTorch

    bool finished() const { return tasks_done == num_tasks; }
};

/// Throws Error naming the file when it cannot be read or is not a promptcl-results-1.
RunResults read_run_results(const std::filesystem::path& results_file);

}  // namespace promptcl::report
