#include "promptcl/data/datasets/data_folder.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <fmt/format.h>

namespace promptcl::data {

std::filesystem::path data_folder(const config::Config& config, std::string_view hint) {
    if (config.data_dir.empty()) throw UsageError("data_dir is not set", hint);
    return config.data_dir;
}

void check_labels(std::span<const std::int64_t> labels, std::int64_t classes,
                  const std::string& file) {
    const auto outside = std::ranges::find_if(
        labels, [&](std::int64_t label) { return label < 0 || label >= classes; });
    if (outside == labels.end()) return;
    throw Error(fmt::format("record {} of {} has the label {}, but classes are 0 to {}",
                            outside - labels.begin(), file, *outside, classes - 1),
                "copy or download the file again");
}

}  // namespace promptcl::data
