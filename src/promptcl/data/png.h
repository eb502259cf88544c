// PNG pictures, through libpng.
#pragma once

#include "promptcl/data/decoded.h"

#include <cstddef>
#include <span>
#include <vector>

namespace promptcl::data {

/// Colours are taken as stored (no gamma correction); transparent parts lie on white.
Decoded decode_png(std::span<const std::byte> contents);

/// A PNG file of the image, 8 bits a colour.
std::vector<std::byte> encode_png(ImageView image);

}  // namespace promptcl::data
