// Moving the pixels of an 8-bit image about.
#pragma once

#include "promptcl/data/image.h"

#include <array>

namespace promptcl::data::augment {

/// Where the output pixel (x, y) reads: (a[0] x + a[1] y + a[2], a[3] x + a[4] y + a[5]).
using Affine = std::array<float, 6>;

/// Each output pixel becomes the input pixel nearest to where it reads, halves rounded away from
/// zero; grey (tones.h) outside the image. In float32. Source: TensorFlow's
/// ImageProjectiveTransformV3 with "NEAREST", which tensorflow_addons calls;
/// google-research/l2p augment/augment_ops.py (wrap, unwrap).
void transform(Image& image, const Affine& affine);

/// About the middle of a height x width image, counter-clockwise. Source: tensorflow_addons
/// image/transform_ops.py (angles_to_projective_transforms).
Affine rotation(float degrees, int height, int width);
Affine shear_x(float level);
Affine shear_y(float level);
/// The output reads that many pixels further right, or down.
Affine translation_x(float pixels);
Affine translation_y(float pixels);

}  // namespace promptcl::data::augment
