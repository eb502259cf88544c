// Every data set by the name it has in a configuration.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"
#include "promptcl/data/open_observer.h"

#include <span>
#include <string_view>

namespace promptcl::data {

struct DatasetEntry {
    std::string_view name, summary;
    DataSource (*open)(const config::Config&, OpenObserver&);
};

/// In the order they are shown to the user.
std::span<const DatasetEntry> datasets();

/// The data set that config.dataset names. UsageError with the valid names for an unknown one.
DataSource open_dataset(const config::Config& config, OpenObserver& observer);
/// The same unobserved.
DataSource open_dataset(const config::Config& config);

}  // namespace promptcl::data
