#include "promptcl/cli/syntax_model.h"

#include "promptcl/core/error.h"
#include "promptcl/runs/run_config.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <map>
#include <span>
#include <system_error>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, AnswerForm> kForms = {
    {"text", AnswerForm::kText}, {"json", AnswerForm::kJsonLines}, {"csv", AnswerForm::kCsv}};

AnswerForm answer_form(const Words& words) {
    if (words.json) return AnswerForm::kJsonLines;
    const auto found = kForms.find(words.form.empty() ? "text" : words.form);
    if (found == kForms.end()) {
        throw UsageError(fmt::format("--format {} is unknown", words.form),
                         "give text, json or csv");
    }
    return found->second;
}

/// The run of --workdir, or else the first path: what answers, and the paths behind it.
fs::path take_model(const Words& words, std::vector<std::string>& paths, std::string_view example) {
    if (!words.workdir.empty()) return required_workdir(words, example);
    const fs::path model =
        required(paths.empty() ? "" : paths.front(), "a model file or run folder", example);
    require_there(model);
    paths.erase(paths.begin());
    return model;
}

void declare_file(CLI::App& app, Words& words, const std::string& type) {
    app.add_option("paths", words.paths, "model files (.pcl), then what to change in them")
        ->type_name(type);
}

void declare_output(CLI::App& app, Words& words) {
    app.add_option("--output", words.output, "model file to write; may be the one that is read")
        ->type_name("FILE");
}

fs::path output_of(const Words& words, std::string_view example) {
    required(words.output, "--output FILE", example);
    return writable(words.output, "--output");
}

/// The first `files` paths are there, at least `classes` words follow.
ModelOptions model_options(const Words& words, ModelAction action, std::size_t files,
                           std::size_t classes, std::string_view example) {
    if (words.paths.size() < files + classes) {
        throw UsageError(
            fmt::format("{} words are given, {} are needed", words.paths.size(), files + classes),
            fmt::format("for instance: {}", example));
    }
    const auto first_class = words.paths.begin() + static_cast<std::ptrdiff_t>(files);
    return {.action = action,
            .files = existing_paths(std::span(words.paths).first(files)),
            .classes = {first_class, words.paths.end()},
            .output = {},
            .json = words.json};
}

void require_no_more(const ModelOptions& options, std::size_t classes) {
    if (options.classes.size() == classes) return;
    throw UsageError(fmt::format("\"{}\" is a word too many", options.classes.back()),
                     "put a name of several words in quotes");
}

/// Of a command that takes these files and classes, no more, and writes a file.
ModelOptions change_options(const Words& words, ModelAction action, std::size_t files,
                            std::size_t classes, std::string_view example) {
    auto options = model_options(words, action, files, classes, example);
    require_no_more(options, classes);
    options.output = output_of(words, example);
    return options;
}

}  // namespace

void declare_predict(CLI::App& app, Words& words) {
    app.add_option(
           "paths", words.paths,
           "model file (.pcl) or run folder, then JPEG and PNG files, folders of them, or - "
           "for a list of paths on standard input")
        ->type_name("MODEL IMAGE|FOLDER|-");
    declare_run(app, words, "--workdir");
    app.add_option("--backbone", words.backbone,
                   "the ViT of a model file, when it does not lie beside it")
        ->type_name("FILE");
    app.add_option("--watch", words.watch, "answer images as they come into this folder")
        ->type_name("FOLDER");
    app.add_option("--top_k,--top-k", words.top_k, "classes shown for an image")
        ->type_name("N")
        ->capture_default_str();
    declare_reject(app, words);
    app.add_option("--format", words.form, "text, json (an object a line) or csv")
        ->type_name("FORM");
    app.add_flag("--json", words.json, "the same as --format json");
    app.add_option("--threads", words.threads, "threads; 0: one for each usable CPU")
        ->capture_default_str();
}

Command finish_predict(const Words& words) {
    const std::string_view example = "promptcl predict pets.pcl cat.jpg";
    std::vector<std::string> paths = words.paths;
    PredictOptions options;
    options.model = take_model(words, paths, example);
    std::error_code failure;
    options.is_run = fs::is_directory(options.model, failure);
    options.listed = std::erase(paths, "-") > 0;
    options.images = existing_paths(paths);
    options.watch = words.watch;
    if (options.images.empty() && !options.listed && options.watch.empty())
        required("", "an image", example);
    if (!options.watch.empty() && !fs::is_directory(options.watch, failure))
        throw Error(fmt::format("there is no folder {}", words.watch), "make it first");
    if (words.top_k < 1)
        throw UsageError(fmt::format("--top_k is {}", words.top_k), "give 1 or more");
    if (words.threads < 0)
        throw UsageError(fmt::format("--threads is {}", words.threads), "give 0 or more");
    if (options.is_run) {
        options.config = runs::run_config(options.model, words.changes, runs::Needs::kBackbone);
    } else if (!words.changes.empty()) {
        throw UsageError("--set changes a run, not a model file", "give --backbone or --threads");
    }
    if (!words.backbone.empty()) require_there(words.backbone);
    options.reject = reject_of(words);
    options.backbone = words.backbone;
    options.threads = words.threads;
    options.top_k = words.top_k;
    options.form = answer_form(words);
    return options;
}

