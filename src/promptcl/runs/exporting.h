// From a run folder to a classifier that can be handed on.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/open_observer.h"
#include "promptcl/predict/measure.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

namespace promptcl::runs {

struct Exported {
    model::Classifier classifier;
    predict::HeldOut held_out;  // of no image where none were looked at
    std::shared_ptr<const predict::Backbone> backbone;
};

/// The newest model of the run, with class means of at most `images_per_class` training images of
/// each class and calibrated on as many test images; none: no image is looked at, and nothing is
/// known of either. `config` is the run's, as its files lie now (runs/run_config.h). The history is
/// one event long. Throws what open_run() and open_run_images() throw.
Exported export_run(const std::filesystem::path& workdir, const config::Config& config,
                    std::optional<std::int64_t> images_per_class, data::OpenObserver& observer);

}  // namespace promptcl::runs
