// A ViT that has learnt nothing.
#pragma once

#include "promptcl/backbone/checkpoint.h"
#include "promptcl/core/rng.h"

#include <cstdint>

namespace promptcl::backbone {

/// Kernels U(-a, a) with a = sqrt(6 / (in + out)) (Xavier), position embedding N(0, 0.02) for grid
/// x grid patches, norm scales 1, all else 0: the initialisation of the original code. It has no
/// path.
Checkpoint random_checkpoint(const Geometry& geometry, std::int64_t grid, const Rng& rng);

}  // namespace promptcl::backbone
