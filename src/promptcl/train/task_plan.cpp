#include "promptcl/train/task_plan.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <fmt/format.h>
#include <span>
#include <utility>

namespace promptcl::train {
namespace {

TaskPlan empty_plan(const Experiment& experiment, std::int64_t task) {
    const auto& classes = experiment.stream.tasks[static_cast<std::size_t>(task)].classes;
    const std::int64_t number = experiment.before.tasks + task;
    const Rng rng(static_cast<std::uint64_t>(experiment.config.seed));
    return {.task = task,
            .training = {},
            .review = {},
            .rules = method::rules_of_task(experiment.config, number, classes),
            .rng = rng.fork("task", number),
            .batch = {}};
}

/// The steps of a task before its review; with no_train it has none.
stream::Steps training_steps(const config::Config& config, std::int64_t images) {
    const stream::Steps steps =
        stream::training_steps(images, config.num_epochs, config.global_batch_size());
    return {.per_epoch = steps.per_epoch, .total = config.no_train ? 0 : steps.total};
}

/// The steps of a review, `share` being what the buffer holds of the task's classes.
stream::Steps review_steps(const config::Config& config, std::int64_t share) {
    const auto& continual = config.continual;
    if (continual.num_review_steps > 0) {
        const std::int64_t per_epoch = continual.num_review_steps / continual.num_review_epochs;
        return {.per_epoch = per_epoch, .total = per_epoch * continual.num_review_epochs};
    }
    if (share < config.global_batch_size()) {
        throw UsageError(fmt::format("a review of {} images does not fill one batch of {}", share,
                                     config.global_batch_size()),
                         "raise continual.replay.num_samples_per_class, or lower "
                         "per_device_batch_size");
    }
    return stream::training_steps(share, continual.num_review_epochs, config.global_batch_size());
}

void require_visible(const stream::ReplayBuffer& replay, const method::TaskRules& rules,
                     std::int64_t task) {
    if (!rules.classes || rules.replay_mask != method::ReplayMask::kReverse) return;
    if (replay.count(*rules.classes) == 0) return;
    throw UsageError(fmt::format("continual.replay_reverse_mask hides the classes of task {}, but "
                                 "the replay buffer holds images of theirs from earlier tasks",
                                 task + 1),
                     "set continual.replay_reverse_mask = false where tasks share classes");
}

}  // namespace

std::optional<std::int64_t> TaskPlan::whole_epochs(std::int64_t steps) const {
    const bool reviewing = steps > training.total;
    const std::int64_t per_epoch = reviewing ? review.per_epoch : training.per_epoch;
    const std::int64_t within = reviewing ? steps - training.total : steps;
    if (within % per_epoch != 0) return std::nullopt;
    return within / per_epoch + (reviewing ? training.total / training.per_epoch : 0);
}

TaskPlan plan_task(const Experiment& experiment, const input::ImageSource& images,
                   const stream::ReplayBuffer* replay, std::int64_t task, stream::Pixels pixels) {
    const auto& config = experiment.config;
    const auto& which = experiment.stream.tasks[static_cast<std::size_t>(task)];
    const std::int64_t size = config.global_batch_size();
    const bool reviews = config.continual.review_trick;
    TaskPlan plan = empty_plan(experiment, task);
    plan.training = training_steps(config, which.images_per_epoch);

    const auto make = [&images, pixels](const data::Dataset& data,
                                        const std::vector<std::int64_t>& ids, const Rng& rng) {
        return pixels == stream::Pixels::kRead ? images.training_batch(data, ids, rng)
                                               : stream::batch_without_images(data, ids);
    };
    const auto trained = [make, &data = *experiment.data.train,
                          sampler = stream::EpochSampler(which.train, size, plan.rng.fork("order")),
                          augment = plan.rng.fork("augment")](std::int64_t step) {
        return make(data, sampler.batch(step), augment.fork("step", step));
    };
    const auto replayed = [make, replay, size, rng = plan.rng.fork("replay")](std::int64_t step) {
        const Rng own = rng.fork("step", step);
        stream::Batch batch = make(*replay, replay->draw(size, own.fork("draw")), own);
        for (auto& id : batch.ids)
            id = replay->kept()[static_cast<std::size_t>(id)].id;
        return batch;
    };
    if (replay != nullptr && reviews) {
        const bool last = task + 1 == std::ssize(experiment.stream.tasks);
        if (last || !config.review_last_only)
            plan.review = review_steps(config, replay->count(which.classes));
        plan.batch = [trained, replayed, training = plan.training.total](std::int64_t step) {
            return step < training ? trained(step) : replayed(step);
        };
    } else if (replay != nullptr && task > 0) {
        require_visible(*replay, plan.rules, task);
        plan.batch = [trained, replayed](std::int64_t step) {
            return stream::with_replay(trained(step), replayed(step));
        };
    } else {
        plan.batch = trained;
    }
    return plan;
}

TaskPlan plan_one_pass(const Experiment& experiment, std::int64_t task,
                       std::function<stream::Batch(std::span<const std::int64_t>)> batch_of) {
    const auto& which = experiment.stream.tasks[static_cast<std::size_t>(task)];
    const auto images = std::ssize(which.train);
    const std::int64_t size = experiment.config.global_batch_size();
    const std::int64_t batches = (images + size - 1) / size;
    TaskPlan plan = empty_plan(experiment, task);
    plan.training = {.per_epoch = batches, .total = batches};
    plan.batch = [&which, images, size, batch_of = std::move(batch_of)](std::int64_t step) {
        const std::int64_t first = step * size;
        return batch_of(std::span(which.train)
                            .subspan(static_cast<std::size_t>(first),
                                     static_cast<std::size_t>(std::min(images - first, size))));
    };
    return plan;
}

}  // namespace promptcl::train
