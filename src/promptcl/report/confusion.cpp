#include "promptcl/report/confusion.h"

#include <algorithm>
#include <map>
#include <utility>

namespace promptcl::report {
namespace {

/// The task of each class; nothing when a class has several.
std::optional<std::map<std::int64_t, std::int64_t>> tasks_of(
    const std::vector<Prediction>& predictions) {
    std::map<std::int64_t, std::int64_t> tasks;
    for (const Prediction& made : predictions) {
        if (tasks.emplace(made.label, made.task).first->second != made.task) return std::nullopt;
    }
    return tasks;
}

}  // namespace

std::optional<std::vector<TaskOutcome>> task_confusion(const std::vector<Prediction>& predictions) {
    const auto tasks = tasks_of(predictions);
    if (!tasks || tasks->empty()) return std::nullopt;
    const auto count = 1 + std::ranges::max(predictions, {}, &Prediction::task).task;
    if (count == 1) return std::nullopt;
    const auto size = static_cast<std::size_t>(count);
    std::vector<TaskOutcome> outcomes(size, {.taken_for = std::vector<std::int64_t>(size)});
    for (const Prediction& made : predictions) {
        auto& outcome = outcomes[static_cast<std::size_t>(made.task)];
        ++outcome.images;
        outcome.right += made.right() ? 1 : 0;
        const auto other = tasks->find(made.predicted);
        if (other == tasks->end())
            ++outcome.unknown;
        else
            ++outcome.taken_for[static_cast<std::size_t>(other->second)];
    }
    return outcomes;
}

std::vector<ConfusedClasses> confused_classes(const std::vector<Prediction>& predictions,
                                              std::size_t most) {
    std::map<std::int64_t, std::int64_t> images;
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> counts;
    for (const Prediction& made : predictions) {
        ++images[made.label];
        if (!made.right()) ++counts[{made.label, made.predicted}];
    }
    std::vector<ConfusedClasses> pairs;
    for (const auto& [classes, count] : counts)
        pairs.push_back({classes.first, classes.second, count, images[classes.first]});
    std::ranges::stable_sort(pairs, std::greater(), &ConfusedClasses::count);
    pairs.resize(std::min(pairs.size(), most));
    return pairs;
}

}  // namespace promptcl::report
