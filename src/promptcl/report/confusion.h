// Which tasks and classes a run takes for each other.
#pragma once

#include "promptcl/report/predictions.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace promptcl::report {

/// Of the test images of one task.
struct TaskOutcome {
    std::vector<std::int64_t> taken_for;  // [T] images predicted as a class of task 0, 1, ...
    std::int64_t unknown = 0;             // as a class of no task so far
    std::int64_t right = 0;               // as their own class
    std::int64_t images = 0;
};

/// One for each task; nothing where a class belongs to several test sets, or all tasks have one
/// test set in common: tasks can then not be confused.
std::optional<std::vector<TaskOutcome>> task_confusion(const std::vector<Prediction>& predictions);

/// `count` of `images` images of class `label` were taken for `predicted`.
struct ConfusedClasses {
    std::int64_t label = 0, predicted = 0, count = 0, images = 0;
};

/// The most frequent ones, at most `most` of them; of equal ones the first label.
std::vector<ConfusedClasses> confused_classes(const std::vector<Prediction>& predictions,
                                              std::size_t most);

}  // namespace promptcl::report
