// The images a run works with, by task and class.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"

#include <cstdint>
#include <map>
#include <vector>

namespace promptcl::stream {

/// Positions in one split, rising, by class.
using ByClass = std::map<std::int64_t, std::vector<std::int64_t>>;

/// What subsample_rate leaves of both splits, for each of the data set's own tasks; a data set
/// without tasks is one. A common test set is `test[0]` alone.
struct KeptImages {
    std::vector<ByClass> train, test;
};

/// Throws UsageError for a share out of range, Error naming the image whose label has no class.
KeptImages keep_images(const data::DataSource& source, const config::Config& config);

}  // namespace promptcl::stream
