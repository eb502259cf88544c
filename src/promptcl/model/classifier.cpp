#include "promptcl/model/classifier.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>
#include <string_view>

namespace promptcl::model {
namespace {

constexpr std::string_view kDtype = "float32";
constexpr std::int64_t kMost = 1'000'000'000'000;  // tasks or images: those of several can be added

using Shapes = std::map<std::string, io::Shape>;

const std::map<std::string, std::size_t> kClassDimension = {
    {"head/kernel", 1}, {"head/bias", 0},     {"ncm/sum", 0},     {"ncm/count", 0},
    {"class/query", 0}, {"class/feature", 0}, {"class/images", 0}};

/// Every array that such a classifier has, and no other.
Shapes shapes_of(const Classifier& classifier) {
    const config::Config& config = classifier.state.config;
    const backbone::Geometry& geometry = classifier.backbone.geometry;
    const config::PromptPool& pool = config.prompt_pool_param;
    const std::int64_t width = geometry.width, heads = geometry.heads, e = geometry.head_width(),
                       classes = classifier.classes();
    Shapes shapes{{"class/query", {classes, width}},
                  {"class/feature", {classes, width}},
                  {"class/images", {classes}}};
    if (config.method == "ncm") {
        shapes["ncm/sum"] = {classes, width};
        shapes["ncm/count"] = {classes};
        return shapes;
    }
    shapes["head/kernel"] = {width, classes};
    shapes["head/bias"] = {classes};
    if (config.use_e_prompt) {
        const auto layers = static_cast<std::int64_t>(config.e_prompt_layer_idx.size());
        shapes["prompt_pool/prompt"] =
            config.use_prefix_tune_for_e_prompt
                ? io::Shape{layers, 2, pool.pool_size, pool.length, heads, e}
                : io::Shape{layers, pool.pool_size, pool.length, width};
        if (pool.prompt_key) shapes["prompt_pool/key"] = {pool.pool_size, width};
    }
    if (config.use_g_prompt) {
        shapes["prefix"] = config.use_prefix_tune_for_g_prompt
                               ? io::Shape{geometry.blocks, 2, config.g_prompt_length, heads, e}
                               : io::Shape{geometry.blocks, config.g_prompt_length, width};
    }
    return shapes;
}

std::optional<std::string> problem_of_names(const std::vector<std::string>& names) {
    if (names.empty()) return "it knows no class";
    std::set<std::string> seen;
    for (const std::string& name : names) {
        if (name.empty()) return "one of its classes has no name";
        if (!seen.insert(name).second) return fmt::format("it has two classes \"{}\"", name);
    }
    return std::nullopt;
}

std::optional<std::string> problem_of_layers(const config::Config& config, std::int64_t blocks) {
    const auto beyond = [&](std::int64_t layer) { return layer < 0 || layer >= blocks; };
    const bool wrong =
        (config.use_e_prompt && std::ranges::any_of(config.e_prompt_layer_idx, beyond)) ||
        (config.use_g_prompt && std::ranges::any_of(config.g_prompt_layer_idx, beyond));
    if (!wrong) return std::nullopt;
    return fmt::format("its prompts belong to a block beyond the {} of its backbone", blocks);
}

std::optional<std::string> problem_of_arrays(const io::ArrayMap& arrays, const Shapes& shapes) {
    for (const auto& [name, shape] : shapes) {
        const auto found = arrays.find(name);
        if (found == arrays.end()) return fmt::format("it holds no array {}", name);
        if (found->second.shape != shape) {
            return fmt::format("array {} has shape {}, but {} is needed", name,
                               io::to_string(found->second.shape), io::to_string(shape));
        }
        if (found->second.dtype != kDtype) {
            return fmt::format("array {} is of {}, but {} is needed", name, found->second.dtype,
                               kDtype);
        }
    }
    for (const auto& [name, _] : arrays) {
        if (!shapes.contains(name)) return fmt::format("array {} is none of a classifier", name);
    }
    return std::nullopt;
}

/// A classifier names no file: its configuration is judged as if any were given.
std::optional<std::string> problem_of_config(config::Config config) {
    config.init_checkpoint = config.data_dir = "-";
    const auto problems = config.problems();
    return problems.empty() ? std::nullopt : std::optional(problems.front());
}

std::optional<std::string> problem_of_numbers(const State& state) {
    const std::int64_t tasks = state.tasks_learnt, images = state.calibration.images;
    if (tasks < 0 || tasks > kMost) return fmt::format("nobody learns {} tasks", tasks);
    if (images < 0 || images > kMost)
        return fmt::format("nobody calibrates with {} images", images);
    if (!(state.calibration.temperature > 0)) return "its temperature is not positive";
    return std::nullopt;
}

std::optional<std::string> problem_of(const Classifier& classifier) {
    const auto& geometry = classifier.backbone.geometry;
    if (geometry.width < 1 || geometry.heads < 1 || geometry.blocks < 1 || geometry.patch < 1 ||
        geometry.mlp < 1 || geometry.width % geometry.heads != 0)
        return fmt::format("no ViT has {}", geometry.describe());
    if (const auto problem = problem_of_config(classifier.state.config)) return problem;
    if (const auto problem = problem_of_names(classifier.state.class_names)) return problem;
    if (const auto problem = problem_of_layers(classifier.state.config, geometry.blocks))
        return problem;
    if (classifier.history.empty()) return "it has no history";
    if (const auto problem = problem_of_numbers(classifier.state)) return problem;
    return problem_of_arrays(classifier.state.arrays, shapes_of(classifier));
}

}  // namespace

std::optional<std::size_t> class_dimension(const std::string& array) {
    const auto found = kClassDimension.find(array);
    if (found == kClassDimension.end()) return std::nullopt;
    return found->second;
}

void require_sound(const Classifier& classifier, const std::string& place) {
    const auto problem = problem_of(classifier);
    if (problem) {
        throw Error(fmt::format("{} is no sound classifier: {}", place, *problem),
                    "give an undamaged model file");
    }
}

}  // namespace promptcl::model
