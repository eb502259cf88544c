#include "promptcl/teach/lesson_plan.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <fmt/format.h>

namespace promptcl::teach {
namespace {

data::TeachingFolder folder_at(const Request& request, const std::filesystem::path& folder) {
    config::Config config = request.config;
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

LessonPlan plan_lesson(const model::Classifier& classifier, const Request& request) {
    LessonPlan plan{.data = folder_at(request, request.config.data_dir), .test = {}, .growth = {}};
    plan.growth = model::growth_of(
        classifier, plan.data.class_names(),
        request.extend ? model::Known::kExtended : model::Known::kRefused, request.name);
    if (request.test.empty()) return plan;
    plan.test = folder_at(request, request.test);
    require_known(*plan.test, plan.growth, request.test);
    return plan;
}

}  // namespace promptcl::teach
