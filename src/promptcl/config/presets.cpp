#include "promptcl/config/presets.h"

#include <algorithm>
#include <array>

namespace promptcl::config {
namespace {

constexpr std::array kPresets = {
    PresetInfo{"official", "the official JAX code, its way of clipping and evaluating included",
               ""},
    PresetInfo{"published", "official on 8 devices, as the published runs", "official"},
    PresetInfo{"paper", "what the papers say; the rest stays as it is", ""},
    PresetInfo{"pytorch-port", "the JH-LEE-KR ports l2p-pytorch and dualprompt-pytorch", ""},
};

const std::vector<PresetRow>& table() {
    static const std::vector<PresetRow> rows = {
        {"official",
         "",
         "",
         {{"gelu", "tanh"},
          {"grad_clip_scope", "all"},
          {"eval_drop_remainder", "true"},
          {"crop_max_aspect", "1.33"},
          {"jpeg_dct", "fast"},
          {"train_jpeg", "true"},
          {"subsample_order", "first"},
          {"prompt_placement", "before_cls"},
          {"prompt_position_embedding", "false"},
          {"g_prompt_initializer", "uniform"},
          {"prompt_pool_param.initializer", "uniform"},
          {"prompt_pool_param.prompt_key_init", "uniform"},
          {"prompt_pool_param.init_range", "0.01"}}},
        {"official",
         "l2p",
         "",
         {{"per_device_batch_size", "16"},
          {"optim", "adam"},
          {"learning_rate", "0.03"},
          {"prompt_pool_param.pool_size", "10"},
          {"prompt_pool_param.length", "10"},
          {"prompt_pool_param.top_k", "4"},
          {"prompt_pool_param.batchwise_prompt", "true"},
          {"pull_constraint_coeff", "1.0"}}},
        {"official",
         "l2p",
         "five_datasets",
         {{"prompt_pool_param.pool_size", "20"}, {"pull_constraint_coeff", "0.5"}}},
        {"official",
         "l2p",
         "core50",
         {{"freeze_part", "[]"},
          {"optim", "sgd"},
          {"continual.counted_percent", "99"},
          {"eval_train_augmentation", "true"},
          {"prompt_pool_param.length", "5"}}},
        {"official",
         "l2p",
         "gaussian",
         {{"continual.num_train_steps_per_task", "-1"},
          {"num_epochs", "5"},
          {"prompt_pool_param.length", "10"},
          {"prompt_pool_param.top_k", "4"},
          {"pull_constraint_coeff", "1.0"}}},
        {"official",
         "dualprompt",
         "",
         {{"per_device_batch_size", "24"},
          {"learning_rate", "0.03"},
          {"g_prompt_length", "5"},
          {"prompt_pool_param.pool_size", "10"},
          {"prompt_pool_param.length", "5"},
          {"prompt_pool_param.top_k", "1"},
          {"prompt_pool_param.batchwise_prompt", "true"},
          {"pull_constraint_coeff", "1.0"}}},
        {"official",
         "dualprompt",
         "imagenet_r",
         {{"learning_rate", "0.005"},
          {"prompt_pool_param.length", "20"},
          {"prompt_pool_param.batchwise_prompt", "false"}}},
        {"published", "", "", {{"num_devices", "8"}}},
        {"paper",
         "l2p",
         "",
         {{"freeze_part", "[\"encoder\", \"embedding\", \"cls\"]"},
          {"per_device_batch_size", "128"},
          {"num_devices", "1"},
          {"num_epochs", "5"},
          {"optim", "adam"},
          {"learning_rate", "0.03"},
          {"prompt_pool_param.pool_size", "10"},
          {"prompt_pool_param.length", "5"},
          {"prompt_pool_param.top_k", "5"},
          {"prompt_pool_param.batchwise_prompt", "false"},
          {"pull_constraint_coeff", "0.5"}}},
        {"paper",
         "l2p",
         "five_datasets",
         {{"prompt_pool_param.pool_size", "20"}, {"prompt_pool_param.top_k", "4"}}},
        {"paper", "l2p", "gaussian", {{"num_epochs", "1"}}},
        {"paper",
         "dualprompt",
         "",
         {{"per_device_batch_size", "128"},
          {"num_devices", "1"},
          {"learning_rate", "0.005"},
          {"g_prompt_length", "5"},
          {"prompt_pool_param.length", "20"},
          {"prompt_pool_param.batchwise_prompt", "false"},
          {"pull_constraint_coeff", "1.0"}}},
        {"pytorch-port",
         "",
         "",
         {{"gelu", "erf"}, {"grad_clip_scope", "trainable"}, {"eval_drop_remainder", "false"}}},
        {"pytorch-port",
         "l2p",
         "",
         {{"per_device_batch_size", "16"},
          {"learning_rate", "0.03"},
          {"prompt_placement", "after_cls"},
          {"prompt_position_embedding", "true"},
          {"prompt_pool_param.pool_size", "10"},
          {"prompt_pool_param.length", "5"},
          {"prompt_pool_param.top_k", "5"},
          {"prompt_pool_param.initializer", "uniform"},
          {"prompt_pool_param.prompt_key_init", "uniform"},
          {"prompt_pool_param.init_range", "1.0"},
          {"prompt_pool_param.batchwise_prompt", "true"},
          {"pull_constraint_coeff", "0.1"}}},
        {"pytorch-port",
         "l2p",
         "five_datasets",
         {{"prompt_pool_param.pool_size", "20"},
          {"prompt_pool_param.length", "10"},
          {"prompt_pool_param.top_k", "4"},
          {"pull_constraint_coeff", "0.5"}}},
        {"pytorch-port",
         "dualprompt",
         "",
         {{"per_device_batch_size", "24"},
          {"learning_rate", "0.03"},
          {"g_prompt_length", "5"},
          {"g_prompt_initializer", "symmetric"},
          {"prompt_pool_param.pool_size", "10"},
          {"prompt_pool_param.length", "5"},
          {"prompt_pool_param.top_k", "1"},
          {"prompt_pool_param.initializer", "symmetric"},
          {"prompt_pool_param.prompt_key_init", "symmetric"},
          {"prompt_pool_param.init_range", "1.0"},
          {"prompt_pool_param.batchwise_prompt", "true"},
          {"pull_constraint_coeff", "1.0"}}},
        {"pytorch-port",
         "dualprompt",
         "imagenet_r",
         {{"learning_rate", "0.005"},
          {"prompt_pool_param.length", "20"},
          {"prompt_pool_param.batchwise_prompt", "false"}}},
    };
    return rows;
}

}  // namespace

std::span<const PresetInfo> presets() {
    return kPresets;
}

std::vector<std::string_view> preset_names() {
    std::vector<std::string_view> names;
    for (const auto& preset : kPresets)
        names.push_back(preset.name);
    return names;
}

std::span<const PresetRow> preset_rows() {
    return table();
}

std::vector<KeyValue> preset_values(std::string_view preset, const Config& config) {
    const std::string_view benchmark =
        config.gaussian_schedule ? "gaussian" : std::string_view(config.dataset);
    std::vector<KeyValue> values;
    const auto info = std::ranges::find(kPresets, preset, &PresetInfo::name);
    if (info != kPresets.end() && !info->base.empty()) values = preset_values(info->base, config);
    for (const auto& row : table()) {
        const bool fits = row.preset == preset &&
                          (row.method.empty() || row.method == config.method) &&
                          (row.benchmark.empty() || row.benchmark == benchmark);
        if (fits) values.insert(values.end(), row.values.begin(), row.values.end());
    }
    return values;
}

}  // namespace promptcl::config
