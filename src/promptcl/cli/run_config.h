// The configuration that a command works with.
#pragma once

#include "promptcl/config/config.h"

#include <filesystem>
#include <span>
#include <string>

namespace promptcl::cli {

/// For `train`: `file` (empty: the run folder's config.toml) with the changes KEY=VALUE over it,
/// valid, with absolute paths of files that are there. Throws UsageError naming the first keys that
/// differ when the folder holds a checkpoint of another configuration; where its files lie may
/// differ.
config::Config training_config(const std::string& file, std::span<const std::string> changes,
                               const std::filesystem::path& workdir);

enum class Needs { kBackbone, kBackboneAndData };

/// For commands that read a run: its configuration. Only where its files lie and how many threads
/// work may be changed. Throws Error when the folder holds no run.
config::Config run_config(const std::filesystem::path& workdir,
                          std::span<const std::string> changes, Needs needs);

}  // namespace promptcl::cli
