// A configuration from its layers: defaults, defaults of the method, file, command line.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/config/settings.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::config {

/// The defaults of a method, then the file (found by find_config, over its `base`), then the
/// overrides; a `preset` lies under the other keys of the file or the overrides that name it, and
/// NAME@PRESET is the file NAME with a preset over it. The method is the last one that file or
/// overrides name. Values are checked for type
/// and choice, not yet against each other: see require_valid. A .py file is one of the original and
/// is run as the original runs it (config/original_run.h). `notes` takes what the user is to know.
/// Throws Error, UsageError.
Config load_config(const std::filesystem::path& file, std::span<const Override> overrides = {},
                   std::vector<std::string>* notes = nullptr);

/// The same with layers of settings (append_layer) that were read elsewhere over the file.
Config load_config(const std::filesystem::path& file, std::span<const Setting> changes,
                   std::vector<std::string>* notes = nullptr);

/// The same without a file.
Config make_config(std::span<const Override> overrides);

/// The configuration that a method starts from. Throws UsageError for an unknown one.
Config method_defaults(std::string_view method);

}  // namespace promptcl::config
