// A Python configuration of the original as layers of settings: it is run as the original runs it.
#pragma once

#include "promptcl/config/python_file.h"
#include "promptcl/config/settings.h"

#include <filesystem>
#include <span>
#include <vector>

namespace promptcl::config {

/// The method that the keys make, the preset "official", what the original takes where the file is
/// silent, and the file's own settings. `changes` lie over them and have a say in the method.
/// Throws UsageError for a replay group without num_samples_per_class.
std::vector<Setting> original_layers(const PythonConfig& config, std::span<const Setting> changes,
                                     const std::filesystem::path& file);

}  // namespace promptcl::config
