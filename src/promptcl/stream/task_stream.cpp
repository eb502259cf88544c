#include "promptcl/stream/task_stream.h"

#include "promptcl/core/error.h"
#include "promptcl/core/rng.h"
#include "promptcl/stream/gaussian_schedule.h"
#include "promptcl/stream/kept_images.h"
#include "promptcl/stream/manifest.h"
#include "promptcl/stream/sampler.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <set>
#include <span>
#include <utility>

namespace promptcl::stream {
namespace {

using Positions = std::vector<std::int64_t>;

/// 0..n-1, or with continual.rand_seed >= 0 an order drawn from it.
Positions order_of(std::int64_t n, const config::Config& config) {
    const std::int64_t seed = config.continual.rand_seed;
    if (seed >= 0) return Rng(static_cast<std::uint64_t>(seed)).fork("class_order").permutation(n);
    Positions order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), 0);
    return order;
}

/// The images of some classes, rising; classes without any add none.
Positions images_of(const ByClass& by_class, std::span<const std::int64_t> classes) {
    Positions images;
    for (const auto label : classes) {
        const auto found = by_class.find(label);
        if (found == by_class.end()) continue;
        images.insert(images.end(), found->second.begin(), found->second.end());
    }
    std::ranges::sort(images);
    return images;
}

Task task_of(Positions classes, const ByClass& train) {
    Positions images = images_of(train, classes);
    const auto count = std::ssize(images);
    return {.classes = std::move(classes), .train = std::move(images), .images_per_epoch = count};
}

TestSet test_of(Positions classes, const ByClass& test) {
    Positions images = images_of(test, classes);
    return {.classes = std::move(classes), .images = std::move(images)};
}

Positions labels_of(const ByClass& by_class) {
    Positions labels;
    for (const auto& [label, images] : by_class)
        labels.push_back(label);
    return labels;
}

/// Everything the data set names, whether it has images or not.
TestSet common_test(const data::DataSource& source, const KeptImages& kept) {
    Positions all(source.class_names.size());
    std::iota(all.begin(), all.end(), 0);
    return test_of(std::move(all), kept.test.front());
}

void require_training_images(const Task& task, const ByClass& train,
                             const data::DataSource& source) {
    for (const auto label : task.classes) {
        if (train.contains(label)) continue;
        throw Error(fmt::format("class {} ({}) has no training image", label,
                                source.class_names[static_cast<std::size_t>(label)]),
                    "add some, or choose tasks without it");
    }
}

void require_test_images(const TaskStream& stream) {
    for (const auto& test : stream.tests) {
        if (!test.images.empty()) continue;
        const auto& classes = test.classes;
        throw Error(fmt::format("the task of class {} and on has no test image",
                                classes.empty() ? -1 : classes.front()),
                    "add some to the test split");
    }
}

/// num_tasks tasks of num_classes_per_task classes, each with its test set.
TaskStream divide_classes(const data::DataSource& source, const config::Config& config,
                          const KeptImages& kept) {
    const auto classes = std::ssize(source.class_names);
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
                                     "{} is more than the {} classes of the data",
                                     tasks, per_task, classes),
                         "lower one of them");
    }
    TaskStream stream;
    const auto order = order_of(classes, config);
    for (std::int64_t t = 0; t < tasks; ++t) {
        const auto first = order.begin() + t * per_task;
        const Positions own(first, first + per_task);
        stream.tasks.push_back(task_of(own, kept.train.front()));
        require_training_images(stream.tasks.back(), kept.train.front(), source);
        stream.tests.push_back(test_of(own, kept.test.front()));
    }
    return stream;
}

/// The data set's own tasks, each with its test set or all with the common one.
TaskStream take_tasks(const data::DataSource& source, const config::Config& config,
                      const KeptImages& kept) {
    const auto there = std::ssize(source.tasks->names);
    const std::int64_t wanted = config.continual.num_tasks;
    if (wanted > there) {
        throw UsageError(
            fmt::format("continual.num_tasks is {}, but the data set has {} tasks", wanted, there),
            fmt::format("set continual.num_tasks={}", there));
    }
    TaskStream stream;
    auto order = order_of(there, config);
    order.resize(static_cast<std::size_t>(wanted));
    for (const auto t : order) {
        const auto& train = kept.train[static_cast<std::size_t>(t)];
        if (train.empty()) {
            throw Error(fmt::format("task {} has no training image",
                                    source.tasks->names[static_cast<std::size_t>(t)]),
                        "add some, or lower continual.num_tasks");
        }
        stream.tasks.push_back(task_of(labels_of(train), train));
        if (source.tasks->test.empty()) continue;
        stream.tests.push_back(test_of(labels_of(train), kept.test[static_cast<std::size_t>(t)]));
    }
    if (source.tasks->test.empty()) stream.tests.push_back(common_test(source, kept));
    return stream;
}

