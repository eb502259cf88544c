// Everything a run works with, opened from its configuration.
#pragma once

#include "promptcl/backbone/checkpoint.h"
#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"
#include "promptcl/data/open_observer.h"
#include "promptcl/input/image_source.h"
#include "promptcl/method/method.h"
#include "promptcl/model/run_model.h"
#include "promptcl/stream/task_stream.h"
#include "promptcl/train/learnt_before.h"
#include "promptcl/vit/frozen_vit.h"

#include <c10/core/Device.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace promptcl::train {

struct Experiment {
    config::Config config;
    data::DataSource data;
    stream::TaskStream stream;
    std::shared_ptr<const vit::FrozenVit> backbone;
    std::vector<std::string> ignored_arrays;  // of the backbone file
    model::RunIdentity identity;
    LearntBefore before = {};              // of a run that begins with nothing: nothing
    std::optional<c10::Device> images_on;  // crops, resizes and mirrors; none: threads on the CPU

    /// A method as it is before the first task.
    std::unique_ptr<method::Method> new_method() const;
    /// What prepares the images of a split of `data`.
    std::unique_ptr<input::ImageSource> images_of(const data::Dataset& split) const;
};

/// Throws Error naming `what` (the backbone, the data set) unless the hashes agree.
void require_same(const std::string& what, const std::string& sha256_then,
                  const std::string& sha256_now);

/// Throws Error where the GPU that a configuration asks for is not there.
void require_device(const config::Config& config);

/// The frozen backbone that a configuration names: on the GPU, or by the engine that it names; with
/// engine "auto" by the native one unless the configuration needs the plain one. Throws Error or
/// UsageError naming the file or the key, Error where the GPU that is asked for is not there.
std::shared_ptr<const vit::FrozenVit> open_backbone(const config::Config& config,
                                                    const backbone::Checkpoint& checkpoint);

/// Opens backbone and data. Throws Error or UsageError naming the file or the key.
Experiment open_experiment(const config::Config& config, data::OpenObserver& observer);
/// The same unobserved.
Experiment open_experiment(const config::Config& config);

}  // namespace promptcl::train
