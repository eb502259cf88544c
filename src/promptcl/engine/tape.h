// What a forward pass of a few images keeps: for its own next step, or for the backward pass.
#pragma once

#include "promptcl/engine/floats.h"
#include "promptcl/engine/layout.h"
#include "promptcl/engine/packed_vit.h"

#include <cstdint>
#include <vector>

namespace promptcl::engine {

/// Of one block. Letters: R rows of its sequences, r rows that are computed behind the attention:
/// all, in the last block those that are read.
struct BlockTape {
    float *normal1, *rstd1;  // [R, D], [R]: the first LayerNorm, without scale and bias
    float* query;            // [r, D], the last block's
    float* projections;      // [R, 3D]: query, key, value; in the last block [R, 2D]: key, value
    float* mixed;            // [r, D]: the attention's result
    float* log_sum;          // [images, H, queries]; null when no backward pass follows
    float *normal2, *rstd2;  // [r, D], [r]
    float* slope;            // [r, F]: gelu'; null when no backward pass follows
};

/// Of a few images, from block layout.first on.
struct Tape {
    std::int64_t images = 0;
    std::vector<BlockTape> blocks;  // by their number; those below layout.first are empty
    float *normal = nullptr, *rstd = nullptr;  // [r, D], [r] of encoder_norm
    const float* first_projections = nullptr;  // of block layout.first: its own, or a trunk's
    Floats memory;

    /// Makes room for that many images.
    void prepare(const PackedVit& vit, const Layout& layout, std::int64_t count);
};

/// The memory of one worker, for passes of a few images.
struct Workspace {
    // R rows of the longest sequence
    float *x, *other;  // [R, D]
    float* hidden;     // [R, max(F, 3D)]
    float* patches;    // [images * P, 3*p*p]
    float* attention;  // scratch of the attention kernels
    BlockTape block;   // where no tape is kept
    Floats memory;

    void prepare(const PackedVit& vit, const Layout& layout, std::int64_t count);
};

}  // namespace promptcl::engine
