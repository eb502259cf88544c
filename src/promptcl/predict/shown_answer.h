// What whoever asked is told of an image: classes by name, the most probable first.
#pragma once

#include "promptcl/predict/predictor.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace promptcl::predict {

struct ShownAnswer {
    struct Class {
        std::string name;
        double probability = 0;
    };
    struct Unlike {  // of what was learnt
        double key = 0, class_mean = 0;
        bool rejected = false;
    };

    std::string image;
    std::vector<Class> classes;         // best first
    std::vector<std::int64_t> prompts;  // chosen ids, none for a method without a pool
    std::optional<Unlike> likeness;     // where the classifier knows what its classes look like
};

/// How much is shown.
struct Showing {
    std::int64_t top_k = 5;
    const model::Threshold* threshold = nullptr;  // null: nothing is rejected
    bool likeness = false;                        // as knows_its_classes() says
};

/// Whether a mean of any class is known, without which a likeness says nothing.
bool knows_its_classes(const model::Classifier& classifier);

/// The threshold that rejects the share `reject` of known images. Throws UsageError naming the
/// classifier when it has none.
const model::Threshold& threshold_of(const model::Calibration& calibration, double reject,
                                     const std::string& classifier);

/// The `top_k` most probable classes, best first, ties in the order of `names`.
std::vector<ShownAnswer::Class> best_classes(const std::vector<double>& probabilities,
                                             const std::vector<std::string>& names,
                                             std::int64_t top_k);

ShownAnswer shown(const Answer& answer, const std::string& image, const model::State& state,
                  const Showing& showing);

/// {"image", "classes": [{"class", "probability"}], "prompts"} and, where there is one,
/// "likeness": {"key", "class_mean"} and "rejected".
nlohmann::ordered_json to_json(const ShownAnswer& answer);

}  // namespace promptcl::predict
