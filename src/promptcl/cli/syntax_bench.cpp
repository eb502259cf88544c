#include "promptcl/cli/syntax_bench.h"

#include "promptcl/backbone/geometry.h"
#include "promptcl/config/choices.h"
#include "promptcl/config/load.h"
#include "promptcl/core/error.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <system_error>

namespace promptcl::cli {
namespace {

constexpr const char* kDefaultConfig = "cifar100_l2p";

/// Of the file or the default one, with the changes over it; no init_checkpoint where weights are
/// drawn.
config::Config config_of(const Words& words) {
    std::vector<config::Override> overrides;
    for (const auto& change : words.changes)
        overrides.push_back(config::parse_override(change));
    auto config =
        config::load_config(words.config.empty() ? kDefaultConfig : words.config, overrides);
    if (!words.model.empty()) {
        config.model_name = words.model;
        config.init_checkpoint.clear();
    }
    return config;
}

void require_measurable(const config::Config& config) {
    config::Config whole = config;  // nothing is read from data, and weights may be drawn
    whole.data_dir = "unused";
    if (whole.init_checkpoint.empty()) whole.init_checkpoint = "drawn";
    config::require_valid(whole);
    if (!config.use_e_prompt) {
        throw UsageError(
            fmt::format("promptcl bench measures methods that choose prompts, and {} does not",
                        config.method),
            "give --config cifar100_l2p or --config cifar100_dualprompt");
    }
    std::error_code failure;
    if (!config.init_checkpoint.empty() &&
        !std::filesystem::exists(config.init_checkpoint, failure)) {
        throw Error(fmt::format("init_checkpoint: there is no file {}", config.init_checkpoint),
                    "give --model ViT-B_16 for random weights");
    }
    if (config.init_checkpoint.empty() && backbone::find_variant(config.model_name) == nullptr) {
        throw UsageError(fmt::format("there is no ViT {} to draw weights for", config.model_name),
                         "see promptcl list backbones");
    }
}

}  // namespace

void declare_bench(CLI::App& app, Words& words) {
    app.add_option("--config", words.config,
                   "method, prompts and batch: a TOML file or the name of a shipped configuration; "
                   "cifar100_l2p if not given")
        ->type_name("FILE");
    app.add_option("--set", words.changes,
                   "one key over the file, for instance init_checkpoint=ViT-B_16.npz; repeatable")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false)
        ->take_all();
    app.add_option("--model", words.model, "a ViT of this name with random weights")
        ->type_name("NAME");
    app.add_option("--engine", words.engines,
                   "plain, native or, with --set device=cuda, cuda; repeatable, the others are "
                   "compared with "
                   "the first; all if not given")
        ->type_name("NAME")
        ->allow_extra_args(false)
        ->take_all();
    app.add_option("--rounds", words.rounds, "measurements of each kind")
        ->type_name("N")
        ->capture_default_str();
    app.add_option("--seconds", words.seconds, "that each of them takes at least")
        ->type_name("N")
        ->capture_default_str();
    app.add_flag("--growth", words.growth,
                 "measure along the number of tasks, classes and prompts instead");
    app.add_flag("--once", words.once,
                 "one engine's time from its start to its first training step, and its memory");
    app.add_flag("--json", words.json, "print JSON, every round in it");
}

Command finish_bench(const Words& words) {
    if (words.rounds < 1)
        throw UsageError(fmt::format("--rounds is {}", words.rounds), "give 1 or more");
    if (words.seconds < 0)
        throw UsageError(fmt::format("--seconds is {}", words.seconds), "give 0 or more");
    BenchOptions options{.config = config_of(words),
                         .engines = words.engines,
                         .rounds = words.rounds,
                         .seconds = words.seconds,
                         .growth = words.growth,
                         .once = words.once,
                         .json = words.json};
    require_measurable(options.config);
    for (const auto& engine : options.engines) {
        if (engine == kGpuEngine && options.config.device == "cuda") continue;
        if (const auto problem = config::choice_problem("engine", engine))
            throw UsageError(*problem);
    }
    if (options.once && (options.engines.size() != 1 || options.config.init_checkpoint.empty())) {
        throw UsageError("--once measures one engine on a file",
                         "give one --engine and --set init_checkpoint=FILE");
    }
    return options;
}

}  // namespace promptcl::cli
