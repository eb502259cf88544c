#include "promptcl/method/train_mask.h"

#include <ATen/ATen.h>

#include <limits>

namespace promptcl::method {
namespace {

constexpr double kMasked = -std::numeric_limits<double>::infinity();

}  // namespace

Tensor masked(const Tensor& logits, const TrainingBatch& batch) {
    const TaskRules& rules = batch.rules;
    if (!rules.classes) return logits;
    Tensor of_task = at::zeros({logits.size(1)}, at::kBool);
    of_task.index_fill_(0, tensor::from_ints(*rules.classes), true);
    const Tensor others = of_task.logical_not();
    if (batch.replayed == 0 || rules.replay_mask == ReplayMask::kTrainMask)
        return logits.masked_fill(others, kMasked);
    const std::int64_t own = logits.size(0) - batch.replayed;
    const Tensor replayed = logits.narrow(0, own, batch.replayed);
    const bool reverse = rules.replay_mask == ReplayMask::kReverse;
    return at::cat({logits.narrow(0, 0, own).masked_fill(others, kMasked),
                    reverse ? replayed.masked_fill(of_task, kMasked) : replayed});
}

}  // namespace promptcl::method
