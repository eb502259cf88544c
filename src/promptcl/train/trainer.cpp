#include "promptcl/train/trainer.h"

#include "promptcl/core/error.h"
#include "promptcl/input/batch_tensor.h"
#include "promptcl/io/atomic_file.h"
#include "promptcl/stream/batch_loader.h"
#include "promptcl/train/mixing.h"
#include "promptcl/train/replay_state.h"
#include "promptcl/train/results.h"
#include "promptcl/train/schedule.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

namespace promptcl::train {
namespace {

using Clock = std::chrono::steady_clock;

/// Leaves a method that looks at a task's images when the run is to stop.
struct Stopped {};

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

Trainer::Trainer(const Experiment& experiment, const RunFolder& folder,
                 std::vector<Observer*> observers)
    : experiment_(experiment),
      folder_(folder),
      observers_(std::move(observers)),
      method_(experiment.new_method()),
      optimizer_(experiment.config, method_->parameters()),
      images_(experiment.images_of(*experiment.data.train)),
      evaluator_(experiment, open_query_cache(experiment, *method_, Split::kTest)),
      queries_(open_query_cache(experiment, *method_, Split::kTrain)),
      rng_(static_cast<std::uint64_t>(experiment.config.seed)) {
    const auto& replay = experiment.config.continual.replay;
    if (replay.num_samples_per_class > 0)
        replay_.emplace(replay.num_samples_per_class, rng_.fork("replay"));
    if (!experiment.config.query_augmentation && queries_.width() > 0)
        unaugmented_.emplace(experiment_, *images_, queries_);
    resume();
}

template <class Tell>
void Trainer::tell(const Tell& each) {
    for (Observer* observer : observers_)
        each(*observer);
}

void Trainer::resume() {
    std::vector<std::string> warnings;
    const auto saved = folder_.newest(warnings);
    for (const auto& warning : warnings)
        tell([&](Observer& o) { o.note("passed over a damaged checkpoint: " + warning); });
    if (!saved) return;
    require_same("backbone", saved->model.identity.backbone_sha256,
                 experiment_.identity.backbone_sha256);
    require_same("data set", saved->model.identity.data_sha256, experiment_.identity.data_sha256);
    restore(method_->state(), saved->model.arrays, saved->model_path.string());
    const std::string state = "the state beside " + saved->model_path.string();
    restore(optimizer_.moments(), saved->state.arrays, state);
    if (replay_) restore(*replay_, saved->state.arrays, state);
    optimizer_.set_steps(saved->state.optimizer_steps);
    progress_ = saved->state.progress;
}

TaskPlan Trainer::plan_of(std::int64_t task) const {
    if (method_->learns_in_one_pass()) return plan_looking(task, stream::Pixels::kUnread);
    const bool unread = unaugmented_ && !method_->reads_images();
    return plan_task(experiment_, *images_, replay_ ? &*replay_ : nullptr, task,
                     unread ? stream::Pixels::kUnread : stream::Pixels::kRead);
}

TaskPlan Trainer::plan_looking(std::int64_t task, stream::Pixels pixels) const {
    return plan_one_pass(experiment_, task, [this, pixels](std::span<const std::int64_t> ids) {
        const data::Dataset& data = *experiment_.data.train;
        return load_asked(queries_, data, data::Company(ids), pixels,
                          [&] { return images_->evaluation_batch(data, ids); });
    });
}

Outcome Trainer::run(const std::function<bool()>& stop) {
    folder_.write_manifest(experiment_);
    tell([&](Observer& o) { o.started(experiment_, progress_); });
    const auto tasks = static_cast<std::int64_t>(experiment_.stream.tasks.size());
    while (progress_.position.task < tasks) {
        train_task(stop);
        if (stop()) {
            save();
            return progress_.position.task < tasks ? Outcome::kInterrupted : Outcome::kFinished;
        }
    }
    return Outcome::kFinished;
}

void Trainer::train_task(const std::function<bool()>& stop) {
    Position& position = progress_.position;
    if (position.step == 0) begin_task(position.task);
    const TaskPlan plan = plan_of(position.task);
    stream::BatchLoader loader(position.step, plan.steps(),
                               static_cast<int>(experiment_.config.num_workers), plan.batch);
    while (!stop()) {
        if (evaluation_due(plan) && !position.evaluated && !evaluate(plan, stop)) return;
        if (position.step == plan.steps()) {
            if (!end_task(plan, stop)) return;
            remember(position.task);
            position = {.task = position.task + 1, .step = 0, .global_step = position.global_step};
            save();
            return;
        }
        step(plan, loader);
    }
}

void Trainer::begin_task(std::int64_t task) {
    if (experiment_.stream.boundaries) method_->begin_task(experiment_.before.tasks + task);
    if (experiment_.config.reinit_optimizer) optimizer_.reset();
    const auto& continual = experiment_.config.continual;
    if (continual.replay.include_new_task || continual.review_trick) remember(task);
}

void Trainer::remember(std::int64_t task) {
    if (!replay_) return;
    replay_->add(*experiment_.data.train,
                 experiment_.stream.tasks[static_cast<std::size_t>(task)].train);
}

bool Trainer::end_task(const TaskPlan& plan, const std::function<bool()>& stop) {
    if (!experiment_.stream.boundaries) return true;
    const TaskPlan look = plan_looking(plan.task, stream::Pixels::kRead);
    const std::int64_t batches = look.steps();
    std::optional<stream::BatchLoader> loader;  // made when the method asks for images
    std::int64_t given = 0;
    const auto images = [&]() -> std::optional<method::TrainingBatch> {
        if (stop()) throw Stopped();
        if (given == batches) return std::nullopt;
        if (!loader) {
            loader.emplace(0, batches, static_cast<int>(experiment_.config.num_workers),
                           look.batch);
        }
        ++given;
        tell([&](Observer& o) { o.ending_task(given, batches); });
        stream::Batch batch = loader->next();
        const Tensor pixels = images_->take_images(batch);
        return method::TrainingBatch{
            .images = pixels,
            .labels = input::labels_of(batch),
            .query = query_of(*method_, batch, pixels, data::Company(batch.ids), queries_)};
    };
    try {
        method_->end_task(experiment_.stream.tasks[static_cast<std::size_t>(plan.task)].classes,
                          images);
    } catch (const Stopped&) {
        return false;
    }
    return true;
}

void Trainer::step(const TaskPlan& plan, stream::BatchLoader& loader) {
    const auto start = Clock::now();
    stream::Batch batch = loader.next();
    progress_.input_wait_seconds += seconds_since(start);
    Position& position = progress_.position;
    StepStats stats{.images = batch.size()};
    if (method_->learns_in_one_pass()) {
        observe(batch);
    } else {
        const double rate =
            learning_rate_at(experiment_.config, position.step + 1, plan.training.per_epoch);
        stats = gradient_step(plan, batch, rate);
        progress_.interval.add(stats, rate);
    }
    ++position.step;
    ++position.global_step;
    position.evaluated = false;
    const double seconds = seconds_since(start);
    progress_.train_seconds += seconds;
    progress_.trained_images += batch.size();

    const auto left = static_cast<double>(plan.steps() - position.step);
    tell([&](Observer& o) {
        o.step_done({.task = plan.task,
                     .num_tasks = static_cast<std::int64_t>(experiment_.stream.tasks.size()),
                     .step = position.step,
                     .steps = plan.steps(),
                     .loss = stats.loss,
                     .images_per_second = static_cast<double>(batch.size()) / seconds,
                     .seconds_left = left * seconds});
    });
    if (progress_.interval.steps > 0 &&
        position.global_step % experiment_.config.log_loss_every_steps == 0) {
        tell([&](Observer& o) { o.interval_done(progress_.interval, position); });
        progress_.interval = {};
    }
    if (position.global_step % experiment_.config.checkpoint_every_steps == 0) save();
}

void Trainer::observe(stream::Batch& batch) {
    const Tensor images = images_->take_images(batch);
    const data::Company company(batch.ids);
    method_->observe(query_of(*method_, batch, images, company, queries_), input::labels_of(batch));
}

StepStats Trainer::gradient_step(const TaskPlan& plan, stream::Batch& batch, double learning_rate) {
    const auto& config = experiment_.config;
    const method::TrainingBatch whole{
        .images = images_->take_images(batch),
        .labels = input::labels_of(batch),
        .rules = plan.rules_of(progress_.position.step),
        .replayed = batch.replayed,
        .query = unaugmented_ ? unaugmented_->of(*method_, batch.ids) : Tensor(),
        .dropout_seed = plan.rng.fork("dropout", progress_.position.step).seed()};
    auto parts = split(whole, config.num_devices);
    if (config.images.mix.on()) {
        const Rng rng = plan.rng.fork("mix", progress_.position.step);
        for (std::size_t device = 0; device < parts.size(); ++device) {
            parts[device] = mixed(parts[device], config.images.mix, experiment_.stream.num_classes,
                                  rng.fork("device", static_cast<std::int64_t>(device)));
        }
    }
    Gradients gradients = [&] {
        try {
            return gradients_of(*method_, parts);
        } catch (const Error& error) {
            throw Error(fmt::format("task {}, step {}: {}", plan.task + 1,
                                    progress_.position.step + 1, error.what()));
        }
    }();
    clip(gradients, config.grad_clip_max_norm);
    optimizer_.step(gradients.values, learning_rate);
    return gradients.stats;
}

bool Trainer::evaluation_due(const TaskPlan& plan) const {
    const auto& config = experiment_.config;
    const std::int64_t step = progress_.position.step;
    const bool last = plan.task + 1 == std::ssize(experiment_.stream.tasks);
    const auto& evaluation = config.evaluation;
    const bool between = (plan.task + 1) % config.continual.eval_every_tasks != 0;
    if (!last && (evaluation.eval_last_only || between)) return false;
    if (plan.steps() == 0) return false;  // nothing was learnt
    if (step == plan.steps()) return true;
    if (!experiment_.stream.boundaries) return false;
    if (evaluation.eval_task_end_only || step == 0) return false;
    if (!evaluation.by_epochs())
        return progress_.position.global_step % evaluation.eval_every_steps == 0;
    const auto epochs = plan.whole_epochs(step);
    return epochs && *epochs % evaluation.epochs_between() == 0;
}

bool Trainer::evaluate(const TaskPlan& plan, const std::function<bool()>& stop) {
    const auto start = Clock::now();
    Evaluation evaluation{.task = plan.task,
                          .global_step = progress_.position.global_step,
                          .task_end = progress_.position.step == plan.steps(),
                          .tests = {}};
    if (evaluation.task_end) save();  // a run killed while it evaluates loses no training
    const std::int64_t tests = experiment_.stream.tasks[static_cast<std::size_t>(plan.task)].tests;
    for (std::int64_t test = 0; test < tests; ++test) {
        tell([&](Observer& o) { o.evaluating(test, tests); });
        const auto score = evaluator_.evaluate(
            *method_, test, evaluation.task_end ? Mode::kBoth : Mode::kConfigured,
            [&] { return !stop(); });
        if (!score) return false;
        progress_.evaluated_images += score->images;
        evaluation.tests.push_back(*score);
    }
    progress_.eval_seconds += seconds_since(start);
    progress_.position.evaluated = true;
    if (evaluation.task_end) record(evaluation);
    tell([&](Observer& o) { o.evaluated(evaluation, progress_); });
    return true;
}

void Trainer::record(const Evaluation& evaluation) {
    progress_.eval_loss.clear();
    progress_.instance_eval_loss.clear();
    progress_.test_images.clear();
    for (std::size_t i = 0; i < evaluation.tests.size(); ++i) {
        const TestScore& score = evaluation.tests[i];
        const auto test = static_cast<std::int64_t>(i);
        progress_.configured.record(test, evaluation.task, score.configured.accuracy);
        progress_.instance.record(test, evaluation.task, score.instance->accuracy);
        progress_.eval_loss.push_back(score.configured.loss);
        progress_.instance_eval_loss.push_back(score.instance->loss);
        progress_.test_images.push_back(score.images);
    }
    io::write_file_atomically(folder_.results_file(),
                              results_json(experiment_, progress_).dump(2) + "\n");
}

void Trainer::save() {
    const Position& position = progress_.position;
    const std::int64_t tasks_learnt = position.task + (position.step > 0 ? 1 : 0);
    std::vector<std::int64_t> learnt_classes;
    for (std::int64_t task = 0; task < tasks_learnt; ++task) {
        for (const auto label : experiment_.stream.tasks[static_cast<std::size_t>(task)].classes) {
            if (std::ranges::find(learnt_classes, label) == learnt_classes.end())
                learnt_classes.push_back(label);
        }
    }
    io::ArrayMap state = arrays_of(optimizer_.moments());
    if (replay_) state.merge(arrays_of(*replay_));
    folder_.save(
        {.arrays = arrays_of(method_->state()),
         .config = experiment_.config,
         .identity = experiment_.identity,
         .class_names = experiment_.data.class_names,
         .tasks_learnt = tasks_learnt,
         .learnt_classes = std::move(learnt_classes)},
        {.arrays = std::move(state), .optimizer_steps = optimizer_.steps(), .progress = progress_});
    tell([&](Observer& o) { o.saved(position); });
}

}  // namespace promptcl::train
