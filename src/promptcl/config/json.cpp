#include "promptcl/config/json.h"

#include "promptcl/config/assign.h"
#include "promptcl/config/fields.h"
#include "promptcl/core/error.h"

#include <fmt/format.h>

namespace promptcl::config {

nlohmann::ordered_json to_json(const Config& config) {
    auto values = nlohmann::ordered_json::object();
    Config::visit(config, [&](std::string_view key, const auto& member, std::string_view) {
        values[std::string(key)] = member;
    });
    return values;
}

Config from_json(const nlohmann::json& values, const std::string& place) {
    if (!values.is_object()) {
        throw Error(fmt::format("the configuration {} is no JSON object", place),
                    "the file is damaged or of another program");
    }
    Config config;
    for (const auto& [key, value] : values.items()) {
        try {
            assign(config, {key, value, place});
        } catch (const UsageError& problem) {
            // Nobody typed this: a file of the world is wrong.
            throw Error(problem.what());
        }
    }
    if (!values.contains("eval_task_end_only")) config.evaluation.read_as_earlier();
    return config;
}

}  // namespace promptcl::config
