// The original's configurations: Python files of assignments, of which nothing is run.
#pragma once

#include "promptcl/config/settings.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::config {

struct PythonConfig {
    std::vector<Setting> settings;    // each with its last value, in the order of the file
    std::vector<std::string> groups;  // every ml_collections.ConfigDict(), by its dotted key

    bool has(std::string_view key) const;  // a setting or a group
};

/// Reads `def get_config():` with assignments to a ConfigDict: literals, tuples, lists, nested
/// ConfigDicts, and arithmetic of literals and of keys set before. Throws UsageError naming the
/// line of anything else.
PythonConfig parse_python_config(std::string_view text, const std::filesystem::path& file);

}  // namespace promptcl::config
