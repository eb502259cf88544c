#include "promptcl/config/choices.h"

#include "promptcl/config/methods.h"
#include "promptcl/config/nearest.h"
#include "promptcl/config/presets.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace promptcl::config {
namespace {

struct Choices {
    std::string_view key;
    std::vector<std::string_view> values;
};

// The methods have their own table in config/methods.cpp, the presets in config/presets.cpp, the
// data sets in data/registry.cpp.
const std::vector<Choices>& table() {
    static const std::vector<Choices> choices = {
        {"model_name",
         {"auto", "ViT-Ti_16", "ViT-S_16", "ViT-B_16", "ViT-B_32", "ViT-B_16_2X2", "ViT-B_16_4X4",
          "ViT-L_16", "ViT-L_32", "ViT-H_14", "testing"}},
        {"gelu", {"tanh", "erf"}},
        {"jpeg_dct", {"accurate", "fast"}},
        {"subsample_order", {"drawn", "first"}},
        {"augment.type", {"none", "noop", "default", "randaugment", "colorjitter"}},
        {"colorjitter.type", {"none", "noop", "default", "colorjitter"}},
        {"tensorboard_steps", {"global", "original"}},
        {"synthetic.part", {"stream", "pretrain"}},
        {"optim", {"adam", "adamw", "sgd"}},
        {"learning_rate_schedule", {"constant", "linear", "cosine"}},
        {"grad_clip_scope", {"trainable", "all"}},
        {"vit_classifier", {"prompt", "token", "gap", "token+prompt"}},
        {"g_prompt_initializer", {"uniform", "symmetric", "normal", "zero"}},
        {"prompt_placement", {"before_cls", "after_cls"}},
        {"prompt_pool_param.initializer", {"uniform", "symmetric", "normal", "zero"}},
        {"prompt_pool_param.prompt_key_init", {"uniform", "symmetric", "normal", "zero"}},
        {"prompt_pool_param.embedding_key", {"cls", "mean", "max", "mean_max"}},
        {"device", {"cpu", "cuda"}},
        {"precision", {"fp32", "tf32", "bf16"}},
        {"engine", {"auto", "plain", "native"}},
    };
    return choices;
}

}  // namespace

std::vector<std::string_view> choices(std::string_view key) {
    if (key == "method") return method_names();
    if (key == "preset") return preset_names();
    const auto row = std::ranges::find(table(), key, &Choices::key);
    return row == table().end() ? std::vector<std::string_view>{} : row->values;
}

std::optional<std::string> choice_problem(std::string_view key, const std::string& value) {
    const auto valid = choices(key);
    if (valid.empty()) return std::nullopt;
    return choice_problem(key, value, valid);
}

std::optional<std::string> choice_problem(std::string_view key, const std::string& value,
                                          const std::vector<std::string_view>& valid) {
    if (std::ranges::find(valid, value) != valid.end()) return std::nullopt;
    const std::string suggestion = did_you_mean(value, valid);
    return fmt::format("{} cannot be \"{}\", valid are {}{}{}", key, value, fmt::join(valid, ", "),
                       suggestion.empty() ? "" : "; ", suggestion);
}

}  // namespace promptcl::config
