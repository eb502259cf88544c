#include "promptcl/predict/find_backbone.h"

#include "promptcl/core/error.h"

#include <fmt/format.h>
#include <system_error>

namespace promptcl::predict {

namespace fs = std::filesystem;

fs::path find_backbone(const model::Classifier& classifier, const fs::path& model_file,
                       const fs::path& given) {
    if (!given.empty()) return given;
    const auto& [geometry, sha256, name] = classifier.backbone;
    std::error_code missing;
    for (const fs::path& folder :
         {model_file.parent_path(), fs::path(), fs::path("data") / geometry.name}) {
        if (fs::is_regular_file(folder / name, missing)) return folder / name;
    }
    throw Error(fmt::format("{} needs its backbone {} (SHA-256 {}), which does not lie beside it",
                            model_file.string(), name, sha256),
                "give it with --backbone FILE");
}

}  // namespace promptcl::predict
