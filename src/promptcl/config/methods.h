// The methods that can learn, and the configuration each of them starts from.
#pragma once

#include "promptcl/config/config.h"

#include <span>
#include <string_view>
#include <vector>

namespace promptcl::config {

/// The value that a method or a preset gives to a key, in the syntax of KEY=VALUE.
struct KeyValue {
    std::string_view key, value;
};

struct MethodInfo {
    std::string_view name, summary;
    bool has_prompts = true;
    std::vector<KeyValue> defaults;
};

/// All methods, in the order in which they are listed to the user.
std::span<const MethodInfo> methods();

/// The method of this name; nullptr when there is none.
const MethodInfo* find_method(std::string_view name);

std::vector<std::string_view> method_names();

}  // namespace promptcl::config
