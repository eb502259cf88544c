#include "promptcl/stream/kept_images.h"

#include "promptcl/core/error.h"
#include "promptcl/core/rng.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <string_view>

namespace promptcl::stream {
namespace {

/// The positions of one split by task and class; without `tasks` all are of task 0.
std::vector<ByClass> positions(const data::Dataset& split, const std::vector<std::int64_t>& tasks,
                               std::size_t num_tasks, std::int64_t classes, std::string_view name) {
    std::vector<ByClass> result(tasks.empty() ? 1 : num_tasks);
    for (std::int64_t i = 0; i < split.size(); ++i) {
        const std::int64_t label = split.label(i);
        if (label < 0 || label >= classes) {
            throw Error(fmt::format("{} image {} has label {}, but there are {} classes", name, i,
                                    label, classes),
                        "repair the labels of the data set");
        }
        const std::int64_t task = tasks.empty() ? 0 : tasks[static_cast<std::size_t>(i)];
        result[static_cast<std::size_t>(task)][label].push_back(i);
    }
    return result;
}

/// Keeps `percent` of the positions of every class, drawn without repetition, in their order.
void subsample(ByClass& by_class, std::int64_t percent, const Rng& rng) {
    for (auto& [label, all] : by_class) {
        auto order = rng.fork("class", label).permutation(std::ssize(all));
        order.resize(
            static_cast<std::size_t>(std::max<std::int64_t>(1, std::ssize(all) * percent / 100)));
        std::ranges::sort(order);
        std::vector<std::int64_t> kept;
        for (const auto place : order)
            kept.push_back(all[static_cast<std::size_t>(place)]);
        all = std::move(kept);
    }
}

/// Keeps the first `percent` of the positions of all classes together, rounded to the nearest
/// number, halves to even, as TensorFlow Datasets has it.
void keep_first(ByClass& by_class, std::int64_t percent) {
    std::vector<std::int64_t> all;
    for (const auto& [label, positions] : by_class)
        all.insert(all.end(), positions.begin(), positions.end());
    std::ranges::sort(all);
    const auto kept = static_cast<std::size_t>(
        std::nearbyint(static_cast<double>(std::ssize(all) * percent) / 100.0));
    if (kept >= all.size()) return;
    const std::int64_t end = all[kept];
    for (auto& [label, positions] : by_class)
        std::erase_if(positions, [end](std::int64_t position) { return position >= end; });
    std::erase_if(by_class, [](const auto& entry) { return entry.second.empty(); });
}

void subsample(std::vector<ByClass>& tasks, std::int64_t percent, const Rng& rng) {
    for (std::size_t task = 0; task < tasks.size(); ++task)
        subsample(tasks[task], percent,
                  task == 0 ? rng : rng.fork("task", static_cast<std::int64_t>(task)));
}

}  // namespace

KeptImages keep_images(const data::DataSource& source, const config::Config& config) {
    const auto classes = std::ssize(source.class_names);
    const data::TaskLabels tasks = source.tasks.value_or(data::TaskLabels{});
    KeptImages kept{
        .train = positions(*source.train, tasks.train, tasks.names.size(), classes, "training"),
        .test = positions(*source.test, tasks.test, tasks.names.size(), classes, "test")};
    const std::int64_t percent = config.subsample_rate;
    if (percent == -1) return kept;
    if (percent < 1 || percent > 100) {
        throw UsageError(fmt::format("subsample_rate is {}", percent),
                         "give a percentage from 1 to 100, or -1 for all");
    }
    if (config.subsample_order == "first") {
        for (auto* split : {&kept.train, &kept.test}) {
            for (ByClass& task : *split)
                keep_first(task, percent);
        }
        return kept;
    }
    const Rng rng(static_cast<std::uint64_t>(config.seed));
    subsample(kept.train, percent, rng.fork("subsample_train"));
    subsample(kept.test, percent, rng.fork("subsample_test"));
    return kept;
}

}  // namespace promptcl::stream
