// When a run evaluates, on what, and what it writes down.
#pragma once

#include <cstdint>
#include <string>

namespace promptcl::config {

struct Evaluation {
    std::int64_t eval_per_epochs = 0;    // 0: not given
    std::int64_t eval_every_steps = -1;  // acts where eval_per_epochs is not given
    bool eval_task_end_only = false;
    bool eval_last_only = false;       // the last task alone is evaluated
    std::int64_t num_eval_steps = -1;  // batches of a test set; -1: all
    bool eval_drop_remainder = false;
    bool eval_pad_last_batch = false;
    bool eval_train_augmentation = false;
    bool prompt_histogram = true;
    std::string tensorboard_steps = "global";

    /// For configurations written before eval_task_end_only was a key: they say by eval_last_only
    /// what it says now.
    void read_as_earlier() {
        eval_task_end_only = eval_last_only;
        eval_last_only = false;
    }

    /// Whether evaluations within a task come by epochs; otherwise every eval_every_steps steps.
    /// Source: google-research/l2p train_continual.py (train_and_evaluate_per_task).
    bool by_epochs() const { return eval_every_steps == -1 || eval_per_epochs > 0; }
    std::int64_t epochs_between() const { return eval_per_epochs > 0 ? eval_per_epochs : 1; }
};

}  // namespace promptcl::config
