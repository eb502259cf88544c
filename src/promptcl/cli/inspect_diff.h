// Where two configurations differ: `promptcl inspect --diff A B`.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace promptcl::cli {

/// "left" and "right" as given, and "differences": the keys that differ, each with both values.
/// Each side is a configuration file, a run folder, the name of a shipped configuration or
/// NAME@PRESET. Throws Error or UsageError for what cannot be read.
nlohmann::ordered_json diff_facts(const std::filesystem::path& left,
                                  const std::filesystem::path& right);

/// A table, or a sentence when nothing differs.
std::string diff_text(const nlohmann::ordered_json& facts);

}  // namespace promptcl::cli
