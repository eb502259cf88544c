// `promptcl model ...`
#include "promptcl/cli/commands.h"
#include "promptcl/cli/model_facts.h"
#include "promptcl/cli/table.h"
#include "promptcl/core/clock.h"
#include "promptcl/core/error.h"
#include "promptcl/model/classifier_file.h"
#include "promptcl/model/edit.h"
#include "promptcl/model/undo.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace promptcl::cli {
namespace {

void print_differences(const std::vector<model::Difference>& found, bool json) {
    if (json) {
        auto list = nlohmann::ordered_json::array();
        for (const auto& [what, left, right] : found)
            list.push_back({{"what", what}, {"left", left}, {"right", right}});
        fmt::print("{}\n", list.dump(2));
        return;
    }
    if (found.empty()) {
        fmt::print("they are the same\n");
        return;
    }
    std::vector<Row> rows;
    for (const auto& [what, left, right] : found)
        rows.push_back({what, left, right});
    fmt::print("{}", format_table({"what", "first", "second"}, rows));
}

model::Classifier changed(const ModelOptions& options, const model::Classifier& classifier) {
    switch (options.action) {
        case ModelAction::kRename:
            return model::renamed(classifier, options.classes[0], options.classes[1], utc_now());
        case ModelAction::kRemove:
            return model::removed(classifier, options.classes, utc_now());
        case ModelAction::kRollback:
            return model::rolled_back(classifier, options.files[0].string());
        case ModelAction::kMerge: {
            const auto other = model::read_classifier(options.files[1]);
            return model::merged({classifier, options.files[0].string()},
                                 {other, options.files[1].string()}, utc_now());
        }
        case ModelAction::kShow:
        case ModelAction::kDiff:
            break;
    }
    throw Bug("a change of a model file");
}

}  // namespace

int run_model(const ModelOptions& options) {
    const auto classifier = model::read_classifier(options.files[0]);
    if (options.action == ModelAction::kShow) {
        options.json ? fmt::print("{}\n", model_facts(classifier).dump(2))
                     : fmt::print("{}", model_text(classifier));
    } else if (options.action == ModelAction::kDiff) {
        print_differences(model::differences(classifier, model::read_classifier(options.files[1])),
                          options.json);
    } else {
        const auto result = changed(options, classifier);
        model::write_classifier(options.output, result);
        fmt::print("{}: {} classes: {}\n", options.output.string(), result.classes(),
                   fmt::join(result.state.class_names, ", "));
    }
    return static_cast<int>(ExitCode::kSuccess);
}

}  // namespace promptcl::cli
