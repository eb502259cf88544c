#include "promptcl/config/locate.h"

#include "promptcl/config/nearest.h"
#include "promptcl/core/error.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <system_error>

namespace promptcl::config {
namespace {

namespace fs = std::filesystem;

std::string first_comment_line(const fs::path& file) {
    std::ifstream stream(file);
    std::string line;
    while (std::getline(stream, line)) {
        if (!line.starts_with('#')) continue;
        const auto start = line.find_first_not_of("# ");
        return start == std::string::npos ? std::string() : line.substr(start);
    }
    return {};
}

}  // namespace

fs::path shipped_config_folder() {
    std::error_code failure;
    const fs::path program = fs::read_symlink("/proc/self/exe", failure);
    const std::string_view installed = "share/promptcl/configs";
    // The second program lies one folder deeper, in libexec/promptcl.
    for (fs::path prefix : {program.parent_path() / "..", program.parent_path() / "../.."}) {
        const fs::path folder = (prefix / installed).lexically_normal();
        if (!failure && fs::is_directory(folder, failure)) return folder;
    }
    return PROMPTCL_CONFIG_DIR;
}

std::vector<ShippedConfig> shipped_configs() {
    std::vector<ShippedConfig> configs;
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(shipped_config_folder(), failure)) {
        if (entry.path().extension() != ".toml") continue;
        configs.push_back(
            {entry.path().stem().string(), first_comment_line(entry.path()), entry.path()});
    }
    std::ranges::sort(configs, {}, &ShippedConfig::name);
    return configs;
}

fs::path find_config(const fs::path& given) {
    std::error_code failure;
    const bool exists = fs::exists(given, failure);
    // A run's folder may well bear the name of the shipped configuration it was made with.
    if (exists && !fs::is_directory(given, failure)) return given;
    const auto configs = shipped_configs();
    std::vector<std::string_view> names;
    for (const auto& config : configs) {
        const bool named = given == config.name || given == config.name + ".toml";
        if (named) return config.path;
        names.push_back(config.name);
    }
    if (exists) return given;
    const std::string suggestion = did_you_mean(given.stem().string(), names);
    throw Error(fmt::format("cannot read {}: no such file", given.string()),
                fmt::format("{}{}run `promptcl list configs` for the ones there are", suggestion,
                            suggestion.empty() ? "" : " or "));
}

ConfigName split_config_name(const fs::path& given) {
    const std::string text = given.string();
    const auto at = text.rfind('@');
    std::error_code failure;
    if (at == std::string::npos || fs::exists(given, failure)) return {given, ""};
    return {text.substr(0, at), text.substr(at + 1)};
}

}  // namespace promptcl::config
