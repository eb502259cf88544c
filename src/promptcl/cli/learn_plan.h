// What `promptcl learn` is about to do, before an image is read.
#pragma once

#include "promptcl/cli/learn_options.h"
#include "promptcl/data/datasets/class_folders.h"
#include "promptcl/model/growth.h"

#include <optional>

namespace promptcl::cli {

struct LearnPlan {
    data::TeachingFolder data;
    std::optional<data::TeachingFolder> test;
    model::Growth growth;
};

/// Throws Error or UsageError naming what cannot be learnt or tested: a known class without
/// --extend, a folder without pictures, a test class that nobody knows.
LearnPlan plan_learning(const model::Classifier& classifier, const LearnOptions& options);

}  // namespace promptcl::cli
