// Mean and deviation of pixels.
#pragma once

#include "promptcl/config/config.h"

#include <array>
#include <optional>
#include <span>

namespace promptcl::data {

/// Of the three channels, for pixels in [0, 1].
struct Normalization {
    std::array<float, 3> mean, deviation;

    /// x = (x - mean) / deviation, of an image `chw` [3, S, S]. Source: google-research/l2p
    /// libml/preprocess.py.
    void apply(std::span<float> chw) const;
};

/// Gives norm_mean and norm_std the numbers of the data set where pixels are normalised and nobody
/// named others. From then on the configuration says by itself what its images are, whatever data
/// set comes next. ImageNet and CIFAR-100 have numbers of their own; all others have those of
/// CIFAR-10, as in the original (libml/input_pipeline.py, get_dataset_fns).
void settle_normalization(config::Config& config);

/// What the keys say; nothing where pixels stay in [0, 1]. The numbers are settled.
std::optional<Normalization> normalization_of(const config::Images& images);

}  // namespace promptcl::data
