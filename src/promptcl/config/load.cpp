#include "promptcl/config/load.h"

#include "promptcl/config/assign.h"
#include "promptcl/config/choices.h"
#include "promptcl/config/locate.h"
#include "promptcl/config/methods.h"
#include "promptcl/config/original_keys.h"
#include "promptcl/config/original_run.h"
#include "promptcl/config/presets.h"
#include "promptcl/core/error.h"

#include <fmt/format.h>

namespace promptcl::config {
namespace {

/// The method and the benchmark at which the settings end: a preset's values depend on them.
Config target_of(const std::vector<Setting>& settings) {
    Config target;
    for (const auto& setting : settings) {
        if (setting.key == "method" || setting.key == "dataset" ||
            setting.key == "gaussian_schedule")
            assign(target, setting);
    }
    return target;
}

void apply_preset(Config& config, const Setting& setting, const Config& target) {
    if (setting.value.is_null() || setting.value == "") return;
    const auto name =
        setting.value.is_string() ? setting.value.get<std::string>() : setting.value.dump();
    if (const auto problem = choice_problem(kPresetKey, name))
        throw UsageError(fmt::format("{} ({})", *problem, setting.place));
    const auto values = preset_values(name, target);
    if (values.empty()) {
        throw UsageError(fmt::format("preset \"{}\" ({}) has no values for method {}", name,
                                     setting.place, target.method),
                         "see promptcl list presets, or leave preset out");
    }
    for (const auto& [key, value] : values)
        assign(config, setting_of({std::string(key), std::string(value)}));
}

Config from_settings(const std::vector<Setting>& settings) {
    const Config target = target_of(settings);
    Config config = method_defaults(target.method);
    for (const auto& setting : settings) {
        if (setting.key == kPresetKey) {
            apply_preset(config, setting, target);
        } else if (!is_original_key(setting)) {
            assign(config, setting);
        }
    }
    return config;
}

void append(std::span<const Override> overrides, std::vector<Setting>& settings) {
    std::vector<Setting> layer;
    for (const auto& change : overrides)
        layer.push_back(setting_of(change));
    append_layer(settings, std::move(layer));
}

}  // namespace

Config method_defaults(std::string_view method) {
    Config config;
    assign(config, {"method", method, "as the method"});
    for (const auto& [key, value] : find_method(method)->defaults) {
        assign(config, setting_of({std::string(key), std::string(value)}));
    }
    return config;
}

Config load_config(const std::filesystem::path& file, std::span<const Override> overrides,
                   std::vector<std::string>* notes) {
    std::vector<Setting> changes;
    append(overrides, changes);
    return load_config(file, changes, notes);
}

Config load_config(const std::filesystem::path& file, std::span<const Setting> changes,
                   std::vector<std::string>* notes) {
    const auto [source, preset] = split_config_name(file);
    const auto found = find_config(source);
    auto settings =
        found.extension() == ".py"
            ? original_layers(parse_python_config(read_text_file(found), found), changes, found)
            : read_toml_file(found);
    if (!preset.empty())
        append_layer(settings, {{std::string(kPresetKey), preset, "in " + file.string()}});
    settings.insert(settings.end(), changes.begin(), changes.end());
    const std::string note = note_on_original_keys(settings);
    if (notes != nullptr && !note.empty()) notes->push_back(note);
    return from_settings(settings);
}

Config make_config(std::span<const Override> overrides) {
    std::vector<Setting> settings;
    append(overrides, settings);
    return from_settings(settings);
}

}  // namespace promptcl::config
