// Pre-training a small ViT from scratch, in the public layout: how assets/ was made.
#pragma once

#include "promptcl/train/observer.h"

#include <filesystem>
#include <functional>

namespace promptcl::train {

struct PretrainPlan {
    backbone::Geometry geometry{
        .name = "unlisted", .patch = 4, .width = 96, .mlp = 192, .heads = 4, .blocks = 4};
    std::int64_t input_size = 32;
    std::int64_t epochs = 16;
    std::int64_t train_per_class = 400;
    std::int64_t batch_size = 64;
    double learning_rate = 0.008;  // for a batch of 256
    std::int64_t seed = 0;
};

struct PretrainResult {
    double test_accuracy = 0;  // on held-out images of the same classes
    io::ArrayMap arrays;       // float16, the names of spec section 1
};

/// Classifies the synthetic set's 20 pre-training classes, none of which the demo learns later:
/// AdamW, weight decay 0.05, one epoch of warm-up, cosine schedule, gradients clipped to norm 1. A
/// function of the plan, the machine and the thread count. Nothing comes back when `stop` says true
/// between two steps.
std::optional<PretrainResult> pretrain(const PretrainPlan& plan, Observer& observer,
                                       const std::function<bool()>& stop);

}  // namespace promptcl::train
