#include "promptcl/runs/run_config.h"

#include "promptcl/config/load.h"
#include "promptcl/config/print.h"
#include "promptcl/core/error.h"
#include "promptcl/data/normalization.h"
#include "promptcl/data/registry.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <system_error>
#include <vector>

namespace promptcl::runs {
namespace {

namespace fs = std::filesystem;

// Where a run's files lie and how they are read is not part of what it computes: a checkpoint knows
// its backbone and its data by their SHA-256.
constexpr std::array<std::string_view, 6> kKeysOfTheMachine = {
    "init_checkpoint", "data_dir", "data_split", "cache_dir", "query_cache", "num_workers"};
// The last four may change the last bits, the precision more than these, so training keeps them.
constexpr std::array<std::string_view, 10> kChangeableKeys = {
    "init_checkpoint", "data_dir",    "data_split", "cache_dir", "query_cache",
    "num_workers",     "num_threads", "engine",     "device",    "precision"};

template <std::size_t Size>
bool is_in(const std::array<std::string_view, Size>& keys, const std::string& key) {
    return std::ranges::find(keys, key) != keys.end();
}

std::vector<config::Override> overrides_of(std::span<const std::string> changes) {
    std::vector<config::Override> overrides;
    for (const auto& change : changes)
        overrides.push_back(config::parse_override(change));
    return overrides;
}

std::string absolute(const std::string& path) {
    if (path.empty()) return path;
    fs::path whole = fs::absolute(path).lexically_normal();
    if (whole.filename().empty()) whole = whole.parent_path();  // "folder/"
    return whole.string();
}

fs::path config_file_of(const fs::path& workdir) {
    return workdir / "config.toml";
}

bool holds_run(const fs::path& workdir) {
    std::error_code failure;
    return fs::exists(config_file_of(workdir), failure);
}

}  // namespace

bool holds_checkpoint(const fs::path& workdir) {
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(workdir / "checkpoints", failure)) {
        if (entry.path().extension() == ".safetensors") return true;
    }
    return false;
}

config::Config stored_config(const fs::path& workdir, std::span<const config::Override> changes) {
    const fs::path file = config_file_of(workdir);
    const auto settings = config::read_toml_file(file);
    const bool is_earlier =
        std::ranges::find(settings, "eval_task_end_only", &config::Setting::key) == settings.end();
    auto config = config::load_config(file, changes);
    if (is_earlier) config.evaluation.read_as_earlier();
    return config;
}

bool is_key_of_the_machine(const std::string& key) {
    return is_in(kKeysOfTheMachine, key);
}

void require_same_run(const config::Config& there, const config::Config& wanted,
                      const fs::path& workdir, std::string_view hint) {
    constexpr std::size_t kShown = 3;
    auto found = config::differences(there, wanted);
    std::erase_if(found, [](const auto& entry) { return is_key_of_the_machine(entry.key); });
    if (found.empty()) return;
    std::vector<std::string> shown;
    for (std::size_t i = 0; i < std::min(found.size(), kShown); ++i) {
        shown.push_back(
            fmt::format("{} is {} there, {} here", found[i].key, found[i].left, found[i].right));
    }
    if (found.size() > kShown) shown.push_back(fmt::format("{} more", found.size() - kShown));
    throw UsageError(fmt::format("{} holds a run of another configuration: {}", workdir.string(),
                                 fmt::join(shown, ", ")),
                     hint);
}

void settle_paths(config::Config& config, const fs::path& workdir) {
    config.init_checkpoint = absolute(config.init_checkpoint);
    config.data_dir = absolute(config.data_dir);
    config.data_split = absolute(config.data_split);
    config.continual.manifest = absolute(config.continual.manifest);
    const fs::path beside = fs::path(absolute(workdir.string())).parent_path() / "image-cache";
    config.cache_dir = config.cache_dir.empty() ? beside.string() : absolute(config.cache_dir);
}

void require_files(const config::Config& config, Needs needs) {
    if (const auto problem = data::dataset_problem(config.dataset)) throw UsageError(*problem);
    std::error_code failure;
    if (!fs::exists(config.init_checkpoint, failure)) {
        throw Error(fmt::format("init_checkpoint: there is no file {}", config.init_checkpoint),
                    "give the path of a pre-trained ViT with --set init_checkpoint=FILE");
    }
    const bool data = needs == Needs::kBackboneAndData && config.dataset != "synthetic";
    if (data && !fs::exists(config.data_dir, failure)) {
        throw Error(
            fmt::format("data_dir: there is no folder {}", config.data_dir),
            fmt::format("give the folder of {} with --set data_dir=FOLDER", config.dataset));
    }
}

config::Config training_config(const std::string& file, std::span<const std::string> changes,
                               const fs::path& workdir, std::vector<std::string>* notes) {
    const bool resumes = holds_run(workdir);
    if (file.empty() && !resumes) {
        throw UsageError(
            fmt::format("{} holds no run to go on with, and no configuration is given",
                        workdir.string()),
            "give one with --config FILE (`promptcl list configs` shows those there are)");
    }
    const auto overrides = overrides_of(changes);
    auto config = file.empty() ? stored_config(workdir, overrides)
                               : config::load_config(file, overrides, notes);
    settle_paths(config, workdir);
    data::settle_normalization(config);
    config::require_valid(config);
    if (resumes && holds_checkpoint(workdir)) {
        require_same_run(
            stored_config(workdir), config, workdir,
            fmt::format(
                "choose another --workdir, or go on with `promptcl train --workdir {}` alone",
                workdir.string()));
    }
    require_files(config, Needs::kBackboneAndData);
    return config;
}

config::Config run_config(const fs::path& workdir, std::span<const std::string> changes,
                          Needs needs) {
    if (!holds_run(workdir)) {
        throw Error(fmt::format("{} holds no run: it has no config.toml", workdir.string()),
                    "give the --workdir of a `promptcl train`");
    }
    const auto overrides = overrides_of(changes);
    auto config = stored_config(workdir, overrides);
    for (const auto& change : overrides) {
        if (is_in(kChangeableKeys, change.key)) continue;
        throw UsageError(fmt::format("{} cannot be changed for a run that is trained", change.key),
                         fmt::format("only {} can", fmt::join(kChangeableKeys, ", ")));
    }
    settle_paths(config, workdir);
    config::require_valid(config);
    require_files(config, needs);
    return config;
}

}  // namespace promptcl::runs
