#include "promptcl/cli/syntax.h"

#include "promptcl/cli/help.h"
#include "promptcl/cli/help_bench.h"
#include "promptcl/cli/help_data.h"
#include "promptcl/cli/help_learn.h"
#include "promptcl/cli/help_model.h"
#include "promptcl/cli/help_report.h"
#include "promptcl/cli/help_serve.h"
#include "promptcl/cli/help_table.h"
#include "promptcl/cli/syntax_bench.h"
#include "promptcl/cli/syntax_data.h"
#include "promptcl/cli/syntax_learn.h"
#include "promptcl/cli/syntax_model.h"
#include "promptcl/cli/syntax_report.h"
#include "promptcl/cli/syntax_serve.h"
#include "promptcl/cli/syntax_table.h"
#include "promptcl/config/nearest.h"
#include "promptcl/core/error.h"
#include "promptcl/runs/run_config.h"

#include <CLI/CLI.hpp>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <system_error>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, Listing> kListings = {{"methods", Listing::kMethods},
                                                  {"datasets", Listing::kDatasets},
                                                  {"backbones", Listing::kBackbones},
                                                  {"configs", Listing::kConfigs},
                                                  {"presets", Listing::kPresets},
                                                  {"tables", Listing::kTables},
                                                  {"keys", Listing::kKeys}};

void declare_train(CLI::App& app, Words& words) {
    app.add_option(
           "--config", words.config,
           "configuration: a TOML file, the original's Python file, or the name of a shipped "
           "one; also --my_config")
        ->type_name("FILE");
    declare_changes(app, words, "one key over the file; repeatable; also --my_config.KEY=VALUE");
    app.add_option("--workdir", words.workdir, "run folder; made, or resumed when it holds a run")
        ->type_name("FOLDER");
    app.add_option("--exp_id", words.exp_id, "the run folder is this folder below --workdir")
        ->type_name("NAME");
    app.add_flag("--quiet", words.quiet, "print results and warnings only");
}

Command finish_train(const Words& words) {
    auto workdir = required_workdir(
        words,
        "promptcl train --config cifar100_l2p --workdir ./l2p --set init_checkpoint=FILE "
        "--set data_dir=FOLDER");
    if (!words.exp_id.empty()) workdir /= words.exp_id;
    TrainOptions options{.config = {}, .workdir = workdir, .quiet = words.quiet, .notes = {}};
    options.config = runs::training_config(words.config, words.changes, workdir, &options.notes);
    return options;
}

void declare_eval(CLI::App& app, Words& words) {
    declare_run(app, words, "run,--workdir");
    declare_json(app, words);
    app.add_option("--predictions", words.predictions, "write every prediction to this .npz")
        ->type_name("FILE");
}

Command finish_eval(const Words& words) {
    const auto workdir = required_workdir(words, "promptcl eval ./l2p");
    EvalOptions options{
        .config = runs::run_config(workdir, words.changes, runs::Needs::kBackboneAndData),
        .workdir = workdir,
        .json = words.json};
    if (!words.predictions.empty())
        options.predictions = writable(words.predictions, "--predictions");
    return options;
}

void declare_inspect(CLI::App& app, Words& words) {
    app.add_option(
           "paths", words.paths,
           "backbone (.npz, .safetensors), checkpoint (.safetensors), configuration (.toml, or the "
           "original's .py) or run folder")
        ->type_name("PATH");
    app.add_flag("--diff", words.diff,
                 "where two configurations differ: files, run folders, NAME or NAME@PRESET");
    app.add_flag("--toml", words.toml, "the effective configuration as a TOML file, nothing else");
    declare_json(app, words);
}

Command finish_inspect(const Words& words) {
    if (words.paths.empty()) required("", "a file or folder", "promptcl inspect ViT-B_16.npz");
    if (words.diff && words.paths.size() != 2) {
        throw UsageError(
            fmt::format("--diff compares two configurations, not {}", words.paths.size()),
            "for instance: promptcl inspect --diff cifar100_l2p cifar100_l2p@paper");
    }
    if (words.toml && (words.paths.size() != 1 || words.diff || words.json)) {
        throw UsageError("--toml prints one configuration and nothing else",
                         "for instance: promptcl inspect cifar100_l2p.py --toml");
    }
    // A shipped configuration may be called by its name: run_inspect looks for it.
    return InspectOptions{.paths = {words.paths.begin(), words.paths.end()},
                          .diff = words.diff,
                          .toml = words.toml,
                          .json = words.json};
}

void declare_list(CLI::App& app, Words& words) {
    app.add_option("what", words.what,
                   "methods, datasets, backbones, configs, presets, tables or keys");
    declare_json(app, words);
    app.add_flag("--markdown", words.markdown, "of keys: print docs/configuration.md");
}

