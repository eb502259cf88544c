#include "promptcl/cli/syntax_learn.h"

#include "promptcl/core/error.h"
#include "promptcl/model/classifier_file.h"
#include "promptcl/predict/find_backbone.h"
#include "promptcl/teach/lesson_config.h"
#include "promptcl/teach/lesson_plan.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExample = "promptcl learn pets.pcl --data birds --output more.pcl";

fs::path folder_of(const std::string& text, std::string_view flag) {
    const fs::path folder = required(text, fmt::format("{} FOLDER", flag), kExample);
    require_there(folder);
    return folder;
}

bool freezes(const Words& words, const config::Config& config) {
    if (words.freeze_old && words.no_freeze_old) {
        throw UsageError("--freeze_old and --no_freeze_old exclude each other", "give one of them");
    }
    return words.freeze_old || (!words.no_freeze_old && teach::freezes_by_itself(config));
}

}  // namespace

void declare_learn(CLI::App& app, Words& words) {
    app.add_option("paths", words.paths, "model file (.pcl) to start from")->type_name("FILE");
    app.add_option("--data", words.folder,
                   "images to learn from: a folder or an archive with a sub-folder for each class")
        ->type_name("FOLDER");
    app.add_option("--output", words.output, "model file to write; may be the one that is read")
        ->type_name("FILE");
    app.add_option("--test", words.test,
                   "test images in the same form, of new or known classes: accuracy before and "
                   "after")
        ->type_name("FOLDER");
    app.add_flag("--extend", words.extend,
                 "sub-folders may bear names of known classes: more images of those");
    app.add_flag("--freeze_old,--freeze-old", words.freeze_old,
                 "old prompts, keys and columns of the head keep every bit; the default but for "
                 "L2P, whose classes share one pool");
    app.add_flag("--no_freeze_old,--no-freeze-old", words.no_freeze_old, "they may all move");
    app.add_option("--backbone", words.backbone,
                   "the ViT of the model file, when it does not lie beside it")
        ->type_name("FILE");
    declare_changes(app, words, "one key of the training over the model file's; repeatable");
    declare_json(app, words);
}

Command finish_learn(const Words& words) {
    const fs::path model =
        required(words.paths.empty() ? "" : words.paths.front(), "a model file", kExample);
    if (words.paths.size() > 1) {
        throw UsageError(fmt::format("\"{}\" is a word too many", words.paths[1]),
                         "name the folder of images with --data");
    }
    require_there(model);
    const fs::path data = folder_of(words.folder, "--data");
    required(words.output, "--output FILE", kExample);
    const fs::path output = writable(words.output, "--output");
    LearnOptions options{
        .model = model,
        .output = output,
        .request = {.name = model.string(),
                    .config = {},
                    .test = words.test.empty() ? fs::path() : folder_of(words.test, "--test"),
                    .extend = words.extend,
                    .freeze_old = true,
                    .workdir = output.string() + ".learning"},
        .json = words.json};
    teach::Request& request = options.request;
    if (!words.backbone.empty()) require_there(words.backbone);
    const auto classifier = model::read_classifier(model);
    request.config =
        teach::lesson_config(classifier, words.changes,
                             {.backbone = predict::find_backbone(classifier, model, words.backbone),
                              .data = data,
                              .workdir = request.workdir});
    request.freeze_old = freezes(words, request.config);
    teach::plan_lesson(classifier, request);  // what cannot be learnt is refused at once
    return options;
}

}  // namespace promptcl::cli
