// Where the ViT of a classifier lies.
#pragma once

#include "promptcl/model/classifier.h"

#include <filesystem>

namespace promptcl::predict {

/// `given` when it is not empty; else the file of the backbone's name beside `model_file`, in the
/// current folder, or where `promptcl data fetch` puts it (data/MODEL_NAME/). Throws Error naming
/// the classifier, the file and its SHA-256 when there is none.
std::filesystem::path find_backbone(const model::Classifier& classifier,
                                    const std::filesystem::path& model_file,
                                    const std::filesystem::path& given);

}  // namespace promptcl::predict
