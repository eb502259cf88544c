// The configuration that a command works with.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/config/settings.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::runs {

/// For `train`: `file` (empty: the run folder's config.toml) with the changes KEY=VALUE over it,
/// valid, with absolute paths of files that are there. Throws UsageError naming the first keys that
/// differ when the folder holds a checkpoint of another configuration; where its files lie may
/// differ.
/// `notes` takes what the user is to know of the configuration.
config::Config training_config(const std::string& file, std::span<const std::string> changes,
                               const std::filesystem::path& workdir,
                               std::vector<std::string>* notes = nullptr);

/// The configuration that a run folder keeps, with the changes over it. One that was written before
/// the key eval_task_end_only was there has its meaning under eval_last_only.
config::Config stored_config(const std::filesystem::path& workdir,
                             std::span<const config::Override> changes = {});

/// Whether training in the folder goes on from a checkpoint. Without one a folder holds nothing
/// that another configuration could spoil: a first try may have failed before it learnt anything.
bool holds_checkpoint(const std::filesystem::path& workdir);

/// Whether the key says where files lie and how they are read, which is no part of what a run
/// computes.
bool is_key_of_the_machine(const std::string& key);

/// Throws UsageError naming the first keys in which the run of a folder, made with `there`, differs
/// from the one that is wanted; where its files lie may differ. `hint` says what to do.
void require_same_run(const config::Config& there, const config::Config& wanted,
                      const std::filesystem::path& workdir, std::string_view hint);

/// A run folder is read again from other places than the one its paths were typed in. Runs that lie
/// beside each other share their decoded images.
void settle_paths(config::Config& config, const std::filesystem::path& workdir);

enum class Needs { kBackbone, kBackboneAndData };

/// Throws Error naming the key whose file or folder is missing.
void require_files(const config::Config& config, Needs needs);

/// For commands that read a run: its configuration. Only where its files lie and how many threads
/// work may be changed. Throws Error when the folder holds no run.
config::Config run_config(const std::filesystem::path& workdir,
                          std::span<const std::string> changes, Needs needs);

}  // namespace promptcl::runs
