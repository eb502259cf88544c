#include "promptcl/model/from_run.h"

#include "promptcl/core/error.h"
#include "promptcl/model/arrays.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <set>

namespace promptcl::model {
namespace {

constexpr std::array kShared = {"prompt_pool/prompt", "prompt_pool/key", "prefix"};

bool belongs_to_a_classifier(const std::string& array) {
    return class_dimension(array) || std::ranges::find(kShared, array) != kShared.end();
}

/// The names of the classes; where two are the same, each with its number in the data set.
std::vector<std::string> names_of(const RunModel& run) {
    std::multiset<std::string> all;
    for (const std::int64_t id : run.learnt_classes)
        all.insert(run.class_names[static_cast<std::size_t>(id)]);
    std::vector<std::string> names;
    for (const std::int64_t id : run.learnt_classes) {
        const std::string& name = run.class_names[static_cast<std::size_t>(id)];
        names.push_back(all.count(name) == 1 ? name : fmt::format("{} #{}", name, id));
    }
    return names;
}

io::Array zeros(const io::Shape& shape) {
    std::int64_t size = 1;
    for (const std::int64_t side : shape)
        size *= side;
    const std::vector<float> values(static_cast<std::size_t>(size));
    return io::Array::of(std::span<const float>(values), shape);
}

}  // namespace

Classifier classifier_of_run(const RunModel& run, const backbone::Geometry& geometry,
                             const std::string& place) {
    if (run.learnt_classes.empty()) {
        throw Error(fmt::format("{} has not learnt any class yet", place), "let train go on first");
    }
    Classifier result;
    result.backbone = {
        .geometry = geometry,
        .sha256 = run.identity.backbone_sha256,
        .file = std::filesystem::path(run.identity.backbone_path).filename().string()};
    State& state = result.state;
    state.config = run.config;
    state.tasks_learnt = run.tasks_learnt;
    state.class_names = names_of(run);
    for (const auto& [name, array] : run.arrays) {
        if (!belongs_to_a_classifier(name)) {
            throw Error(
                fmt::format("{} trained the ViT too ({}), and a model file holds none of it", place,
                            name),
                "use its run folder: `promptcl predict RUN IMAGE`");
        }
        const auto dimension = class_dimension(name);
        state.arrays[name] = dimension ? slices(array, *dimension, run.learnt_classes) : array;
    }
    const std::int64_t classes = result.classes();
    state.arrays["class/query"] = zeros({classes, geometry.width});
    state.arrays["class/feature"] = zeros({classes, geometry.width});
    state.arrays["class/images"] = zeros({classes});
    return result;
}

}  // namespace promptcl::model
