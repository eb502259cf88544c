// What a run makes of every test image, read back from what `promptcl eval --predictions` wrote.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace promptcl::report {

struct Prediction {
    std::int64_t image_id = 0;  // position in the test split
    std::int64_t task = 0;      // whose test set it is of
    std::int64_t label = 0, predicted = 0;
    double confidence = 0;              // softmax of the predicted class
    std::vector<std::int64_t> prompts;  // chosen; empty for a method without a pool

    bool right() const { return predicted == label; }
};

/// In the order of evaluation.
struct Predictions {
    std::vector<Prediction> configured;  // prompts chosen as configured
    std::vector<Prediction> instance;    // by each image alone
};

/// The classes that compete for an image.
enum class Competing { kAll, kThoseOfItsTask };

/// Error naming the file when it cannot be read or holds something else (docs/formats.md).
Predictions read_predictions(const std::filesystem::path& npz, Competing competing);

/// Share of right predictions in each test set 0, 1, ...; 0 where there are none.
std::vector<double> accuracies(const std::vector<Prediction>& predictions);

}  // namespace promptcl::report
