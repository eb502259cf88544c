// Mixing the images of a training step.
#pragma once

#include "promptcl/config/images.h"
#include "promptcl/core/rng.h"
#include "promptcl/method/method.h"

namespace promptcl::train {

/// One device's batch with its images mixed and with targets over `classes` classes
/// (data/augment/mix.h); its images come to the CPU. Where the batch is not drawn to be mixed, the
/// targets are one-hot.
method::TrainingBatch mixed(const method::TrainingBatch& batch, const config::Mix& config,
                            std::int64_t classes, const Rng& rng);

}  // namespace promptcl::train
