#include "promptcl/model/growth.h"

#include "promptcl/core/error.h"
#include "promptcl/model/arrays.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <numeric>

namespace promptcl::model {
namespace {

/// The number of the next task: with a prompt mask that of the first prompts which no task has
/// learnt. In a merged classifier those of the second part stand behind the first part's, wherever
/// its own tasks had put them; and later tasks than the pool had room for left none behind.
std::int64_t next_task(const Classifier& classifier) {
    const State& state = classifier.state;
    const auto& pool = state.config.prompt_pool_param;
    if (!state.config.use_e_prompt || !pool.use_prompt_mask) return state.tasks_learnt;
    const std::int64_t room = (pool.pool_size + pool.top_k - 1) / pool.top_k;
    const bool merged = std::ranges::any_of(
        classifier.history, [](const Event& event) { return event.action == "merge"; });
    return merged ? room : std::min(state.tasks_learnt, room);
}

bool is_extended(const Growth& growth, std::size_t known_class) {
    return std::ranges::find(growth.taught, static_cast<std::int64_t>(known_class)) !=
           growth.taught.end();
}

io::Array with_empty_rows(const io::Array& array, std::int64_t rows) {
    io::Shape shape = array.shape;
    shape[0] = rows;
    const std::vector<float> zeros(static_cast<std::size_t>(
        std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>())));
    return joined(array, io::Array::of(std::span<const float>(zeros), shape), 0);
}

}  // namespace

Growth growth_of(const Classifier& classifier, std::span<const std::string> taught, Known known,
                 const std::string& place) {
    const State& state = classifier.state;
    const auto& pool = state.config.prompt_pool_param;
    Growth growth{.task = next_task(classifier),
                  .pool_size = pool.pool_size,
                  .prompts = pool.pool_size,
                  .class_names = state.class_names,
                  .taught = {},
                  .added = {},
                  .extended = {}};
    for (const std::string& name : taught) {
        const auto found = std::ranges::find(state.class_names, name);
        growth.taught.push_back(found == state.class_names.end()
                                    ? std::ssize(growth.class_names)
                                    : found - state.class_names.begin());
        if (found == state.class_names.end()) {
            growth.class_names.push_back(name);
            growth.added.push_back(name);
        } else {
            growth.extended.push_back(name);
        }
    }
    if (known == Known::kRefused && !growth.extended.empty()) {
        throw UsageError(
            fmt::format("{} knows the class \"{}\" already", place, growth.extended.front()),
            "rename the folder, or give --extend to teach it more images of known classes");
    }
    std::ranges::sort(growth.taught);
    if (state.config.use_e_prompt && pool.use_prompt_mask) {
        growth.pool_size = std::max(pool.pool_size, (growth.task + 1) * pool.top_k);
        growth.prompts = std::min(pool.pool_size, growth.task * pool.top_k);
    }
    return growth;
}

State grown(const State& before, const Growth& growth, const io::ArrayMap& learnt) {
    State after = before;
    after.config.prompt_pool_param.pool_size = growth.pool_size;
    ++after.tasks_learnt;
    after.class_names = growth.class_names;
    for (const auto& [name, array] : learnt)
        after.arrays[name] = array;
    for (const char* name : {"class/query", "class/feature", "class/images"}) {
        io::Array& array = after.arrays.at(name);
        array = with_empty_rows(array, std::ssize(growth.added));
    }
    return after;
}

void count_in_earlier_images(State& after, const State& before, const Growth& growth) {
    constexpr const char* kImages = "class/images";
    const auto earlier = before.arrays.at(kImages).as_float();
    auto images = after.arrays.at(kImages).as_float();
    for (const char* name : {"class/query", "class/feature"}) {
        io::Array& array = after.arrays.at(name);
        const auto was = before.arrays.at(name).as_float();
        auto is = array.as_float();
        const auto width = static_cast<std::size_t>(array.shape.at(1));
        for (std::size_t c = 0; c < earlier.size(); ++c) {
            if (!is_extended(growth, c) || earlier[c] == 0) continue;
            const float share = earlier[c] / (earlier[c] + images[c]);
            for (std::size_t d = c * width; d < (c + 1) * width; ++d)
                is[d] = share * was[d] + (1 - share) * is[d];
        }
        array = io::Array::of(std::span<const float>(is), array.shape);
    }
    for (std::size_t c = 0; c < earlier.size(); ++c)
        images[c] += is_extended(growth, c) ? earlier[c] : 0;
    after.arrays.at(kImages) = io::Array::of(std::span<const float>(images), {std::ssize(images)});
}

}  // namespace promptcl::model
