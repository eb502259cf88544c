#include "promptcl/config/locate.h"

#include "promptcl/config/nearest.h"
#include "promptcl/core/error.h"

#include <algorithm>
#include <dlfcn.h>
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

std::vector<ShippedConfig> shipped_in(const fs::path& folder) {
    std::vector<ShippedConfig> files;
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(folder, failure)) {
        if (entry.path().extension() != ".toml") continue;
        files.push_back(
            {entry.path().stem().string(), first_comment_line(entry.path()), entry.path()});
    }
    std::ranges::sort(files, {}, &ShippedConfig::name);
    return files;
}

/// `list` is the word of `promptcl list` that shows the shipped ones.
fs::path find_among(const std::vector<ShippedConfig>& shipped, const fs::path& given,
                    std::string_view list) {
    std::error_code failure;
    const bool exists = fs::exists(given, failure);
    // A run's folder may well bear the name of the shipped configuration it was made with.
    if (exists && !fs::is_directory(given, failure)) return given;
    std::vector<std::string_view> names;
    for (const auto& file : shipped) {
        const bool named = given == file.name || given == file.name + ".toml";
        if (named) return file.path;
        names.push_back(file.name);
    }
    if (exists) return given;
    const std::string suggestion = did_you_mean(given.stem().string(), names);
    throw Error(fmt::format("cannot read {}: no such file", given.string()),
                fmt::format("{}{}run `promptcl list {}` for the ones there are", suggestion,
                            suggestion.empty() ? "" : " or ", list));
}

/// Where the program lies, and where the library lies that this code may be part of.
std::vector<fs::path> own_folders() {
    std::error_code failure;
    std::vector<fs::path> folders = {fs::read_symlink("/proc/self/exe", failure).parent_path()};
    Dl_info here{};
    if (::dladdr(reinterpret_cast<const void*>(&own_folders), &here) != 0)
        folders.push_back(fs::path(here.dli_fname).parent_path());
    return folders;
}

}  // namespace

fs::path shipped_config_folder() {
    const std::string_view installed = "share/promptcl/configs";
    for (const fs::path& own : own_folders()) {
        // promptcl-torch lies one folder deeper, in libexec/promptcl, and so may a library.
        for (const char* up : {"..", "../.."}) {
            std::error_code missing;
            const fs::path folder = (own / up / installed).lexically_normal();
            if (fs::is_directory(folder, missing)) return folder;
        }
    }
    return PROMPTCL_CONFIG_DIR;
}

std::vector<ShippedConfig> shipped_configs() {
    return shipped_in(shipped_config_folder());
}

std::vector<ShippedConfig> shipped_tables() {
    return shipped_in(shipped_config_folder() / "tables");
}

fs::path find_config(const fs::path& given) {
    return find_among(shipped_configs(), given, "configs");
}

fs::path find_table(const fs::path& given) {
    return find_among(shipped_tables(), given, "tables");
}

ConfigName split_config_name(const fs::path& given) {
    const std::string text = given.string();
    const auto at = text.rfind('@');
    std::error_code failure;
    if (at == std::string::npos || fs::exists(given, failure)) return {given, ""};
    return {text.substr(0, at), text.substr(at + 1)};
}

}  // namespace promptcl::config
