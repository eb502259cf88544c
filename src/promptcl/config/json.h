// A configuration as JSON: the metadata of checkpoints, results.json, --json.
#pragma once

#include "promptcl/config/config.h"

#include <nlohmann/json.hpp>
#include <string>

namespace promptcl::config {

/// One flat object, dotted key -> value, in the order in which keys are shown.
nlohmann::ordered_json to_json(const Config& config);

/// The configuration that to_json wrote; a key that is absent keeps its default, so that files of
/// older versions stay readable. Throws Error naming `place` (for instance "in the metadata of
/// x.safetensors") for an unknown key or a value of another type.
Config from_json(const nlohmann::json& values, const std::string& place);

}  // namespace promptcl::config
