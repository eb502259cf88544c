// Bilinear resizing as tf.image.resize (version 2) does it: half-pixel centres, no antialiasing,
// edges repeated.
#pragma once

#include "promptcl/data/image.h"

#include <span>

namespace promptcl::data {

/// A part of an image, in pixels.
struct Rect {
    int top = 0;
    int left = 0;
    int height = 0;
    int width = 0;

    friend bool operator==(const Rect&, const Rect&) = default;
};

enum class Mirror { kNo, kYes };  // kYes exchanges left and right

/// The image squashed to height x width, every value cut (not rounded) to 8 bits.
Image resize(ImageView image, int height, int width);

/// The part of the image resized to size x size as if it were the whole image, then mirrored,
/// divided by 255 and written as `chw` [3, size, size]. Values are not cut to 8 bits.
void resize_part(ImageView image, Rect part, Mirror mirror, int size, std::span<float> chw);

}  // namespace promptcl::data
