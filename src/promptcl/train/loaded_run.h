// A run folder's newest model, ready to be used.
#pragma once

#include "promptcl/train/evaluation.h"
#include "promptcl/train/experiment.h"
#include "promptcl/train/run_folder.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

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

/// The scores on every test set that there is after the tasks a run has learnt, as configured and
/// instance-wise. Calls `evaluating(test, tests)` before each, test from 1; nothing when
/// `keep_going`, asked between passes, says no. Throws Error when nothing is learnt yet.
std::optional<std::vector<TestScore>> evaluate_run(
    const LoadedRun& run, const std::function<void(std::int64_t, std::int64_t)>& evaluating,
    const std::function<bool()>& keep_going, const Evaluator::Sink& sink = {});

}  // namespace promptcl::train
