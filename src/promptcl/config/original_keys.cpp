#include "promptcl/config/original_keys.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace promptcl::config {
namespace {

const std::vector<OriginalKey>& table() {
    constexpr std::string_view never_read = "set by the original's files, never read by its code";
    static const std::vector<OriginalKey> keys = {
        {"trial", {}, never_read},
        {"gaussian_mode", {}, never_read},
        {"offline_eval", {}, never_read},
        {"recreate_eval", {}, never_read},
        {"task_specific_cls_token", {}, never_read},
        {"predefined_key_path", {}, never_read},
        {"prompt_mask_mode", {}, never_read},
        {"save_prompts", {}, never_read},
        {"prompt_pool_param.mask_first_epoch", {}, never_read},
        {"continual.replay.num_samples_per_task",
         {},
         "never read by the original's buffer, which keeps num_samples_per_class of each class"},
        {"same_key_value_for_pool", {}, "read, but it never reaches the prompt pool"},
        {"augment.size", {}, "the original sets it to input_size itself"},
        {"freeze_bn_stats", {}, "a ViT has no BatchNorm"},
        {"save_last_ckpt_only", {}, "promptcl keeps its newest checkpoints"},
        {"shuffle_buffer_size", {}, "promptcl draws a permutation of all images"},
        {"log_model_profile", {}, "`promptcl inspect` and `promptcl bench` say it"},
        {"use_cls_token", {"true"}, "every ViT here has its cls token"},
        {"prompt_pool", {"true"}, "E-prompts come from the pool; use_e_prompt = false has none"},
        {"model_config", {"null"}, "the geometry is that of model_name"},
        {"representation_size", {"null"}, "the head has no layer before it"},
        {"reweight_prompt",
         {"null", "false"},
         "the original cannot load a checkpoint with its weights"},
    };
    return keys;
}

const OriginalKey* find(std::string_view name) {
    const auto found = std::ranges::find(table(), name, &OriginalKey::key);
    return found == table().end() ? nullptr : &*found;
}

}  // namespace

std::span<const OriginalKey> original_keys() {
    return table();
}

bool is_original_key(const Setting& setting) {
    const OriginalKey* key = find(setting.key);
    if (key == nullptr) return false;
    const std::string value =
        setting.value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    if (!key->values.empty() && std::ranges::find(key->values, value) == key->values.end()) {
        throw UsageError(
            fmt::format("{} cannot be {} ({}): {}", setting.key, value, setting.place, key->reason),
            fmt::format("give {}, or leave it out", fmt::join(key->values, " or ")));
    }
    return true;
}

std::string note_on_original_keys(std::span<const Setting> settings) {
    std::vector<std::string> names;
    for (const Setting& setting : settings) {
        const OriginalKey* key = find(setting.key);
        const bool silent = key == nullptr || !key->values.empty() ||
                            std::ranges::find(names, setting.key) != names.end();
        if (!silent) names.push_back(setting.key);
    }
    if (names.empty()) return "";
    return fmt::format("{} of the original's keys do nothing here: {}", names.size(),
                       fmt::join(names, ", "));
}

std::string original_keys_markdown() {
    std::string text =
        "\n## Keys of the original that do nothing here\n\nThey are accepted, so that its "
        "configurations run unchanged. Those with values take no others.\n\n"
        "| key | values | why |\n| --- | --- | --- |\n";
    for (const auto& key : table()) {
        text +=
            fmt::format("| `{}` | {} | {} |\n", key.key,
                        key.values.empty() ? "any" : fmt::format("{}", fmt::join(key.values, ", ")),
                        key.reason);
    }
    return text;
}

}  // namespace promptcl::config