/// Episodes of the Gaussian schedule with the common test set.
TaskStream schedule_classes(const data::DataSource& source, const config::Config& config,
                            const KeptImages& kept) {
    if (source.tasks) {
        throw UsageError(fmt::format("gaussian_schedule needs a data set that is not divided into "
                                     "tasks, and {} is",
                                     config.dataset),
                         "set gaussian_schedule=false");
    }
    const std::int64_t steps = config.continual.num_train_steps_per_task;
    const auto episodes =
        gaussian_schedule(order_of(std::ssize(source.class_names), config),
                          config.continual.num_tasks, std::max<std::int64_t>(steps, 1),
                          Rng(static_cast<std::uint64_t>(config.seed)).fork("gaussian_schedule"));
    TaskStream stream;
    for (const auto& classes : episodes) {
        stream.tasks.push_back(task_of(classes, kept.train.front()));
        require_training_images(stream.tasks.back(), kept.train.front(), source);
    }
    stream.tests.push_back(common_test(source, kept));
    return stream;
}

/// The learner of a Gaussian schedule sees no borders, and so many steps of each episode.
void hide_boundaries(TaskStream& stream, const config::Config& config) {
    stream.boundaries = false;
    const std::int64_t steps = config.continual.num_train_steps_per_task;
    if (steps < 1) return;
    for (Task& task : stream.tasks)
        task.images_per_epoch = steps * config.global_batch_size();
}

/// The stream of the keys, without a manifest.
TaskStream draw_tasks(const data::DataSource& source, const config::Config& config) {
    const KeptImages kept = keep_images(source, config);
    TaskStream stream = config.gaussian_schedule ? schedule_classes(source, config, kept)
                        : source.tasks           ? take_tasks(source, config, kept)
                                                 : divide_classes(source, config, kept);
    require_test_images(stream);
    if (config.reverse_task) {
        std::ranges::reverse(stream.tasks);
        std::ranges::reverse(stream.tests);
    }
    return stream;
}

/// One training task of all; the tests stay as they are.
void merge(TaskStream& stream) {
    Task whole;
    std::set<std::int64_t> images;
    for (const Task& task : stream.tasks) {
        for (const auto label : task.classes) {
            if (std::ranges::find(whole.classes, label) == whole.classes.end())
                whole.classes.push_back(label);
        }
        images.insert(task.train.begin(), task.train.end());
    }
    whole.train.assign(images.begin(), images.end());
    stream.tasks = {std::move(whole)};
}

/// An epoch of each task counts continual.counted_percent of its images.
void count_images(TaskStream& stream, const config::Config& config) {
    for (Task& task : stream.tasks)
        task.images_per_epoch =
            counted_images(std::ssize(task.train), config.continual.counted_percent);
}

/// Which test sets are evaluated after each task: with one for each task those seen so far, else
/// all there are.
void assign_tests(TaskStream& stream) {
    const auto tests = std::ssize(stream.tests);
    const bool one_each = tests == std::ssize(stream.tasks);
    for (std::size_t t = 0; t < stream.tasks.size(); ++t)
        stream.tasks[t].tests = one_each ? static_cast<std::int64_t>(t) + 1 : tests;
}

}  // namespace

TaskStream make_task_stream(const data::DataSource& source, const config::Config& config) {
    const std::string& manifest = config.continual.manifest;
    TaskStream stream =
        manifest.empty() ? draw_tasks(source, config) : read_manifest(manifest, source);
    stream.num_classes = std::ssize(source.class_names);
    count_images(stream, config);
    if (config.gaussian_schedule) hide_boundaries(stream, config);
    if (config.continual.merge_tasks) {
        merge(stream);
        count_images(stream, config);
    }
    assign_tests(stream);
    return stream;
}

}  // namespace promptcl::stream
