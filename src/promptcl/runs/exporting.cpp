#include "promptcl/runs/exporting.h"

#include "promptcl/core/clock.h"
#include "promptcl/report/run_results.h"
#include "promptcl/runs/opened_run.h"
#include "promptcl/runs/run_images.h"

#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

namespace promptcl::runs {
namespace {

namespace fs = std::filesystem;

/// All test sets as one.
predict::LabelledImages joined(const std::vector<predict::LabelledImages>& tests) {
    predict::LabelledImages result;
    for (const auto& test : tests) {
        result.images = test.images;
        result.ids.insert(result.ids.end(), test.ids.begin(), test.ids.end());
        result.classes.insert(result.classes.end(), test.classes.begin(), test.classes.end());
    }
    return result;
}

/// The run's own figures, when it has been evaluated.
nlohmann::json figures_of(const fs::path& workdir) {
    std::error_code missing;
    if (!fs::exists(workdir / "results.json", missing)) return nullptr;
    const auto results = report::read_run_results(workdir / "results.json");
    nlohmann::json figures = {{"accuracy", results.configured.accuracy},
                              {"instance_accuracy", results.instance.accuracy}};
    if (results.instance.forgetting) figures["instance_forgetting"] = *results.instance.forgetting;
    return figures;
}

nlohmann::json results_of(const predict::HeldOut& held_out, const fs::path& workdir) {
    return {{"accuracy", held_out.accuracy},
            {"held_out_images", held_out.images},
            {"calibration_error_before", held_out.calibration_error_before},
            {"calibration_error", held_out.calibration_error},
            {"run", figures_of(workdir)}};
}

}  // namespace

Exported export_run(const fs::path& workdir, const config::Config& config,
                    std::optional<std::int64_t> images_per_class, data::OpenObserver& observer) {
    OpenedRun opened = open_run(workdir, config);
    Exported result{.classifier = std::move(opened.classifier),
                    .held_out = {},
                    .backbone = std::move(opened.backbone)};
    model::State& state = result.classifier.state;
    model::Event event{.when = utc_now(),
                       .action = "export",
                       .classes = state.class_names,
                       .images = 0,
                       .results = nlohmann::json::object(),
                       .undo = nullptr,
                       .undo_arrays = {}};
    if (images_per_class) {
        const RunImages images = open_run_images(config, opened.run, observer);
        const auto few = [&](const predict::LabelledImages& all) {
            return predict::first_of_each_class(all, result.classifier.classes(),
                                                *images_per_class);
        };
        const auto train = few(images.train), test = few(joined(images.tests));
        const std::string name = opened.path.string();
        predict::set_class_means(state, {result.backbone, result.classifier, name}, train,
                                 predict::progress_of(observer, "looking at training images"));
        result.held_out =
            predict::calibrate(state, {result.backbone, result.classifier, name}, test,
                               predict::progress_of(observer, "looking at test images"));
        event.images = std::ssize(train.ids);
        event.results = results_of(result.held_out, workdir);
    }
    result.classifier.history.push_back(std::move(event));
    return result;
}

}  // namespace promptcl::runs
