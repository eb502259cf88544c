// Golden cases from the naive reference, in the layout that tests/golden/README.md describes.
#pragma once

#include "promptcl/io/array.h"

#include "tests/support/naive_reference.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace promptcl::support {

/// What makes up a case; everything random in it is drawn from the name.
struct GoldenScript {
    std::string name;
    config::Config config;  // its learning_rate is the rate itself
    std::int64_t num_classes = 6;
    std::int64_t input_size = 8;
    std::optional<Ids> classes, prompt_mask;
    std::vector<std::string> keys;  // of the configuration, those the JSON states
};

/// The arrays of NAME.npz: four images, three steps.
io::ArrayMap golden_arrays(const GoldenScript& script, const backbone::Checkpoint& checkpoint);
/// The text of NAME.json.
std::string golden_json(const GoldenScript& script);
/// Writes NAME.json and NAME.npz.
void write_golden_case(const std::filesystem::path& folder, const GoldenScript& script,
                       const backbone::Checkpoint& checkpoint);

/// The cases of tests/golden, and their backbone.
std::vector<GoldenScript> our_golden_scripts();
backbone::Checkpoint our_golden_backbone();

}  // namespace promptcl::support
