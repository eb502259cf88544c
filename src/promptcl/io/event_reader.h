// The scalars and histograms of a run's event files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace promptcl::io {

struct LoggedScalar {
    std::string tag;
    std::int64_t step = 0;
    double value = 0;
};

/// counts[b] values lie in the bucket that ends at limits[b]; the first one begins at `min`.
struct LoggedHistogram {
    std::string tag;
    std::int64_t step = 0;
    double min = 0;
    std::vector<double> limits, counts;
};

/// Each in the order in which it was written.
struct LoggedEvents {
    std::vector<LoggedScalar> scalars;
    std::vector<LoggedHistogram> histograms;
    std::vector<std::string> problems;  // a sentence for each file of which a part is lost
};

/// What TensorBoard shows of the event files of a folder, read in the order of their names: where a
/// run went on from an earlier step, what was written for that step and later ones is dropped.
/// Nothing when the folder has none. Error naming a file that cannot be read.
LoggedEvents read_event_files(const std::filesystem::path& folder);

}  // namespace promptcl::io
