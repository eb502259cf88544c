// How alike the keys of the prompts have become.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

namespace promptcl::report {

/// [M][M], the cosine of each two keys of the pool, from the newest checkpoint of a run (array
/// prompt_pool/key). Nothing when there is no checkpoint, or none with keys. Error naming a file
/// that is damaged.
std::optional<std::vector<std::vector<double>>> key_similarity(const std::filesystem::path& run);

}  // namespace promptcl::report
