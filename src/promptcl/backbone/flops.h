// How much arithmetic a ViT is, for comparing a speed with what the machine can do.
#pragma once

#include "promptcl/backbone/geometry.h"

#include <cstdint>
#include <span>

namespace promptcl::backbone {

/// What one block works on: T rows of the sequence, n rows that stand in front of its keys and
/// values.
struct BlockRows {
    std::int64_t tokens = 0;
    std::int64_t prefix = 0;
};

// Floating-point operations for one image, a multiply-add as two; the matrix products alone, and
// all of them, whether or not an engine can do without some. One entry of `blocks` for each block.

/// Forward: 2 P D 3 p^2 for P patches, and for each block 2 T (4 D^2 + 2 D F) + 4 T (T + n) D.
double forward_flops(const Geometry& geometry, std::int64_t patches,
                     std::span<const BlockRows> blocks);
/// Backward to what goes into each block, nothing for weights: 2 T (4 D^2 + 2 D F) + 8 T (T + n) D.
double backward_flops(const Geometry& geometry, std::span<const BlockRows> blocks);

}  // namespace promptcl::backbone
