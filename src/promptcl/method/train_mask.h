// Which classes a training step may answer with.
#pragma once

#include "promptcl/method/method.h"

namespace promptcl::method {

/// Logits [B, C] of a batch with -inf where its rules hide a class: in its own rows every class
/// that is not of the task, in the replayed rows behind them what rules.replay_mask says. Source:
/// spec section 4; google-research/l2p train_continual.py (train_step).
Tensor masked(const Tensor& logits, const TrainingBatch& batch);

}  // namespace promptcl::method
