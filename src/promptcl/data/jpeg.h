// JPEG pictures, decoded with libjpeg.
#pragma once

#include "promptcl/data/decoded.h"

#include <cstddef>
#include <span>

namespace promptcl::data {

/// Data that ends early or does not decode is a problem, although libjpeg would fill in grey.
Decoded decode_jpeg(std::span<const std::byte> contents);

}  // namespace promptcl::data
