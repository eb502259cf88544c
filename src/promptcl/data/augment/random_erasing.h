// Noise in a random rectangle of an image.
#pragma once

#include "promptcl/core/rng.h"

#include <span>

namespace promptcl::data::augment {

/// A rectangle of a size x size image, in parts of pixels; it may reach over the edges.
struct ErasedPart {
    float middle_y = 0, middle_x = 0;
    float half_height = 0, half_width = 0;
};

/// Area U[0.02, 1/3) of the image's, height / width = exp(U[log 0.3, log 1/0.3)), the middle
/// uniform over the image.
ErasedPart drawn_part(int size, const Rng& rng);

/// Fills `chw` [3, size, size] with N(0, 1) where |y - middle_y| < half_height and |x - middle_x| <
/// half_width.
void erase(std::span<float> chw, int size, const ErasedPart& part, const Rng& rng);

/// With probability `probability` a drawn part becomes noise; the image is normalised already.
/// Source: google-research/l2p augment/augment_ops.py (random_erasing).
void random_erasing(std::span<float> chw, int size, double probability, const Rng& rng);

}  // namespace promptcl::data::augment
