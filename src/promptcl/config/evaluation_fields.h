// The keys of evaluation; part of the one list in config/fields.h.
#pragma once

#include "promptcl/config/evaluation.h"

namespace promptcl::config::detail {

template <class Self, class Field>
void visit_evaluation(Self& evaluation, Field& field) {
    field("eval_per_epochs", evaluation.eval_per_epochs,
          "evaluate after every so many epochs; 0: after each, unless eval_every_steps is given");
    field(
        "eval_every_steps", evaluation.eval_every_steps,
        "evaluate after every so many steps of the run, where eval_per_epochs is 0; -1: by epochs");
    field("eval_task_end_only", evaluation.eval_task_end_only,
          "evaluate at the end of each task only");
    field("eval_last_only", evaluation.eval_last_only, "evaluate in the last task only");
    field("num_eval_steps", evaluation.num_eval_steps,
          "batches of each test set that are evaluated; -1: all");
    field("eval_drop_remainder", evaluation.eval_drop_remainder,
          "leave out the last partial test batch, as the original does");
    field("eval_pad_last_batch", evaluation.eval_pad_last_batch,
          "fill up the last partial test batch with black images, which vote and do not count");
    field("eval_train_augmentation", evaluation.eval_train_augmentation,
          "evaluate randomly cropped images, as the original does on CORe50");
    field("prompt_histogram", evaluation.prompt_histogram,
          "record which prompts test images choose");
    field("tensorboard_steps", evaluation.tensorboard_steps,
          "x axis of the event files: steps of the run, or the original's epochs and evaluations");
}

}  // namespace promptcl::config::detail
