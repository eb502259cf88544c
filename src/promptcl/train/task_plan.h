// What is fixed while one task is trained.
#pragma once

#include "promptcl/input/image_source.h"
#include "promptcl/stream/batch.h"
#include "promptcl/stream/replay_buffer.h"
#include "promptcl/stream/sampler.h"
#include "promptcl/train/experiment.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

namespace promptcl::train {

/// The steps of a task: its training, then with review_trick its review.
struct TaskPlan {
    std::int64_t task = 0;
    stream::Steps training, review;
    method::TaskRules rules;  // of the training; a review goes by none
    Rng rng;
    std::function<stream::Batch(std::int64_t step)> batch;  // a pure function, for any thread

    std::int64_t steps() const { return training.total + review.total; }
    method::TaskRules rules_of(std::int64_t step) const {
        return step < training.total ? rules : method::TaskRules();
    }
    /// The number of epochs, of training and review, when the first `steps` steps are whole ones.
    std::optional<std::int64_t> whole_epochs(std::int64_t steps) const;
};

/// A task of a method trained by gradient. Without `replay` nothing is replayed; otherwise from the
/// second task on every step gets as many replayed images as new ones, or with review_trick every
/// task ends with num_review_epochs over as many images as the buffer holds of the task's classes,
/// drawn from all of it; num_review_steps, no_train and review_last_only change those numbers of
/// steps. Experiment, images and buffer are referred to. UsageError when there
/// are too few images for one step, or when the reverse mask would hide a replayed image's class.
TaskPlan plan_task(const Experiment& experiment, const input::ImageSource& images,
                   const stream::ReplayBuffer* replay, std::int64_t task,
                   stream::Pixels pixels = stream::Pixels::kRead);

/// Every image of a task once, in batches of the global size that `batch_of` makes of their
/// positions.
TaskPlan plan_one_pass(const Experiment& experiment, std::int64_t task,
                       std::function<stream::Batch(std::span<const std::int64_t>)> batch_of);

}  // namespace promptcl::train
