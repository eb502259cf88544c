// Replays golden cases: the program's numbers beside those of an independent reference.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace promptcl::train {

/// An array fails beyond this error, relative to the largest magnitude that the reference has in
/// it.
inline constexpr double kGoldenTolerance = 2e-4;

struct ArrayError {
    std::string array;
    double absolute = 0;  // largest absolute difference
    double relative = 0;  // that, divided by the reference's largest magnitude (the absolute one
                          // when that is zero)
    bool passes() const { return relative <= kGoldenTolerance; }
};

struct GoldenCase {
    std::string name;
    std::string engine;  // that computed the ViT
    std::vector<ArrayError> errors;
    bool passes() const;
};

/// The names of the cases in a folder: NAME.json with NAME.npz beside it. Error when there is none.
std::vector<std::string> golden_cases(const std::filesystem::path& folder);

/// Replays one case on folder/tiny_vit.npz. The JSON's keys are configuration keys, those of a
/// table ("prompt_pool_param.top_k") with or without the table's name, and: learning_rate is the
/// rate itself; classes, prompt_mask: the step's train mask and forced prompts, or null;
/// num_classes. What the JSON leaves out is read from the arrays: E-prompts, G-prompts, keys and
/// the kind of prompt are there when their init/ array is, and are of the kind of its rank. The ViT
/// is computed by `engine`, as the configuration key of that name has it. Throws Error naming the
/// file and the key or array.
GoldenCase check_golden_case(const std::filesystem::path& folder, const std::string& name,
                             const std::string& engine);

}  // namespace promptcl::train
