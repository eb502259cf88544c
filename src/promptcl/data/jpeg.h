// JPEG pictures, decoded and encoded with libjpeg.
#pragma once

#include "promptcl/data/decoded.h"

#include <cstddef>
#include <span>
#include <vector>

namespace promptcl::data {

/// The inverse discrete cosine transform of a decoder: the accurate integer one, or the fast one,
/// which TensorFlow takes unless it is told otherwise (tf.io.decode_jpeg, dct_method = "").
enum class JpegDct { kAccurate, kFast };

/// Data that ends early or does not decode is a problem, although libjpeg would fill in grey.
Decoded decode_jpeg(std::span<const std::byte> contents, JpegDct dct);

/// The image as a JPEG file of `quality` in [1, 100] with colours at half the resolution (4:2:0):
/// what tf.io.encode_jpeg writes.
std::vector<std::byte> encode_jpeg(ImageView image, int quality);

}  // namespace promptcl::data
