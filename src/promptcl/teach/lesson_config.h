// The configuration with which a model file learns.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/model/classifier.h"

#include <filesystem>
#include <span>
#include <string>

namespace promptcl::teach {

struct LessonPaths {
    std::filesystem::path backbone, data, workdir;
};

/// The classifier's own, on this machine and with the changes KEY=VALUE over it, valid, for one
/// task of a folder. UsageError naming a key that decides how old classes are answered.
config::Config lesson_config(const model::Classifier& classifier,
                             std::span<const std::string> changes, const LessonPaths& paths);

/// Whether old classes keep their bits unless the user says otherwise: not where all tasks share
/// one pool of prompts (L2P), which then learns nothing new.
bool freezes_by_itself(const config::Config& config);

}  // namespace promptcl::teach
