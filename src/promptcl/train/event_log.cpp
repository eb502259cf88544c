#include "promptcl/train/event_log.h"

#include "promptcl/config/print.h"
#include "promptcl/train/results.h"

#include <fmt/format.h>

namespace promptcl::train {

void EventLog::started(const Experiment& experiment, const Progress& progress) {
    if (progress.position.task >= std::ssize(experiment.stream.tasks)) return;
    histograms_ = experiment.config.evaluation.prompt_histogram;
    const std::int64_t resumed_at = progress.position.global_step;
    writer_ = std::make_unique<io::EventWriter>(folder_, resumed_at > 0 ? resumed_at + 1 : 0);
    if (progress.position.global_step == 0) {
        writer_->text("config", 0, "```toml\n" + config::to_toml(experiment.config) + "```");
    }
    writer_->flush();
}

void EventLog::interval_done(const Interval& interval, const Position& position) {
    const std::int64_t step = position.global_step;
    writer_->scalar("train_accuracy", step, interval.accuracy());
    writer_->scalar("loss", step, interval.mean_loss());
    writer_->scalar("loss_std", step, interval.loss_std());
    writer_->scalar("l2_grads", step, interval.mean_grad_norm());
    writer_->scalar("learning_rate", step, interval.learning_rate);
    writer_->scalar("task_id", step, static_cast<double>(position.task));
    writer_->flush();
}

void EventLog::evaluated(const Evaluation& evaluation, const Progress& progress) {
    const std::int64_t step = evaluation.global_step;
    double sum = 0;
    for (std::size_t i = 0; i < evaluation.tests.size(); ++i) {
        const TestScore& score = evaluation.tests[i];
        sum += score.configured.accuracy;
        writer_->scalar(fmt::format("accuracy_{}", i), step, score.configured.accuracy);
        writer_->scalar(fmt::format("eval_loss_{}", i), step, score.configured.loss);
        if (score.instance) {
            writer_->scalar(fmt::format("instance/accuracy_{}", i), step, score.instance->accuracy);
            writer_->scalar(fmt::format("instance/eval_loss_{}", i), step, score.instance->loss);
        }
        if (histograms_ && !score.prompts.empty())
            writer_->histogram(fmt::format("histogram_{}", i), step, score.prompts);
    }
    if (evaluation.task_end) {
        figures(progress.configured, evaluation, "");
        figures(progress.instance, evaluation, "instance/");
    } else {
        writer_->scalar("avg_acc", step, sum / static_cast<double>(evaluation.tests.size()));
    }
    writer_->flush();
}

void EventLog::figures(const metrics::AccuracyMatrix& accuracy, const Evaluation& evaluation,
                       const std::string& prefix) {
    for (const auto& [tag, value] : train::figures(accuracy, evaluation.task)) {
        writer_->scalar(prefix + tag, evaluation.global_step, value);
    }
}

}  // namespace promptcl::train
