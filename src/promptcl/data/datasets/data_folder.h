// What all data sets read from files have in common.
#pragma once

#include "promptcl/config/config.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace promptcl::data {

/// config.data_dir. UsageError with `hint` when it is not set.
std::filesystem::path data_folder(const config::Config& config, std::string_view hint);

/// Error naming the first record of `file` whose label is not one of the classes 0..classes-1.
void check_labels(std::span<const std::int64_t> labels, std::int64_t classes,
                  const std::string& file);

}  // namespace promptcl::data
