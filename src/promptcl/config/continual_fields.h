// The keys of tasks, replay and the comparison methods; a part of the one list in config/fields.h.
#pragma once

#include "promptcl/config/config.h"

namespace promptcl::config::detail {

template <class Self, class Field>
void visit_continual(Self& continual, Field& field) {
    field("continual.num_tasks", continual.num_tasks, "tasks in the stream");
    field("continual.num_classes_per_task", continual.num_classes_per_task, "classes of a task");
    field("continual.rand_seed", continual.rand_seed,
          "permutes the classes when >= 0; -1 keeps the natural order");
    field("continual.manifest", continual.manifest,
          "manifest.csv of another run: exactly its tasks and images");
    field("continual.merge_tasks", continual.merge_tasks,
          "train on all tasks at once, the upper bound; evaluation stays task by task");
    field("continual.train_mask", continual.train_mask,
          "in training, logits of classes outside the task become -inf");
    field("continual.eval_task_inc", continual.eval_task_inc,
          "evaluate among the classes of the image's task only (task-incremental)");
    field("continual.eval_every_tasks", continual.eval_every_tasks,
          "evaluate after every so many tasks, and after the last");
    field("continual.num_train_steps_per_task", continual.num_train_steps_per_task,
          "of the Gaussian schedule: steps of an episode's epoch; -1: an epoch is all its images");
    field("continual.counted_percent", continual.counted_percent,
          "percent of a task's images over which its steps are counted; all are shown");
    field("continual.weights_transfer", continual.weights_transfer,
          "a task's columns of the head start as the mean of those of the tasks before it");
    field("continual.kernel_only", continual.kernel_only,
          "with weights_transfer, the bias of the head stays as it is");
    field("continual.replay.num_samples_per_class", continual.replay.num_samples_per_class,
          "images of every seen class kept for replay; 0 switches replay off");
    field("continual.replay.include_new_task", continual.replay.include_new_task,
          "the buffer holds the new task's images from its start");
    field("continual.replay_no_mask", continual.replay_no_mask,
          "the train mask leaves replayed images alone");
    field("continual.replay_reverse_mask", continual.replay_reverse_mask,
          "in replayed images, logits of the task's own classes become -inf");
    field("continual.review_trick", continual.review_trick,
          "train on the buffer after the task, unmasked, instead of beside it");
    field("continual.num_review_epochs", continual.num_review_epochs,
          "epochs over the buffer's share of a task, with review_trick");
    field("continual.num_review_steps", continual.num_review_steps,
          "steps of a review, rounded down to whole epochs; -1: counted from num_review_epochs");
}

template <class Self, class Field>
void visit_regularisers(Self& self, Field& field) {
    field("ewc.lambda", self.ewc.lambda, "weight of the penalty of method ewc");
    field("ewc.fisher_images", self.ewc.fisher_images,
          "images of a task that its Fisher information is measured on; 0: all");
    field("lwf.lambda", self.lwf.lambda, "weight of the distillation of method lwf");
    field("lwf.temperature", self.lwf.temperature, "temperature of the distillation");
}

}  // namespace promptcl::config::detail
