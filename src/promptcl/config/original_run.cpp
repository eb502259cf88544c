#include "promptcl/config/original_run.h"

#include "promptcl/config/methods.h"
#include "promptcl/core/error.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <ranges>

namespace promptcl::config {
namespace {

using Json = nlohmann::json;

/// The second argument of the original's config.get, or what its code does without one.
constexpr std::array kSilent = {
    KeyValue{"freeze_part", "[]"},
    KeyValue{"vit_classifier", "token"},
    KeyValue{"use_g_prompt", "false"},
    KeyValue{"use_e_prompt", "false"},
    KeyValue{"use_prefix_tune_for_g_prompt", "false"},
    KeyValue{"use_prefix_tune_for_e_prompt", "false"},
    KeyValue{"same_key_value_for_shared", "false"},
    KeyValue{"pull_constraint", "false"},
    KeyValue{"prompt_histogram", "false"},
    KeyValue{"norm_pre_logits", "false"},
    KeyValue{"weight_norm", "false"},
    KeyValue{"temperature", "1.0"},
    KeyValue{"min_learning_rate", "0.0"},
    KeyValue{"grad_clip_max_norm", "0.0"},
    KeyValue{"eval_per_epochs", "0"},
};

/// The same for a group that is there and not empty, which switches it on.
struct GroupDefault {
    std::string_view group, key, value;
};
constexpr std::array kSilentInGroup = {
    GroupDefault{"mix", "mixup_alpha", "0.8"},
    GroupDefault{"mix", "cutmix_alpha", "1.0"},
    GroupDefault{"augment", "type", "noop"},
};

bool has_members(const PythonConfig& config, std::string_view group) {
    return std::ranges::any_of(config.settings, [&](const Setting& setting) {
        return setting.key.starts_with(fmt::format("{}.", group));
    });
}

/// The value that a key has in the end; null when it is not set.
Json last(std::string_view key, const PythonConfig& config, std::span<const Setting> changes) {
    for (const auto& layer : {changes, std::span<const Setting>(config.settings)}) {
        for (const Setting& setting : std::views::reverse(layer))
            if (setting.key == key) return setting.value;
    }
    return nullptr;
}

std::string method_of(const PythonConfig& config, std::span<const Setting> changes) {
    const auto value = [&](std::string_view key) { return last(key, config, changes); };
    if (value("use_g_prompt") == true) return "dualprompt";
    if (value("use_e_prompt") == true) return "l2p";
    return value("freeze_part").empty() ? "ft_seq" : "ft_seq_frozen";
}

void require_replay_size(const PythonConfig& config, std::span<const Setting> changes,
                         const std::filesystem::path& file) {
    const std::string key = "continual.replay.num_samples_per_class";
    if (!has_members(config, "continual.replay") || !last(key, config, changes).is_null()) return;
    throw UsageError(fmt::format("{} sets continual.replay but not {}, which the original needs",
                                 file.string(), key),
                     fmt::format("add config.{} = 10", key));
}

}  // namespace

std::vector<Setting> original_layers(const PythonConfig& config, std::span<const Setting> changes,
                                     const std::filesystem::path& file) {
    require_replay_size(config, changes, file);
    const std::string place = fmt::format("where {} is silent", file.string());
    std::vector<Setting> settings = {{"method", method_of(config, changes), place},
                                     {std::string(kPresetKey), "official", place}};
    const auto add = [&](const std::string& key, std::string_view value) {
        if (config.has(key)) return;
        Setting setting = setting_of({key, std::string(value)});
        setting.place = place;
        settings.push_back(std::move(setting));
    };
    for (const auto& [key, value] : kSilent)
        add(std::string(key), value);
    // Its loop evaluates after every tenth episode, whatever the configuration says.
    if (last("gaussian_schedule", config, changes) == true) add("continual.eval_every_tasks", "10");
    for (const auto& [group, key, value] : kSilentInGroup)
        if (has_members(config, group)) add(fmt::format("{}.{}", group, key), value);
    settings.insert(settings.end(), config.settings.begin(), config.settings.end());
    return settings;
}

}  // namespace promptcl::config
