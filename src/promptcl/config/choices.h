// The values of keys that take one of a few words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::config {

/// The values that `key` may take, in the order shown to the user; empty when any value may be
/// given.
std::vector<std::string_view> choices(std::string_view key);

/// Why `value` cannot be the value of `key`, with the valid and the nearest ones; nothing when it
/// can.
std::optional<std::string> choice_problem(std::string_view key, const std::string& value);
/// The same where `valid` are the values, which another layer knows.
std::optional<std::string> choice_problem(std::string_view key, const std::string& value,
                                          const std::vector<std::string_view>& valid);

}  // namespace promptcl::config
