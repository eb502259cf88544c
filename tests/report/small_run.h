// A run small enough to know every number of: two tasks of two classes, four test images each, a
// pool of three prompts of which every image chooses one.
//
// | task | images of | batch-wise taken for | instance-wise taken for |
// | 0    | 0 0 1 1   | 0 2 0 3              | 2 2 3 3                 |
// | 1    | 2 2 3 3   | 2 2 3 3              | 2 2 3 2                 |
#pragma once

#include "tests/support/temporary_folder.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace promptcl::report {

/// A name that would be a script, were it not escaped.
inline const std::string kEvilName = "</script><img src=x onerror=\"alert('x')\"> & {{body}}";

/// What the run's results.json holds.
nlohmann::ordered_json small_results();
/// Writes RUN/config.toml and results.json.
std::filesystem::path write_small_run(const TemporaryFolder& folder, const std::string& name);
/// ... the event files: losses of both tasks, and histograms of the chosen prompts.
void write_small_events(const std::filesystem::path& run);
/// ... a checkpoint with the keys (1, 0), (0, 2) and (3, 3).
void write_small_checkpoint(const std::filesystem::path& run);
/// ... predictions.npz.
void write_small_predictions(const std::filesystem::path& run);
/// All of these.
std::filesystem::path write_whole_run(const TemporaryFolder& folder, const std::string& name);

}  // namespace promptcl::report
