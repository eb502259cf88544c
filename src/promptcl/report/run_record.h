// All that a report shows of one run, read from its folder.
#pragma once

#include "promptcl/io/event_reader.h"
#include "promptcl/report/examples.h"
#include "promptcl/report/predictions.h"
#include "promptcl/report/run_results.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace promptcl::report {

struct RunRecord {
    std::string name;  // of the folder, told from the other runs'
    std::filesystem::path path;
    RunResults results;
    io::LoggedEvents events;
    std::optional<Predictions> predictions;
    std::optional<std::vector<std::vector<double>>> key_similarity;  // [M][M]
    Examples examples;               // of `predictions`; who has the data fills in the pictures
    std::string without_images;      // why the pictures are missing
    std::vector<std::string> notes;  // what is wrong with the run's files

    /// The name of a global class; "class 7" for one without.
    std::string class_name(std::int64_t number) const;
    /// "promptcl eval RUN --predictions RUN/predictions.npz"
    std::string eval_command() const;
};

/// RUN/predictions.npz, where a report looks for them.
std::filesystem::path predictions_file(const std::filesystem::path& run);

/// One record for each folder, in their order. What is missing beside results.json is left empty,
/// what is damaged is told in `notes`. Error in one sentence when a folder is no run, has no
/// results yet, or has damaged ones.
std::vector<RunRecord> read_runs(std::span<const std::filesystem::path> folders);

}  // namespace promptcl::report
