// Every data set by the name it has in a configuration.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"
#include "promptcl/data/open_observer.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace promptcl::data {

struct DatasetEntry {
    std::string_view name, summary;
    DataSource (*open)(const config::Config&, OpenObserver&);
};

/// In the order they are shown to the user.
std::span<const DatasetEntry> datasets();

/// Why no data set has this name, with the valid and the nearest ones; nothing when one has it.
std::optional<std::string> dataset_problem(const std::string& name);

/// The data set that config.dataset names. UsageError of dataset_problem().
DataSource open_dataset(const config::Config& config, OpenObserver& observer);
/// The same unobserved.
DataSource open_dataset(const config::Config& config);

}  // namespace promptcl::data
