// results.json: what came out of a run.
#pragma once

#include "promptcl/train/experiment.h"
#include "promptcl/train/progress.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace promptcl::train {

/// The figures of spec section 5 after task `after`, by their tag: those that this stream has.
std::vector<std::pair<std::string, double>> figures(const metrics::AccuracyMatrix& accuracy,
                                                    std::int64_t after);

/// Both accuracy matrices, all figures after every task, times, speeds, seed, versions, hashes
/// (docs/formats.md).
nlohmann::ordered_json results_json(const Experiment& experiment, const Progress& progress);

/// The largest memory this process has held, in bytes.
std::int64_t peak_memory_bytes();

}  // namespace promptcl::train
