#include "promptcl/cli/commands.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/opening.h"
#include "promptcl/core/error.h"
#include "promptcl/core/human.h"
#include "promptcl/model/classifier_file.h"
#include "promptcl/runs/exporting.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;

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
    const auto [classifier, held_out, backbone] = [&] {
        Opening watching;
        return runs::export_run(options.workdir, options.config, options.images_per_class,
                                watching);
    }();
    model::write_classifier(options.output, classifier);
    if (options.json) {
        fmt::print("{}\n", nlohmann::ordered_json{{"file", options.output.string()},
                                                  {"classes", classifier.classes()},
                                                  {"results", classifier.history.back().results}}
                               .dump(2));
    } else {
        print_summary(options, classifier, held_out);
    }
    return static_cast<int>(ExitCode::kSuccess);
}

}  // namespace promptcl::cli
