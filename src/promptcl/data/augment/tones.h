// Operations on the colours of an 8-bit image, as TensorFlow's arithmetic has them to the bit.
#pragma once

#include "promptcl/data/image.h"

namespace promptcl::data::augment {

/// The grey of empty places.
constexpr std::uint8_t kGrey = 128;

/// The luminance of [0, 1] colours: 0.2989 r + 0.587 g + 0.114 b, as tf.image.rgb_to_grayscale.
float luminance(float red, float green, float blue);

/// All in float32; "cut" is to [0, 255], then to the whole number below.
/// blend(d, x, f) = cut(d + f * (x - d)): d for f = 0, the image x for f = 1, beyond it for f > 1.
/// Source: google-research/l2p augment/augment_ops.py.

/// Each channel by itself: cut(x * s - lo * s), s = 255 / (hi - lo); as it is where hi = lo.
void autocontrast(Image& image);
/// Each channel by itself: x -> min(255, (number of pixels below x + step / 2) / step) in whole
/// numbers, with step = (pixels - those of the largest value) / 255; as it is where step = 0.
void equalize(Image& image);
/// 255 - x.
void invert(Image& image);
/// Keeps the highest bits; at least one, for TensorFlow shifts 8-bit numbers by no more than 7.
void posterize(Image& image, int bits);
/// x below the threshold, which is cut to 255 at most; otherwise 255 - x.
void solarize(Image& image, int threshold);
/// cut(x + addition) for x < 128; otherwise x.
void solarize_add(Image& image, int addition);
/// blend(grey image, x, factor).
void color(Image& image, float factor);
/// blend(g, x, factor), g the rounded mean of the grey image.
void contrast(Image& image, float factor);
/// blend(0, x, factor).
void brightness(Image& image, float factor);
/// blend(smooth, x, factor), smooth the cut mean of 3 x 3 pixels with weight 5 / 13 in the middle
/// and 1 / 13 around it; the outermost pixels as they are.
void sharpness(Image& image, float factor);
/// Grey where |y - row| and |x - column| lie within a quarter of the height and the width: rows
/// from row - h (at least 0) up to row + h, which is left out, h = floor(height / 2 / 2).
void cutout(Image& image, float row, float column);

}  // namespace promptcl::data::augment