Command finish_list(const Words& words) {
    const auto found = kListings.find(words.what);
    if (found == kListings.end()) {
        std::vector<std::string_view> names;
        for (const auto& [name, listing] : kListings)
            names.push_back(name);
        const std::string suggestion = config::did_you_mean(words.what, names);
        throw UsageError(words.what.empty() ? std::string("promptcl list is not told what to list")
                                            : fmt::format("there is no list of {}", words.what),
                         suggestion.empty()
                             ? "list methods, datasets, backbones, configs, presets, tables or keys"
                             : suggestion);
    }
    if (words.markdown && found->second != Listing::kKeys) {
        throw UsageError("--markdown is a form of `promptcl list keys` alone", "leave it out");
    }
    return ListOptions{.what = found->second, .form = form_of(words)};
}

void declare_selfcheck(CLI::App& app, Words& words) {
    app.add_option("folder", words.folder,
                   "golden cases: tiny_vit.npz and pairs NAME.json, NAME.npz")
        ->type_name("DIR");
    declare_json(app, words);
}

Command finish_selfcheck(const Words& words) {
    const auto folder =
        required(words.folder, "the folder of golden cases", "promptcl selfcheck golden");
    std::error_code failure;
    if (!fs::is_directory(folder, failure)) {
        throw Error(fmt::format("there is no folder {}", folder.string()),
                    "give one with tiny_vit.npz and pairs NAME.json, NAME.npz");
    }
    return SelfcheckOptions{.folder = folder, .json = words.json};
}

void declare_demo(CLI::App& app, Words& words) {
    app.add_option("--workdir", words.workdir,
                   "where the four runs go; ./promptcl-demo if not given")
        ->type_name("FOLDER");
}

Command finish_demo(const Words& words) {
    DemoOptions options;
    if (!words.workdir.empty()) options.workdir = required_workdir(words, "");
    return options;
}

void declare_pretrain(CLI::App& app, Words& words) {
    app.add_option("--output", words.output, "backbone to write, .npz")->type_name("FILE");
    app.add_option("--epochs", words.epochs, "epochs of training")->capture_default_str();
    app.add_option("--seed", words.seed, "seed of every draw")->capture_default_str();
    app.add_option("--threads", words.threads, "threads; 0: one a core")->capture_default_str();
}

Command finish_pretrain(const Words& words) {
    required(words.output, "--output FILE", "promptcl pretrain --output tiny_vit.npz");
    if (words.epochs < 1)
        throw UsageError(fmt::format("--epochs is {}", words.epochs), "give 1 or more");
    if (words.seed < 0) throw UsageError(fmt::format("--seed is {}", words.seed), "give 0 or more");
    if (words.threads < 0) {
        throw UsageError(fmt::format("--threads is {}", words.threads), "give 0 or more");
    }
    return PretrainOptions{.output = writable(words.output, "--output"),
                           .epochs = words.epochs,
                           .seed = words.seed,
                           .num_threads = words.threads};
}

}  // namespace

fs::path required(const std::string& value, std::string_view what, std::string_view example) {
    if (value.empty()) {
        throw UsageError(fmt::format("{} is missing", what),
                         fmt::format("for instance: {}", example));
    }
    return value;
}

void require_there(const fs::path& path) {
    std::error_code failure;
    if (!fs::exists(path, failure)) {
        throw Error(fmt::format("cannot read {}: no such file or folder", path.string()),
                    "check the path");
    }
}

/// A file to be written: its folder must be there, and a folder must not bear its name.
fs::path writable(const std::string& text, std::string_view flag) {
    const fs::path path = text;
    std::error_code failure;
    if (fs::is_directory(path, failure)) {
        throw UsageError(fmt::format("{} {} is a folder", flag, text), "give the name of a file");
    }
    const fs::path folder = fs::absolute(path).parent_path();
    if (!fs::is_directory(folder, failure)) {
        throw Error(fmt::format("cannot write {}: there is no folder {}", text, folder.string()),
                    "make it first");
    }
    return path;
}

std::vector<fs::path> existing_paths(std::span<const std::string> names) {
    for (const std::string& name : names)
        require_there(name);
    return {names.begin(), names.end()};
}

void declare_changes(CLI::App& app, Words& words, const std::string& help) {
    // Repeatable, one value each.
    app.add_option("--set", words.changes, help)
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false)
        ->take_all();
}

void declare_run(CLI::App& app, Words& words, const std::string& names) {
    app.add_option(names, words.workdir, "run folder of a `promptcl train`")->type_name("FOLDER");
    declare_changes(app, words,
                    "init_checkpoint, data_dir, num_threads or num_workers, when they are others "
                    "than in training; also --my_config.KEY=VALUE");
}

