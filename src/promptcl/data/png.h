// PNG pictures, decoded with libpng.
#pragma once

#include "promptcl/data/decoded.h"

#include <cstddef>
#include <span>

namespace promptcl::data {

/// Colours are taken as stored (no gamma correction); transparent parts lie on white.
Decoded decode_png(std::span<const std::byte> contents);

}  // namespace promptcl::data
