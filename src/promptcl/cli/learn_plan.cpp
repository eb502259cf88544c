#include "promptcl/cli/learn_plan.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <fmt/format.h>

namespace promptcl::cli {
namespace {

data::TeachingFolder folder_at(const LearnOptions& options, const std::filesystem::path& folder) {
    config::Config config = options.config;
    config.data_dir = folder.string();
    return data::TeachingFolder(config);
}

void require_known(const data::TeachingFolder& test, const model::Growth& growth,
                   const std::filesystem::path& folder) {
    for (const std::string& name : test.class_names()) {
        if (std::ranges::find(growth.class_names, name) != growth.class_names.end()) continue;
        throw UsageError(fmt::format("--test {} holds the class \"{}\", which is neither known nor "
                                     "to be learnt",
                                     folder.string(), name),
                         "remove it, or rename it to the class it shows");
    }
}

}  // namespace

LearnPlan plan_learning(const model::Classifier& classifier, const LearnOptions& options) {
    LearnPlan plan{.data = folder_at(options, options.config.data_dir), .test = {}, .growth = {}};
    plan.growth = model::growth_of(
        classifier, plan.data.class_names(),
        options.extend ? model::Known::kExtended : model::Known::kRefused, options.model.string());
    if (options.test.empty()) return plan;
    plan.test = folder_at(options, options.test);
    require_known(*plan.test, plan.growth, options.test);
    return plan;
}

}  // namespace promptcl::cli
