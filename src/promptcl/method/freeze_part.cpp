#include "promptcl/method/freeze_part.h"

#include "promptcl/vit/weights.h"

#include <algorithm>

namespace promptcl::method {

bool is_frozen(const std::string& name, const std::vector<std::string>& freeze_part) {
    return std::ranges::any_of(
        freeze_part, [&](const std::string& word) { return name.find(word) != std::string::npos; });
}

std::vector<std::string> trained_weights(const config::Config& config,
                                         const backbone::Geometry& geometry) {
    if (config.method == "ncm") return {};  // it has no gradient at all
    auto names = vit::weight_names(geometry);
    std::erase_if(names,
                  [&](const std::string& name) { return is_frozen(name, config.freeze_part); });
    return names;
}

}  // namespace promptcl::method
