// What a run tells those who watch it: the event files, the console.
#pragma once

#include "promptcl/train/evaluation.h"
#include "promptcl/train/experiment.h"
#include "promptcl/train/progress.h"

#include <cstdint>
#include <string>
#include <vector>

namespace promptcl::train {

/// All test sets there are so far, evaluated at one moment.
struct Evaluation {
    std::int64_t task = 0;  // the task in training
    std::int64_t global_step = 0;
    bool task_end =
        false;  // instance-wise figures are there too, and the matrices hold the accuracies
    std::vector<TestScore> tests;
};

struct StepReport {
    std::int64_t task = 0, num_tasks = 0;
    std::int64_t step = 0, steps = 0;  // of this task, step from 1
    double loss = 0;
    double images_per_second = 0;
    double seconds_left = 0;  // of this task's training
};

class Observer {
  public:
    virtual ~Observer() = default;
    virtual void started(const Experiment&, const Progress&) {}
    /// A sentence the user should read: a damaged checkpoint passed over, images skipped.
    virtual void note(const std::string&) {}
    virtual void step_done(const StepReport&) {}
    /// Every log_loss_every_steps; the interval is reset afterwards.
    virtual void interval_done(const Interval&, const Position&) {}
    virtual void evaluating(std::int64_t /*test*/, std::int64_t /*tests*/) {}
    virtual void evaluated(const Evaluation&, const Progress&) {}
    /// The method looks at the task's images once more, batch `batch` of `batches`.
    virtual void ending_task(std::int64_t /*batch*/, std::int64_t /*batches*/) {}
    virtual void saved(const Position&) {}
};

}  // namespace promptcl::train
