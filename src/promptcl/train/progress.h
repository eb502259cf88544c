// How far a run has come, and what it measured on the way: the part of its state that is not a
// tensor.
#pragma once

#include "promptcl/metrics/accuracy_matrix.h"
#include "promptcl/train/gradient_step.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

namespace promptcl::train {

/// Where a run stands. Everything random is a function of the seed and of this (core/rng.h).
struct Position {
    std::int64_t task = 0;
    std::int64_t step = 0;         // steps done in this task
    std::int64_t global_step = 0;  // steps done in all tasks
    bool evaluated = false;        // the evaluation due after this step, if any, is done
};

/// Training figures since they were last written: means over steps, loss_std as the original
/// computes it.
struct Interval {
    std::int64_t steps = 0, images = 0;
    double loss = 0, loss_squared = 0, grad_norm = 0, correct = 0;
    double learning_rate = 0;  // of the last step

    void add(const StepStats& stats, double learning_rate);
    double mean_loss() const { return loss / static_cast<double>(steps); }
    double loss_std() const;
    double mean_grad_norm() const { return grad_norm / static_cast<double>(steps); }
    double accuracy() const { return correct / static_cast<double>(images); }
};

struct Progress {
    Position position;
    Interval interval;
    metrics::AccuracyMatrix configured, instance;
    std::vector<double> eval_loss,
        instance_eval_loss;                 // of each task, as last evaluated at a task's end
    std::vector<std::int64_t> test_images;  // of each task
    double train_seconds = 0, eval_seconds = 0;
    double input_wait_seconds = 0;  // of train_seconds, those in which no batch was ready
    std::int64_t trained_images = 0, evaluated_images = 0;
};

nlohmann::json to_json(const Progress& progress);
Progress progress_from_json(const nlohmann::json& json);

}  // namespace promptcl::train
