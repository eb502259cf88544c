#include "promptcl/cli/arguments.h"

#include "promptcl/core/error.h"

#include <fmt/format.h>
#include <string_view>

namespace promptcl::cli {

std::vector<std::string> with_own_flags(std::span<const std::string> arguments) {
    constexpr std::string_view kFile = "--my_config";
    constexpr std::string_view kKey = "--my_config.";
    std::vector<std::string> own;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        if (argument.starts_with(kKey)) {
            std::string change = argument.substr(kKey.size());
            if (change.find('=') == std::string::npos) {
                if (i + 1 == arguments.size() || arguments[i + 1].starts_with("--")) {
                    throw UsageError(fmt::format("{} has no value", argument),
                                     fmt::format("write {}=VALUE", argument));
                }
                change += "=" + arguments[++i];
            }
            own.push_back("--set=" + change);
        } else if (argument == kFile || argument.starts_with("--my_config=")) {
            own.push_back("--config" + argument.substr(kFile.size()));
        } else {
            own.push_back(argument);
        }
    }
    return own;
}

}  // namespace promptcl::cli
