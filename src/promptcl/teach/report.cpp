#include "promptcl/teach/report.h"

namespace promptcl::teach {
namespace {

nlohmann::ordered_json accuracy_json(const Accuracy& accuracy) {
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

}  // namespace

nlohmann::ordered_json to_json(const Report& report) {
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

}  // namespace promptcl::teach
