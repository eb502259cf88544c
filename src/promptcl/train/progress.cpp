#include "promptcl/train/progress.h"

#include <algorithm>
#include <cmath>

namespace promptcl::train {

void Interval::add(const StepStats& stats, double rate) {
    ++steps;
    images += stats.images;
    loss += stats.loss;
    loss_squared += stats.loss * stats.loss;
    grad_norm += stats.grad_norm;
    correct += stats.accuracy * static_cast<double>(stats.images);
    learning_rate = rate;
}

double Interval::loss_std() const {
    const double mean = mean_loss();
    return std::sqrt(std::max(0.0, loss_squared / static_cast<double>(steps) - mean * mean));
}

nlohmann::json to_json(const Progress& p) {
    return {{"position",
             {{"task", p.position.task},
              {"step", p.position.step},
              {"global_step", p.position.global_step},
              {"evaluated", p.position.evaluated}}},
            {"interval",
             {{"steps", p.interval.steps},
              {"images", p.interval.images},
              {"loss", p.interval.loss},
              {"loss_squared", p.interval.loss_squared},
              {"grad_norm", p.interval.grad_norm},
              {"correct", p.interval.correct},
              {"learning_rate", p.interval.learning_rate}}},
            {"accuracy", p.configured.rows()},
            {"instance_accuracy", p.instance.rows()},
            {"eval_loss", p.eval_loss},
            {"instance_eval_loss", p.instance_eval_loss},
            {"test_images", p.test_images},
            {"train_seconds", p.train_seconds},
            {"input_wait_seconds", p.input_wait_seconds},
            {"eval_seconds", p.eval_seconds},
            {"trained_images", p.trained_images},
            {"evaluated_images", p.evaluated_images}};
}

Progress progress_from_json(const nlohmann::json& json) {
    const auto& position = json.at("position");
    const auto& interval = json.at("interval");
    Progress p;
    p.position = {.task = position.at("task"),
                  .step = position.at("step"),
                  .global_step = position.at("global_step"),
                  .evaluated = position.at("evaluated")};
    p.interval = {.steps = interval.at("steps"),
                  .images = interval.at("images"),
                  .loss = interval.at("loss"),
                  .loss_squared = interval.at("loss_squared"),
                  .grad_norm = interval.at("grad_norm"),
                  .correct = interval.at("correct"),
                  .learning_rate = interval.at("learning_rate")};
    p.configured = metrics::AccuracyMatrix::from_rows(
        json.at("accuracy").get<std::vector<std::vector<double>>>());
    p.instance = metrics::AccuracyMatrix::from_rows(
        json.at("instance_accuracy").get<std::vector<std::vector<double>>>());
    json.at("eval_loss").get_to(p.eval_loss);
    json.at("instance_eval_loss").get_to(p.instance_eval_loss);
    json.at("test_images").get_to(p.test_images);
    p.train_seconds = json.at("train_seconds");
    p.input_wait_seconds = json.value("input_wait_seconds", 0.0);  // not in older runs
    p.eval_seconds = json.at("eval_seconds");
    p.trained_images = json.at("trained_images");
    p.evaluated_images = json.at("evaluated_images");
    return p;
}

}  // namespace promptcl::train
