#include "promptcl/cli/commands.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/opened_run.h"
#include "promptcl/cli/progress_line.h"
#include "promptcl/cli/run_images.h"
#include "promptcl/core/clock.h"
#include "promptcl/core/error.h"
#include "promptcl/core/human.h"
#include "promptcl/model/classifier_file.h"
#include "promptcl/predict/measure.h"
#include "promptcl/report/run_results.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace promptcl::cli {
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

void print_summary(const ExportOptions& options, const model::Classifier& classifier,
                   const predict::HeldOut& held_out) {
    fmt::print("{}: {} classes, {}\n", options.output.string(), classifier.classes(),
               human_bytes(static_cast<double>(fs::file_size(options.output))));
    if (held_out.images == 0) {
        fmt::print(
            "no test image was looked at: probabilities are not calibrated, --reject is "
            "not possible\n");
        return;
    }
    fmt::print("accuracy on {} test images {}, each seen alone\n", held_out.images,
               percent(held_out.accuracy));
    fmt::print("temperature {:.3f}: calibration error {} instead of {}\n",
               classifier.state.calibration.temperature, percent(held_out.calibration_error),
               percent(held_out.calibration_error_before));
    for (const auto& threshold : classifier.state.calibration.thresholds) {
        fmt::print("--reject {}: {} of the known images are rejected\n", threshold.wanted,
                   percent(threshold.measured, 1));
    }
}

}  // namespace

int run_export(const ExportOptions& options) {
    watch_for_interrupts();
    OpenedRun opened = open_run(options.workdir, options.config);
    const auto& backbone = opened.backbone;
    model::Classifier& classifier = opened.classifier;
    const std::string name = opened.path.string();
    predict::HeldOut held_out;
    model::Event event{.when = utc_now(),
                       .action = "export",
                       .classes = classifier.state.class_names,
                       .images = 0,
                       .results = nlohmann::json::object(),
                       .undo = nullptr,
                       .undo_arrays = {}};
    if (!options.without_images) {
        const RunImages images = open_run_images(options.config, opened.run);
        const auto few = [&](const predict::LabelledImages& all) {
            return predict::first_of_each_class(all, classifier.classes(),
                                                options.images_per_class);
        };
        const auto train = few(images.train), test = few(joined(images.tests));
        ProgressLine line;
        const auto shown = [&](const char* what) {
            return [&line, what](std::int64_t done, std::int64_t total) {
                if (interrupted()) throw Interrupted();
                line.show(what, done, total, "");
            };
        };
        predict::set_class_means(classifier.state, {backbone, classifier, name}, train,
                                 shown("looking at training images"));
        held_out = predict::calibrate(classifier.state, {backbone, classifier, name}, test,
                                      shown("looking at test images"));
        line.clear();
        event.images = std::ssize(train.ids);
        event.results = results_of(held_out, options.workdir);
    }
    classifier.history.push_back(event);
    model::write_classifier(options.output, classifier);
    if (options.json) {
        fmt::print("{}\n", nlohmann::ordered_json{{"file", options.output.string()},
                                                  {"classes", classifier.classes()},
                                                  {"results", event.results}}
                               .dump(2));
    } else {
        print_summary(options, classifier, held_out);
    }
    return static_cast<int>(ExitCode::kSuccess);
}

}  // namespace promptcl::cli
