// The learning rate of each step.
#pragma once

#include "promptcl/config/config.h"

#include <cstdint>

namespace promptcl::train {

/// The learning rate of a step of a task, step = 1, 2, ...:
///
///   e = step / steps_per_epoch,  w = warmup_epochs,  E = num_epochs,  base = learning_rate *
///   global_batch / 256 warm = min(1, e / w) (1 without warm-up);  done = max(0, (e - w) / (E - w))
///   constant: base * warm;  linear: base * warm * (1 - done);  cosine: base * warm * (1 + cos(pi *
///   done)) / 2
/// and after the warm-up at least min_learning_rate * global_batch / 256. Source: spec section 4.
double learning_rate_at(const config::Config& config, std::int64_t step,
                        std::int64_t steps_per_epoch);

}  // namespace promptcl::train