void declare_json(CLI::App& app, Words& words) {
    app.add_flag("--json", words.json, "print JSON");
}

void declare_reject(CLI::App& app, Words& words) {
    app.add_option("--reject", words.reject,
                   "mark images unlike what was learnt; this share of the known ones may be marked "
                   "too, such as 0.05")
        ->type_name("SHARE");
}

std::optional<double> reject_of(const Words& words) {
    if (words.reject >= 1)
        throw UsageError(fmt::format("--reject {} is no share", words.reject), "give 0.01 to 0.1");
    return words.reject < 0 ? std::nullopt : std::optional(words.reject);
}

fs::path required_workdir(const Words& words, std::string_view example) {
    const fs::path workdir = required(words.workdir, "--workdir FOLDER", example);
    std::error_code failure;
    if (fs::exists(workdir, failure) && !fs::is_directory(workdir, failure)) {
        throw UsageError(fmt::format("--workdir {} is a file", workdir.string()), "give a folder");
    }
    return workdir;
}

std::span<const Syntax> commands() {
    static const std::array table = {
        Syntax{"train", "Learn a stream of tasks, one after the other", help::kTrain, declare_train,
               finish_train},
        Syntax{"eval", "Evaluate a trained run again", help::kEval, declare_eval, finish_eval},
        Syntax{"export", "Make one small file of what a run learnt, to be used without it",
               help::kExport, declare_export, finish_export},
        Syntax{"learn", "Teach a model file the classes of an image folder", help::kLearn,
               declare_learn, finish_learn},
        Syntax{"predict", "Classify images with a model file or a run", help::kPredict,
               declare_predict, finish_predict},
        Syntax{"serve", "Answer images over HTTP, with a page to drop one on", help::kServe,
               declare_serve, finish_serve},
        Syntax{"audit",
               "Show how much of a batch-wise accuracy is the vote's knowledge of the task",
               help::kAudit, declare_audit, finish_audit},
        Syntax{"model show", "Say what a model file knows, and its history", help::kModelShow,
               declare_model_show, finish_model_show},
        Syntax{"model rename", "Give a class another name", help::kModelRename,
               declare_model_rename, finish_model_rename},
        Syntax{"model remove", "Take classes out", help::kModelRemove, declare_model_remove,
               finish_model_remove},
        Syntax{"model rollback", "Go back one step of the history", help::kModelRollback,
               declare_model_rollback, finish_model_rollback},
        Syntax{"model diff", "Show where two model files differ", help::kModelDiff,
               declare_model_diff, finish_model_diff},
        Syntax{"model merge", "Join two model files over one backbone", help::kModelMerge,
               declare_model_merge, finish_model_merge},
        Syntax{"inspect", "Show what is in a backbone, checkpoint, configuration or run folder",
               help::kInspect, declare_inspect, finish_inspect},
        Syntax{"list", "List methods, data sets, backbones, configurations, tables or keys",
               help::kList, declare_list, finish_list},
        Syntax{"table", "Run several configurations and seeds, and print one table of results",
               help::kTable, declare_table, finish_table},
        Syntax{"report", "Draw runs as one HTML page that loads nothing", help::kReport,
               declare_report, finish_report},
        Syntax{"data list", "Show what can be fetched: sizes, licences, what needs it",
               help::kDataList, declare_data_list, finish_data_list},
        Syntax{"data fetch", "Fetch a data set or a backbone, and check it", help::kDataFetch,
               declare_data_fetch, finish_data_fetch},
        Syntax{"data check", "Say whether a data set or a backbone is all there and readable",
               help::kDataCheck, declare_data_check, finish_data_check},
        Syntax{"bench", "Measure speed, memory and start of each engine on this machine",
               help::kBench, declare_bench, finish_bench},
        Syntax{"selfcheck", "Compare this machine's results with golden cases", help::kSelfcheck,
               declare_selfcheck, finish_selfcheck},
        Syntax{"demo", "Show in under three minutes what prompts buy; needs no files", help::kDemo,
               declare_demo, finish_demo},
        Syntax{"pretrain", "Train the small ViT that the demo starts from", help::kPretrain,
               declare_pretrain, finish_pretrain},
    };
    return table;
}

std::span<const SyntaxGroup> groups() {
    static constexpr std::array kTable = {
        SyntaxGroup{"model", "Look at and change model files", help::kModel},
        SyntaxGroup{"data", "Fetch and check data sets and backbones", help::kData},
    };
    return kTable;
}

Form form_of(const Words& words) {
    if (words.markdown) return Form::kMarkdown;
    return words.json ? Form::kJson : Form::kTable;
}

}  // namespace promptcl::cli
