// Where configurations and other files of the program lie.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace promptcl::config {

struct ShippedConfig {
    std::string name;     // without ".toml"
    std::string summary;  // the first comment line of the file
    std::filesystem::path path;
};

/// The folder of configurations that came with the program, or with the library that holds it:
/// share/promptcl/configs of the installation, else the one of the source tree.
std::filesystem::path shipped_config_folder();

/// The shipped configurations, sorted by name; empty when the folder is gone.
std::vector<ShippedConfig> shipped_configs();
/// The shipped table files, in the folder "tables" beside them.
std::vector<ShippedConfig> shipped_tables();

/// `given` when there is such a file; for a bare name such as "cifar100_l2p" the shipped one of
/// that name. Throws Error with the nearest name when there is neither.
std::filesystem::path find_config(const std::filesystem::path& given);
/// The same for table files.
std::filesystem::path find_table(const std::filesystem::path& given);

/// "cifar100_l2p@paper": a configuration and a preset over it.
struct ConfigName {
    std::filesystem::path file;
    std::string preset;  // empty: none
};

/// Splits at the last '@', unless there is a file of the whole name.
ConfigName split_config_name(const std::filesystem::path& given);

}  // namespace promptcl::config
