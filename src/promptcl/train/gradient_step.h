// One training step: losses of all devices, averaged gradients, clipping, update.
#pragma once

#include "promptcl/method/method.h"
#include "promptcl/train/optimizer.h"

#include <string>
#include <vector>

namespace promptcl::train {

struct StepStats {
    double loss = 0;           // mean over the devices
    double cross_entropy = 0;  // mean over the devices
    double grad_norm = 0;      // of all that grad_clip_scope counts together, before clipping
    double accuracy = 0;       // under the train mask
    std::int64_t images = 0;
};

/// Gradients and what was measured on the way to them.
struct Gradients {
    std::vector<Tensor> values;  // one for each of Method::parameters(), averaged over the devices
    StepStats stats;
};

/// The parts of a batch are the devices' batches: each votes for itself, and their gradients are
/// averaged. Throws Error when a loss or the gradient is not finite.
Gradients gradients_of(method::Method& method, const std::vector<method::TrainingBatch>& parts);

/// Scales the gradients to a common norm of at most max_norm: g *= min(1, max_norm / (norm +
/// 1e-6)); 0 switches it off.
void clip(Gradients& gradients, double max_norm);

/// Splits a global batch into the batches of `devices` devices, each with its share of the batch's
/// own rows and of the replayed ones behind them.
std::vector<method::TrainingBatch> split(const method::TrainingBatch& batch, std::int64_t devices);

}  // namespace promptcl::train