void declare_export(CLI::App& app, Words& words) {
    app.add_option("paths", words.paths, "run folder, and the model file (.pcl) to write")
        ->type_name("RUN FILE");
    declare_changes(app, words,
                    "init_checkpoint, data_dir, num_threads or num_workers, when they are others "
                    "than in training; also --my_config.KEY=VALUE");
    app.add_option("--images_per_class,--images-per-class", words.images_per_class,
                   "images of each class that are looked at, of each split")
        ->type_name("N")
        ->capture_default_str();
    app.add_flag("--without_images,--without-images", words.without_images,
                 "look at none: no class means, no calibration");
    declare_json(app, words);
}

Command finish_export(const Words& words) {
    const std::string_view example = "promptcl export ./l2p pets.pcl";
    if (words.paths.size() != 2) required("", "a run folder and the file to write", example);
    if (words.images_per_class < 1) {
        throw UsageError(fmt::format("--images_per_class is {}", words.images_per_class),
                         "give 1 or more, or --without_images");
    }
    const fs::path workdir = words.paths[0];
    require_there(workdir);
    return ExportOptions{
        .config = runs::run_config(
            workdir, words.changes,
            words.without_images ? runs::Needs::kBackbone : runs::Needs::kBackboneAndData),
        .workdir = workdir,
        .output = writable(words.paths[1], "the model file"),
        .images_per_class =
            words.without_images ? std::nullopt : std::optional(words.images_per_class),
        .json = words.json};
}

void declare_audit(CLI::App& app, Words& words) {
    declare_run(app, words, "run,--workdir");
    declare_json(app, words);
}

Command finish_audit(const Words& words) {
    const auto workdir = required_workdir(words, "promptcl audit ./l2p");
    require_there(workdir);
    return AuditOptions{
        .config = runs::run_config(workdir, words.changes, runs::Needs::kBackboneAndData),
        .workdir = workdir,
        .json = words.json};
}

void declare_model_show(CLI::App& app, Words& words) {
    declare_file(app, words, "FILE");
    declare_json(app, words);
}

Command finish_model_show(const Words& words) {
    auto options = model_options(words, ModelAction::kShow, 1, 0, "promptcl model show pets.pcl");
    require_no_more(options, 0);
    return options;
}

void declare_model_rename(CLI::App& app, Words& words) {
    declare_file(app, words, "FILE OLD NEW");
    declare_output(app, words);
}

Command finish_model_rename(const Words& words) {
    return change_options(words, ModelAction::kRename, 1, 2,
                          "promptcl model rename pets.pcl tabby \"tabby cat\" --output pets2.pcl");
}

void declare_model_remove(CLI::App& app, Words& words) {
    declare_file(app, words, "FILE CLASS...");
    declare_output(app, words);
}

Command finish_model_remove(const Words& words) {
    const std::string_view example = "promptcl model remove pets.pcl goldfish --output pets2.pcl";
    auto options = model_options(words, ModelAction::kRemove, 1, 1, example);
    options.output = output_of(words, example);
    return options;
}

void declare_model_rollback(CLI::App& app, Words& words) {
    declare_file(app, words, "FILE");
    declare_output(app, words);
}

Command finish_model_rollback(const Words& words) {
    return change_options(words, ModelAction::kRollback, 1, 0,
                          "promptcl model rollback pets2.pcl --output pets.pcl");
}

void declare_model_diff(CLI::App& app, Words& words) {
    declare_file(app, words, "FILE FILE");
    declare_json(app, words);
}

Command finish_model_diff(const Words& words) {
    auto options =
        model_options(words, ModelAction::kDiff, 2, 0, "promptcl model diff pets.pcl pets2.pcl");
    require_no_more(options, 0);
    return options;
}

void declare_model_merge(CLI::App& app, Words& words) {
    declare_file(app, words, "FILE FILE");
    declare_output(app, words);
}

Command finish_model_merge(const Words& words) {
    return change_options(words, ModelAction::kMerge, 2, 0,
                          "promptcl model merge pets.pcl birds.pcl --output both.pcl");
}

}  // namespace promptcl::cli
