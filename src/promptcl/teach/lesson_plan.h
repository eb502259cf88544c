// What a classifier is about to learn, before an image is read.
#pragma once

#include "promptcl/data/datasets/class_folders.h"
#include "promptcl/model/growth.h"
#include "promptcl/teach/request.h"

#include <optional>

namespace promptcl::teach {

struct LessonPlan {
    data::TeachingFolder data;
    std::optional<data::TeachingFolder> test;
    model::Growth growth;
};

/// Throws Error or UsageError naming what cannot be learnt or tested: a known class that is not to
/// be extended, a folder without pictures, a test class that nobody knows.
LessonPlan plan_lesson(const model::Classifier& classifier, const Request& request);

}  // namespace promptcl::teach
