// What came out of a lesson.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/model/growth.h"
#include "promptcl/predict/drift.h"
#include "promptcl/predict/measure.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

namespace promptcl::teach {

/// On test images, among all classes known at the time. Old and new are told by the class: known
/// before, or added.
struct Accuracy {
    std::int64_t old_images = 0, new_images = 0;
    double old_before = 0, old_after = 0, new_after = 0;
};

struct Report {
    model::Growth growth;
    std::int64_t images = 0;
    config::Config config;  // of the training
    bool freeze_old = true;
    double seconds = 0;  // of training
    predict::Drift drift;
    std::optional<Accuracy> accuracy;
    std::optional<predict::HeldOut> calibrated;  // when the test images show every class
};

/// An object, for the history of the file and for --json.
nlohmann::ordered_json to_json(const Report& report);

}  // namespace promptcl::teach
