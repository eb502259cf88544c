#include "promptcl/config/print.h"
#include "promptcl/core/error.h"
#include "promptcl/model/arrays.h"
#include "promptcl/model/edit.h"
#include "promptcl/model/undo.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace promptcl::model {
namespace {

// What must be the same in two classifiers that are to answer as one. Where pixels are normalised,
// by norm_01 or with an augmentation, the numbers are there (data/normalization.h).
constexpr std::array<std::string_view, 22> kAnsweringKeys = {"gelu",
                                                             "input_size",
                                                             "resize_size",
                                                             "jpeg_dct",
                                                             "norm_mean",
                                                             "norm_std",
                                                             "vit_classifier",
                                                             "norm_pre_logits",
                                                             "temperature",
                                                             "use_g_prompt",
                                                             "g_prompt_length",
                                                             "g_prompt_layer_idx",
                                                             "use_prefix_tune_for_g_prompt",
                                                             "use_e_prompt",
                                                             "e_prompt_layer_idx",
                                                             "use_prefix_tune_for_e_prompt",
                                                             "prompt_placement",
                                                             "prompt_position_embedding",
                                                             "prompt_pool_param.length",
                                                             "prompt_pool_param.top_k",
                                                             "prompt_pool_param.prompt_key",
                                                             "prompt_pool_param.embedding_key"};

constexpr const char *kPrompt = "prompt_pool/prompt", *kKey = "prompt_pool/key",
                     *kGeneral = "prefix";

[[noreturn]] void refuse(const Named& first, const Named& second, const std::string& reason,
                         std::string_view hint) {
    throw UsageError(fmt::format("{} and {} cannot be merged: {}", first.name, second.name, reason),
                     hint);
}

void require_alike(const Named& first, const Named& second) {
    const Classifier &a = first.classifier, &b = second.classifier;
    if (!(a.backbone == b.backbone)) {
        refuse(first, second,
               fmt::format("they belong to different backbones ({} and {})", a.backbone.file,
                           b.backbone.file),
               "only classifiers over one backbone can");
    }
    const auto is_ncm = [](const Classifier& c) { return c.state.config.method == "ncm"; };
    if (is_ncm(a) != is_ncm(b))
        refuse(first, second, "one of them is of method ncm", "merge classifiers of one kind");
    for (const auto& found : config::differences(a.state.config, b.state.config)) {
        if (std::ranges::find(kAnsweringKeys, found.key) == kAnsweringKeys.end()) continue;
        refuse(first, second,
               fmt::format("{} is {} there, {} here", found.key, found.left, found.right),
               "only classifiers that compute alike can");
    }
    const auto general = [](const Classifier& c) {
        const auto found = c.state.arrays.find(kGeneral);
        return found == c.state.arrays.end() ? io::Array{} : found->second;
    };
    if (!(general(a) == general(b))) {
        refuse(first, second, "their G-prompts differ, and there is room for one",
               "only classifiers that were taught from one common file can");
    }
    for (const std::string& name : b.state.class_names) {
        if (std::ranges::find(a.state.class_names, name) == a.state.class_names.end()) continue;
        refuse(first, second, fmt::format("both know the class \"{}\"", name),
               "rename it or remove it from one of them");
    }
}

/// The dimension of the pool's array of prompts that counts them.
std::size_t pool_dimension(const config::Config& config) {
    return config.use_prefix_tune_for_e_prompt ? 2 : 1;
}

/// The ids of the prompts of `second` that `first` does not have, with their keys.
std::vector<std::int64_t> new_prompts(const State& first, const State& second) {
    const auto part = [](const State& state, const char* array, std::size_t dimension,
                         std::int64_t id) {
        const auto found = state.arrays.find(array);
        if (found == state.arrays.end()) return io::Array{};
        return slices(found->second, dimension, std::array{id});
    };
    const std::size_t dimension = pool_dimension(first.config);
    const auto same = [&](std::int64_t a, std::int64_t b) {
        return part(first, kKey, 0, a) == part(second, kKey, 0, b) &&
               part(first, kPrompt, dimension, a) == part(second, kPrompt, dimension, b);
    };
    std::vector<std::int64_t> ids;
    for (std::int64_t b = 0; b < second.config.prompt_pool_param.pool_size; ++b) {
        bool known = false;
        for (std::int64_t a = 0; !known && a < first.config.prompt_pool_param.pool_size; ++a)
            known = same(a, b);
        if (!known) ids.push_back(b);
    }
    return ids;
}

void add_pool(State& to, const State& from) {
    const auto ids = new_prompts(to, from);
    const std::size_t dimension = pool_dimension(to.config);
    const auto add = [&](const char* name, std::size_t along) {
        const auto found = to.arrays.find(name);
        if (found == to.arrays.end()) return;
        found->second = joined(found->second, slices(from.arrays.at(name), along, ids), along);
    };
    add(kPrompt, dimension);
    add(kKey, 0);
    to.config.prompt_pool_param.pool_size += std::ssize(ids);
}

Calibration merged(const Calibration& a, const Calibration& b) {
    Calibration result{
        .temperature = a.temperature, .images = a.images + b.images, .thresholds = {}};
    if (result.images > 0) {
        const double of_a = static_cast<double>(a.images) / static_cast<double>(result.images);
        result.temperature = of_a * a.temperature + (1 - of_a) * b.temperature;
    }
    for (const Threshold& one : a.thresholds) {
        const auto other = std::ranges::find(b.thresholds, one.wanted, &Threshold::wanted);
        if (other == b.thresholds.end()) continue;
        result.thresholds.push_back(
            {.wanted = one.wanted,
             .least = {.key = std::min(one.least.key, other->least.key),
                       .class_mean = std::min(one.least.class_mean, other->least.class_mean)},
             .measured = std::max(one.measured, other->measured)});
    }
    return result;
}

}  // namespace

Classifier merged(const Named& first, const Named& second, const std::string& when) {
    require_alike(first, second);
    const State &a = first.classifier.state, &b = second.classifier.state;
    State after = a;
    if (a.config.use_e_prompt && a.config.method != "ncm") add_pool(after, b);
    for (auto& [name, array] : after.arrays) {
        if (const auto dimension = class_dimension(name))
            array = joined(array, b.arrays.at(name), *dimension);
    }
    after.class_names.insert(after.class_names.end(), b.class_names.begin(), b.class_names.end());
    after.tasks_learnt += b.tasks_learnt;
    after.calibration = merged(a.calibration, b.calibration);
    Event event{.when = when,
                .action = "merge",
                .classes = b.class_names,
                .images = 0,
                .results = {{"prompts", after.config.prompt_pool_param.pool_size}},
                .undo = {},
                .undo_arrays = {}};
    remember(event, a, after);
    Classifier result{.backbone = first.classifier.backbone,
                      .state = std::move(after),
                      .history = first.classifier.history};
    result.history.push_back(std::move(event));
    return result;
}

}  // namespace promptcl::model
