// The weights of a ViT arranged for arithmetic, as plain floats.
#pragma once

#include "promptcl/backbone/checkpoint.h"

#include <cstdint>
#include <string>
#include <vector>

namespace promptcl::backbone {

// Letters: D width, F MLP width, p patch, P patches.

struct NormWeights {
    std::vector<float> scale, bias;  // [D]
};

struct LinearWeights {
    std::vector<float> weight, bias;  // [out, in], [out]: y = x W^T + b
};

struct BlockWeights {
    NormWeights norm1;
    LinearWeights qkv;  // [3D, D], rows: query, key, value
    LinearWeights out;  // [D, D]
    NormWeights norm2;
    LinearWeights fc1, fc2;  // [F, D], [D, F]
};

struct VitWeights {
    Geometry geometry;
    std::int64_t input_size = 0;
    LinearWeights embedding;      // [D, 3, p, p], [D]
    std::vector<float> cls;       // [D]
    std::vector<float> position;  // [P+1, D]
    std::vector<BlockWeights> blocks;
    NormWeights encoder_norm;
};

/// The checkpoint's weights for images of input_size x input_size; the position embedding is
/// resized when the grid differs. Throws UsageError when input_size is no multiple of the patch.
VitWeights arrange_weights(const Checkpoint& checkpoint, std::int64_t input_size);

// Names of the public layout that more than one file needs.
inline constexpr const char* kPositionEmbedding = "Transformer/posembed_input/pos_embedding";
inline constexpr const char* kEncoderNorm = "Transformer/encoder_norm";
/// "Transformer/encoderblock_3"
std::string block_name(std::int64_t index);

}  // namespace promptcl::backbone
