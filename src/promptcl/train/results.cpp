#include "promptcl/train/results.h"

#include "promptcl/config/json.h"
#include "promptcl/core/version.h"

#include <sys/resource.h>

namespace promptcl::train {
namespace {

nlohmann::ordered_json figures_json(const metrics::AccuracyMatrix& accuracy, std::int64_t after) {
    nlohmann::ordered_json result;
    for (const auto& [tag, value] : figures(accuracy, after))
        result[tag] = value;
    return result;
}

nlohmann::ordered_json matrix_json(const metrics::AccuracyMatrix& accuracy) {
    nlohmann::ordered_json after_each = nlohmann::ordered_json::array();
    for (std::int64_t t = 0; t < accuracy.tasks(); ++t) {
        if (accuracy.has(t)) after_each.push_back(figures_json(accuracy, t));
    }
    const nlohmann::ordered_json last =
        after_each.empty() ? nlohmann::ordered_json::object() : after_each.back();
    return {{"accuracy_matrix", accuracy.rows()}, {"after_each_task", after_each}, {"final", last}};
}

double rate(std::int64_t images, double seconds) {
    return seconds > 0 ? static_cast<double>(images) / seconds : 0.0;
}

}  // namespace

std::vector<std::pair<std::string, double>> figures(const metrics::AccuracyMatrix& accuracy,
                                                    std::int64_t after) {
    std::vector<std::pair<std::string, double>> result{
        {"avg_acc", accuracy.average_accuracy(after)},
        {"anytime_acc", accuracy.anytime_accuracy(after)}};
    if (!accuracy.is_task_by_task(after)) return result;
    result.emplace_back("learning_acc", accuracy.learning_accuracy(after));
    if (after > 0) {
        result.emplace_back("forgetting", accuracy.forgetting(after));
        result.emplace_back("backward", accuracy.backward_transfer(after));
    }
    return result;
}

std::int64_t peak_memory_bytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

nlohmann::ordered_json results_json(const Experiment& experiment, const Progress& progress) {
    const auto& config = experiment.config;
    nlohmann::ordered_json batchwise = matrix_json(progress.configured);
    batchwise["eval_loss"] = progress.eval_loss;
    nlohmann::ordered_json instance = matrix_json(progress.instance);
    instance["eval_loss"] = progress.instance_eval_loss;
    return {{"format", "promptcl-results-1"},
            {"method", config.method},
            {"tasks_done", progress.configured.tasks()},
            {"num_tasks", experiment.stream.tasks.size()},
            {"configured", batchwise},
            {"instance", instance},
            {"test_images", progress.test_images},
            {"seed", config.seed},
            {"wall_seconds", progress.train_seconds + progress.eval_seconds},
            {"train_seconds", progress.train_seconds},
            {"input_wait_seconds", progress.input_wait_seconds},
            {"eval_seconds", progress.eval_seconds},
            {"train_images_per_second", rate(progress.trained_images, progress.train_seconds)},
            {"eval_images_per_second", rate(progress.evaluated_images, progress.eval_seconds)},
            {"peak_memory_bytes", peak_memory_bytes()},
            {"threads", tensor::threads()},
            {"versions", {{"promptcl", kVersion}, {"tensor_library", tensor::library_version()}}},
            {"backbone",
             {{"path", experiment.identity.backbone_path},
              {"sha256", experiment.identity.backbone_sha256},
              {"geometry", experiment.backbone->geometry().describe()}}},
            {"data",
             {{"sha256", experiment.identity.data_sha256}, {"skipped", experiment.data.skipped}}},
            {"class_names", experiment.data.class_names},
            {"config", config::to_json(config)}};
}

}  // namespace promptcl::train
