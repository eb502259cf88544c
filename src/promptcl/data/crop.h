// Which part of a training image is looked at.
#pragma once

#include "promptcl/core/rng.h"
#include "promptcl/data/resize.h"

namespace promptcl::data {

/// How large and how oblong a random crop may be.
struct CropRange {
    double min_area = 0.05, max_area = 1.0;                 // of the image's area
    double min_aspect = 3.0 / 4.0, max_aspect = 4.0 / 3.0;  // width / height
    int tries = 100;
};

/// A random part of a height x width image. Each try draws an aspect ratio a uniformly; then the
/// height uniformly among the whole numbers between the roundings of sqrt(min_area / a) and
/// sqrt(max_area / a), as far as they fit into the image; the width is the height * a, rounded. The
/// corner is uniform over the positions 0..(free pixels - 1). Without success after all tries: the
/// whole image. Source: the algorithm of TensorFlow's sample_distorted_bounding_box for a box that
/// covers the whole image.
Rect random_crop(int height, int width, const CropRange& range, Rng& rng);

}  // namespace promptcl::data
