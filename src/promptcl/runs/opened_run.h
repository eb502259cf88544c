// The newest model of a run over its ViT, without LibTorch.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/model/classifier.h"
#include "promptcl/model/run_model.h"
#include "promptcl/predict/backbone.h"

#include <filesystem>
#include <memory>

namespace promptcl::runs {

struct OpenedRun {
    model::RunModel run;
    std::shared_ptr<const predict::Backbone> backbone;
    model::Classifier classifier;  // of class means and calibration nothing is known
    std::filesystem::path path;    // of the checkpoint
};

/// `config` says where the ViT lies now and how many threads compute it. Throws Error when the run
/// has no checkpoint, has learnt nothing, or trained the ViT too.
OpenedRun open_run(const std::filesystem::path& workdir, const config::Config& config);

}  // namespace promptcl::runs
