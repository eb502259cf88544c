// Values on their way into a configuration: each with its key and the place that gave it.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::config {

/// Names the preset (config/presets.h) of a file or a command line; like `base` no key of Config.
inline constexpr std::string_view kPresetKey = "preset";

/// One KEY=VALUE of a command line.
struct Override {
    std::string key, value;
};

/// One value as it was found, not yet checked against the type of its key.
struct Setting {
    std::string key;        // dotted
    nlohmann::json value;   // bool, integer, number, string or array; null for Python's None
    std::string place;      // "in FILE (line 3)", "on the command line"
    std::string text = {};  // the words as typed, of an override only
};

/// Splits "KEY=VALUE" at the first '='. Throws UsageError when there is none.
Override parse_override(std::string_view text);

/// The value in TOML syntax, Python's True, False, None and (0, 1), or else a bare word.
Setting setting_of(const Override& change);

/// Puts a layer over the settings that are there, its preset first: its other keys win over it.
void append_layer(std::vector<Setting>& settings, std::vector<Setting> layer);

/// All bytes of a configuration file. Throws Error when it cannot be read.
std::string read_text_file(const std::filesystem::path& file);

/// All values of a TOML file, those of its `base` file (and of that one's) first.
/// Throws Error when a file cannot be read, UsageError naming file and line when it is not TOML.
std::vector<Setting> read_toml_file(const std::filesystem::path& file);

}  // namespace promptcl::config
