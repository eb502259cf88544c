#include "promptcl/config/methods.h"

#include <algorithm>

namespace promptcl::config {
namespace {

using Defaults = std::vector<KeyValue>;

Defaults with(Defaults defaults, const Defaults& more) {
    defaults.insert(defaults.end(), more.begin(), more.end());
    return defaults;
}

const Defaults kUnprompted = {
    {"use_e_prompt", "false"}, {"use_g_prompt", "false"}, {"vit_classifier", "token"}};
const Defaults kHeadAlone = with(kUnprompted, {{"continual.train_mask", "false"}});
/// The rate is that of fine-tuning a ViT with Adam: 6e-5 for a batch of 16.
const Defaults kWholeVit = with(kHeadAlone, {{"freeze_part", "[]"}, {"learning_rate", "0.0001"}});

const std::vector<MethodInfo>& table() {
    static const std::vector<MethodInfo> methods = {
        {"l2p",
         "L2P: prompts chosen from a pool by query-key matching, in front of the tokens",
         true,
         {}},
        {"dualprompt",
         "DualPrompt: general prompts shared by all tasks and expert prompts, as prefixes",
         true,
         {{"per_device_batch_size", "24"},
          {"vit_classifier", "token"},
          {"use_g_prompt", "true"},
          {"g_prompt_length", "5"},
          {"g_prompt_layer_idx", "[0, 1]"},
          {"use_prefix_tune_for_g_prompt", "true"},
          {"e_prompt_layer_idx", "[2, 3, 4]"},
          {"use_prefix_tune_for_e_prompt", "true"},
          {"prompt_pool_param.pool_size", "10"},
          {"prompt_pool_param.length", "5"},
          {"prompt_pool_param.top_k", "1"},
          {"prompt_pool_param.use_prompt_mask", "true"},
          {"prompt_pool_param.shared_prompt_pool", "true"}}},
        {"ft_seq_frozen",
         "baseline: the head alone on the frozen cls feature, task after task, without train mask",
         false, kHeadAlone},
        {"linear_probe", "upper bound without training the ViT: ft_seq_frozen on all tasks at once",
         false, with(kHeadAlone, {{"continual.merge_tasks", "true"}})},
        {"ncm", "baseline: nearest class mean of the frozen cls features, by cosine", false,
         kUnprompted},
        {"ft_seq", "baseline: the whole ViT and its head, task after task, without train mask",
         false, kWholeVit},
        {"joint", "upper bound: the whole ViT on all tasks at once", false,
         with(kWholeVit, {{"continual.merge_tasks", "true"}})},
        {"ewc", "elastic weight consolidation: ft_seq held by the Fisher information of old tasks",
         false, kWholeVit},
        {"lwf", "learning without forgetting: ft_seq taught by the model before the task", false,
         kWholeVit},
        {"er", "experience replay: ft_seq that learns some images of old tasks again", false,
         with(kWholeVit, {{"continual.replay.num_samples_per_class", "10"}})},
    };
    return methods;
}

}  // namespace

std::span<const MethodInfo> methods() {
    return table();
}

const MethodInfo* find_method(std::string_view name) {
    const auto found = std::ranges::find(table(), name, &MethodInfo::name);
    return found == table().end() ? nullptr : &*found;
}

std::vector<std::string_view> method_names() {
    std::vector<std::string_view> names;
    for (const auto& method : table())
        names.push_back(method.name);
    return names;
}

}  // namespace promptcl::config
