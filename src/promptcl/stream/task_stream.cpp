#include "promptcl/stream/task_stream.h"

#include "promptcl/core/error.h"
#include "promptcl/core/rng.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>

namespace promptcl::stream {
namespace {

using Positions = std::vector<std::int64_t>;

/// The positions of every class in one split.
std::vector<Positions> positions_by_class(const data::Dataset& split, std::size_t classes,
                                          std::string_view name) {
    std::vector<Positions> result(classes);
    for (std::int64_t i = 0; i < split.size(); ++i) {
        const std::int64_t label = split.label(i);
        if (label < 0 || label >= std::ssize(result)) {
            throw Error(fmt::format("{} image {} has label {}, but there are {} classes", name, i,
                                    label, classes),
                        "repair the labels of the data set");
        }
        result[static_cast<std::size_t>(label)].push_back(i);
    }
    return result;
}

/// Keeps `percent` of the positions of every class, drawn without repetition, in their order.
void subsample(std::vector<Positions>& by_class, std::int64_t percent, const Rng& rng) {
    for (std::size_t label = 0; label < by_class.size(); ++label) {
        Positions& all = by_class[label];
        if (all.empty()) continue;
        auto order =
            rng.fork("class", static_cast<std::int64_t>(label)).permutation(std::ssize(all));
        order.resize(
            static_cast<std::size_t>(std::max<std::int64_t>(1, std::ssize(all) * percent / 100)));
        std::ranges::sort(order);
        Positions kept;
        for (const auto place : order)
            kept.push_back(all[static_cast<std::size_t>(place)]);
        all = std::move(kept);
    }
}

/// All classes in the order of the stream; reversal of the tasks is not in it.
Positions class_order(std::int64_t classes, std::int64_t rand_seed) {
    if (rand_seed >= 0)
        return Rng(static_cast<std::uint64_t>(rand_seed)).fork("class_order").permutation(classes);
    Positions order(static_cast<std::size_t>(classes));
    std::iota(order.begin(), order.end(), 0);
    return order;
}

void check_class_count(std::int64_t classes, const config::Config& config) {
    const std::int64_t tasks = config.continual.num_tasks;
    const std::int64_t per_task = config.continual.num_classes_per_task;
    if (tasks < 1 || per_task < 1) {
        throw UsageError(
            fmt::format("continual.num_tasks is {} and continual.num_classes_per_task is {}", tasks,
                        per_task),
            "give numbers of at least 1");
    }
    if (tasks > classes / per_task) {
        throw UsageError(fmt::format("continual.num_tasks {} times continual.num_classes_per_task "
                                     "{} is more than the {} "
                                     "classes of the data",
                                     tasks, per_task, classes),
                         "lower one of them");
    }
}

/// Splits by class.
struct Splits {
    std::vector<Positions> train, test;
};

Splits find_images(const data::DataSource& source, const config::Config& config) {
    const auto classes = source.class_names.size();
    Splits splits{positions_by_class(*source.train, classes, "training"),
                  positions_by_class(*source.test, classes, "test")};
    const std::int64_t percent = config.subsample_rate;
    if (percent == -1) return splits;
    if (percent < 1 || percent > 100) {
        throw UsageError(fmt::format("subsample_rate is {}", percent),
                         "give a percentage from 1 to 100, or -1 for all");
    }
    const Rng rng(static_cast<std::uint64_t>(config.seed));
    subsample(splits.train, percent, rng.fork("subsample_train"));
    subsample(splits.test, percent, rng.fork("subsample_test"));
    return splits;
}

Task make_task(std::span<const std::int64_t> classes, const Splits& splits,
               const data::DataSource& source) {
    Task task{{classes.begin(), classes.end()}, {}, {}};
    for (const auto label : classes) {
        const auto& train = splits.train[static_cast<std::size_t>(label)];
        const auto& test = splits.test[static_cast<std::size_t>(label)];
        if (train.empty()) {
            throw Error(fmt::format("class {} ({}) has no training image", label,
                                    source.class_names[static_cast<std::size_t>(label)]),
                        "add some, or choose tasks without it");
        }
        task.train.insert(task.train.end(), train.begin(), train.end());
        task.test.insert(task.test.end(), test.begin(), test.end());
    }
    std::ranges::sort(task.train);
    std::ranges::sort(task.test);
    return task;
}

}  // namespace

TaskStream make_task_stream(const data::DataSource& source, const config::Config& config) {
    const auto classes = std::ssize(source.class_names);
    check_class_count(classes, config);
    const Splits splits = find_images(source, config);
    const auto order = class_order(classes, config.continual.rand_seed);
    const auto per_task = static_cast<std::size_t>(config.continual.num_classes_per_task);
    TaskStream stream{.num_classes = std::ssize(source.class_names)};
    for (std::size_t t = 0; t < static_cast<std::size_t>(config.continual.num_tasks); ++t) {
        stream.tasks.push_back(
            make_task(std::span(order).subspan(t * per_task, per_task), splits, source));
        const Task& task = stream.tasks.back();
        if (task.test.empty()) {
            throw Error(
                fmt::format("the task of class {} and on has no test image", task.classes.front()),
                "add some to the test split");
        }
    }
    if (config.reverse_task) std::ranges::reverse(stream.tasks);
    return stream;
}

}  // namespace promptcl::stream
