// What makes a run continual: its tasks, what is kept of old ones, what holds the learner to them.
#pragma once

#include <cstdint>
#include <string>

namespace promptcl::config {

/// Images of old tasks that are learnt again. Source: google-research/l2p
/// libml/continual_buffer.py.
struct Replay {
    std::int64_t num_samples_per_class = 0;  // 0 keeps none
    bool include_new_task = false;  // the buffer holds the new task's images from its start
};

/// Which tasks the stream has and what the learner is told about them.
struct Continual {
    std::int64_t num_tasks = 10;
    std::int64_t num_classes_per_task = 10;
    std::int64_t rand_seed = -1;  // >= 0 permutes the classes
    std::string manifest;         // the manifest of another run: exactly its tasks and images
    bool merge_tasks = false;     // train on all tasks at once: the upper bound
    bool train_mask = true;
    bool eval_task_inc = false;
    std::int64_t eval_every_tasks = 1;           // the last task is always evaluated
    std::int64_t num_train_steps_per_task = -1;  // of one epoch of an episode; -1: all its images
    std::int64_t counted_percent = 100;  // of a task's images, over which its steps are counted
    bool weights_transfer = false;
    bool kernel_only = false;
    Replay replay;
    bool replay_no_mask = false;
    bool replay_reverse_mask = false;
    bool review_trick = false;  // train on the buffer after the task instead of beside it
    std::int64_t num_review_epochs = 5;
    std::int64_t num_review_steps = -1;  // -1: those of num_review_epochs
};

/// Elastic weight consolidation: loss + lambda / 2 * sum F (theta - theta*)^2.
struct Ewc {
    double lambda = 100.0;
    std::int64_t fisher_images = 0;  // of a task, for its Fisher information; 0: all
};

/// Learning without forgetting: loss + lambda * distillation from the model before the task.
struct Lwf {
    double lambda = 1.0;
    double temperature = 2.0;
};

}  // namespace promptcl::config
