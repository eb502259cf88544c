// RandAugment: some operations after another, drawn for each image.
#pragma once

#include "promptcl/config/images.h"
#include "promptcl/core/rng.h"
#include "promptcl/data/augment/operations.h"

namespace promptcl::data::augment {

/// num_layers times: with probability prob_to_apply one of kOperations, drawn uniformly, at a level
/// of its own; then with `cutout` a grey rectangle of half the height and half the width about a
/// uniformly drawn place. Source: google-research/l2p augment/rand_augment.py.
class RandAugment {
  public:
    /// For images of this side.
    RandAugment(const config::Augment& config, int side);

    void apply(Image& image, const Rng& rng) const;
    /// The strength of an operation: randaugment_magnitude m where it is given; with magstd s > 0
    /// N(m, s) cut to [0, n], over n = num_levels; otherwise k / n, k uniform in {0, ..., n}, or
    /// uniform in [0, 1) where n is 0.
    float level(const Rng& rng) const;

  private:
    config::Augment config_;
    float translation_;
};

}  // namespace promptcl::data::augment
