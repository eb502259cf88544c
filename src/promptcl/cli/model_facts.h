// What a model file holds, for people and as JSON.
#pragma once

#include "promptcl/model/classifier.h"

#include <nlohmann/json.hpp>
#include <string>

namespace promptcl::cli {

/// Everything but the arrays' numbers.
nlohmann::ordered_json model_facts(const model::Classifier& classifier);
/// The same as a few short tables.
std::string model_text(const model::Classifier& classifier);

}  // namespace promptcl::cli
