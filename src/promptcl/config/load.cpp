#include "promptcl/config/load.h"

#include "promptcl/config/assign.h"
#include "promptcl/config/locate.h"
#include "promptcl/config/methods.h"
#include "promptcl/core/error.h"

namespace promptcl::config {
namespace {

Config from_settings(const std::vector<Setting>& settings) {
    Config chosen;
    for (const auto& setting : settings) {
        if (setting.key == "method") assign(chosen, setting);
    }
    Config config = method_defaults(chosen.method);
    for (const auto& setting : settings)
        assign(config, setting);
    return config;
}

void append(std::span<const Override> overrides, std::vector<Setting>& settings) {
    for (const auto& change : overrides)
        settings.push_back(setting_of(change));
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

Config load_config(const std::filesystem::path& file, std::span<const Override> overrides) {
    auto settings = read_toml_file(find_config(file));
    append(overrides, settings);
    return from_settings(settings);
}

Config make_config(std::span<const Override> overrides) {
    std::vector<Setting> settings;
    append(overrides, settings);
    return from_settings(settings);
}

}  // namespace promptcl::config
