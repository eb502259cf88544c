// The value of an expression in a Python configuration.
#pragma once

#include "promptcl/config/python_tokens.h"

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

namespace promptcl::config {

/// The value of a dotted key that was set before, without the name of the ConfigDict; nullptr when
/// there is none.
using FindKey = std::function<const nlohmann::json*(const std::string& key)>;

/// What the tokens after `KEY =` are worth: a tuple is an array, a ConfigDict or dict an object, a
/// FieldReference its first argument, a placeholder null. `root` is the name of the ConfigDict.
/// Throws UsageError naming the line of what is no such expression.
nlohmann::json python_value(std::span<const PythonToken> tokens, const std::string& root,
                            const FindKey& find, const std::filesystem::path& file,
                            std::int64_t line);

}  // namespace promptcl::config
