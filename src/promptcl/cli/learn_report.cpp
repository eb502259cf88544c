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

nlohmann::ordered_json accuracy_json(const LearnAccuracy& accuracy) {
    nlohmann::ordered_json result = nlohmann::ordered_json::object();
    if (accuracy.old_images > 0) {
        result["old"] = {{"images", accuracy.old_images},
                         {"before", accuracy.old_before},
                         {"after", accuracy.old_after}};
    }
    if (accuracy.new_images > 0)
        result["new"] = {{"images", accuracy.new_images}, {"after", accuracy.new_after}};
    return result;
}

nlohmann::ordered_json drift_json(const predict::Drift& drift) {
    return {{"classes", drift.classes},
            {"largest_logit", drift.largest_logit},
            {"mean_logit", drift.mean_logit},
            {"other_answer", drift.other_answer},
            {"other_prompts", drift.other_prompts},
            {"prompts", drift.prompts},
            {"keys", drift.keys},
            {"general_prompt", drift.general}};
}

void print_accuracy(const LearnAccuracy& accuracy) {
    if (accuracy.old_images > 0) {
        fmt::print("accuracy on {} test images of old classes: {} before, {} now\n",
                   accuracy.old_images, percent(accuracy.old_before), percent(accuracy.old_after));
    }
    if (accuracy.new_images > 0) {
        fmt::print("accuracy on {} test images of new classes: {}\n", accuracy.new_images,
                   percent(accuracy.new_after));
    }
}

void print_drift(const LearnReport& report) {
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

nlohmann::ordered_json to_json(const LearnReport& report) {
    nlohmann::ordered_json result{{"added", report.growth.added},
                                  {"extended", report.growth.extended},
                                  {"images", report.images},
                                  {"task", report.growth.task},
                                  {"pool_size", report.growth.pool_size},
                                  {"freeze_old", report.freeze_old},
                                  {"num_epochs", report.config.num_epochs},
                                  {"batch_size", report.config.global_batch_size()},
                                  {"learning_rate", report.config.learning_rate},
                                  {"seed", report.config.seed},
                                  {"seconds", report.seconds},
                                  {"drift", drift_json(report.drift)}};
    if (report.accuracy) result["accuracy"] = accuracy_json(*report.accuracy);
    if (report.calibrated) {
        result["calibration"] = {
            {"held_out_images", report.calibrated->images},
            {"accuracy", report.calibrated->accuracy},
            {"calibration_error_before", report.calibrated->calibration_error_before},
            {"calibration_error", report.calibrated->calibration_error}};
    }
    return result;
}

void print_report(const LearnReport& report, const LearnOptions& options) {
    const auto &added = report.growth.added, &extended = report.growth.extended;
    fmt::print("{}: {} classes, {} of them new, from {} images in {}; {}\n",
               options.output.string(), report.growth.class_names.size(), added.size(),
               report.images, clock_text(report.seconds),
               human_bytes(static_cast<double>(std::filesystem::file_size(options.output))));
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
    fmt::print("promptcl model rollback {} --output FILE takes this back\n",
               options.output.string());
}

}  // namespace promptcl::cli
