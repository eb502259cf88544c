// The parts of a classifier that are not arrays, as JSON.
#pragma once

#include "promptcl/model/classifier.h"

#include <nlohmann/json.hpp>

namespace promptcl::model {

nlohmann::ordered_json to_json(const BackboneIdentity& backbone);
nlohmann::ordered_json to_json(const Calibration& calibration);
/// Without undo_arrays.
nlohmann::ordered_json to_json(const Event& event);

// Each throws what the JSON library throws when a member is missing or of another type.
BackboneIdentity backbone_from_json(const nlohmann::json& json);
Calibration calibration_from_json(const nlohmann::json& json);
Event event_from_json(const nlohmann::json& json);

}  // namespace promptcl::model
