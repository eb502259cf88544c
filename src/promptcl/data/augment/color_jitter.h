// Random brightness, contrast, saturation and hue.
#pragma once

#include "promptcl/core/rng.h"
#include "promptcl/data/image.h"

#include <span>

namespace promptcl::data::augment {

/// On colours in [0, 1], [height, width, 3], in float32; none is cut to [0, 1] afterwards. As
/// TensorFlow's AdjustContrastv2, AdjustSaturation, AdjustHue and tf.image.rgb_to_grayscale.
/// Each channel: (x - mean) * factor + mean.
void adjust_contrast(std::span<float> rgb, float factor);
/// The saturation of HSV times the factor, cut to [0, 1].
void adjust_saturation(std::span<float> rgb, float factor);
/// The hue of HSV turned by `delta` of the whole circle.
void adjust_hue(std::span<float> rgb, float delta);
void turn_grey(std::span<float> rgb);

/// Colour jitter of strength s, on colours in [0, 1]: mirrored with p = 1/2; then, with p = 0.8, in
/// a random order, the brightness times U[max(0, 1 - 0.8 s), 1 + 0.8 s), contrast and saturation
/// with U[1 - 0.8 s, 1 + 0.8 s), the hue by U[-0.2 s, 0.2 s), each cut to [0, 1]; then, with
/// p = 0.2, grey; cut to 8 bits. Needs s <= 1.25, as 1 - 0.8 s may not be negative. Source:
/// google-research/l2p augment/color_util.py (SimCLR version 2), augment_ops.py (color_map_fn).
void color_jitter(Image& image, float strength, const Rng& rng);

}  // namespace promptcl::data::augment
