// A run folder's newest model, ready to be used.
#pragma once

#include "promptcl/train/experiment.h"
#include "promptcl/train/run_folder.h"

#include <filesystem>
#include <memory>

namespace promptcl::train {

/// A learnt method over its backbone, without data.
struct LoadedModel {
    config::Config config;
    std::shared_ptr<const vit::FrozenVit> backbone;
    std::unique_ptr<method::Method> method;
    std::vector<std::string> class_names;
    std::vector<std::int64_t> learnt_classes;
    std::filesystem::path model_path;
};

/// The same with the data it was learnt from.
struct LoadedRun {
    Experiment experiment;
    std::unique_ptr<method::Method> method;
    std::int64_t tasks_learnt = 0;
    std::filesystem::path model_path;
};

/// The newest whole checkpoint of a run. `config` is the run's, with the paths of backbone and data
/// as they are now. Throws Error when the run has no checkpoint, or when the files are not those it
/// was learnt with.
LoadedModel load_model(const std::filesystem::path& workdir, const config::Config& config);
LoadedRun load_run(const std::filesystem::path& workdir, const config::Config& config,
                   data::OpenObserver& observer);

}  // namespace promptcl::train
