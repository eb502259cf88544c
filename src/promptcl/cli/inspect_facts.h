// What `promptcl inspect` tells of a file or folder.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

namespace promptcl::cli {

/// One object: "path", "kind" ("backbone", "arrays", "checkpoint", "configuration" or "run") and
/// what is known of such a thing. Reads headers, never the data of arrays. A shipped configuration
/// may be given by its name. Throws Error or UsageError for what cannot be read.
nlohmann::ordered_json inspect_facts(const std::filesystem::path& path);

}  // namespace promptcl::cli
