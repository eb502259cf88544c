// A ViT as the engine is given it: plain arrays, dense and row-major.
#pragma once

#include "promptcl/backbone/weights.h"
#include "promptcl/engine/kernels.h"

#include <cstdint>
#include <span>
#include <vector>

namespace promptcl::engine {

// Letters: D width, F MLP width, p patch, P patches.

struct NormArrays {
    std::span<const float> scale, bias;  // [D]
};

struct LinearArrays {
    std::span<const float> weight, bias;  // [out, in], [out]: y = x W^T + b
};

struct BlockArrays {
    NormArrays norm1;
    LinearArrays qkv;  // [3D, D], rows: query, key, value
    LinearArrays out;  // [D, D]
    NormArrays norm2;
    LinearArrays fc1, fc2;  // [F, D], [D, F]
};

/// They need to live only until they are packed.
struct VitArrays {
    backbone::Geometry geometry;
    std::int64_t input_size = 0;
    Gelu gelu = Gelu::kTanh;
    LinearArrays embedding;           // [D, 3*p*p], [D]
    std::span<const float> cls;       // [D]
    std::span<const float> position;  // [P+1, D]
    std::vector<BlockArrays> blocks;
    NormArrays encoder_norm;
};

/// Looks at weights that somebody else keeps.
VitArrays arrays_of(const backbone::VitWeights& weights, Gelu gelu);

}  // namespace promptcl::engine
