#include "promptcl/cli/learn_report.h"

#include "promptcl/cli/progress_line.h"
#include "promptcl/cli/table.h"
#include "promptcl/core/human.h"

#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace promptcl::cli {
namespace {

void print_accuracy(const teach::Accuracy& accuracy) {
    if (accuracy.old_images > 0) {
        fmt::print("accuracy on {} test images of old classes: {} before, {} now\n",
                   accuracy.old_images, percent(accuracy.old_before), percent(accuracy.old_after));
    }
    if (accuracy.new_images > 0) {
        fmt::print("accuracy on {} test images of new classes: {}\n", accuracy.new_images,
                   percent(accuracy.new_after));
    }
}

void print_drift(const teach::Report& report) {
    const predict::Drift& drift = report.drift;
    std::vector<std::string> moved;
    const std::initializer_list<std::pair<const char*, double>> parts = {
        {"prompts", drift.prompts}, {"keys", drift.keys}, {"G-prompt", drift.general}};
    for (const auto& [part, share] : parts) {
        if (share > 0) moved.push_back(fmt::format("{} {}", part, percent(share)));
    }
    if (moved.empty()) {
        fmt::print("no bit of what was learnt for old prompts has changed\n");
    } else {
        fmt::print("what was learnt has moved, in parts of its length: {}\n",
                   fmt::join(moved, ", "));
    }
    if (drift.classes == 0) {
        fmt::print("the file holds no class means, so nothing can be said of old answers\n");
        return;
    }
    fmt::print(
        "old logits of the mean features of {} old classes: changed by {:.4g} at most, by "
        "{:.4g} on average\n",
        drift.classes, drift.largest_logit, drift.mean_logit);
    fmt::print(
        "of these {} the mean feature now gets another class in {}, the mean query now "
        "chooses other prompts in {}\n",
        drift.classes, drift.other_answer, drift.other_prompts);
}

}  // namespace

void print_report(const teach::Report& report, const std::filesystem::path& output) {
    const auto &added = report.growth.added, &extended = report.growth.extended;
    fmt::print("{}: {} classes, {} of them new, from {} images in {}; {}\n", output.string(),
               report.growth.class_names.size(), added.size(), report.images,
               clock_text(report.seconds),
               human_bytes(static_cast<double>(std::filesystem::file_size(output))));
    if (!extended.empty()) {
        fmt::print("known classes that were taught more, whose columns have changed: {}\n",
                   fmt::join(extended, ", "));
    }
    if (report.accuracy) print_accuracy(*report.accuracy);
    print_drift(report);
    if (report.calibrated) {
        fmt::print("calibrated anew: calibration error {} instead of {}\n",
                   percent(report.calibrated->calibration_error),
                   percent(report.calibrated->calibration_error_before));
    }
    fmt::print("promptcl model rollback {} --output FILE takes this back\n", output.string());
}

}  // namespace promptcl::cli
