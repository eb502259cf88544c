// A frozen ViT, its weights packed for the matrix kernels once and for all.
#pragma once

#include "promptcl/engine/linear.h"
#include "promptcl/engine/vit_arrays.h"

#include <optional>
#include <vector>

namespace promptcl::engine {

/// One block. The scale and bias of its LayerNorms are folded into the linear maps behind them, and
/// 1/sqrt(E) into the queries:
///   W' = W diag(scale),  b' = b + W bias
/// so that attention and MLP start from (x - mean) / deviation alone.
struct PackedBlock {
    FrozenLinear projections;  // D -> 3D: query, key, value; in the last block D -> 2D: key, value
    FrozenLinear out;          // D -> D
    FrozenLinear fc1, fc2;     // D -> F -> D
};

/// Of one head of the last block, for passes that keep nothing and read one row
/// (Forward::attend_from_one_row).
struct PackedHead {
    FrozenLinear key, value;  // D -> E
};

struct PackedVit {
    /// Laid out for these kernels, which must be those that pass through it.
    PackedVit(const VitArrays& arrays, const Kernels& kernels);

    FloatArena memory;  // of the linear layers
    backbone::Geometry geometry;
    std::int64_t input_size;
    std::int64_t patches;  // P
    Gelu gelu;
    FrozenLinear embedding;       // 3*p*p -> D, values of a patch in the order channel, y, x
    std::vector<float> cls;       // [D], its position added
    std::vector<float> position;  // [P+1, D]
    std::vector<PackedBlock> blocks;
    FrozenLinear last_query;  // D -> D: the last block is asked for a few rows only
    std::vector<PackedHead> last_heads;
    std::vector<float> scale, bias;  // [D] of encoder_norm
};

}  // namespace promptcl::engine
