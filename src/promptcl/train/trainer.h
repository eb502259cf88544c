// A whole run: task after task, evaluated, saved, resumed.
#pragma once

#include "promptcl/stream/batch_loader.h"
#include "promptcl/train/evaluation.h"
#include "promptcl/train/experiment.h"
#include "promptcl/train/observer.h"
#include "promptcl/train/optimizer.h"
#include "promptcl/train/queries.h"
#include "promptcl/train/run_folder.h"
#include "promptcl/train/task_plan.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace promptcl::train {

enum class Outcome { kFinished, kInterrupted };

/// Trains a method on a stream of tasks and keeps the run folder. A run is a function of
/// configuration, data and backbone: killed at any moment and started again in its folder, it ends
/// with the same bits (same machine, same thread count).
class Trainer {
  public:
    /// Resumes from the folder's newest checkpoint, if there is one.
    /// Throws Error when backbone or data are not those the run was begun with.
    Trainer(const Experiment& experiment, const RunFolder& folder,
            std::vector<Observer*> observers);

    /// Goes on to the end, or until `stop` says true; then everything is saved.
    Outcome run(const std::function<bool()>& stop);

    const Progress& progress() const { return progress_; }
    const method::Method& method() const { return *method_; }

  private:
    void resume();
    TaskPlan plan_of(std::int64_t task) const;
    /// The task's images as they are, with their queries where those are known.
    TaskPlan plan_looking(std::int64_t task, stream::Pixels pixels) const;
    void train_task(const std::function<bool()>& stop);
    void begin_task(std::int64_t task);
    /// False when the run is to stop before the method has seen the images it wants.
    bool end_task(const TaskPlan& plan, const std::function<bool()>& stop);
    /// Shows the task's images to the replay buffer, if there is one.
    void remember(std::int64_t task);
    void step(const TaskPlan& plan, stream::BatchLoader& loader);
    /// Both take the images out of the batch.
    void observe(stream::Batch& batch);
    StepStats gradient_step(const TaskPlan& plan, stream::Batch& batch, double learning_rate);
    bool evaluation_due(const TaskPlan& plan) const;
    bool evaluate(const TaskPlan& plan, const std::function<bool()>& stop);
    void record(const Evaluation& evaluation);
    void save();
    template <class Tell>
    void tell(const Tell& each);

    const Experiment& experiment_;
    RunFolder folder_;
    std::vector<Observer*> observers_;
    std::unique_ptr<method::Method> method_;
    Optimizer optimizer_;
    std::unique_ptr<input::ImageSource> images_;  // of training
    Evaluator evaluator_;
    data::FeatureCache queries_;  // of training images
    std::optional<UnaugmentedQueries> unaugmented_;
    Rng rng_;
    std::optional<stream::ReplayBuffer> replay_;
    Progress progress_;
};

}  // namespace promptcl::train
