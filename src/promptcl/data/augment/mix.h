// Mixing the images of a batch, and their labels.
#pragma once

#include "promptcl/config/images.h"
#include "promptcl/core/rng.h"

#include <cstdint>
#include <span>
#include <vector>

namespace promptcl::data::augment {

/// One device's batch, changed in place.
struct MixedBatch {
    std::span<float> images;   // [B, 3, size, size]
    std::span<float> targets;  // [B, C], rows that sum to 1
    std::int64_t count = 0;    // B
    int size = 0;
};

/// A square part of an image.
struct CutMask {
    std::int64_t top = 0, left = 0, side = 0;
};

/// target * (1 - smoothing) + smoothing / C.
void smooth_labels(std::span<float> targets, std::int64_t classes, float smoothing);

/// x_i = w_i x_i + (1 - w_i) x_partner[i], labels alike.
void mixup(MixedBatch batch, std::span<const float> weights, std::span<const std::int64_t> partner);

/// Image i keeps the pixels in its mask, all others come from image B-1-i; its label keeps w_i.
void cutmix(MixedBatch batch, std::span<const float> weights, std::span<const CutMask> masks);

/// The part w <= 1/2 of an image that cutmix keeps: side s = floor(sqrt(w) size), its place along
/// both axes U{0, ..., size-1} mod (size - s).
CutMask drawn_mask(float weight, int size, Rng& rng);

/// Mixes with probability prob_to_apply, by mixup or cutmix (drawn where both are on), smoothing
/// the labels before. Weights: u^(1/alpha) / 2 with u uniform in [0, 1), for mixup the larger of w
/// and 1 - w; mixup's partners are a random order of the batch. Source: google-research/l2p
/// augment/augment_utils.py (create_mix_augment), augment_ops.py.
void mix(MixedBatch batch, const config::Mix& config, const Rng& rng);

}  // namespace promptcl::data::augment
